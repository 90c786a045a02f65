import numpy as np
import pytest

from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.ephemeris import barycentric_series
from lupex.trajectory import Flight, FlightSettings, TransferAim, flight
from lupex.trajectory.design.arc import moon_state

DEPART = 898_267_869.0
SETTINGS = FlightSettings(
    capture_apolune_km=4000.0, orbit_km=100.0, braking_km=30.0, descent_m=745_000.0, capture_burns=3
)


@pytest.fixture(scope="module")
def flown() -> Flight:
    series = barycentric_series(DEPART - DAY_S, DEPART + 12.0 * DAY_S)
    arrive = DEPART + 4.6 * DAY_S
    out = moon_state(arrive, series)[0][:3]
    normal = np.cross(np.cross(out, [0.0, 0.0, 1.0]), out)
    aim = TransferAim(
        depart_tdb_s=DEPART, arrive_tdb_s=arrive, perigee_km=200.0, normal=normal / np.linalg.norm(normal),
        perilune_km=100.0, site_me=np.array([0.0, np.sin(0.01), -np.cos(0.01)]), landing_tdb_s=arrive + 3.0 * DAY_S,
    )  # fmt: skip
    return flight(aim, SETTINGS, series)


def test_events_follow_each_other_and_braking_begins_at_its_height(flown: Flight) -> None:
    times = [event.tdb_s for event in flown.events]
    assert times == sorted(times)
    assert [event.name for event in flown.events] == [
        "translunar burn", "capture", "lowering 1", "circular orbit", "plane", "deorbit", "braking begins",
    ]  # fmt: skip
    assert np.linalg.norm(flown.orbit[-1, :3]) - MOON_RADIUS_M == pytest.approx(30_000.0, abs=60.0)


def test_burns_at_the_moon_are_those_of_two_bodies_to_a_percent(flown: Flight) -> None:
    captured = sum(event.delta_v_m_s for event in flown.events[1:4])
    v = flown.transfer.v_infinity_m_s
    mu, r = 4902.8e9, MOON_RADIUS_M + 100_000.0
    assert captured == pytest.approx(np.sqrt(v * v + 2.0 * mu / r) - np.sqrt(mu / r), rel=0.01)
    assert flown.events[5].delta_v_m_s == pytest.approx(15.94, abs=5.0)


def test_the_plane_holds_the_site_after_the_wait(flown: Flight) -> None:
    assert abs(flown.plane_offset_deg) < 0.3
    assert flown.events[4].delta_v_m_s < 10.0
    assert 60.0 < flown.heights_km[0] < flown.heights_km[1] < 140.0


def test_rows_are_continuous_in_time(flown: Flight) -> None:
    assert (np.diff(flown.orbit_tdb_s) > 0.0).all()
    assert (np.diff(flown.cruise_tdb_s) > 0.0).all()
    assert flown.cruise_tdb_s[-1] == flown.orbit_tdb_s[0]


def test_burns_at_the_perilune_after_the_first_are_of_one_size_and_arcs_reach_from_burn_to_burn(flown: Flight) -> None:
    lowering, circular = flown.events[2].delta_v_m_s, flown.events[3].delta_v_m_s
    assert lowering == pytest.approx(circular, rel=0.05)
    begins, ends = ([times[k] for times, _ in flown.arcs] for k in (0, -1))
    assert begins[0] == flown.events[1].tdb_s
    assert begins[1:] == pytest.approx(ends[:-1], abs=1e-6)
    assert begins[1:3] == pytest.approx([event.tdb_s for event in flown.events[2:4]], abs=1e-6)
