"""A mask file closes its circle and keeps every point."""

from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.io import write_elevation_mask


def test_a_mask_begins_at_north_and_ends_there_with_the_height_in_between(tmp_path: Path) -> None:
    write_elevation_mask(tmp_path / "m.aem", [90.0, 180.0, 270.0], [4.0, -1.0, 2.0])
    lines = [line for line in (tmp_path / "m.aem").read_text().splitlines() if line]
    assert lines[:4] == ["stk.v.4.0", "BEGIN AzElMask", "NumberOfPoints 5", "BEGIN AzElMaskData"]
    pairs = np.array([line.split() for line in lines[4:-2]], dtype=np.float64)
    assert pairs.tolist() == [[0.0, 3.0], [90.0, 4.0], [180.0, -1.0], [270.0, 2.0], [360.0, 3.0]]
    assert lines[-2:] == ["END AzElMaskData", "END AzElMask"]


def test_a_point_at_north_stands_at_both_ends_once(tmp_path: Path) -> None:
    write_elevation_mask(tmp_path / "m.aem", [0.0, 120.0], [7.0, 1.0])
    text = (tmp_path / "m.aem").read_text()
    assert "NumberOfPoints 3" in text and text.count(" 7.000000") == 2


@pytest.mark.parametrize(
    ("azimuth", "elevation", "said"),
    [([], [], "do not rise"), ([0.0, 360.0], [1.0, 1.0], "do not rise"), ([2.0, 1.0], [0.0, 0.0], "do not rise"),
     ([0.0], [1.0, 2.0], "do not rise"), ([0.0, 1.0], [np.nan, 0.0], "not finite")],
)  # fmt: skip
def test_a_skyline_that_makes_no_sense_is_refused(azimuth: list, elevation: list, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        write_elevation_mask(tmp_path / "m.aem", azimuth, elevation)
    assert not (tmp_path / "m.aem").exists()
