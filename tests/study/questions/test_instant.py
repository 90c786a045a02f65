"""Sunlight at one instant: what it is made from, its file and its picture."""

import csv
import io
from pathlib import Path

import numpy as np
import rasterio
from tests.cli.command import lupex
from tests.study.drive_grounds import BOWL, CELLS, START, bowl, place, write_mission

UTC = "2028-10-14T06:00:00Z"


def test_the_map_of_an_instant_agrees_with_the_light_at_its_cells(tmp_path: Path) -> None:
    write_mission(tmp_path, bowl())
    dem = tmp_path / "ground.tif"
    done = lupex("shadow", dem, UTC, "--out", tmp_path / "out", "--azimuths", "120", "--trust-dem")
    assert done.returncode == 0 and done.stdout == "", done.stderr
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == ["sun_disc_fraction_20281014T060000Z.png", "sun_disc_fraction_20281014T060000Z.tif"]
    with rasterio.open(tmp_path / "out" / files[1]) as raster:
        disc = raster.read(1)
        assert f"at {UTC}" in str(raster.tags()) + str(raster.tags(1)) + str(raster.descriptions)
    assert disc.shape == (CELLS, CELLS) and 0.0 <= np.nanmin(disc) and np.nanmax(disc) <= 1.0
    assert disc[BOWL] == 0.0, "the bottom of the bowl is in permanent shadow"
    lat, lon = (f"{value:.9f}" for value in place(START))
    span = ("--start", UTC, "--stop", "2028-10-14T07:00:00Z", "--step", "3600")
    row = next(csv.DictReader(io.StringIO(lupex("light", dem, lat, lon, *span, "--trust-dem").stdout)))
    assert abs(float(row["sun_disc_fraction"]) - float(disc[START])) < 0.25
