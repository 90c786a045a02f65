"""lupex packets: octets to values and back."""

import argparse
import sys
from typing import Any

from lupex.base.errors import InputError
from lupex.base.gate import file_bytes
from lupex.cli import arguments
from lupex.cli.printing import print_json, say

LARGEST_BYTES = 2_000_000_000
_BLOCK = 50_000


def add_commands(commands: Any) -> None:
    """Register packets and its commands.

    Args:
        commands: the subparsers to add to.
    """
    packets = commands.add_parser("packets", help="CCSDS packets and frames: decode, headers, frames, encode, cltu ...")
    packets.set_defaults(run=lambda args: packets.error("no command given"))
    parts = packets.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    _add_decode(parts)
    _add_headers(parts)
    _add_frames(parts)
    _add_encode(parts)
    _add_cltu(parts)
    _add_pages(parts)


def _add_decode(parts: Any) -> None:
    decode = parts.add_parser("decode", help="values of packets, one row a packet")
    _add_octets(decode, "packets one after the other")
    _add_dictionary(decode)
    decode.add_argument("--raw", action="store_true", help="raw values in place of engineering values")
    decode.add_argument("--root", metavar="NAME", default="", help="container every packet begins with")
    decode.add_argument(
        "--time-code",
        metavar="CODE",
        default="",
        help="time behind the primary header: cds, cds-us, cuc4+2 or cuc4+3 (default: the dictionary's absolute time)",
    )
    decode.add_argument(
        "--crc", action="store_true", help="packets end in a CRC-16-CCITT (a dictionary of ours says so)"
    )
    arguments.add_format(decode, "csv")
    decode.set_defaults(run=_decode)


def _add_headers(parts: Any) -> None:
    headers = parts.add_parser("headers", help="primary headers, without a dictionary")
    _add_octets(headers, "packets one after the other")
    headers.add_argument("--crc", action="store_true", help="packets end in a CRC-16-CCITT")
    arguments.add_format(headers, "csv")
    headers.set_defaults(run=_headers)


def _add_frames(parts: Any) -> None:
    frames = parts.add_parser("frames", help="packets out of transfer frames, with markers and codes taken off")
    _add_octets(frames, "frames, or a stream of bits with markers")
    whole = arguments.whole_number
    frames.add_argument("--kind", choices=("tm", "aos"), required=True, help="telemetry or AOS frames")
    frames.add_argument(
        "--length", metavar="N", type=whole("length", 8, 65536), required=True, help="octets of a frame"
    )
    frames.add_argument("--asm", action="store_true", help="frames stand behind markers 1ACFFC1D, at any bit")
    frames.add_argument("--derandomize", action="store_true", help="take the pseudo-random sequence off")
    frames.add_argument("--rs", metavar="CODE", help="Reed-Solomon code: 223, 239, 223x5, 223x4-conventional ...")
    frames.add_argument("--fecf", action="store_true", help="frames end in a checksum")
    frames.add_argument("--ocf", action="store_true", help="AOS frames carry a control word (TM frames say so)")
    frames.add_argument(
        "--insert-zone",
        metavar="N",
        type=whole("insert zone", 0, 1000),
        default=0,
        help="octets of the insert zone (AOS)",
    )
    frames.add_argument("--fhec", action="store_true", help="AOS headers carry two check octets, which are not used")
    frames.add_argument("--scid", metavar="N", type=whole("spacecraft", 0, 1023), help="leave other spacecraft out")
    frames.add_argument("--out", metavar="PACKETS", type=arguments.path, required=True, help="file the packets go to")
    frames.add_argument("--json", action="store_true", help="the counts as JSON on stdout")
    frames.set_defaults(run=_frames)


def _add_encode(parts: Any) -> None:
    encode = parts.add_parser("encode", help="the packet of a command, on stdout")
    encode.add_argument("command", metavar="COMMAND", help="name of the command")
    encode.add_argument("given", metavar="name=value", nargs="*", help="its arguments")
    _add_dictionary(encode)
    encode.add_argument(
        "--count",
        metavar="N",
        type=arguments.whole_number("count", 0, 16383),
        default=0,
        help="sequence count (default 0)",
    )
    encode.add_argument("--hex", action="store_true", help="hexadecimal text in place of octets")
    encode.set_defaults(run=_encode)


def _add_cltu(parts: Any) -> None:
    cltu = parts.add_parser("cltu", help="the command link transmission unit of TC frames, on stdout")
    _add_octets(cltu, "TC frames, or a packet with --frame")
    cltu.add_argument("--frame", metavar="SCID,VCID", help="put the octets into a frame (BD, with checksum) first")
    cltu.add_argument("--randomize", action="store_true", help="randomise the code blocks")
    cltu.add_argument("--hex", action="store_true", help="hexadecimal text in place of octets")
    cltu.set_defaults(run=_cltu)


def _add_pages(parts: Any) -> None:
    pages = parts.add_parser("dictionary", help="a dictionary as a page for people, or as XTCE, on stdout")
    _add_dictionary(pages)
    forms = pages.add_mutually_exclusive_group()
    for form, text in (("md", "Markdown (default)"), ("html", "a page that stands alone"), ("xml", "XTCE 1.2")):
        forms.add_argument(f"--{form}", dest="form", action="store_const", const=form, help=text)
    pages.set_defaults(run=_pages, form="md")


def _add_octets(parser: Any, what: str) -> None:
    parser.add_argument("octets", metavar="BYTES", type=arguments.path, help=f"file of {what}; '-' for stdin")


def _add_dictionary(parser: Any) -> None:
    parser.add_argument(
        "--xtce", metavar="FILE", type=arguments.path, help="XTCE 1.2 dictionary (default: --dictionary)"
    )
    parser.add_argument(
        "--dictionary", metavar="NAME", default="lupex", help="of the catalogue, or a .toml file (default lupex)"
    )


def _octets_of(args: argparse.Namespace) -> bytes:
    if str(args.octets) == "-":
        return sys.stdin.buffer.read(LARGEST_BYTES)
    return file_bytes(args.octets, LARGEST_BYTES)


def _dictionary_of(args: argparse.Namespace) -> Any:
    from lupex.catalogue.telemetry import dictionary
    from lupex.io.xtce import read_xtce

    if args.xtce is None:
        return dictionary(args.dictionary)
    found = read_xtce(args.xtce)
    for note in found.notes:
        say(f"note: {note}")
    return found


def _decode(args: argparse.Namespace) -> None:
    from lupex.packets.definitions.decode import decode
    from lupex.packets.definitions.rows import packet_rows
    from lupex.packets.streams.cut import StreamRules, packets_in

    known = _dictionary_of(args)
    rules = StreamRules(error_control=known.error_control or args.crc)
    batch, stream = packets_in(_octets_of(args), rules)
    found = decode(known, batch, args.root)
    names, rows = packet_rows(known, batch, found, args.raw, args.time_code)
    if args.form == "json":
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        _print_csv(names, rows)
    _say_stream(batch, stream)
    for one in found.problems:
        say(f"note: {one.reason}: {one.count} packets, the first at offset {one.first_offset}")


def _headers(args: argparse.Namespace) -> None:
    from lupex.packets.streams.cut import StreamRules, packets_in

    batch, stream = packets_in(_octets_of(args), StreamRules(error_control=args.crc))
    wanted = ("offset", "apid", "sequence_flags", "sequence_count", "length", "secondary_header")
    headers = batch.headers
    columns = {name: headers[name].tolist() for name in wanted}
    if args.form == "json":
        print_json(columns)
    else:
        _print_csv(list(columns), zip(*columns.values(), strict=True))
    _say_stream(batch, stream)


def _frames(args: argparse.Namespace) -> None:
    from lupex.io.atomic import write_bytes
    from lupex.packets.frames.chain import ChainSettings, FrameChain
    from lupex.packets.frames.layout import FrameLayout

    layout = FrameLayout(
        kind=args.kind,
        length=args.length,
        fecf=args.fecf,
        ocf=args.ocf,
        insert_octets=args.insert_zone,
        header_check=args.fhec,
    )
    chain = FrameChain(
        settings=ChainSettings(layout, markers=args.asm, randomised=args.derandomize, code=args.rs or ""),
        scid=args.scid,
    )
    octets = _octets_of(args)
    batches = [chain.feed(octets[k : k + 2**22]) for k in range(0, len(octets), 2**22)] + [chain.end()]
    packets = b"".join(one.packet(k) for one in batches for k in range(len(one)))
    write_bytes(args.out, packets)
    counts = chain.counts | {"packets": sum(map(len, batches)), "packet_octets": len(packets)}
    if args.json:
        print_json(counts)
    say(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in counts.items()))


def _encode(args: argparse.Namespace) -> None:
    from lupex.packets.definitions.encode import encode_command

    given: dict[str, str] = {}
    for word in args.given:
        name, equals, value = word.strip().partition("=")
        if not equals:
            raise InputError(f"'{word[:40]}' is no argument", "write name=value")
        if name in given:
            raise InputError(f"the argument '{name[:40]}' is given twice", "keep one of them")
        given[name] = value
    _print_octets(encode_command(_dictionary_of(args), args.command, given, args.count), args.hex)


def _cltu(args: argparse.Namespace) -> None:
    from lupex.packets.coding.cltu import cltu
    from lupex.packets.frames.telecommand import TcFrame

    octets = _octets_of(args)
    if not octets:
        raise InputError(f"{args.octets}: is empty", "give the octets of a TC frame")
    if args.frame is not None:
        words = args.frame.split(",")
        if len(words) != 2 or not all(word.strip().isdigit() for word in words):
            raise InputError(f"--frame {args.frame[:40]}", "write SCID,VCID, as 171,0")
        octets = TcFrame(scid=int(words[0]), vcid=int(words[1]), data=octets, bypass=True).octets()
    _print_octets(cltu(octets, args.randomize), args.hex)


def _pages(args: argparse.Namespace) -> None:
    from lupex.io.xtce import xtce_text
    from lupex.packets.definitions.pages import dictionary_page

    known = _dictionary_of(args)
    sys.stdout.write(xtce_text(known) if args.form == "xml" else dictionary_page(known, args.form))


def _print_octets(octets: bytes, as_text: bool) -> None:
    if as_text:
        print(octets.hex())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(octets)


def _print_csv(names: list[str], rows: Any) -> None:
    from itertools import islice

    from lupex.io.tables import csv_text

    header = csv_text(names, ())
    sys.stdout.write(header)
    rows = iter(rows)
    while block := list(islice(rows, _BLOCK)):
        sys.stdout.write(csv_text(names, block)[len(header) :])


def _say_stream(batch: Any, stream: Any) -> None:
    from lupex.packets.streams.counts import CountWatch

    watch = CountWatch()
    watch.see(batch)
    missing, repeats, late = (sum(held.values()) for held in (watch.missing, watch.repeats, watch.late))
    say(
        f"{stream.packets} packets, {stream.bad_checksums} with a wrong checksum, "
        f"{stream.foreign_octets} foreign octets, {stream.unfinished_octets} octets of an unfinished packet; "
        f"{missing} missing, {repeats} repeated, {late} late"
    )
