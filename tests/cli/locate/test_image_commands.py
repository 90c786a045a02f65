"""lupex locate craters: an image is placed, and what cannot be placed is refused in one line."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.command import lupex, refused

from lupex.base.frames import lat_lon_deg

PLACE = np.array([12_000.0, -30_000.0])


def files(folder: Path) -> tuple[Path, Path]:
    """An image of 12 craters (synthetic, up is the map's y) and the catalogue of 300 they are of."""
    rng = np.random.default_rng(4)
    xy, size = PLACE + rng.uniform(-2000.0, 2000.0, (300, 2)), rng.uniform(50.0, 300.0, 300)
    lat, lon = lat_lon_deg(xy[:, 0], xy[:, 1], "south")
    catalogue = folder / "catalogue.csv"
    rows = [f"{a:.7f},{b:.7f},{d / 1000:.6f}" for a, b, d in zip(lat, lon, size, strict=True)]
    catalogue.write_text("\n".join(["lat_deg,lon_deg,diameter_km", *rows]) + "\n", encoding="utf-8")
    near = np.argsort(np.hypot(*(xy - PLACE).T))[:12]
    seen = [f"{x:.1f},{y:.1f},{d:.1f}" for (x, y), d in zip(xy[near] - PLACE, size[near], strict=True)]
    image = folder / "image.csv"
    image.write_text("\n".join(["x_m,y_m,diameter_m", *seen]) + "\n", encoding="utf-8")
    return image, catalogue


def test_an_image_is_placed_by_the_pattern_of_its_craters(tmp_path: Path) -> None:
    image, catalogue = files(tmp_path)
    done = lupex("locate", "craters", image, catalogue, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert np.hypot(found["modes"][0]["x_m"] - PLACE[0], found["modes"][0]["y_m"] - PLACE[1]) < 2.0
    assert found["modes"][0]["probability"] > 0.99
    assert len(found["pairs"]) >= 11
    assert found["sigma_m"] > 5.0  # the map's tie is in it


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("x_m,y_m\n1,2\n", "no column diameter_m"),
        ("x_m,y_m,diameter_m\n1,2,x\n", "diameter_m"),
        ("x_m,y_m,diameter_m\n1,2,-5\n", "a diameter of -5 m"),
        ("x_m,y_m,diameter_m\n1,2,50\n", "1 in the image"),
        ("x_m,y_m,diameter_m\n0,0,5\n900,0,7\n0,900,9\n900,900,11\n5,500,1\n", "better than chance"),
    ],
)
def test_bad_images_are_refused(tmp_path: Path, image: str, said: str) -> None:
    _, catalogue = files(tmp_path)
    path = tmp_path / "bad.csv"
    path.write_text(image, encoding="utf-8")
    message = refused("locate", "craters", path, catalogue)
    assert said in message
    assert "bad.csv" in message
