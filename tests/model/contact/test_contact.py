from dataclasses import fields

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import ContactPlan, LunarPlace, Pass, Windows

HOUR = 3600.0


def one(station: str, start_h: float, stop_h: float) -> Pass:
    numbers = {spec.name: 0.0 for spec in fields(Pass)}
    words = {"station": station, "spacecraft": "rover", "limited_by_aos": "mask", "limited_by_los": "mask"}
    return Pass(**numbers | words | {"aos_tdb_s": start_h * HOUR, "los_tdb_s": stop_h * HOUR})


def windows(*spans: tuple[float, float]) -> Windows:
    a, b = np.array(spans).T * HOUR
    return Windows(a, b, (0.0, 48 * HOUR))


PLAN = ContactPlan(
    spacecraft="rover",
    span_tdb_s=(0.0, 48 * HOUR),
    passes=(one("a", 1, 9), one("c", 2, 3), one("b", 8, 14), one("a", 20, 30)),
    windows={"a": windows((1, 9), (20, 30)), "b": windows((8, 14)), "c": windows((2, 3))},
)


def test_gaps_are_what_no_station_covers() -> None:
    assert list(PLAN.gaps()) == [(0.0, 1 * HOUR), (14 * HOUR, 20 * HOUR), (30 * HOUR, 48 * HOUR)]


def test_hours_by_day_and_in_all() -> None:
    assert PLAN.daily_hours(0.0, 2) == {"a": [12.0, 6.0], "b": [6.0, 0.0], "c": [1.0, 0.0], "any": [17.0, 6.0]}
    assert PLAN.total_hours == {"a": 18.0, "b": 6.0, "c": 1.0, "any": 23.0}


def test_handovers_go_to_the_station_that_holds_on_longer() -> None:
    found = [(h.from_station, h.to_station, h.overlap_s / HOUR) for h in PLAN.handovers()]
    assert found == [("a", "b", 1.0), ("b", "a", -6.0)]
    assert [p.duration_s / HOUR for p in PLAN.of("a")] == [8.0, 10.0]


def test_a_skyline_that_makes_no_sense_is_refused() -> None:
    for azimuths, heights, said in (
        ([0.0, 360.0], [0.0, 0.0], "do not rise"),
        ([0.0, 1.0], [0.0], "2 azimuths and 1 elevations"),
        ([0.0, 1.0], [0.0, np.nan], "not finite"),
    ):
        with pytest.raises(InputError, match=said):
            LunarPlace(
                name="x",
                lat_deg=-89.0,
                lon_deg=0.0,
                height_m=0.0,
                skyline_azimuth_true_deg=np.array(azimuths),
                skyline_elevation_deg=np.array(heights),
            )
