"""Sunlight at one instant: what it is made from, its file and its picture."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import rasterio
from tests.cli.command import lupex
from tests.study.drive_grounds import BOWL, CELLS, START, bowl, place, write_mission

UTC = "2028-10-14T06:00:00Z"
LIT = "2028-12-03T06:00:00Z"
"""The plain lies in the light, the bowl does not."""


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


def test_a_synthetic_image_bears_out_the_dem_it_was_made_from_and_contradicts_another(tmp_path: Path) -> None:
    write_mission(tmp_path, bowl())
    dem = tmp_path / "ground.tif"
    options = ("--azimuths", "120", "--trust-dem", "--out", tmp_path / "out")
    assert lupex("shadow", dem, LIT, *options).returncode == 0
    with rasterio.open(tmp_path / "out" / "sun_disc_fraction_20281203T060000Z.tif") as raster:
        disc, profile = raster.read(1), raster.profile
    rng = np.random.default_rng(1)
    image = 20.0 + rng.normal(0.0, 2.0, disc.shape) + disc * rng.uniform(60.0, 200.0, disc.shape)
    with rasterio.open(tmp_path / "synthetic_image.tif", "w", driver="GTiff", dtype="float32", count=1, height=CELLS,
                       width=CELLS, crs=profile["crs"], transform=profile["transform"]) as out:  # fmt: skip
        out.write(image.astype("float32"), 1)
    asked = (tmp_path / "synthetic_image.tif", LIT, "--region", "1", "--trust-dem", "--json")
    right = json.loads(lupex("dem", "image", dem, *asked).stdout)
    assert len(right) == 9 and "contradicted" not in {row["verdict"] for row in right}
    assert any(row["verdict"] == "supported" for row in right)
    write_mission(tmp_path, bowl()[:, ::-1])
    wrong = json.loads(lupex("dem", "image", dem, *asked).stdout)
    assert any(row["verdict"] == "contradicted" for row in wrong)
