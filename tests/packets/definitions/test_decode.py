"""Columns of values from packets: fields at any bit, conditions, variable sizes, packets that end too soon."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shared_data import shared

from lupex.catalogue.telemetry import dictionary
from lupex.io.xtce import read_xtce
from lupex.model.telemetry.dictionary import Comparison, Container, Dictionary, Entry, Parameter
from lupex.model.telemetry.types import Calibrator, Encoding, ValueType
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_packet
from lupex.packets.streams.batch import batch_of
from lupex.packets.streams.cut import packets_in

KINDS = ("unsigned", "signed", "sign_magnitude", "ones_complement")


def number(name: str, bits: int, kind: str = "unsigned", **more: object) -> Parameter:
    what = "float" if kind in ("float", "mil_1750a") else "integer"
    return Parameter(name, ValueType(name=name, kind=what, encoding=Encoding(kind=kind, bits=bits, **more)))


def one_packet(parameters: list[Parameter], **more: Container) -> Dictionary:
    root = Container(name="root", entries=tuple(Entry(one.name) for one in parameters))
    return Dictionary(
        name="t", parameters={one.name: one for one in parameters}, containers={"root": root, **more}, commands={}
    )


def plain_value(bits: str, kind: str) -> int:
    """A number from its bits, slowly."""
    value, sign = int(bits, 2), bits[0] == "1"
    if kind == "signed" and sign:
        return value - (1 << len(bits))
    if kind == "sign_magnitude" and sign:
        return -int("0" + bits[1:], 2)
    if kind == "ones_complement" and sign:
        return -int("".join("10"[int(c)] for c in bits), 2)
    return value


@settings(max_examples=60, deadline=None)
@given(
    fields=st.lists(st.tuples(st.integers(1, 64), st.sampled_from(KINDS)), min_size=1, max_size=12),
    seed=st.integers(0, 2**32),
)
def test_fields_of_any_width_at_any_bit_have_the_value_of_their_bits(fields: list[tuple[int, str]], seed: int) -> None:
    total = sum(width for width, _ in fields)
    octets = np.random.default_rng(seed).integers(0, 256, (3, -(-total // 8)), dtype=np.uint8)
    known = one_packet([number(f"p{k}", width, kind) for k, (width, kind) in enumerate(fields)])
    table = decode(known, batch_of([row.tobytes() for row in octets])).tables["root"]
    for row in range(3):
        bits, at = "".join(f"{octet:08b}" for octet in octets[row]), 0
        for k, (width, kind) in enumerate(fields):
            assert int(table.values(f"p{k}")[row]) == plain_value(bits[at : at + width], kind)
            at += width


@settings(max_examples=25, deadline=None)
@given(
    fields=st.lists(st.tuples(st.integers(1, 64), st.sampled_from(KINDS)), min_size=1, max_size=8),
    short=st.sets(st.integers(0, 699), max_size=3),
    seed=st.integers(0, 2**32),
)
def test_many_packets_have_the_values_each_has_alone(fields: list[tuple[int, str]], short: set[int], seed: int) -> None:
    size = -(-sum(width for width, _ in fields) // 8)
    octets = np.random.default_rng(seed).integers(0, 256, (700, size), dtype=np.uint8)
    known = one_packet([number(f"p{k}", width, kind) for k, (width, kind) in enumerate(fields)])
    packets = [row.tobytes()[: size - 1 if k in short else size] for k, row in enumerate(octets)]
    together = decode(known, batch_of(packets))
    table = together.tables["root"]
    assert table.index.tolist() == [k for k in range(700) if k not in short]
    assert sum(one.count for one in together.problems) == len(short)
    for row in (0, 255, 256, len(table) - 1):  # of the first, second and last block
        alone = decode(known, batch_of([packets[int(table.index[row])]])).tables["root"]
        for name in table.parameters:
            assert table.values(name)[row] == alone.values(name)[0]


@pytest.mark.parametrize("shift", [0, 3])
def test_floats_and_little_endian_numbers_are_right_at_any_bit(shift: int) -> None:
    known = one_packet(
        [number("lead", 8 + shift), number("single", 32, "float"), number("double", 64, "float", little_endian=True),
         number("three", 24, little_endian=True), number("mil", 32, "mil_1750a")]
    )  # fmt: skip
    body = struct.pack(">f", 3.25) + struct.pack("<d", -89.4567890123) + (0x123456).to_bytes(3, "little")
    body += bytes.fromhex("6000000a")  # 0.75 * 2^10
    octets = (int.from_bytes(b"\xaa" + body, "big") << (8 - shift)).to_bytes(len(body) + 2, "big")
    if shift:
        octets = ((0xAA << shift << 8 * len(body) | int.from_bytes(body, "big")) << (8 - shift)).to_bytes(
            len(body) + 2, "big"
        )
    else:
        octets = b"\xaa" + body
    table = decode(known, batch_of([octets])).tables["root"]
    got = [table.values(name)[0] for name in ("single", "double", "three", "mil")]
    assert got == [3.25, -89.4567890123, 0x123456, 768.0]


def test_conditions_part_packets_and_entries_and_sizes_may_depend_on_values() -> None:
    kind, size, flag = number("kind", 8), number("size", 8), number("flag", 8)
    text = Parameter("text", ValueType(name="text", kind="string", encoding=Encoding(
        kind="string", bits=0, size_parameter="size", size_slope=8.0)))  # fmt: skip
    tail = number("tail", 16)
    root = Container(name="root", entries=(Entry("kind"),), abstract=True)
    first = Container(
        name="first", base="root", conditions=(Comparison("kind", "1"),),
        entries=(Entry("size"), Entry("text"), Entry("tail")),
    )  # fmt: skip
    second = Container(
        name="second", base="root", conditions=(Comparison("kind", "2", ">="), Comparison("kind", "9", "<")),
        entries=(Entry("flag"), Entry("size", conditions=(Comparison("flag", "0", "!="),)), Entry("tail")),
    )  # fmt: skip
    known = Dictionary(
        name="t", parameters={one.name: one for one in (kind, size, flag, text, tail)},
        containers={one.name: one for one in (root, first, second)}, commands={},
    )  # fmt: skip
    packets = [
        b"\1\3abc\0\7", b"\1\0\0\x08", b"\2\1\x63\0\x09", b"\3\0\0\x0a", b"\x09\0\0", b"\1\x09ab",
    ]  # fmt: skip
    found = decode(known, batch_of(packets))
    assert found.tables["first"].columns()["text"].tolist() == ["abc", ""]
    assert found.tables["first"].values("tail").tolist() == [7, 8]
    assert found.tables["second"].index.tolist() == [2, 3]
    assert found.tables["second"].values("tail").tolist() == [9, 10]
    assert found.tables["second"].values("size").tolist() == [0x63, None]
    assert [(one.reason, one.count, one.first_index) for one in found.problems] == [
        ("first ends before text", 1, 5), ("no packet that refines root matches", 1, 4),
    ]  # fmt: skip


def test_calibrators_are_exact_on_their_points_and_go_on_only_where_told() -> None:
    from lupex.packets.definitions.convert import calibrated, engineering

    raw = np.array([-1.0, 0.0, 5.0, 10.0, 12.0])
    points = ((0.0, 1.0), (10.0, 3.0))
    assert calibrated(Calibrator(points=points), raw).tolist() == [0.8, 1.0, 2.0, 3.0, 3.4]
    assert np.isnan(calibrated(Calibrator(points=points, extrapolate=False), raw)).tolist() == [
        True,
        *[False] * 3,
        True,
    ]
    rounded = ValueType(
        name="i", kind="integer", encoding=Encoding(kind="unsigned", bits=8), calibrator=Calibrator((0.0, 0.9))
    )
    assert engineering(rounded, np.array([1, 2], np.uint64)).tolist() == [1.0, 2.0]


def test_a_value_without_label_is_undefined_and_loses_no_packet() -> None:
    lupex = dictionary("lupex")
    octets = bytearray(encode_packet(lupex, "rover_hk", {"rover_mode": "DRIVE"}))
    at = octets.index(2, 25)
    octets[at] = 77
    octets[-2:] = b"\0\0"
    from lupex.packets.coding.checks import crc16_of

    octets[-2:] = crc16_of(bytes(octets[:-2])).to_bytes(2, "big")
    assert decode(lupex, batch_of([bytes(octets)])).tables["rover_hk"].values("rover_mode")[0] == "UNDEF"


def test_real_packets_have_the_values_of_an_independent_reader() -> None:
    folder = shared("data/ccsds_packets")
    if folder is None:
        return
    from space_packet_parser import SpacePacket
    from space_packet_parser.generators import ccsds_generator
    from space_packet_parser.xtce.definitions import XtcePacketDefinition

    place = folder / "jpss1_geolocation_xtce_v1.xml"
    octets = (folder / "J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1").read_bytes()
    columns = decode(read_xtce(place), packets_in(octets)[0]).tables["JPSS_ATT_EPHEM"].columns()
    peer = XtcePacketDefinition.from_xtce(place)
    count = 0
    for row, packet in enumerate(ccsds_generator(octets[: 71 * 200])):
        parsed = peer.parse_bytes(packet, root_container_name="CCSDSPacket")
        for name, column in columns.items():
            assert float(column[row]) == float(parsed[name]), name
            count += 1
    assert count == 200 * 27
    assert isinstance(parsed, SpacePacket)
