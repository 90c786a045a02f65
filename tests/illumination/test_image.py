"""Predicted shadow against images made up from it (synthetic), right and wrong."""

import numpy as np
import pytest

from lupex.base.errors import GridError, InputError
from lupex.illumination import image_regions
from lupex.illumination.image import dark_below
from lupex.model import Grid

GRID = Grid("south", 120, 120, 20.0, 0.0, 0.0)


def _shadow(shift: int = 0) -> np.ndarray:
    """A disc in view everywhere but in stripes, which may be shifted by some cells."""
    _, col = np.indices(GRID.shape)
    return np.where((col + shift) % 60 < 24, 0.0, 1.0).astype(np.float32)


def _synthetic_image(disc: np.ndarray, seed: int = 1) -> np.ndarray:
    """Brightness in counts: sky light and noise in shadow, slopes of all kinds in the light."""
    rng = np.random.default_rng(seed)
    return (20.0 + 3.0 * rng.standard_normal(disc.shape) + disc * rng.uniform(80.0, 300.0, disc.shape)).astype(
        "float32"
    )


def test_an_image_of_the_predicted_shadow_bears_it_out_and_one_of_other_shadow_contradicts_it() -> None:
    right = image_regions(GRID, _shadow(), _synthetic_image(_shadow()), 800.0)
    assert len(right) == 9 and {one.verdict for one in right} == {"supported"}
    assert all(one.agree > 0.98 for one in right)
    wrong = image_regions(GRID, _shadow(), _synthetic_image(_shadow(30)), 1200.0)
    assert {one.verdict for one in wrong} == {"contradicted"}
    assert (right[0].x_m, right[0].y_m) == (400.0, -400.0)


def test_one_wrong_hill_is_found_in_its_region_alone() -> None:
    disc = _shadow()
    disc[:40, :40] = 1.0 - disc[:40, :40]
    verdicts = [one.verdict for one in image_regions(GRID, disc, _synthetic_image(_shadow()), 800.0)]
    assert verdicts == ["contradicted", *["supported"] * 8]


def test_unit_and_offset_of_the_brightness_do_not_matter() -> None:
    image = _synthetic_image(_shadow())
    one, other = (image_regions(GRID, _shadow(), values, 800.0) for values in (image, 0.001 * image - 7.0))
    assert [a.log10_ratio for a in one] == pytest.approx([b.log10_ratio for b in other], rel=0.01)


def test_half_lit_cells_and_cells_off_the_image_are_left_out() -> None:
    disc, image = _shadow(), _synthetic_image(_shadow())
    disc[:, :60] = 0.5
    image[:60] = np.nan
    found = image_regions(GRID, disc, image, 1200.0)
    assert [(one.x_m, one.y_m, one.cells) for one in found] == [(1800.0, -1800.0, 3600)]


def test_images_that_tell_nothing_are_refused() -> None:
    disc = _shadow()
    with pytest.raises(InputError, match="one brightness"):
        image_regions(GRID, disc, np.ones(GRID.shape, np.float32), 800.0)
    with pytest.raises(InputError, match="0 cells"):
        image_regions(GRID, disc, np.full(GRID.shape, np.nan, np.float32), 800.0)
    with pytest.raises(GridError, match="shapes"):
        image_regions(GRID, disc[1:], disc, 800.0)


def test_the_threshold_lies_in_the_gap_between_two_brightnesses() -> None:
    values = np.concatenate([np.full(300, 10.0), np.full(700, 200.0)])
    assert 10.0 < dark_below(values) < 200.0
