import numpy as np
import pytest
import spiceypy as spice
from tests.navigation.scenes_radio import PLACE, START, antennas, month, series

from lupex.base.errors import InputError, SpanError
from lupex.ephemeris import earth_orientation_kernels, kernels, sky_kernels
from lupex.navigation.radio.paths import Antennas, Receptions, count_ends_s, light_paths, names_of

C_KM_S = 299_792.458


def spice_half_paths_m(times: np.ndarray, itrf_m: np.ndarray) -> np.ndarray:
    """Newtonian two-way range by SPICE positions and plain iteration, in the barycentric frame."""
    found = []
    with kernels((*sky_kernels(), *earth_orientation_kernels())):

        def antenna(t: float) -> np.ndarray:
            return np.array(spice.spkssb(399, t, "J2000")[:3]) + spice.pxform("ITRF93", "J2000", t) @ itrf_m / 1e3

        def point(t: float) -> np.ndarray:
            turn = spice.pxform("MOON_ME_DE440_ME421", "J2000", t)
            return np.array(spice.spkssb(301, t, "J2000")[:3]) + turn @ PLACE / 1e3

        for t in times:
            here, down = antenna(t), 1.3
            for _ in range(6):
                down = np.linalg.norm(here - point(t - down)) / C_KM_S
            up = down
            for _ in range(6):
                up = np.linalg.norm(antenna(t - down - up) - point(t - down)) / C_KM_S
            found.append((down + up) * 0.5e3 * C_KM_S)
    return np.array(found)


def test_two_way_ranges_agree_with_spice_to_its_own_rounding() -> None:
    receptions = month()
    paths = light_paths(series(), antennas("misasa"), PLACE, receptions)
    off = paths.newtonian_m - spice_half_paths_m(receptions.tdb_s, antennas("misasa").itrf_m[0])
    assert np.sqrt(np.mean(off**2)) < 1e-3  # SPICE's steps of time are 0.44 mm rms (published: 0.44)
    assert np.abs(off).max() < 3e-3
    assert abs(off.mean()) < 2e-4


def test_a_light_time_holds_its_own_equation_in_extended_precision() -> None:
    """The kernel's answer put back into |antenna - point| = c tau with the same series summed in long double."""
    held, stations = series(), antennas("misasa")
    receptions = month()
    paths = light_paths(held, stations, PLACE, receptions)
    blocks, seconds = held.placed(receptions.whole_tdb_s, receptions.rest_s)
    worst = 0.0
    for block, second, row in zip(blocks, seconds, paths.columns, strict=True):
        coefficients = held.series[block].astype(np.longdouble)

        def columns(t: float, coefficients: np.ndarray = coefficients) -> np.ndarray:
            x = np.longdouble(2.0) * np.longdouble(t) / np.longdouble(86_400.0) - np.longdouble(1.0)
            later, after = np.zeros(27, np.longdouble), np.zeros(27, np.longdouble)
            for c in coefficients[:0:-1]:
                later, after = c + 2 * x * later - after, later
            return coefficients[0] + x * later - after

        def antenna(t: float) -> np.ndarray:
            c = columns(t)
            return c[:3] + c[9:18].reshape(3, 3) @ stations.itrf_m[0]

        def point(t: float) -> np.ndarray:
            c = columns(t)
            return c[:3] + c[3:6] + c[18:].reshape(3, 3) @ PLACE

        light = np.longdouble(299_792_458.0)
        down, up = np.longdouble(row[0]), np.longdouble(row[1])
        t2 = np.longdouble(second) - down
        off_down = np.linalg.norm((antenna(second) - point(t2)).astype(np.longdouble)) - light * down
        off_up = np.linalg.norm((point(t2) - antenna(t2 - up)).astype(np.longdouble)) - light * up
        worst = max(worst, abs(float(off_down)), abs(float(off_up)))
    assert worst < 2e-5  # metres: micrometres, far below the 1 mm asked for


def test_threads_and_blocks_do_not_change_a_result() -> None:
    from lupex.base.running import Running

    many = Receptions.of(START + np.linspace(0.0, 86_000.0, 40_000))
    one = light_paths(series(1), antennas("misasa"), PLACE, many, running=Running(1)).columns
    two = light_paths(series(1), antennas("misasa"), PLACE, many, running=Running(2)).columns
    assert np.array_equal(one, two)
    few = Receptions.of(many.tdb_s[:7])
    assert np.array_equal(light_paths(series(1), antennas("misasa"), PLACE, few).columns, one[:7])


def test_a_time_outside_the_series_is_named() -> None:
    with pytest.raises(SpanError, match="outside the series"):
        light_paths(series(1), antennas("misasa"), PLACE, Receptions.of([START + 40 * 86_400.0]))


def test_kilometres_for_metres_and_unknown_names_are_refused() -> None:
    with pytest.raises(InputError, match="not on the Earth"):
        Antennas(("a",), np.array([[-3855.0, 3427.0, 3741.0]]))
    with pytest.raises(InputError, match="'b' is not in the table"):
        names_of(("a",), ("b",))


@pytest.mark.parametrize(
    ("reference", "ends"), [("START", (0.0, 60.0)), ("MIDDLE", (-30.0, 30.0)), ("END", (-60.0, 0.0))]
)
def test_the_reference_says_where_in_the_count_interval_the_tag_stands(
    reference: str, ends: tuple[float, float]
) -> None:
    assert count_ends_s(60.0, reference) == ends


def test_a_count_interval_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="count interval"):
        count_ends_s(0.0)
    with pytest.raises(InputError, match="reference 'CENTRE'"):
        count_ends_s(60.0, "CENTRE")
