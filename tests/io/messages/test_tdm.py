"""Tracking data messages keep to the order of the blue book and come back as the same numbers."""

from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.io import TdmHeader, read_tdm, write_tdm
from lupex.io.messages.tdm import tdm_text
from lupex.model import TrackingSegment

TIMES = tuple(f"2028-01-01T00:{m:02d}:00.123456Z" for m in (0, 10, 20))
SEGMENT = TrackingSegment(
    participants=("rover", "misasa"),
    path=(1, 2),
    times_utc=TIMES,
    range_m=np.array([384_400_123.456789, 384e6, 383.9e6]),
    range_rate_m_s=np.array([-123.456789012, 0.0, 1.5]),
    receive_hz=np.array([8.45e9 + 3479.7, 8.45e9, 8.45e9 - 42.28]),
    transmit_hz=8.45e9,
    band="X",
)
HEADER = TdmHeader("JAXA", "2027-12-01T00:00:00Z", "rover-1")


def test_a_message_read_back_gives_the_same_tracking(tmp_path: Path) -> None:
    two_way = TrackingSegment(
        participants=("misasa", "rover"),
        path=(1, 2, 1),
        times_utc=TIMES[:2],
        range_m=np.array([7.7e8, 7.8e8]),
        range_rate_m_s=np.zeros(2),
        receive_hz=np.full(2, 8.44e9),
        transmit_hz=7.19e9,
    )
    write_tdm(tmp_path / "p.tdm", [SEGMENT, two_way], HEADER)
    header, (one, two) = read_tdm(tmp_path / "p.tdm")
    assert header == HEADER
    assert (one.participants, one.path, one.times_utc, one.band) == (SEGMENT.participants, (1, 2), TIMES, "X")
    np.testing.assert_allclose(one.range_m, SEGMENT.range_m, atol=1e-6, rtol=0)
    np.testing.assert_allclose(one.range_rate_m_s, SEGMENT.range_rate_m_s, atol=1e-9, rtol=0)
    np.testing.assert_allclose(one.receive_hz, SEGMENT.receive_hz, atol=1e-6, rtol=0)
    assert one.transmit_hz == 8.45e9 and (two.path, two.transmit_hz, two.band) == ((1, 2, 1), 7.19e9, "")


def test_metadata_stand_in_the_order_of_the_standard() -> None:
    lines = tdm_text([SEGMENT], HEADER).splitlines()
    assert lines[:5] == [
        "CCSDS_TDM_VERS = 2.0",
        "COMMENT predicted, not measured",
        "CREATION_DATE = 2027-12-01T00:00:00",
        "ORIGINATOR = JAXA",
        "MESSAGE_ID = rover-1",
    ]
    meta = lines[lines.index("META_START") + 1 : lines.index("META_STOP")]
    assert [line.split(" =")[0] for line in meta] == [
        "DATA_TYPES",
        "TIME_SYSTEM",
        "START_TIME",
        "STOP_TIME",
        "PARTICIPANT_1",
        "PARTICIPANT_2",
        "MODE",
        "PATH",
        "TRANSMIT_BAND",
        "RECEIVE_BAND",
        "RANGE_MODE",
        "RANGE_MODULUS",
        "RANGE_UNITS",
    ]
    assert "PATH = 1,2" in meta and "RANGE_UNITS = km" in meta
    data = lines[lines.index("DATA_START") + 1 : lines.index("DATA_STOP")]
    # the first frequency was sent before it was received
    assert data[0] == "TRANSMIT_FREQ_1 = 2027-12-31T23:59:58 8450000000.000000"
    assert data[1] == "RANGE = 2028-01-01T00:00:00.123456 384400.123456789"
    assert data[2] == "DOPPLER_INSTANTANEOUS = 2028-01-01T00:00:00.123456 -0.123456789012"
    assert data[3] == "RECEIVE_FREQ_2 = 2028-01-01T00:00:00.123456 8450003479.700000"
    assert len(data) == 1 + 3 * 3


def test_day_of_year_dates_comments_and_a_frequency_offset_are_read(tmp_path: Path) -> None:
    text = """CCSDS_TDM_VERS = 1.0
COMMENT by another
CREATION_DATE = 2027-335T00:00:00
ORIGINATOR = ESA
META_START
COMMENT one
TIME_SYSTEM = UTC
PARTICIPANT_1 = rover
PARTICIPANT_2 = dss43
MODE = SEQUENTIAL
PATH = 1,2
FREQ_OFFSET = 8000000000.0
META_STOP
DATA_START
COMMENT two
RECEIVE_FREQ_2 = 2028-060T00:00:01 400000100.5
TRANSMIT_FREQ_1 = 2028-060T00:00:00 8400000000
RANGE = 2028-060T00:00:01 384000.5
DOPPLER_INSTANTANEOUS = 2028-060T00:00:01 -0.25
DATA_STOP
"""
    (tmp_path / "x.tdm").write_text(text)
    header, (one,) = read_tdm(tmp_path / "x.tdm")
    assert header.creation_utc == "2027-12-01T00:00:00Z" and header.comments == ("by another",)
    assert one.times_utc == ("2028-02-29T00:00:01Z",)
    assert (one.range_m[0], one.range_rate_m_s[0], one.receive_hz[0]) == (384_000_500.0, -250.0, 8_400_000_100.5)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("TIME_SYSTEM = UTC", "TIME_SYSTEM = TAI", "TIME_SYSTEM is TAI"),
        ("RANGE_UNITS = km", "RANGE_UNITS = RU", "RANGE_UNITS is RU"),
        ("PATH = 1,2", "PATH = one", "PATH cannot be read"),
        ("DATA_STOP", "", "lacks META_STOP, DATA_START or DATA_STOP"),
        ("RANGE = 2028-01-01T00:10", "RANGE = 2028-01-01T00:11", "at other times than RANGE"),
        ("RANGE = 2028-01-01T00:10:00.123456 3", "RANGE = yesterday 3", "line 26: 'yesterday' is no UTC time"),
        ("ORIGINATOR = JAXA", "", "no ORIGINATOR"),
        ("ORIGINATOR = JAXA", "ORIGINATOR = JAXA\nORIGINATOR = ESA", "line 5: ORIGINATOR is given twice"),
        ("MODE = SEQUENTIAL", "MODE = SEQUENTIAL\nPATH = 2,1", "PATH is given twice"),
        ("MODE = SEQUENTIAL", "MODE = SEQUENTIAL\nTIMETAG_REF = TRANSMIT", "TIMETAG_REF is TRANSMIT"),
        ("MODE = SEQUENTIAL", "MODE = SEQUENTIAL\nRECEIVE_DELAY_2 = 1e-6", "RECEIVE_DELAY_2 = 1e-6 is not taken"),
        ("MODE = SEQUENTIAL", "MODE = SEQUENTIAL\nCORRECTION_RANGE = 2.0", "CORRECTIONS_APPLIED is missing"),
        ("MODE = SEQUENTIAL", "MODE = SEQUENTIAL\nRANGE_OFFSET = 2.0", "metadata RANGE_OFFSET is not read"),
        ("RANGE_MODULUS = 0.0", "RANGE_MODULUS = many", "RANGE_MODULUS = many is no number"),
        ("CCSDS_TDM_VERS", "CCSDS_OEM_VERS", "does not begin with CCSDS_TDM_VERS"),
    ],
)
def test_a_spoilt_message_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = tdm_text([SEGMENT], HEADER)
    assert old in text
    (tmp_path / "x.tdm").write_text(text.replace(old, new))
    with pytest.raises(InputError, match=says):
        read_tdm(tmp_path / "x.tdm")


def test_what_changes_the_meaning_of_a_number_is_applied_or_handed_on(tmp_path: Path) -> None:
    text = tdm_text([SEGMENT], HEADER).replace("RANGE_MODULUS = 0.0", "RANGE_MODULUS = 1000.0\nDATA_QUALITY = DEGRADED")
    more = "CORRECTION_RANGE = 2.0\nCORRECTION_DOPPLER = 0.001\nCORRECTION_RECEIVE = -5.0\nCORRECTION_TRANSMIT = 3.0\n"
    for applied, times in (("NO", 1.0), ("YES", 0.0)):
        whole = text.replace("META_STOP", f"{more}CORRECTIONS_APPLIED = {applied}\nMETA_STOP")
        (tmp_path / "x.tdm").write_bytes(b"\xef\xbb\xbf" + whole.encode())
        _, (one,) = read_tdm(tmp_path / "x.tdm")
        np.testing.assert_allclose(one.range_m, SEGMENT.range_m + 2000.0 * times, atol=1e-5, rtol=0)
        np.testing.assert_allclose(one.range_rate_m_s, SEGMENT.range_rate_m_s + 1.0 * times, atol=1e-8, rtol=0)
        np.testing.assert_allclose(one.receive_hz, SEGMENT.receive_hz - 5.0 * times, atol=1e-5, rtol=0)
        assert one.transmit_hz == SEGMENT.transmit_hz + 3.0 * times
        assert (one.range_modulus_m, one.quality) == (1e6, "DEGRADED")
        assert "RANGE_MODULUS = 1000.0\nRANGE_UNITS = km\nDATA_QUALITY = DEGRADED" in tdm_text([one], HEADER)


def test_ranges_alone_are_written_and_read(tmp_path: Path) -> None:
    times = ("2028-03-01T00:00:00Z", "2028-03-01T00:05:00Z")
    alone = TrackingSegment(
        participants=("LANDER", "misasa"), path=(2, 1, 2), times_utc=times, range_m=np.array([7.6e8, 7.6e8 + 12.0]),
        range_rate_m_s=np.zeros(0), receive_hz=np.zeros(0), transmit_hz=0.0,
    )  # fmt: skip
    write_tdm(tmp_path / "range.tdm", [alone], TdmHeader("LUPEX", times[0]))
    text = (tmp_path / "range.tdm").read_text()
    assert "DATA_TYPES = RANGE\n" in text and "FREQ" not in text and "DOPPLER" not in text
    (found,) = read_tdm(tmp_path / "range.tdm")[1]
    assert found.range_m == pytest.approx(alone.range_m, abs=1e-6)
    assert found.range_rate_m_s.size == found.receive_hz.size == 0 and found.transmit_hz == 0.0
    half = text.replace("DATA_STOP", f"DOPPLER_INSTANTANEOUS = {times[0][:-1]} 0.1\nDATA_STOP")
    (tmp_path / "half.tdm").write_text(half)
    with pytest.raises(InputError, match="DOPPLER_INSTANTANEOUS is given at other times"):
        read_tdm(tmp_path / "half.tdm")
