"""lupex packets: columns and counts that scripts rely on, and what is answered to bad input."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.cli.command import environment, lupex, refused

from lupex.catalogue.telemetry import dictionary
from lupex.io.xtce import write_xtce
from lupex.packets.coding.cadu import cadus
from lupex.packets.coding.randomiser import randomised
from lupex.packets.coding.reed_solomon import ReedSolomon
from lupex.packets.frames.build import FrameBuilder
from lupex.packets.frames.layout import FrameLayout
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.times.cuc import utc_to_tai

LUPEX = dictionary("lupex")
START_S = float(utc_to_tai("2028-06-01T00:00:00Z")[0])


@pytest.fixture(scope="module")
def packets() -> list[bytes]:
    writer = TelemetryWriter(LUPEX)
    made = []
    for k in range(20):
        made.append(writer.packet("rover_hk", {"rover_battery_v": 28.0 + 0.1 * k, "rover_mode": "IDLE"}, START_S + k))
        made.append(writer.packet("drill_hk", {"drill_depth_m": 0.5}, START_S + k + 0.5))
    return made


@pytest.fixture
def place(tmp_path: Path, packets: list[bytes]) -> Path:
    (tmp_path / "p.bin").write_bytes(b"".join(packets))
    write_xtce(tmp_path / "l.xml", LUPEX)
    return tmp_path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_decode_gives_one_row_a_packet_with_name_time_count_and_values(place: Path) -> None:
    done = lupex("packets", "decode", "--xtce", place / "l.xml", place / "p.bin", "--csv")
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert [row["packet"] for row in found] == ["rover_hk", "drill_hk"] * 20
    assert found[3]["time_utc"] == "2028-06-01T00:00:01.500000Z"
    assert (found[2]["sequence_count"], found[2]["rover_battery_v"], found[2]["rover_mode"]) == ("1", "28.1", "IDLE")
    assert found[2]["drill_depth_m"] == ""
    raw = rows(lupex("packets", "decode", "--xtce", place / "l.xml", place / "p.bin", "--raw").stdout)
    assert (raw[2]["rover_battery_v"], raw[2]["rover_mode"]) == ("2810", "1")


def test_headers_need_no_dictionary(place: Path, packets: list[bytes]) -> None:
    found = rows(lupex("packets", "headers", place / "p.bin", "--csv").stdout)
    assert list(found[0]) == ["offset", "apid", "sequence_flags", "sequence_count", "length", "secondary_header"]
    assert list(found[1].values()) == [str(len(packets[0])), "302", "3", "0", str(len(packets[1])), "1"]


@pytest.mark.parametrize("code", ["223x2", "239-conventional"])
def test_frames_come_out_of_markers_randomiser_and_code_with_their_counts(
    place: Path, packets: list[bytes], code: str
) -> None:
    octets = 200
    layout = FrameLayout(kind="tm", length=octets)
    builder = FrameBuilder(layout=layout, scid=0xAB)
    for packet in packets:
        builder.add(packet)
    fill = 223 - octets // 2 if code == "223x2" else 239 - octets
    coder = ReedSolomon(223, 2, True, fill) if code == "223x2" else ReedSolomon(239, 1, False, fill)
    blocks = coder.encoded(builder.frames())
    blocks[1, :5] ^= 0x55
    lost = np.delete(blocks, 3, axis=0)
    (place / "c.bin").write_bytes(b"\x77" * 33 + cadus(randomised(lost, "tm")))
    words = ("--kind", "tm", "--length", octets, "--asm", "--derandomize", "--rs", code, "--fecf")
    done = lupex("packets", "frames", place / "c.bin", *words, "--out", place / "out.bin", "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["frames"], counts["corrected_symbols"], counts["lost_frames"]) == (len(lost), 5, 1)
    assert counts["rejected_frames"] == 0
    assert "corrected symbols 5" in done.stderr
    assert rows(lupex("packets", "headers", place / "out.bin").stdout)[0]["apid"] == "100"
    assert counts["packets"] + 7 >= len(packets) > counts["packets"]


def test_encode_and_cltu_write_octets(place: Path) -> None:
    words = [sys.executable, "-m", "lupex", "packets"]
    command = ["encode", "--xtce", str(place / "l.xml"), "drive", "distance_m=-1.5", "heading_deg=90", "--count", "1"]
    encoded = subprocess.run([*words, *command], capture_output=True, check=True, env=environment()).stdout
    assert encoded.hex() == "1864c00100102f080100000001bfc0000042b40000794f"
    (place / "c.bin").write_bytes(encoded)
    unit = subprocess.run(
        [*words, "cltu", str(place / "c.bin")], capture_output=True, check=True, env=environment()
    ).stdout
    assert unit[:2].hex() + unit[-8:].hex() == "eb90c5c5c5c5c5c5c579"
    assert len(unit) == 2 + 4 * 8 + 8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("encode", "drive", "distance_m=99", "heading_deg=0"), "outside -10 .. 10"),
        (("encode", "drive", "distance_m=nan", "heading_deg=0"), "not finite"),
        (("encode", "drve"), "did you mean 'drive'"),
        (("encode", "drive", "distance_m"), "write name=value"),
        (("encode", "drive", "distance_m=1", "distance_m=2"), "given twice"),
        (("decode", "missing.bin"), "missing.bin: cannot read"),
        (("decode", "--xtce", "bomb.xml", "x.bin"), "DOCTYPE"),
        (("frames", "x.bin", "--kind", "tm", "--length", "100", "--rs", "223x5", "--out", "o", "--asm"), ""),
        (("frames", "x.bin", "--kind", "tm", "--length", "101", "--rs", "223x5", "--out", "o"), "do not fit the code"),
        (("frames", "x.bin", "--kind", "tm", "--length", "3000", "--out", "o"), "give 11 to 2048"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "x.bin").write_bytes(b"")
    (tmp_path / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><SpaceSystem name="&b;"/>')
    if said:
        assert said in refused("packets", *words, cwd=tmp_path)
    else:
        assert lupex("packets", *words, cwd=tmp_path).returncode == 0
