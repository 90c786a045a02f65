"""Bodies in the map frame."""

import numpy as np
import pytest
from tests.illumination.scenes import EARTH_M, made_up_sky

from lupex.base.constants import AU_M
from lupex.base.errors import SpanError
from lupex.illumination import sky as bodies
from lupex.model import SkyTable


def test_directions_made_up_over_the_pole_come_back_in_the_map_frame():
    sky = made_up_sky(np.array([0.0, 90.0]), np.array([0.0, 30.0]), sun_au=1.02)
    sun = bodies.sun(sky, "south")
    assert sun.position_m[:, 0] / AU_M == pytest.approx([0.0, 1.02, 0.0], abs=1e-12)
    assert sun.position_m[:, 1] / AU_M == pytest.approx([1.02 * 0.75**0.5, 0.0, 0.51], abs=1e-12)
    assert bodies.strength(sun) == pytest.approx(1.02**-2, abs=1e-12)


def test_discs_have_the_size_of_their_bodies():
    sky = made_up_sky(0.0, 0.0)
    assert np.degrees(bodies.sun(sky, "south").radius_rad) == pytest.approx(0.26645, abs=1e-5)
    assert np.degrees(bodies.earth(sky, "north").radius_rad) == pytest.approx(0.95072, abs=1e-5)


def test_a_station_is_a_point_and_must_be_in_the_table():
    sky = made_up_sky(0.0, 0.0)
    with_station = SkyTable(sky.times_tdb_s, sky.sun_me_m, sky.earth_me_m, {"Usuda": sky.earth_me_m})
    assert bodies.station(with_station, "Usuda", "south").radius_rad == pytest.approx(1.0 / EARTH_M, rel=1e-9)
    with pytest.raises(SpanError, match="Usuda"):
        bodies.station(with_station, "Misasa", "south")
    with pytest.raises(SpanError, match="none"):
        bodies.station(sky, "Misasa", "south")
