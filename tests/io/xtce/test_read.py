"""XTCE of others: what is honoured, and what is refused by name."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.catalogue.telemetry import dictionary
from lupex.io.xtce import read_xtce, xtce_text
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_command, encode_packet
from lupex.packets.streams.batch import batch_of

HEAD = '<?xml version="1.0"?><SpaceSystem name="S" xmlns="http://www.omg.org/spec/XTCE/20180204">'
U8 = '<IntegerParameterType name="u8" signed="false"><IntegerDataEncoding sizeInBits="8"/></IntegerParameterType>'


def made(tmp_path: Path, types: str, parameters: str, containers: str, more: str = "") -> Path:
    text = (
        f"{HEAD}{more}<TelemetryMetaData><ParameterTypeSet>{types}</ParameterTypeSet><ParameterSet>{parameters}"
        f"</ParameterSet><ContainerSet>{containers}</ContainerSet></TelemetryMetaData></SpaceSystem>"
    )
    (tmp_path / "s.xml").write_text(text)
    return tmp_path / "s.xml"


def one(tmp_path: Path, type_: str, octets: bytes) -> object:
    """The engineering value of one parameter of a type called 't'."""
    place = made(
        tmp_path, type_, '<Parameter name="p" parameterTypeRef="t"/>',
        '<SequenceContainer name="c"><EntryList><ParameterRefEntry parameterRef="p"/></EntryList></SequenceContainer>',
    )  # fmt: skip
    found = decode(read_xtce(place), batch_of([octets]))
    return found.tables["c"].values("p")[0]


def test_what_we_write_reads_back_with_equal_values(tmp_path: Path) -> None:
    ours = dictionary("lupex")
    (tmp_path / "l.xml").write_text(xtce_text(ours, yamcs=True))
    back = read_xtce(tmp_path / "l.xml")
    assert (list(back.parameters), list(back.containers), list(back.commands)) == (
        list(ours.parameters), list(ours.containers), list(ours.commands),
    )  # fmt: skip
    assert back.error_control
    for name, limits in {one.name: one.type.limits for one in ours.parameters.values()}.items():
        assert back.parameters[name].type.limits == limits
    given = {"distance_m": -3.25, "heading_deg": 12.5}
    assert encode_command(back, "drive", given, 3) == encode_command(ours, "drive", given, 3)
    packet = encode_packet(ours, "drill_hk", {"drill_ground_k": 111.5, "drill_depth_m": 0.25})
    tables = [decode(known, batch_of([packet])).tables["drill_hk"].columns() for known in (ours, back)]
    assert {k: v.tolist() for k, v in tables[0].items()} == {k: v.tolist() for k, v in tables[1].items()}


VALUES = {
    "enumeration of a range": (
        '<EnumeratedParameterType name="t"><IntegerDataEncoding sizeInBits="8"/><EnumerationList>'
        '<Enumeration value="1" maxValue="5" label="LOW"/><Enumeration value="6" label="HIGH"/></EnumerationList>'
        "</EnumeratedParameterType>", b"\x04", "LOW"),
    "boolean": (
        '<BooleanParameterType name="t"><IntegerDataEncoding sizeInBits="8"/></BooleanParameterType>', b"\x07", True),
    "spline": (
        '<FloatParameterType name="t"><IntegerDataEncoding sizeInBits="8"><DefaultCalibrator><SplineCalibrator>'
        '<SplinePoint raw="10" calibrated="0"/><SplinePoint raw="0" calibrated="20"/></SplineCalibrator>'
        "</DefaultCalibrator></IntegerDataEncoding></FloatParameterType>", b"\x05", 10.0),
    "little endian": (
        '<IntegerParameterType name="t" signed="true"><IntegerDataEncoding sizeInBits="16" encoding="twosComplement" '
        'byteOrder="leastSignificantByteFirst"/></IntegerParameterType>', b"\xfe\xff", -2),
    "terminated string": (
        '<StringParameterType name="t"><StringDataEncoding><SizeInBits><Fixed><FixedValue>64</FixedValue></Fixed>'
        "<TerminationChar>00</TerminationChar></SizeInBits></StringDataEncoding></StringParameterType>",
        b"abc\0xyzw", "abc"),
    "whole counter although the type says nothing of its size": (
        '<IntegerParameterType name="t"><IntegerDataEncoding sizeInBits="48"/></IntegerParameterType>',
        b"\xff" * 6, 2**48 - 1),
    "time": (
        '<AbsoluteTimeParameterType name="t"><Encoding units="seconds" scale="0.5" offset="10"><IntegerDataEncoding '
        'sizeInBits="16"/></Encoding><ReferenceTime><Epoch>GPS</Epoch></ReferenceTime></AbsoluteTimeParameterType>',
        b"\x00\x05", 12.5),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_a_construct_has_its_value(tmp_path: Path, name: str) -> None:
    type_, octets, value = VALUES[name]
    assert one(tmp_path, type_, octets) == value


REFUSED = {
    "AggregateParameterType": '<AggregateParameterType name="t"><MemberList/></AggregateParameterType>',
    "RelativeTimeParameterType": '<RelativeTimeParameterType name="t"/>',
    "StaticAlarmRanges": (
        '<FloatParameterType name="t"><FloatDataEncoding/><DefaultAlarm><StaticAlarmRanges rangeForm="inside">'
        '<WarningRange minInclusive="1" maxInclusive="2"/></StaticAlarmRanges></DefaultAlarm></FloatParameterType>'),
    "SplineCalibrator": (
        '<FloatParameterType name="t"><IntegerDataEncoding><DefaultCalibrator><SplineCalibrator order="0">'
        '<SplinePoint raw="0" calibrated="0"/><SplinePoint raw="1" calibrated="1"/></SplineCalibrator>'
        "</DefaultCalibrator></IntegerDataEncoding></FloatParameterType>"),
    "LeadingSize": (
        '<StringParameterType name="t"><StringDataEncoding><Variable maxSizeInBits="800"><LeadingSize/></Variable>'
        "</StringDataEncoding></StringParameterType>"),
    "IntegerDataEncoding": (
        '<IntegerParameterType name="t"><IntegerDataEncoding encoding="packedBCD"/></IntegerParameterType>'),
    "IntegerParameterType t": (
        '<IntegerParameterType name="t"><IntegerDataEncoding sizeInBits="12" byteOrder="leastSignificantByteFirst"/>'
        "</IntegerParameterType>"),
}  # fmt: skip


@pytest.mark.parametrize("element", REFUSED)
def test_what_readers_do_not_agree_on_is_refused_by_name(tmp_path: Path, element: str) -> None:
    with pytest.raises(InputError, match=element):
        one(tmp_path, REFUSED[element], b"\0" * 8)


@pytest.mark.parametrize(
    ("containers", "message"),
    [
        ('<SequenceContainer name="c"><EntryList><ParameterRefEntry parameterRef="q"/></EntryList></SequenceContainer>',
         "parameter 'q', which is not defined"),
        ('<SequenceContainer name="c"><EntryList><ParameterRefEntry parameterRef="p"><RepeatEntry/></ParameterRefEntry>'
         "</EntryList></SequenceContainer>", "RepeatEntry"),
        ('<SequenceContainer name="c"><EntryList/><BaseContainer containerRef="d"/></SequenceContainer>'
         '<SequenceContainer name="d"><EntryList/><BaseContainer containerRef="c"/></SequenceContainer>', "circle"),
        ('<SequenceContainer name="c"><EntryList/></SequenceContainer>' * 2, "defined twice"),
    ],
)  # fmt: skip
def test_references_that_lead_nowhere_or_in_circles_are_refused(tmp_path: Path, containers: str, message: str) -> None:
    place = made(tmp_path, U8, '<Parameter name="p" parameterTypeRef="u8"/>', containers)
    with pytest.raises(InputError, match=message):
        read_xtce(place)


def test_names_of_nested_systems_are_found_from_inside_and_outside(tmp_path: Path) -> None:
    inner = (
        '<SpaceSystem name="inner"><TelemetryMetaData><ParameterTypeSet/><ParameterSet><Parameter name="q" '
        'parameterTypeRef="u8"/></ParameterSet><ContainerSet><SequenceContainer name="c"><EntryList>'
        '<ParameterRefEntry parameterRef="q"/><ParameterRefEntry parameterRef="/S/p"/></EntryList><BaseContainer '
        'containerRef="../root"><RestrictionCriteria><Comparison parameterRef="p" value="1"/></RestrictionCriteria>'
        "</BaseContainer></SequenceContainer></ContainerSet></TelemetryMetaData></SpaceSystem>"
    )
    place = made(
        tmp_path, U8, '<Parameter name="p" parameterTypeRef="u8"/>',
        '<SequenceContainer name="root"><EntryList><ParameterRefEntry parameterRef="p"/></EntryList>'
        "</SequenceContainer>",
    )  # fmt: skip
    place.write_text(place.read_text().replace("</SpaceSystem>", inner + "</SpaceSystem>"))
    found = decode(read_xtce(place), batch_of([b"\1\2\3"]))
    assert found.tables["inner/c"].values("inner/q").tolist() == [2]


BOMB = '<!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


def test_entities_and_endless_nesting_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "bomb.xml").write_text(f'<?xml version="1.0"?>{BOMB}<SpaceSystem name="&b;"/>')
    with pytest.raises(InputError, match="DOCTYPE"):
        read_xtce(tmp_path / "bomb.xml")
    (tmp_path / "deep.xml").write_text("<SpaceSystem name='a'>" * 5000)
    with pytest.raises(InputError, match="nested"):
        read_xtce(tmp_path / "deep.xml")


def test_an_encoding_nobody_knows_is_one_line(tmp_path: Path) -> None:
    for name in ("TF-8", "utf-7", "shift_jis"):
        text = xtce_text(dictionary("lupex")).replace("UTF-8", name, 1)
        (tmp_path / "odd.xml").write_text(text)
        with pytest.raises(InputError, match="odd.xml line 1: not XML that can be read"):
            read_xtce(tmp_path / "odd.xml")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_gives_a_dictionary_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    place = tmp_path_factory.mktemp("x") / "damaged.xml"
    octets = bytearray(xtce_text(dictionary("lupex")).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(octets) - 1))
        octets[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.sampled_from([b"", b"<", b"9", b'"', b"name", b"-1"])
        )
    place.write_bytes(bytes(octets))
    try:
        read_xtce(place)
    except InputError as error:
        assert "damaged.xml" in str(error)
        assert "\n" not in str(error)


def test_conditions_on_entries_and_places_from_the_start_are_honoured(tmp_path: Path) -> None:
    # space-packet-parser 6.2.0 passes both over, and the fields behind them shift
    place = made(
        tmp_path, U8, "".join(f'<Parameter name="{name}" parameterTypeRef="u8"/>' for name in "pqrs"),
        '<SequenceContainer name="c"><EntryList><ParameterRefEntry parameterRef="p"/><ParameterRefEntry '
        'parameterRef="q"><IncludeCondition><Comparison parameterRef="p" value="1"/></IncludeCondition>'
        '</ParameterRefEntry><ParameterRefEntry parameterRef="r"/><ParameterRefEntry parameterRef="s">'
        '<LocationInContainerInBits referenceLocation="containerStart"><FixedValue>8</FixedValue>'
        "</LocationInContainerInBits></ParameterRefEntry></EntryList></SequenceContainer>",
    )  # fmt: skip
    table = decode(read_xtce(place), batch_of([b"\1\2\3", b"\0\7\x09"])).tables["c"]
    assert [table.values(name).tolist() for name in "qrs"] == [[2, None], [3, 7], [2, 7]]


def test_the_epoch_of_a_date_leaves_seconds_and_names_no_instant(tmp_path: Path) -> None:
    type_ = (
        '<AbsoluteTimeParameterType name="t"><Encoding><IntegerDataEncoding sizeInBits="32" encoding="unsigned"/>'
        "</Encoding><ReferenceTime><Epoch>2000-01-01T00:00:00Z</Epoch></ReferenceTime></AbsoluteTimeParameterType>"
    )
    assert one(tmp_path, type_, (1000).to_bytes(4, "big")) == 1000.0
    assert read_xtce(tmp_path / "s.xml").parameters["p"].type.epoch == ""
