from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError, SpanError
from lupex.ephemeris import utc_to_tdb_s
from lupex.io import OemHeader, read_oem, write_oem
from lupex.model import LunarPlace
from lupex.signals import orbit, place_orbit
from lupex.signals.geometry.orbit import states_at

OEM = """CCSDS_OEM_VERS = 2.0
COMMENT made by hand
CREATION_DATE = 2027-12-01T00:00:00
ORIGINATOR = TEST
META_START
OBJECT_NAME = RELAY
OBJECT_ID = 2019-042A
CENTER_NAME = Moon
REF_FRAME = ICRF
TIME_SYSTEM = UTC
START_TIME = 2028-001T00:00:00
STOP_TIME = 2028-01-01T00:02:00
INTERPOLATION = HERMITE
INTERPOLATION_DEGREE = 5
META_STOP
COMMENT states
2028-001T00:00:00.000 1837.4 0.0 0.0 0.0 1.6 0.0
2028-01-01T00:01:00 1830.0 96.0 0.0 -0.1 1.59 0.0 0 0 0
2028-01-01T00:02:00Z 1820.0 191.0 0.0 -0.2 1.58 0.0
COVARIANCE_START
EPOCH = 2028-01-01T00:00:00
1.0
COVARIANCE_STOP
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "relay.oem"
    path.write_text(text, encoding="utf-8")
    return path


def test_states_are_read_in_metres_with_their_frame(tmp_path: Path) -> None:
    (one,) = read_oem(written(tmp_path, OEM))
    assert (one.name, one.center, one.frame, one.time_system) == ("RELAY", "MOON", "ICRF", "UTC")
    assert (one.interpolation, one.degree) == ("HERMITE", 5)
    assert one.epochs == ("2028-01-01T00:00:00.000", "2028-01-01T00:01:00", "2028-01-01T00:02:00")
    assert np.array_equal(one.position_m[0], [1_837_400.0, 0.0, 0.0])
    assert one.velocity_m_s[2] == pytest.approx([-200.0, 1580.0, 0.0])


def test_segments_come_one_by_one(tmp_path: Path) -> None:
    segment = OEM[OEM.index("META_START") :]
    assert len(read_oem(written(tmp_path, OEM + segment))) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("CCSDS_OEM_VERS = 2.0", "CCSDS_OPM_VERS = 2.0", "does not begin with CCSDS_OEM_VERS"),
        ("META_START", "META", "no META_START"),
        ("META_STOP", "COMMENT x", "line 17: '2028-001T00:00:00.000 .* is no keyword"),
        ("REF_FRAME = ICRF\n", "", "line 5: REF_FRAME missing"),
        ("1837.4 0.0 0.0 0.0 1.6 0.0", "1837.4 0.0 0.0", "line 17: .* is no state"),
        ("1830.0 96.0", "1830.0 abc", "line 18: .* is no state"),
        ("HERMITE", "SPLINE", "INTERPOLATION SPLINE"),
        ("DEGREE = 5", "DEGREE = 0", "INTERPOLATION_DEGREE 0"),
        ("META_STOP", "REF_FRAME = EME2000\nMETA_STOP", "line 15: REF_FRAME is given twice"),
        ("META_STOP", "USEABLE_STOP_TIME = soon\nMETA_STOP", "USEABLE_STOP_TIME = soon is no time"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_oem(written(tmp_path, OEM.replace(old, new, 1)))


def test_a_missing_file_is_said() -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_oem("nowhere.oem")


def test_states_written_come_back_to_a_millimetre_with_a_mark_or_without(tmp_path: Path) -> None:
    (one,) = read_oem(written(tmp_path, OEM))
    write_oem(tmp_path / "out.oem", [one, one], OemHeader("TEST", "2027-12-01T00:00:00Z"))
    text = (tmp_path / "out.oem").read_bytes()
    (tmp_path / "out.oem").write_bytes(b"\xef\xbb\xbf" + text)
    back, _ = read_oem(tmp_path / "out.oem")
    np.testing.assert_allclose(back.position_m, one.position_m, atol=1e-6, rtol=0)
    np.testing.assert_allclose(back.velocity_m_s, one.velocity_m_s, atol=1e-9, rtol=0)
    assert (back.name, back.frame, back.epochs, back.degree) == (one.name, one.frame, one.epochs, one.degree)


def test_states_are_not_used_outside_the_useable_span(tmp_path: Path) -> None:
    text = OEM.replace(
        "META_STOP", "USEABLE_START_TIME = 2028-001T00:00:30\nUSEABLE_STOP_TIME = 2028-01-01T00:01:30\nMETA_STOP"
    )
    (one,) = read_oem(written(tmp_path, text))
    assert one.useable == ("2028-01-01T00:00:30", "2028-01-01T00:01:30")
    held = orbit(one)
    states_at(held, utc_to_tdb_s(["2028-01-01T00:00:30", "2028-01-01T00:01:30"]))
    with pytest.raises(SpanError, match="stay within 2028-01-01T00:00:30Z..2028-01-01T00:01:30Z"):
        states_at(held, utc_to_tdb_s(["2028-01-01T00:00:29"]))


def test_a_place_written_as_an_orbit_stands_still_on_the_turning_moon(tmp_path: Path) -> None:
    place = LunarPlace(name="rim", lat_deg=-89.45, lon_deg=222.7, height_m=1800.0)
    times = utc_to_tdb_s("2028-01-01") + np.arange(0.0, 86_400.0, 900.0)
    write_oem(tmp_path / "p.oem", [place_orbit(place, times)], OemHeader("TEST", "2028-01-01T00:00:00Z"))
    (back,) = read_oem(tmp_path / "p.oem")
    middle = times[40:41] + 450.0
    between, _ = states_at(orbit(back), middle)
    np.testing.assert_allclose(between, place_orbit(place, np.append(middle, middle + 1.0)).position_m[:1], atol=2e-3)
    assert np.linalg.norm(back.position_m, axis=1) == pytest.approx(1_739_200.0, abs=1e-3)
