"""Packets: decoding to columns beside ccsdspy and space-packet-parser, Reed-Solomon beside two codecs, the archive.

    python benchmarks/bench_packets.py [--quick]

CPU time of one thread, but for the archive (by the clock: it waits for the disk). Values are compared first. ccsdspy
knows neither conditions nor calibrators nor checksums: it splits by APID and gives raw fields. space-packet-parser and
the codecs are timed on a part and taken in proportion. The writer of an archive is killed with kill -9 a hundred times,
and every packet it had acknowledged is looked for. The exit code tells whether the targets are met.
--quick: few packets and kills; values are checked, speed is not.
"""

import argparse
import io
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.catalogue.telemetry import dictionary
from lupex.io.xtce import read_xtce, write_xtce
from lupex.model.telemetry.dictionary import Container, Dictionary
from lupex.ops.archive.group import GroupWriter
from lupex.ops.archive.store import Archive, Stored
from lupex.packets.coding.reed_solomon import ReedSolomon
from lupex.packets.definitions.decode import Decoded, decode
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.streams.cut import StreamRules, packets_in

LUPEX = dictionary("lupex")
NAMES = ("rover_nav", "lander_hk", "neutron_counts", "drill_hk")
"""One packet for each APID, since that is what ccsdspy can tell apart."""
APIDS = (100, 200, 301, 302)
TIMES_PEER, ARCHIVE_PER_S = 5.0, 100_000.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    quick = parser.parse_args(arguments).quick
    peers = not quick or find_spec("ccsdspy") is not None  # the environment of the tests lacks two of them
    warnings.simplefilter("ignore")  # the checksum behind the last field is told for every packet
    targets, numbers, rows = Targets(), {}, []
    count = 4_000 if quick else 1_000_000
    octets = mixed_packets(count)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "lupex.xml"
        write_xtce(place, LUPEX)
        known = read_xtce(place)
        rules = StreamRules(error_control=True)
        values = {name: table.columns(raw=True) for name, table in decoded(known, octets, rules).tables.items()}
        numbers["decode_s"] = fastest(lambda: engineering_columns(decoded(known, octets, rules)), 1 if quick else 3)
        if peers:
            numbers["ccsdspy_s"] = fastest(lambda: by_ccsdspy(octets), 1)
            compare(targets, by_ccsdspy(octets), values)
        part = min(count, 4_000)
        numbers["space_packet_parser_s"] = by_space_packet_parser(place, octets, part) * count / part
    targets.stop_if_missed()
    targets = Targets()
    numbers["fixed_s"] = fixed_layout_s(count, 1 if quick else 5)
    peer = min(numbers[name] for name in ("ccsdspy_s", "space_packet_parser_s") if name in numbers)
    numbers["times_faster_peer"] = peer / numbers["decode_s"]
    rows += [
        [name, f"{numbers[key]:.2f} s", f"{count / numbers[key] / 1e6:.3f} M/s"]
        for name, key in (
            ("lupex, cut, checksums, conditions, calibrated columns", "decode_s"),
            ("lupex, one fixed layout, cut and decoded", "fixed_s"),
            ("ccsdspy 2.0, split and raw fields", "ccsdspy_s"),
            ("space-packet-parser 6.2, in proportion", "space_packet_parser_s"),
        )
        if key in numbers
    ]
    if peers:
        numbers |= reed_solomon_s(20 if quick else 4_000)
    rows += [[f"Reed-Solomon, {k}", f"{numbers[k]:.4f} s", ""] for k in numbers if k.startswith("rs_")]
    numbers["archive_per_s"] = archived_per_s(2_000 if quick else 200_000)
    rows.append(["archive, batches of 1000 in groups, acknowledged", "", f"{numbers['archive_per_s']:.0f} /s"])
    rounds = 3 if quick else 100
    numbers["killed_lost"] = killed_writers(rounds)
    rows.append(
        [f"archive, {rounds} kills -9 of the writer", "", f"{numbers['killed_lost']} acknowledged packets lost"]
    )
    targets.at_least("no acknowledged packet lost", float(numbers["killed_lost"] == 0), 1.0)
    if not quick:
        targets.at_least("decode against the faster peer", numbers["times_faster_peer"], TIMES_PEER, " times")
        targets.at_least("archive", numbers["archive_per_s"], ARCHIVE_PER_S, " packets/s")
    text = f"{count} packets of four kinds, {machine()}\n\n" + markdown(["what", "CPU time", "rate"], rows)
    print(text)
    keep("packets-quick" if quick else "packets", text, numbers)
    return targets.report()


def mixed_packets(count: int) -> bytes:
    """Packets of four kinds in turn, values random but the same in each run."""
    writer, rng = TelemetryWriter(LUPEX), np.random.default_rng(1)
    made = []
    for k in range(200):
        values = {
            "rover_nav": {"rover_x_m": float(rng.normal() * 1e4), "rover_pitch_deg": float(rng.normal())},
            "lander_hk": {
                "lander_battery_v": float(rng.uniform(20.0, 34.0)),
                "lander_uptime_s": int(rng.integers(2**32)),
            },
            "neutron_counts": {"neutron_epithermal_hz": float(rng.uniform(5.0, 40.0)), "neutron_interval_s": 60},
            "drill_hk": {
                "drill_depth_m": float(rng.uniform(0.0, 1.5)),
                "drill_ground_k": float(rng.uniform(50.0, 300.0)),
            },
        }
        made += [writer.packet(name, values[name], 2.2e9 + k) for name in NAMES]
    return b"".join(made) * (count // len(made))


def decoded(known: Dictionary, octets: bytes, rules: StreamRules) -> Decoded:
    """Packets cut, checked and decoded."""
    return decode(known, packets_in(octets, rules)[0])


def engineering_columns(found: Decoded) -> dict[str, dict[str, Any]]:
    """Every column of every packet."""
    return {name: table.columns() for name, table in found.tables.items()}


def compare(targets: Targets, theirs: dict[int, dict[str, Any]], ours: dict[str, dict[str, Any]]) -> None:
    """Raw fields of the peer by APID, and ours by packet."""
    for name, apid in zip(NAMES, APIDS, strict=True):
        for field, column in theirs[apid].items():
            if field in ours[name]:
                same = np.array_equal(np.asarray(column), np.asarray(ours[name][field]))
                targets.at_least(f"{name} {field} equal", float(same), 1.0)


def by_ccsdspy(octets: bytes) -> dict[int, dict[str, Any]]:
    """Raw columns by APID."""
    import ccsdspy
    from ccsdspy.utils import split_by_apid

    held = split_by_apid(io.BytesIO(octets), valid_apids=list(APIDS))
    found = {}
    for name, apid in zip(NAMES, APIDS, strict=True):
        fields = [
            ccsdspy.PacketField(
                name=entry.parameter, data_type=_ccsdspy_type(entry.parameter), bit_length=_bits(entry.parameter)
            )
            for container in LUPEX.lineage(name)[1:]
            for entry in container.entries
        ]
        fields.append(ccsdspy.PacketField(name="checksum", data_type="uint", bit_length=16))
        found[apid] = ccsdspy.FixedLength(fields).load(held[apid])
    return found


def _bits(name: str) -> int:
    return LUPEX.parameters[name].type.encoding.bits


def _ccsdspy_type(name: str) -> str:
    return {"unsigned": "uint", "signed": "int", "float": "float"}[LUPEX.parameters[name].type.encoding.kind]


def by_space_packet_parser(place: Path, octets: bytes, count: int) -> float:
    """CPU seconds for the first packets."""
    from space_packet_parser.generators import ccsds_generator
    from space_packet_parser.xtce.definitions import XtcePacketDefinition

    peer = XtcePacketDefinition.from_xtce(place)
    began = time.process_time()
    for k, packet in enumerate(ccsds_generator(octets)):
        if k == count:
            break
        peer.parse_bytes(packet, root_container_name="ccsds")
    return time.process_time() - began


def reed_solomon_s(words: int) -> dict[str, float]:
    """CPU seconds to mend words with eight wrong symbols each; peers on a fiftieth, in proportion."""
    import reed_solomon_ccsds
    import reedsolo

    rng = np.random.default_rng(3)
    frames = rng.integers(0, 256, (words, 223), dtype=np.uint8)
    found = {}
    for dual in (True, False):
        code = ReedSolomon(223, dual=dual)
        blocks = code.encoded(frames)
        for row in blocks:
            at = rng.choice(255, 8, replace=False)
            row[at] ^= rng.integers(1, 256, 8, dtype=np.uint8)
        assert (code.decoded(blocks)[0] == frames).all()
        name = "dual" if dual else "conventional"
        found[f"rs_lupex_{name}_s"] = fastest(lambda code=code, blocks=blocks: code.decoded(blocks), 3)
        part = blocks[: max(10, words // 50)]
        if dual:
            peer = lambda word: reed_solomon_ccsds.decode(word, True)  # noqa: E731
            peer_name = "reed_solomon_ccsds"
        else:
            codec = reedsolo.RSCodec(32, nsize=255, prim=0x187, generator=173, fcr=112)
            peer = lambda word, codec=codec: codec.decode(word)  # noqa: E731
            peer_name = "reedsolo"
        began = time.process_time()
        for row in part:
            peer(row.tobytes())
        found[f"rs_{peer_name}_s"] = (time.process_time() - began) * words / len(part)
    return found


def fixed_layout_s(count: int, repeats: int) -> float:
    """CPU seconds to cut and decode packets of one layout: headers, time and seven fields, all at fixed places."""
    line = LUPEX.lineage("rover_nav")
    entries = tuple(entry for container in line for entry in container.entries)
    names = {entry.parameter for entry in entries}
    known = Dictionary(
        name="fixed",
        parameters={name: one for name, one in LUPEX.parameters.items() if name in names},
        containers={"rover_nav": Container(name="rover_nav", entries=entries)},
        commands={},
    )
    writer, rng = TelemetryWriter(LUPEX), np.random.default_rng(2)
    made = [writer.packet("rover_nav", {"rover_x_m": float(rng.normal())}, 2.2e9 + k) for k in range(200)]
    octets = b"".join(made) * (count // 200)
    rules = StreamRules()
    return fastest(lambda: engineering_columns(decoded(known, octets, rules)), repeats)


def archived_per_s(count: int) -> float:
    """Packets stored and acknowledged a second, 128 octets each, offered in batches of 1000."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "a.sqlite"
        Archive.create(place).close()
        kept = [
            [
                Stored(octets=bytes(128), tai_s=float(k), apid=100, count=k % 16384, name="rover_hk")
                for k in range(b, b + 1000)
            ]
            for b in range(0, count, 1000)
        ]
        with GroupWriter(place) as writer:
            began = time.perf_counter()
            for promise in [writer.submit(batch) for batch in kept]:
                promise.result()
            return count / (time.perf_counter() - began)


WRITER = """
import sys
from collections import deque
from lupex.ops.archive.group import GroupWriter
from lupex.ops.archive.store import Stored
base, waiting = int(sys.argv[2]), deque()
with GroupWriter(sys.argv[1]) as writer:
    while True:
        octets = [(base + k).to_bytes(8, "big") * 16 for k in range(100)]
        waiting.append(writer.submit([Stored(octets=one, tai_s=0.0, apid=100, count=0) for one in octets]))
        base += 100
        while len(waiting) > 5:
            sys.stdout.write(f"{waiting.popleft().result()}\\n")
            sys.stdout.flush()
"""


def killed_writers(rounds: int) -> int:
    """Acknowledged packets that are missing or damaged after so many writers were killed in their work."""
    rng, lost = random.Random(1), 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "a.sqlite"
        Archive.create(place).close()
        for _ in range(rounds):
            with Archive.open(place) as archive:
                base = len(archive)
            command = [sys.executable, "-c", WRITER, str(place), str(base)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
                acknowledged = base
                for _ in range(rng.randint(1, 30)):
                    acknowledged = int(writer.stdout.readline())
                writer.send_signal(signal.SIGKILL)
                lines = writer.stdout.read().split("\n")[:-1]
            acknowledged = int(lines[-1]) if lines else acknowledged
            with Archive.open(place) as archive:
                report = archive.verify()
            lost += max(0, acknowledged - report.packets) + len(report.damaged)
        with Archive.open(place) as archive:
            held = [int.from_bytes(one.octets[:8], "big") for one in archive.packets(by_time=False)]
    return lost + sum(number != k for k, number in enumerate(held))


def fastest(work: Callable[[], Any], repeats: int) -> float:
    """CPU seconds of the fastest run."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
