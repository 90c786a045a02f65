"""Arcs against the published lunar orbit, a slow integrator, energy, and Jacobi's constant."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from lupex.base.constants import DAY_S
from lupex.base.errors import InputError, SpanError
from lupex.ephemeris import BarycentricSeries, barycentric_series
from lupex.gravity import lunar_field
from lupex.kernels.trajectory import flight as kernel
from lupex.trajectory import ArcForces, arc
from lupex.trajectory.conics import GM_EARTH_M3_S2, GM_MOON_M3_S2, GM_SUN_M3_S2
from lupex.trajectory.design.arc import moon_state

EPOCH = float((np.datetime64("2028-03-01") - np.datetime64("2000-01-01T12")) / np.timedelta64(1, "s"))
"""2028-03-01T00:00:00 TDB."""
POINT = lunar_field().to_degree(0)


@pytest.fixture(scope="module")
def series() -> BarycentricSeries:
    return barycentric_series(EPOCH - DAY_S, EPOCH + 6.0 * DAY_S)


def test_a_day_in_a_low_lunar_orbit_is_that_of_the_reference(series: BarycentricSeries) -> None:
    """Section 5.5 of the reference (own DOP853 and nyx 2.6.0 agree to 0.9 um)."""
    start = [1_837_400.0, 0.0, 0.0, 0.0, 20.0, 1e3 * np.sqrt(4902.8001224453 / 1837.4)]
    forces = ArcForces(area_per_mass_m2_kg=0.0).about_moon(80)
    end = arc(start, EPOCH, [DAY_S], series, forces)[0]
    assert end[:3] == pytest.approx([271_331.795, 29_803.2104, 1_815_253.84], abs=0.02)
    assert end[3:] == pytest.approx([-1616.35761, 10.8183636, 243.955591], abs=2e-5)


def test_five_days_towards_the_moon_are_those_of_nyx(series: BarycentricSeries) -> None:
    """nyx-space 2.6.0: Propagator, PointMasses of Moon and Sun, de440s, the same GMs, tolerance 1e-13.

    Earth-centred EME2000, 2028-03-01 TDB; the perigee of a way to the Moon, 100 m asked for, millimetres found.
    """
    forces = ArcForces(field=POINT, earth_j2=0.0, area_per_mass_m2_kg=0.0, stop_at_moon=False)
    end = arc([6.578e6, 0.0, 0.0, 0.0, 8500.0, 6850.0], EPOCH, [5.0 * DAY_S], series, forces)[0]
    assert end[:3] / 1e3 == pytest.approx([-390718.6182168907, 95.37678093810459, 115.0631398288814], abs=2e-5)
    assert end[3:] / 1e3 == pytest.approx([-0.025872005135596936, -0.14673261213820415, -0.11782058159986952], abs=1e-9)


def slow(state: np.ndarray, times: np.ndarray, series: BarycentricSeries) -> np.ndarray:
    """Point masses by scipy, written out anew."""

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        row, later, after = (np.empty(27) for _ in range(3))
        kernel.sky_row(EPOCH + t, series.first_tdb_s, DAY_S, series.series, 27, row, later, after)
        total = -GM_EARTH_M3_S2 * y[:3] / np.linalg.norm(y[:3]) ** 3
        for body, gm in ((row[3:6], GM_MOON_M3_S2), (row[6:9], GM_SUN_M3_S2)):
            away = y[:3] - body
            total = total - gm * (away / np.linalg.norm(away) ** 3 + body / np.linalg.norm(body) ** 3)
        return np.concatenate([y[3:], total])

    return solve_ivp(rates, (0.0, times[-1]), state, "DOP853", t_eval=times, rtol=1e-12, atol=1e-6).y.T


def test_five_days_towards_the_moon_are_those_of_a_slow_integrator(series: BarycentricSeries) -> None:
    state = np.array([6.578e6, 0.0, 0.0, 0.0, 8500.0, 6850.0])
    times = np.array([1.0, 3.0, 5.0]) * DAY_S
    forces = ArcForces(field=POINT, earth_j2=0.0, area_per_mass_m2_kg=0.0, stop_at_moon=False)
    off = arc(state, EPOCH, times, series, forces) - slow(state, times, series)
    assert np.abs(off[:, :3]).max() < 1.0


def test_an_arc_flown_back_ends_where_it_began(series: BarycentricSeries) -> None:
    state = np.array([6.578e6, 0.0, 0.0, 0.0, 8500.0, 6850.0])
    out = arc(state, EPOCH, [4.0 * DAY_S], series)[0]
    back = arc(out, EPOCH + 4.0 * DAY_S, [-4.0 * DAY_S], series)[0]
    assert np.abs(back[:3] - state[:3]).max() < 30.0
    assert np.abs(back[3:] - state[3:]).max() < 0.03


def still(radius: float, period_s: float) -> BarycentricSeries:
    """A Moon on a circle, a Sun without pull far away; one block per day, exact to the polynomial."""
    nodes, days = 20, 8
    rows = np.zeros((days, nodes, 27))
    points = 0.5 + 0.5 * np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)
    solve = np.linalg.inv(np.polynomial.chebyshev.chebvander(2.0 * points - 1.0, nodes - 1))
    for day in range(days):
        angle = 2.0 * np.pi * (day + points) * DAY_S / period_s
        values = np.zeros((nodes, 27))
        values[:, 3], values[:, 4], values[:, 6] = radius * np.cos(angle), radius * np.sin(angle), 1e30
        rows[day] = solve @ values
    return BarycentricSeries(0.0, rows)


def test_jacobis_constant_is_kept_in_the_circular_problem() -> None:
    radius = 384.4e6
    rate = np.sqrt((GM_EARTH_M3_S2 + GM_MOON_M3_S2) / radius**3)
    forces = ArcForces(field=POINT, earth_j2=0.0, area_per_mass_m2_kg=0.0, stop_at_moon=False)
    times = np.linspace(0.0, 7.0 * DAY_S, 30)[1:]
    rows = arc([7e6, 0.0, 0.0, 0.0, 10_550.0, 500.0], 0.0, times, still(radius, 2.0 * np.pi / rate), forces)
    share = GM_MOON_M3_S2 / (GM_EARTH_M3_S2 + GM_MOON_M3_S2)

    def jacobi(t: float, y: np.ndarray) -> float:
        angle = rate * t
        moon = radius * np.array([np.cos(angle), np.sin(angle), 0.0])
        drift = rate * radius * np.array([-np.sin(angle), np.cos(angle), 0.0])
        r, v = y[:3] - share * moon, y[3:] - share * drift
        energy = 0.5 * v @ v - GM_EARTH_M3_S2 / np.linalg.norm(y[:3]) - GM_MOON_M3_S2 / np.linalg.norm(y[:3] - moon)
        return float(energy - rate * (r[0] * v[1] - r[1] * v[0]))

    found = [jacobi(t, y) for t, y in zip(times, rows, strict=True)]
    assert np.ptp(found) / abs(found[0]) < 1e-10


def test_energy_is_kept_in_a_point_mass_orbit_and_j2_turns_its_node(series: BarycentricSeries) -> None:
    quiet = ArcForces(field=POINT, area_per_mass_m2_kg=0.0, stop_at_moon=False)
    start = np.array([7.0e6, 0.0, 0.0, 0.0, 5000.0, 5600.0])
    without, with_ = (arc(start, EPOCH, [DAY_S], series, replace(quiet, earth_j2=j2))[0] for j2 in (0.0, 1.0826e-3))

    def node(y: np.ndarray) -> float:
        h = np.cross(y[:3], y[3:])
        return float(np.degrees(np.arctan2(h[0], -h[1])))

    a = 1.0 / (2.0 / 7.0e6 - (start[3:] @ start[3:]) / GM_EARTH_M3_S2)
    h = np.cross(start[:3], start[3:])
    p, cosine = (h @ h) / GM_EARTH_M3_S2, h[2] / np.linalg.norm(h)
    rate = -1.5 * 1.0826e-3 * np.sqrt(GM_EARTH_M3_S2 / a**3) * (6_378_136.3 / p) ** 2 * cosine
    assert node(with_) - node(without) == pytest.approx(np.degrees(rate * DAY_S), rel=0.05)
    energy = [0.5 * y[3:] @ y[3:] - GM_EARTH_M3_S2 / np.linalg.norm(y[:3]) for y in (start, without)]
    assert energy[1] / energy[0] == pytest.approx(1.0, abs=1e-5)  # Moon and Sun pull


def test_an_arc_into_the_moon_and_one_off_the_series_are_refused(series: BarycentricSeries) -> None:
    about = ArcForces().about_moon(4)
    with pytest.raises(InputError, match="meets the Moon"):
        arc([1.9e6, 0.0, 0.0, 0.0, 800.0, 0.0], EPOCH, [DAY_S], series, about)
    with pytest.raises(SpanError):
        arc([7e6, 0.0, 0.0, 0.0, 7500.0, 0.0], EPOCH, [30.0 * DAY_S], series)
    with pytest.raises(InputError, match="six finite"):
        arc([7e6, 0.0, 0.0], EPOCH, [1.0], series)
    moon, axes = moon_state(EPOCH, series)
    assert 3.5e8 < np.linalg.norm(moon[:3]) < 4.1e8
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)
