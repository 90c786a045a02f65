from dataclasses import replace

import pytest

from lupex.base.errors import InputError
from lupex.model import Band, Station

DISH = Station(
    name="a",
    title="A",
    site="",
    complex="",
    country="",
    lat_deg=0.0,
    lon_deg=0.0,
    height_m=0.0,
    itrf_m=(6378137.0, 0.0, 0.0),
    accuracy_m=None,
    epoch="",
    dish_m=10.0,
    min_elevation_deg=5.0,
    bands=(Band(name="X"),),
)


def test_a_band_that_is_not_there_is_none() -> None:
    assert DISH.band("X") == Band(name="X")
    assert DISH.band("S") is None and DISH.fact("dish_m") is None


@pytest.mark.parametrize(
    ("azimuths", "elevations", "said"),
    [
        ((0.0, 90.0), (1.0,), "2 azimuths and 1 elevations"),
        ((90.0, 0.0), (1.0, 1.0), "do not rise"),
        ((0.0, 360.0), (1.0, 1.0), "do not rise"),
        ((0.0, 90.0), (1.0, 91.0), "outside -90..90"),
    ],
)
def test_a_mask_that_makes_no_sense_is_refused(azimuths: tuple, elevations: tuple, said: str) -> None:
    with pytest.raises(InputError, match=said):
        replace(DISH, mask_azimuth_deg=azimuths, mask_elevation_deg=elevations)


def test_a_radio_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(InputError, match="band 'Q' is unknown"):
        Band(name="Q")
    with pytest.raises(InputError, match="bandwidth of tx is -1e"):
        Band(name="X", tx_min_hz=7.2e9, tx_max_hz=7.1e9)
    with pytest.raises(InputError, match="tx_power_w = -1"):
        Band(name="X", tx_power_w=-1.0)
