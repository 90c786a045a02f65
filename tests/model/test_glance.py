"""Nouns at a glance: short lines, HTML that interprets nothing, pictures that any reader opens."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from tests.report.made_up_study import made_up_study

from lupex.base.errors import InputError
from lupex.model import Grid, LightMap, Terrain
from lupex.model.glance import card, thumbnail

GRID = Grid.centred("south", 0.0, 0.0, 400, 20.0)


def test_a_thumbnail_is_a_small_png_with_white_where_nothing_is_known() -> None:
    values = np.tile(np.arange(400.0), (400, 1))
    values[:, :40] = np.nan
    image = Image.open(io.BytesIO(base64.b64decode(thumbnail(values))))
    pixels = np.asarray(image)
    assert max(image.size) <= 160 and image.mode == "L"
    assert (pixels[:, 0] == 255).all() and pixels[0, -1] == 235 and pixels[0, 20] < pixels[0, 60]


def test_texts_of_a_card_are_not_interpreted() -> None:
    assert "<b>" not in card("T", {"name": "<b>x</b>"})


def test_nouns_say_in_one_line_what_they_are() -> None:
    terrain = Terrain(GRID, np.zeros(GRID.shape, np.float32), synthetic_below_m=1600.0)
    assert repr(terrain) == "Terrain(400 x 400 cells of 20 m, south, 0 to 0 m, synthetic below 1600 m)"
    study = made_up_study(24, 16, 2)
    assert repr(study).startswith("StudyResult(lupex, sites S1, S2, season 2028-10-12 to 2029-01-25, 24 x 24 cells")
    for noun in (terrain, study, study.maps, study.sites[0]):
        assert len(repr(noun)) < 220 and "\n" not in repr(noun)
        assert "data:image/png;base64," in noun._repr_html_()


def test_a_light_map_is_a_mapping_that_names_the_nearest_layer() -> None:
    layer = np.ones(GRID.shape, np.float32)
    maps = LightMap(grid=GRID, layers={"slope_deg": layer}, meanings={"slope_deg": "slope"}, span_utc=("a", "b"),
                    observer_height_m=0.0)  # fmt: skip
    assert dict(maps).keys() == {"slope_deg"} and "slope_deg" in maps and len(maps) == 1
    assert maps.get("no_such") is None
    with pytest.raises(KeyError):
        maps["no_such"]
    with pytest.raises(InputError, match="did you mean 'slope_deg'"):
        maps["slop_deg"]
