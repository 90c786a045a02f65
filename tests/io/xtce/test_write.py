"""The XTCE we write has equal values in an independent reader (Yamcs: end_to_end)."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.catalogue.telemetry import dictionary
from lupex.io.xtce import write_xtce, xtce_text
from lupex.model.telemetry.dictionary import Argument, Command, Container, Dictionary, Entry, Parameter
from lupex.model.telemetry.types import Encoding, ValueType
from lupex.packets.definitions.convert import engineering
from lupex.packets.definitions.decode import decode
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.streams.batch import batch_of

LUPEX = dictionary("lupex")


def random_values(name: str, rng: np.random.Generator) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in LUPEX.containers[name].entries:
        type_ = LUPEX.parameters[entry.parameter].type
        low, high = type_.encoding.range
        if type_.labels:
            made[entry.parameter] = type_.labels[int(rng.integers(len(type_.labels)))][2]
        elif type_.encoding.kind == "float":
            made[entry.parameter] = float(rng.normal() * 1e4)
        else:
            raw = int(rng.integers(int(low), int(high), endpoint=True, dtype=np.int64 if low < 0 else np.uint64))
            made[entry.parameter] = engineering(type_, np.array([raw]))[0].item()
    return made


def test_space_packet_parser_reads_our_dictionary_to_equal_values(tmp_path: Path) -> None:
    from space_packet_parser.xtce.definitions import XtcePacketDefinition

    write_xtce(tmp_path / "l.xml", LUPEX)
    peer, writer, rng = (
        XtcePacketDefinition.from_xtce(tmp_path / "l.xml"),
        TelemetryWriter(LUPEX),
        np.random.default_rng(1),
    )
    names = [
        name for name, one in LUPEX.containers.items() if not one.abstract and one.base in ("housekeeping", "pus_tm")
    ] * 5
    assert {"rover_hk", "memory_dump", "monitor_transition", "parameter_value"} <= set(names)
    packets = [writer.packet(name, random_values(name, rng), 2.2e9 + 0.37 * k) for k, name in enumerate(names)]
    tables = decode(LUPEX, batch_of(packets)).tables
    for k, (name, packet) in enumerate(zip(names, packets, strict=True)):
        parsed = peer.parse_bytes(packet[:-2], root_container_name="ccsds")
        row = int(np.flatnonzero(tables[name].index == k)[0])
        for parameter in tables[name].parameters:
            ours, theirs = tables[name].values(parameter)[row], parsed[parameter]
            if isinstance(theirs, str):
                assert str(ours) == theirs or bool(ours) == (theirs == "ON")
            else:
                # a spline is summed in another order there: one unit in the last place
                assert float(ours) == pytest.approx(float(theirs), rel=2.3e-16, abs=0.0), parameter


def test_sizes_and_signs_stand_on_every_type() -> None:
    for line in xtce_text(LUPEX).splitlines():
        if "<IntegerParameterType" in line or "<IntegerArgumentType" in line:
            assert 'signed="' in line
            assert 'sizeInBits="' in line
        if "<FloatParameterType" in line or "<FloatArgumentType" in line:
            assert 'sizeInBits="' in line


def test_every_argument_has_a_valid_range() -> None:
    text = xtce_text(LUPEX)
    numbers = sum(
        argument.type.kind in ("integer", "float") and command.name != "pus_tc"
        for command in LUPEX.commands.values() for argument in command.arguments
    )  # fmt: skip
    assert text.count("<ValidRange ") == numbers


def test_what_readers_read_differently_is_not_written() -> None:
    text = Parameter("t", ValueType(name="t", kind="string", encoding=Encoding(kind="string", bits=64)))
    number = Parameter("n", ValueType(name="n", kind="integer", encoding=Encoding(kind="unsigned", bits=8)))
    place = Container(name="c", entries=(Entry("n", start_bit=8),))
    for parameter, container in ((text, Container(name="c", entries=(Entry("t"),))), (number, place)):
        known = Dictionary(name="d", parameters={parameter.name: parameter}, containers={"c": container}, commands={})
        with pytest.raises(InputError, match="not written as XTCE"):
            xtce_text(known)


def test_a_range_that_yamcs_cannot_load_is_not_written() -> None:
    wide = ValueType(name="wide", kind="integer", encoding=Encoding(kind="unsigned", bits=64), valid=(0, 2**64 - 1))
    command = Command(name="c", arguments=(Argument("a", wide),), layout=("a",))
    with pytest.raises(InputError, match="beyond 64 signed bits"):
        xtce_text(Dictionary(name="t", parameters={}, containers={}, commands={"c": command}))
