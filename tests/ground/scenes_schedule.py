"""Small scenes of passes, and every choice of bookings tried one by one."""

import itertools
from collections.abc import Iterator

import numpy as np

from lupex.ground.booking.measure import Booking, Measured, measured, times_of
from lupex.ground.booking.problem import ScheduleProblem
from lupex.model import ContactPlan, Pass, Station, Windows

H = 3600.0


def antenna(name: str, setup_h: float = 0.5, teardown_h: float = 0.25, cost: float | None = 1.0) -> Station:
    """An antenna somewhere."""
    return Station(
        name=name,
        title=name,
        site=f"site of {name}",
        complex="",
        country="JP",
        lat_deg=36.0,
        lon_deg=138.0,
        height_m=0.0,
        itrf_m=(1.0, 1.0, 1.0),
        accuracy_m=1.0,
        epoch="",
        dish_m=34.0,
        min_elevation_deg=5.0,
        setup_s=setup_h * H,
        teardown_s=teardown_h * H,
        cost_per_hour=cost,
    )


def contact(station: str, start_h: float, stop_h: float, spacecraft: str = "rover") -> Pass:
    """A pass from and until these hours."""
    a, b = start_h * H, stop_h * H
    return Pass(
        station=station,
        spacecraft=spacecraft,
        aos_tdb_s=a,
        los_tdb_s=b,
        aos_azimuth_true_deg=90.0,
        los_azimuth_true_deg=270.0,
        aos_elevation_deg=10.0,
        los_elevation_deg=10.0,
        max_elevation_deg=50.0,
        max_elevation_tdb_s=(a + b) / 2,
        max_elevation_azimuth_true_deg=180.0,
        min_range_m=3.8e8,
        max_range_m=3.9e8,
        min_range_rate_m_s=-300.0,
        max_range_rate_m_s=300.0,
        one_way_light_time_s=1.3,
        min_sun_angle_deg=40.0,
        limited_by_aos="mask",
        limited_by_los="mask",
    )


def plan_of(passes: list[Pass], span_h: float, spacecraft: str = "rover") -> ContactPlan:
    """A plan of these passes."""
    held = tuple(sorted((p for p in passes if p.spacecraft == spacecraft), key=lambda p: (p.aos_tdb_s, p.station)))
    windows = {
        name: Windows(
            np.array([p.aos_tdb_s for p in held if p.station == name]),
            np.array([p.los_tdb_s for p in held if p.station == name]),
            (0.0, span_h * H),
        )
        for name in sorted({p.station for p in held})
    }
    return ContactPlan(spacecraft=spacecraft, span_tdb_s=(0.0, span_h * H), passes=held, windows=windows)


def allowed(problem: ScheduleProblem, bookings: list[Booking]) -> bool:
    """Whether the bookings keep to the rules of antennas, by times alone."""
    settings = problem.settings
    spans = []
    for one in bookings:
        held, station = problem.passes[one.which]
        a, b = times_of(problem, one)
        if b - a < 60.0 * settings.shortest_pass_minutes - 1e-6:
            return False
        if settings.whole_passes and (one.first, one.last) != problem.reach(held):
            return False
        around = (a - station.setup_s, b + station.teardown_s)
        if any(x < around[1] - 1e-6 and y > around[0] + 1e-6 for x, y in problem.unavailable.get(station.name, ())):
            return False
        spans.append((station.name, a, b, *around))
    for one, other in itertools.combinations(spans, 2):
        if one[0] == other[0] and one[3] < other[4] - 1e-6 and other[3] < one[4] - 1e-6:
            return False
    most = settings.antennas_at_once
    middles = (problem.cuts[:-1] + problem.cuts[1:]) / 2.0
    return not most or all(sum(a < t < b for _, a, b, *_ in spans) <= most for t in middles)


def choices(problem: ScheduleProblem) -> Iterator[list[Booking]]:
    """Every set of bookings: each pass not booked, booked once anywhere, or in several parts when allowed."""
    per_pass = []
    for which, (held, _) in enumerate(problem.passes):
        first, last = problem.reach(held)
        if problem.settings.split_passes:
            options = [_runs(which, first, on) for on in itertools.product((0, 1), repeat=last - first)]
        else:
            runs = itertools.combinations(range(first, last + 1), 2)
            options = [[], *([Booking(which, a, b)] for a, b in runs)]
        per_pass.append(options)
    for chosen in itertools.product(*per_pass):
        yield [one for part in chosen for one in part]


def best_of_all(problem: ScheduleProblem) -> tuple[tuple[float, float, int], Measured]:
    """Least (share missing of hard needs, cost and penalties, number of bookings) of all allowed choices."""
    best: tuple[tuple[float, float, int], Measured] | None = None
    for bookings in choices(problem):
        if not allowed(problem, bookings):
            continue
        facts = measured(problem, bookings)
        key = (round(facts.short_share, 6), round(facts.cost + facts.penalties, 6), len(bookings))
        if best is None or key < best[0]:
            best = (key, facts)
    assert best is not None
    return best


def _runs(which: int, first: int, on: tuple[int, ...]) -> list[Booking]:
    edges = np.flatnonzero(np.diff([0, *on, 0])) + first
    return [Booking(which, int(a), int(b)) for a, b in zip(edges[0::2], edges[1::2], strict=True)]
