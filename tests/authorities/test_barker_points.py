"""Light at points of Connecting Ridge on measured ground, against Barker et al. 2021 and an independent engine."""

import csv

import numpy as np
import pytest
from tests.shared_data import shared

from lupex.ephemeris import sky_span
from lupex.illumination import point_series, point_statistics
from lupex.io import read_terrain
from lupex.study.ground import nested
from lupex.study.places import point_view

TABLE = shared("data/barker2021_table2/barker2021_site01_rois.csv")
TILES = shared("data/dem_pgda78")
ROWS: list[dict[str, str]] = []
if TABLE is not None and TILES is not None:
    with TABLE.open(encoding="utf-8") as file:
        ROWS = list(csv.DictReader(file))
else:
    print("the measured tiles are not here; tests/authorities/test_barker_points.py does without them")


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, float]]:
    """Light of 2024 and 2025 from 5 m above the ground, 5 m cells in 40 m cells in the cap, by point."""
    if TILES is None:
        return {}
    terrain = nested(read_terrain(TILES / "site01_5m.tif"), (str(TILES / "pole_51km_40m.tif"),))
    sky = sky_span("2024-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 3600.0)
    return {
        row["roi"]: point_statistics(point_series(point_view(terrain, float(row["x_m"]), float(row["y_m"]), 5.0), sky))
        for row in ROWS
    }


def test_light_is_that_of_an_independent_engine_within_0_7_points(found: dict[str, dict[str, float]]) -> None:
    for row in ROWS:
        ours = found[row["roi"]]
        assert 100.0 * ours["lit_fraction_disc"] == pytest.approx(float(row["sightline_dz5_mean_disk_pct"]), abs=0.7)
        assert 100.0 * ours["lit_fraction"] == pytest.approx(float(row["sightline_dz5_any_light_pct"]), abs=0.7)


def test_light_lies_inside_the_published_bracket(found: dict[str, dict[str, float]]) -> None:
    for row in ROWS:
        ours = 100.0 * found[row["roi"]]["lit_fraction_disc"]
        low, high = float(row["paper_dz5_B_pct"]), float(row["paper_dz5_C_pct"])
        assert np.nextafter(low, 0.0) <= ours <= high
