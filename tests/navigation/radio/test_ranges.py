import numpy as np
import pytest
import spiceypy as spice
from tests.navigation.scenes_radio import PLACE, START, antennas, series

from lupex.ephemeris import earth_orientation_kernels, kernels, sky_kernels, utc_to_split_tdb_s
from lupex.navigation.radio.paths import Receptions
from lupex.navigation.radio.ranges import RangeModel, delay, doppler, range_table, two_way
from lupex.navigation.radio.terms import TERMS

C_KM_S = 299_792.458
ME = "MOON_ME_DE440_ME421"


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


def test_a_three_way_range_is_half_the_path_from_one_antenna_and_to_another() -> None:
    """Against SPICE's positions and plain iteration in the barycentric frame, to SPICE's rounding of time (0.44 mm)."""
    receiver, sender = antennas("misasa", "byalalu32").itrf_m / 1e3
    expected = []
    with kernels((*sky_kernels(), *earth_orientation_kernels())):
        for t in PAIRS.tdb_s:
            here, down = on_body(399, "ITRF93", receiver, t), 1.3
            for _ in range(6):
                down = np.linalg.norm(here - on_body(301, ME, PLACE / 1e3, t - down)) / C_KM_S
            bounce, up = on_body(301, ME, PLACE / 1e3, t - down), down
            for _ in range(6):
                up = np.linalg.norm(on_body(399, "ITRF93", sender, t - down - up) - bounce) / C_KM_S
            expected.append(0.5e3 * C_KM_S * (down + up))
    mixed, _ = two_way(model(), PLACE, PAIRS)
    assert np.sqrt(np.mean((mixed - expected) ** 2)) < 1e-3
    assert np.abs(mixed - expected).max() < 3e-3


def on_body(body: int, frame: str, place_km: np.ndarray, t: float) -> np.ndarray:
    """A point fixed to a body, from the barycentre of the solar system, km."""
    return np.array(spice.spkssb(body, t, "J2000")[:3]) + spice.pxform(frame, "J2000", t) @ place_km


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


def test_the_rate_of_a_table_is_the_change_of_its_range_over_the_minute_around() -> None:
    utc = ["2026-03-01T03:00:00Z", "2026-03-01T03:00:00.5Z"]
    times = Receptions.split(*utc_to_split_tdb_s(utc))
    table = range_table(model(), PLACE, times, utc)
    ends = [two_way(model(), PLACE, times.shifted(s))[0] for s in (-30.0, 30.0)]
    rates = np.asarray(table["range_rate_mm_s"])
    assert rates == pytest.approx(1e3 * (ends[1] - ends[0]) / 60.0, abs=1e-3)  # the promised 0.001 mm/s


def test_half_a_second_later_a_range_has_moved_by_its_rate() -> None:
    """The rate of a second around the middle: what the third derivative leaves, 2e-6 m/s3 / 24, is 1e-7 m."""
    utc = ["2026-03-01T03:00:00Z", "2026-03-01T03:00:00.5Z"]
    whole, rest = utc_to_split_tdb_s(utc)
    moved = np.diff(two_way(model(), PLACE, Receptions.split(whole, rest))[0])[0]
    rate, _ = doppler(model(), PLACE, Receptions.split(whole[:1], rest[:1] + 0.25), 1.0)
    assert moved == pytest.approx(0.5 * rate[0], abs=5e-5)
