import numpy as np
import pytest
from tests.navigation.scenes_radio import PLACE, START, antennas, series

from lupex.ephemeris import utc_to_split_tdb_s
from lupex.navigation.radio.paths import Receptions
from lupex.navigation.radio.ranges import RangeModel, delay, doppler, downlink, range_table, two_way
from lupex.navigation.radio.terms import TERMS


def model(*terms: str) -> RangeModel:
    return RangeModel(series=series(2), antennas=antennas("misasa", "byalalu32"), terms=terms)


RECEPTIONS = Receptions.of(START + np.arange(0.0, 86_400.0, 3600.0), rx=0, tx=0)
PAIRS = Receptions.of(START + np.arange(0.0, 86_400.0, 3600.0), rx=0, tx=1)


def test_the_doppler_of_a_minute_is_smooth_to_a_thousandth_of_a_millimetre_a_second() -> None:
    """What rounding leaves: fifth differences of 1 s samples of a 60 s count; a range's own motion is far smoother."""
    times = Receptions.split(np.full(64, START + 3600.0), np.arange(64.0))
    rate, _ = doppler(model(), PLACE, times, 60.0)
    noise = np.diff(rate, 5) / np.sqrt(252.0)
    assert np.sqrt(np.mean(noise**2)) < 1e-6


def test_count_references_name_one_and_the_same_interval() -> None:
    middle, _ = doppler(model(), PLACE, RECEPTIONS, 60.0, "MIDDLE")
    end, _ = doppler(model(), PLACE, RECEPTIONS.shifted(30.0), 60.0, "END")
    start, _ = doppler(model(), PLACE, RECEPTIONS.shifted(-30.0), 60.0, "START")
    assert np.allclose(middle, end, atol=1e-9)
    assert np.allclose(middle, start, atol=1e-9)


def test_a_three_way_range_is_half_the_path_to_one_antenna_and_from_another() -> None:
    mixed, _ = two_way(model(), PLACE, PAIRS)
    down, _ = downlink(model(), PLACE, PAIRS)
    both, _ = two_way(model(), PLACE, Receptions.of(PAIRS.tdb_s, rx=1, tx=1))
    # The uplink from the other antenna differs by metres from its downlink: the antennas move during the light time.
    assert np.abs(2.0 * mixed - down - both).max() < 1e5
    assert np.all(mixed > 3.5e8)


def test_a_delay_is_antisymmetric_in_its_antennas() -> None:
    one, by_one = delay(model(), PLACE, PAIRS)
    other, by_other = delay(model(), PLACE, Receptions.of(PAIRS.tdb_s, rx=1, tx=0))
    assert np.allclose(one, -other, atol=1e-6)
    assert np.allclose(by_one, -by_other, atol=1e-12)


def test_a_table_adds_up_and_the_terms_left_out_are_still_shown() -> None:
    utc = ["2026-03-01T03:00:00Z", "2026-03-01T04:00:00.5Z"]
    times = Receptions.split(*utc_to_split_tdb_s(utc))
    table = range_table(model("sun_shapiro", "troposphere"), PLACE, times, utc)
    total = np.asarray(table["newtonian_range_m"]) + table["sun_shapiro_m"] + table["troposphere_m"]
    assert np.allclose(table["two_way_range_m"], total, atol=1e-7)
    assert {f"{name}_m" for name in TERMS} < set(table)
    assert np.allclose(np.asarray(table["light_time_s"]) * 299_792_458.0 / 2.0, table["two_way_range_m"], atol=1e-6)


def test_half_a_second_later_a_range_has_moved_by_its_rate() -> None:
    utc = ["2026-03-01T03:00:00Z", "2026-03-01T03:00:00.5Z"]
    table = range_table(model(), PLACE, Receptions.split(*utc_to_split_tdb_s(utc)), utc)
    moved = float(np.diff(np.asarray(table["two_way_range_m"], np.float64))[0])
    assert moved == pytest.approx(0.5e-3 * np.mean(np.asarray(table["range_rate_mm_s"])), abs=2e-4)
