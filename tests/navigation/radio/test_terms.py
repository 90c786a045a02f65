import numpy as np
import pytest
from tests.navigation.scenes_radio import PLACE, antennas, month, series

from lupex.base.errors import InputError
from lupex.navigation.radio.paths import light_paths
from lupex.navigation.radio.terms import TERMS, Geometry, Medium, range_terms_m, tide_m


@pytest.fixture(scope="module")
def terms() -> dict[str, np.ndarray]:
    """Every term over March 2026 from Misasa, whatever its elevation."""
    stations = antennas("misasa")
    return range_terms_m(Geometry(light_paths(series(), stations, PLACE, month(), full=True), stations, PLACE))


# Published for the same place and month (shared reference, section 2): Sun Shapiro 7.15-8.15 m, Earth 36-74 mm, Moon
# 0.7 mm, TDB -> station clock -98..+17 mm, lander +-2.8 mm.
@pytest.mark.parametrize(
    ("name", "lowest", "highest", "tolerance"),
    [
        ("sun_shapiro", 7.15, 8.15, 0.01),
        ("earth_shapiro", 0.036, 0.074, 0.0005),
        ("moon_shapiro", 0.0007, 0.0007, 0.0001),
        ("station_clock", -0.098, 0.017, 0.004),
        ("point_frame", -0.0028, 0.0028, 0.001),
    ],
)
def test_a_term_spans_what_is_published(
    terms: dict[str, np.ndarray], name: str, lowest: float, highest: float, tolerance: float
) -> None:
    assert terms[name].min() == pytest.approx(lowest, abs=tolerance)
    assert terms[name].max() == pytest.approx(highest, abs=tolerance)


def test_the_antenna_in_the_barycentric_frame_spans_what_is_published_once_the_scale_of_time_is_taken_off(
    terms: dict[str, np.ndarray],
) -> None:
    """Published: +-83 mm, potential and Lorentz only; ours has L_C, too (94 mm of the radius)."""
    stations = antennas("misasa")
    paths = light_paths(series(), stations, PLACE, month(), full=True)
    rx, tx = paths.elevations_deg
    radius = np.linalg.norm(stations.itrf_m[0])
    scale = 1.480_826_867_41e-8 * radius * 0.5 * (np.sin(np.radians(rx)) + np.sin(np.radians(tx)))
    assert np.abs(terms["station_frame"] - scale).max() == pytest.approx(0.083, abs=0.006)


def test_the_tide_moves_a_reflector_by_what_laser_ranging_code_says() -> None:
    """Constant tide at the reflectors, published 0.07 to 0.54 m: Apollo 15 under a mean Earth."""
    apollo_15 = np.array([1_554_937.504, 98_604.886, 764_412.810])
    moved = np.linalg.norm(tide_m(apollo_15, np.array([[384_399e3, 0.0, 0.0]]), 3.986004e14))
    assert 0.07 < moved < 0.54


def test_air_and_electrons_follow_their_laws() -> None:
    stations = antennas("misasa")
    paths = light_paths(series(), stations, PLACE, month(), full=True)
    high = int(np.argmax(paths.elevations_deg[0]))
    sine = np.sin(np.radians(paths.elevations_deg[0][high]))
    dry = range_terms_m(Geometry(paths, stations, PLACE, Medium(zenith_wet_m=0.0)), ("troposphere",))["troposphere"]
    # Saastamoinen at 1656 m: 2.2768 mm/hPa times 830 hPa of the standard atmosphere.
    assert dry[high] * sine == pytest.approx(0.0022768 * 830.0, rel=0.01)
    x = range_terms_m(Geometry(paths, stations, PLACE, Medium()), ("ionosphere",))["ionosphere"]
    s = Medium(down_hz=2.25e9, up_hz=2.07e9)
    in_s = range_terms_m(Geometry(paths, stations, PLACE, s), ("ionosphere",))["ionosphere"]
    assert in_s[high] / x[high] == pytest.approx((1 / 2.25**2 + 1 / 2.07**2) / (1 / 8.45**2 + 1 / 7.19**2), rel=1e-3)


def test_every_term_is_switched_by_its_name_and_an_unknown_one_refused(terms: dict[str, np.ndarray]) -> None:
    stations = antennas("misasa")
    geometry = Geometry(light_paths(series(), stations, PLACE, month(), full=True), stations, PLACE)
    for name in TERMS:
        assert np.array_equal(range_terms_m(geometry, (name,))[name], terms[name])
        assert np.abs(terms[name]).max() > 1e-5
    with pytest.raises(InputError, match="no term 'gravity_waves'"):
        range_terms_m(geometry, ("gravity_waves",))
