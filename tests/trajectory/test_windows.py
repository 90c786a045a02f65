from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lupex.base.constants import DAY_S
from lupex.base.errors import InputError
from lupex.catalogue import catalogue_entry, station
from lupex.ephemeris import moon_table, utc_to_tdb_s
from lupex.kernels.trajectory import windows as kernel
from lupex.model.settings.trajectory import TrajectorySettings
from lupex.trajectory import (
    Propulsion,
    SiteLight,
    Vehicles,
    WindowMap,
    landed_windows,
    launcher_of,
    launches,
    window_map,
)
from lupex.trajectory.conics import GM_EARTH_M3_S2
from lupex.trajectory.windows import CELL_S

START = float(utc_to_tdb_s("2028-06-01T00:00:00Z")[0])
LAUNCHER = launcher_of("h3_24l", catalogue_entry("launcher", "h3_24l").facts)
LANDER = Propulsion(
    name="test", wet_mass_kg=6500.0, thrust_n=9000.0, isp_s=315.0, throttle_min_fraction=0.2, orbit_isp_s=315.0
)
SETTINGS = TrajectorySettings()
STATIONS = (station("misasa"), station("byalalu32"))


def light(lat: float = -89.45, **changed: object) -> SiteLight:
    times = START + 3600.0 * np.arange(24 * 80)
    yes = np.ones(times.size, bool)
    made = SiteLight(
        lat_deg=lat, lon_deg=222.69, times_tdb_s=times, lit=yes, earth=yes, sun_elevation_deg=np.full(times.size, 2.0),
        lit_days=np.full(times.size, 50.0), sun_me=np.tile([1.0, 0.0, 0.0], (times.size, 1)),
        eclipsed=np.zeros(times.size, bool), stations=STATIONS,
    )  # fmt: skip
    return replace(made, **changed)


def mapped(site: SiteLight, settings: TrajectorySettings = SETTINGS, lander: Propulsion = LANDER) -> WindowMap:
    return window_map((START, START + 10.0 * DAY_S), site, LAUNCHER, lander, settings, 2100.0)


@pytest.mark.parametrize("days", [2.6, 3.7, 4.9])
def test_a_transfer_takes_the_time_asked_and_ends_where_it_says(days: float) -> None:
    perigee, reach, speeds = 6.578e6, 3.9e8, np.empty(3)
    assert kernel.tangential(perigee, reach, days * DAY_S, GM_EARTH_M3_S2, speeds)

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[2:], -GM_EARTH_M3_S2 * y[:2] / np.hypot(*y[:2]) ** 3])

    end = solve_ivp(rates, (0.0, days * DAY_S), [perigee, 0.0, 0.0, speeds[0]], rtol=1e-11, atol=1e-3).y[:, -1]
    out = end[:2] / np.hypot(*end[:2])
    assert np.hypot(*end[:2]) == pytest.approx(reach, abs=200.0)
    assert [end[2:] @ out, out[0] * end[3] - out[1] * end[2]] == pytest.approx(speeds[1:], abs=0.05)


def test_no_ellipse_is_found_for_a_flight_too_long_or_too_short() -> None:
    assert not kernel.tangential(6.578e6, 3.9e8, 6.0 * DAY_S, GM_EARTH_M3_S2, np.empty(3))
    assert not kernel.tangential(6.578e6, 3.9e8, 1.0 * DAY_S, GM_EARTH_M3_S2, np.empty(3))


def test_the_moon_between_rows_is_the_moon_of_the_ephemeris() -> None:
    table = moon_table(START + 3600.0 * np.arange(50))
    asked = START + 3600.0 * np.array([0.0, 7.3, 20.5, 48.99])
    exact, found = moon_table(asked).moon, np.empty(6)
    for t, row in zip(asked, exact, strict=True):
        kernel.moon_at(t, START, 3600.0, table.moon, found)
        assert np.abs(found[:3] - row[:3]).max() < 50.0
        assert np.abs(found[3:] - row[3:]).max() < 0.01


def test_an_open_window_is_within_every_limit() -> None:
    found = mapped(light())
    assert found.open.sum() >= 10
    for i in np.flatnonzero(found.open):
        assert LAUNCHER.azimuth_min_deg <= found.azimuth_deg[i] <= LAUNCHER.azimuth_max_deg
        assert found.polar_offset_deg[i] <= SETTINGS.max_polar_offset_deg
        wait = (found.landing_tdb_s[i] - found.launch_tdb_s[i] - found.flight_s[i]) / DAY_S - SETTINGS.loop_days
        assert SETTINGS.min_orbit_days - 1e-9 <= wait <= SETTINGS.max_orbit_days + 1e-9
    assert (found.tli_m_s > 3110.0).all() and (found.tli_m_s < 3160.0).all()
    assert (found.loi_m_s > 780.0).all() and (found.loi_m_s < 960.0).all()
    assert np.all(np.diff(found.launch_tdb_s) > 0.0)
    inside = found.launch_tdb_s - START - CELL_S * np.arange(len(found.launch_tdb_s))
    assert (inside >= 0.0).all() and (inside < CELL_S).all()


def test_a_landing_has_the_most_lit_days_that_are_allowed() -> None:
    rng = np.random.default_rng(3)
    site = light(lit_days=rng.uniform(0.0, 100.0, 24 * 80), lit=rng.random(24 * 80) < 0.5)
    found = mapped(site)
    for i in np.flatnonzero(found.open)[:5]:
        arrival = found.launch_tdb_s[i] + SETTINGS.loop_days * DAY_S + found.flight_s[i]
        wait = (site.times_tdb_s - arrival) / DAY_S
        allowed = (wait >= SETTINGS.min_orbit_days) & (wait <= SETTINGS.max_orbit_days) & site.lit
        assert found.lit_days[i] == site.lit_days[allowed].max()


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"lit": np.zeros(24 * 80, bool)}, "light"),
        ({"sun_elevation_deg": np.full(24 * 80, 1.4)}, "sun_elevation"),
        ({"earth": np.zeros(24 * 80, bool)}, "earth"),
        ({"lit_days": np.full(24 * 80, 29.0)}, "lit_days"),
    ],
)
def test_what_a_site_lacks_closes_every_window_that_a_launch_could_open(changed: dict, reason: str) -> None:
    found = mapped(light(**changed))
    assert not found.open.any()
    assert set(found.closed_by) == {"launch_azimuth", reason}


def test_a_site_off_the_pole_waits_for_the_orbit_to_pass_over_it() -> None:
    settings = replace(SETTINGS, max_orbit_days=6.0)
    for lat, closed in ((-89.45, {False}), (-69.37, {False, True})):
        sites = [light(lat, lon_deg=lon) for lon in (0.0, 222.69)]
        assert {"orbit_plane" in mapped(site, settings).closed_by for site in sites} == closed
        assert not any("orbit_plane" in mapped(site).closed_by for site in sites)


def test_a_launcher_that_cannot_give_the_energy_closes_direct_transfers_and_mass_closes_the_rest() -> None:
    direct = mapped(light(), replace(SETTINGS, transfer="direct"))
    assert set(direct.closed_by) == {"launch_azimuth", "launch_energy"}
    assert set(
        mapped(light(), replace(SETTINGS, transfer="direct"), replace(LANDER, wet_mass_kg=6000.0)).closed_by
    ) >= {""}
    heavy = mapped(light(), replace(SETTINGS, min_landed_mass_kg=2500.0))
    assert set(heavy.closed_by) == {"launch_azimuth", "landed_mass"}


def test_a_span_that_is_empty_or_longer_than_the_light_is_refused() -> None:
    with pytest.raises(InputError, match="span is empty"):
        window_map((START, START), light(), LAUNCHER, LANDER, SETTINGS, 2100.0)
    with pytest.raises(InputError, match="does not cover"):
        window_map((START, START + 70.0 * DAY_S), light(), LAUNCHER, LANDER, SETTINGS, 2100.0)


def test_an_antenna_must_see_the_landing_where_there_is_one() -> None:
    alone = light(stations=(STATIONS[0],))
    found, free = mapped(alone), mapped(alone, replace(SETTINGS, contact_at_landing=False))
    assert found.more.landing_contact[found.open].all()
    assert not free.more.landing_contact[free.open].all()
    assert found.open.sum() == mapped(light(stations=())).open.sum()  # nothing is asked where there is no antenna


def test_an_eclipse_longer_than_allowed_closes_a_window_and_is_counted_from_arrival_to_landing() -> None:
    dark = np.zeros(24 * 80, bool)
    dark[24 * 30 : 24 * 30 + 9] = True
    lit = np.full(24 * 80, 50.0)
    lit[24 * 35] = 60.0  # every landing is then, after the eclipse
    found = mapped(light(eclipsed=dark, lit_days=lit, stations=()))
    arrival = found.launch_tdb_s + SETTINGS.loop_days * DAY_S + found.flight_s
    through = (arrival < START + 29.9 * DAY_S) & (found.landing_tdb_s == START + 35.0 * DAY_S)
    assert through.any() and set(np.array(found.closed_by)[through]) <= {"eclipse", "launch_azimuth"}
    assert found.more.eclipse_hours[through] == pytest.approx(9.0)
    assert mapped(light(eclipsed=dark, lit_days=lit, stations=()), replace(SETTINGS, max_eclipse_hours=9.5)).open.any()


def test_several_sites_share_the_launches_and_get_the_windows_each_has_alone() -> None:
    site, vehicles = light(-85.0), Vehicles(launcher=LAUNCHER, propulsion=LANDER)
    shared = launches((START, START + 10.0 * DAY_S), light(), LAUNCHER, SETTINGS)
    found, alone = landed_windows(shared, site, vehicles, SETTINGS, 2100.0), mapped(site)
    assert found.closed_by == alone.closed_by
    assert np.array_equal(found.landing_tdb_s, alone.landing_tdb_s, equal_nan=True)


def test_the_best_few_are_open_and_apart() -> None:
    found = mapped(light(lit_days=np.linspace(40.0, 60.0, 24 * 80)))
    best = found.best(3, 2.0)
    assert len(best) == 3 and found.open[best].all()
    for times in (found.launch_tdb_s[best], found.landing_tdb_s[best]):
        assert (np.diff(np.sort(times)) >= 2.0 * DAY_S).all()
    assert round(found.lit_days[best[0]]) == round(found.lit_days[found.open].max())
