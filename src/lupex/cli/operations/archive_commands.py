"""lupex ops archive: packets kept as they came."""

import argparse
import hashlib
import sys
from contextlib import nullcontext
from typing import Any

from lupex.base.gate import file_bytes
from lupex.cli import arguments
from lupex.cli.printing import print_json, say

_BLOCK = 2**22
_BATCH = 5000


def add_commands(commands: Any) -> None:
    """Register archive and its commands.

    Args:
        commands: the subparsers of ops.
    """
    archive = commands.add_parser("archive", help="every packet that came: init, ingest, query, replay, export, verify")
    archive.set_defaults(run=lambda args: archive.error("no command given"))
    parts = archive.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    made = {name: parts.add_parser(name, help=text) for name, text in _HELP.items()}
    for one in made.values():
        one.add_argument("archive", metavar="ARCHIVE", type=arguments.path, help="archive file (SQLite)")
    made["ingest"].add_argument("octets", metavar="BYTES", type=arguments.path, help="packets; '-' for stdin")
    made["ingest"].add_argument("--dictionary", metavar="NAME", default="lupex", help="that names them (default lupex)")
    made["ingest"].add_argument("--xtce", metavar="FILE", type=arguments.path, help="XTCE 1.2 dictionary in its place")
    made["export"].add_argument("folder", metavar="DIR", type=arguments.path, help="new or empty folder")
    made["export"].add_argument("--dictionary", metavar="NAME", default="lupex", help="that decodes (default lupex)")
    made["export"].add_argument("--packet", metavar="NAME", default="", help="packets of this name")
    for name in ("query", "replay", "export"):
        made[name].add_argument("--start", metavar="UTC", type=arguments.utc, help="first packet time")
        made[name].add_argument("--stop", metavar="UTC", type=arguments.utc, help="end, not itself included")
    made["query"].add_argument("--packet", metavar="NAME", default="", help="packets of this name")
    made["query"].add_argument("--apid", metavar="N", type=arguments.whole_number("APID", 0, 2047), help="of this APID")
    made["query"].add_argument("--parameter", metavar="NAME", help="values of one parameter")
    made["query"].add_argument("--dictionary", metavar="NAME", default="lupex", help="for values (default lupex)")
    arguments.add_format(made["query"], "csv")
    made["replay"].add_argument(
        "--speed", metavar="X", type=arguments.number("speed", 0.0, 1e6), default=0.0, help="1: as it was; 0: at once"
    )
    made["verify"].add_argument("--json", action="store_true", help="as JSON on stdout")
    for name, run in (
        ("init", _init),
        ("ingest", _ingest),
        ("query", _query),
        ("replay", _replay),
        ("export", _export),
        ("verify", _verify),
    ):
        made[name].set_defaults(run=run)


_HELP = {
    "init": "make an empty archive",
    "ingest": "store packets; they are on the disk when the command ends",
    "query": "packets by time, name, APID; or values of a parameter",
    "replay": "packets on stdout in order of their time",
    "export": "values as Parquet, one file for each kind of packet (needs pyarrow)",
    "verify": "read everything and compare it with its digests; exit code 2 where something is damaged",
}


def _init(args: argparse.Namespace) -> None:
    from lupex.ops.archive.store import Archive

    Archive.create(args.archive).close()
    say(f"{args.archive}: empty archive")


def _ingest(args: argparse.Namespace) -> None:
    from lupex.catalogue.telemetry import dictionary
    from lupex.io.atomic import only_writer
    from lupex.io.xtce import read_xtce
    from lupex.ops.archive.ingest import stored_packets
    from lupex.ops.archive.store import Archive
    from lupex.packets.streams.cut import PacketStream, StreamRules

    known = dictionary(args.dictionary) if args.xtce is None else read_xtce(args.xtce)
    octets = sys.stdin.buffer.read() if str(args.octets) == "-" else file_bytes(args.octets, 2_000_000_000)
    stream = PacketStream(rules=StreamRules(error_control=known.error_control))
    source = hashlib.sha256(octets).hexdigest() + f" {known.error_control}"
    # Two at once would store the rest of a stopped run twice. The lock is let go after SQLite has closed the file.
    with only_writer(args.archive) if args.archive.is_file() else nullcontext(), Archive.open(args.archive) as archive:
        seen, before = 0, archive.stored_of(source)
        for first in range(0, len(octets), _BLOCK):
            batch = stream.feed(octets[first : first + _BLOCK])
            packets = stored_packets(known, batch)[max(0, before - seen) :]
            done = seen + len(batch) - len(packets)
            seen += len(batch)
            is_last = first + _BLOCK >= len(octets)
            for k in range(0, len(packets), _BATCH):
                done += len(packets[k : k + _BATCH])
                archive.append(packets[k : k + _BATCH], source, None if is_last and done == seen else done)
        if archive.stored_of(source):
            archive.append((), source)
        total = len(archive)
    if before:
        say(f"{before} of these packets were stored by a run that was stopped; the others follow them")
    say(
        f"{stream.packets} packets stored, {total} in the archive; {stream.bad_checksums} with a wrong checksum, "
        f"{stream.foreign_octets} foreign octets, {stream.unfinished_octets} octets of an unfinished packet"
    )


def _query(args: argparse.Namespace) -> None:
    from lupex.catalogue.telemetry import dictionary
    from lupex.io.tables import csv_text
    from lupex.ops.archive.query import packet_table, parameter_table
    from lupex.ops.archive.store import Archive, Wanted

    wanted = Wanted(**_span(args), name=args.packet, apid=args.apid)
    with Archive.open(args.archive) as archive:
        if args.parameter is None:
            names, rows = packet_table(archive, wanted)
        else:
            names, rows = parameter_table(archive, dictionary(args.dictionary), args.parameter, wanted)
        if args.form == "json":
            print_json([dict(zip(names, row, strict=True)) for row in rows])
        else:
            sys.stdout.write(csv_text(names, rows))


def _replay(args: argparse.Namespace) -> None:
    from lupex.ops.archive.ingest import replayed
    from lupex.ops.archive.store import Archive

    sys.stdout.flush()
    count = 0
    with Archive.open(args.archive) as archive:
        for one in replayed(archive, args.speed, **_span(args)):
            sys.stdout.buffer.write(one.octets)
            if args.speed > 0.0:
                sys.stdout.buffer.flush()
            count += 1
    say(f"{count} packets")


def _export(args: argparse.Namespace) -> None:
    from lupex.catalogue.telemetry import dictionary
    from lupex.ops.archive.query import export_parquet
    from lupex.ops.archive.store import Archive, Wanted

    wanted = Wanted(**_span(args), name=args.packet, apid=None)
    with Archive.open(args.archive) as archive:
        rows = export_parquet(archive, dictionary(args.dictionary), args.folder, wanted)
    say(", ".join(f"{name} {count}" for name, count in rows.items()) or "no packets")


def _verify(args: argparse.Namespace) -> None:
    from lupex.base.errors import StoreError
    from lupex.ops.archive.store import Archive

    with Archive.open(args.archive) as archive:
        report = archive.verify()
    if args.json:
        print_json({"packets": report.packets, "damaged": list(report.damaged), "structure": report.structure})
    if not report.sound:
        raise StoreError(
            f"{args.archive}: {len(report.damaged)} damaged packets of {report.packets}, structure {report.structure}",
            "restore it from a copy, or ingest the packets again",
        )
    say(f"{report.packets} packets, all as they were stored")


def _span(args: argparse.Namespace) -> dict[str, Any]:
    from lupex.ops.archive.store import checked_span
    from lupex.packets.times.cuc import utc_to_tai

    ends = [None if text is None else float(utc_to_tai(text)[0]) for text in (args.start, args.stop)]
    start, stop = checked_span(*ends)
    return {"start_tai_s": start, "stop_tai_s": stop}
