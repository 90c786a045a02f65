"""Where an antenna and a relay stand for the page. Truth: the search for passes, and the orbit's own closed form."""

from pathlib import Path

import numpy as np
import pytest
from tests.web.made_study import write_relay

from lupex.base.errors import InputError
from lupex.catalogue import station
from lupex.ephemeris import utc_to_tdb_s
from lupex.ground import contact_plan
from lupex.model import LunarPlace
from lupex.web import StudyFolder, read_relay
from lupex.web.ground import unix_ms
from lupex.web.toward import bodies, sky_bytes

DAY = ("2028-09-03T00:00:00Z", "2028-09-04T00:00:00Z")


def rows(study: StudyFolder, toward: str, step_s: float = 300.0, relay=None) -> np.ndarray:  # type: ignore[no-untyped-def]
    return np.frombuffer(sky_bytes(study, DAY, step_s, toward, relay), "<f8").reshape(-1, 8)


def test_an_antenna_is_on_while_the_search_for_passes_says_so(study: StudyFolder) -> None:
    found = rows(study, "misasa")
    under_the_earth = LunarPlace(
        name="open", lat_deg=0.0, lon_deg=0.0, height_m=0.0,
        skyline_azimuth_true_deg=np.zeros(1), skyline_elevation_deg=np.full(1, -90.0),
    )  # fmt: skip
    span = tuple(float(utc_to_tdb_s(utc)[0]) for utc in DAY)
    seen = contact_plan([station("misasa")], under_the_earth, span).windows["misasa"]
    want = np.zeros(len(found), bool)
    for start, stop in seen:
        first, last = unix_ms(np.array([start, stop]))
        want |= (found[:, 0] >= first) & (found[:, 0] < last)
    assert 0.2 < want.mean() < 0.8
    assert (want == (found[:, 7] > 0.5)).mean() > 0.97  # refraction and parallax: minutes at the ends
    earth = rows(study, "earth")
    apart = np.linalg.norm(found[:, 4:7] - earth[:, 4:7], axis=1)
    assert apart == pytest.approx(np.full(apart.size, 6.37e6), rel=0.01)  # the radius of the Earth at Misasa


def test_a_relay_moves_on_its_orbit_and_is_off_outside_its_table(study: StudyFolder, tmp_path: Path) -> None:
    write_relay(tmp_path / "relay.oem")
    relay = read_relay(tmp_path / "relay.oem")
    found = rows(study, "relay", relay=relay)
    assert np.linalg.norm(found[:, 4:7], axis=1) == pytest.approx(np.full(len(found), 5.0e6), rel=1e-6)
    assert (found[:, 7] == 1.0).all()
    x, y = found[:, 4] / 5e6, found[:, 5] / 5e6
    assert np.ptp(np.hypot(x, y)) > 0.5  # it goes over the pole
    later = np.frombuffer(
        sky_bytes(study, ("2028-10-01T00:00:00Z", "2028-10-01T01:00:00Z"), 600.0, "relay", relay), "<f8"
    ).reshape(-1, 8)
    assert (later[:, 7] == 0.0).all()
    assert np.isfinite(later).all()


def test_what_is_no_body_is_refused_in_one_line(study: StudyFolder, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--relay"):
        rows(study, "relay")
    with pytest.raises(InputError, match="no_such_antenna"):
        rows(study, "no_such_antenna")
    with pytest.raises(InputError, match="ask for 1 to 30000"):
        rows(study, "earth", 1.0)
    (tmp_path / "no.oem").write_text("CCSDS_OEM_VERS = 2.0\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_relay(tmp_path / "no.oem")


def test_the_bodies_are_the_antennas_of_the_mission_and_the_relay(study: StudyFolder, tmp_path: Path) -> None:
    write_relay(tmp_path / "relay.oem")
    names = [one["name"] for one in bodies(study, read_relay(tmp_path / "relay.oem"))]
    assert names[-1] == "relay"
    assert "misasa" in names
