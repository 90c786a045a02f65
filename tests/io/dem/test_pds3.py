"""PDS3 labels: constants given as bits, map scales with and without unit, contradictions."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.io import describe_dem, read_terrain

Label = Callable[..., str]
HEIGHTS = np.add.outer(np.arange(20) * 3.0, np.arange(20) * 2.0) - 40.0
"""Holds 16 and 0 m many times: what a misread constant would take for missing."""


def written(folder: Path, label: str, pixels: np.ndarray, constant: str = "") -> Path:
    (folder / "LDEM_TEST.IMG").write_bytes(pixels.tobytes())
    line = f"  MISSING_CONSTANT = {constant}\r\n" if constant else ""
    (folder / "LDEM_TEST.LBL").write_text(label.replace("  SCALING_FACTOR", line + "  SCALING_FACTOR"))
    return folder / "LDEM_TEST.LBL"


def facts(**changes: object) -> dict[str, object]:
    return {"rows": 20, "cols": 20, "scale": 1.0, "offset": 0, "map_scale": 100} | changes


@pytest.mark.parametrize(
    ("kind", "sample_type", "constant", "null"),
    [
        ("<i2", "LSB_INTEGER", "16#8000#", -32768.0),
        (">i2", "MSB_INTEGER", "16#-3E7#", -999.0),
        ("<i4", "LSB_INTEGER", "16#FFFFFF01#", -255.0),
        ("<f4", "PC_REAL", "16#FF7FFFFB#", -3.4028226550889045e38),
        (">f4", "MSB_REAL", "16#C61C4000#", -10000.0),
        ("<u2", "LSB_UNSIGNED_INTEGER", "16#FFFF#", 65535.0),
        ("<f4", "PC_REAL", "-9999.9", float(np.float32(-9999.9))),
        ("<i2", "LSB_INTEGER", "2#1000000000000000#", -32768.0),
    ],
)
def test_a_constant_written_as_bits_is_the_sample_with_these_bits(
    tmp_path: Path, lola_label: Label, kind: str, sample_type: str, constant: str, null: float
) -> None:
    sample_type = "IEEE_REAL" if sample_type == "MSB_REAL" else sample_type
    pixels = np.abs(HEIGHTS).astype(kind)
    pixels[7, 7] = null
    text = lola_label(**facts(sample_type=sample_type, bits=8 * pixels.itemsize))
    terrain = read_terrain(written(tmp_path, text, pixels, constant))
    assert np.argwhere(~np.isfinite(terrain.elevation_m)).tolist() == [[7, 7]]


@pytest.mark.parametrize("constant", ["16#80", "16#1FFFF#", "A#B", "#80", "16#ZZ#"])
def test_a_constant_that_is_half_written_or_too_long_is_refused(
    tmp_path: Path, lola_label: Label, constant: str
) -> None:
    with pytest.raises(InputError, match=r"LDEM_TEST\.LBL"):
        read_terrain(written(tmp_path, lola_label(**facts()), HEIGHTS.astype("<i2"), constant))


def test_numbers_in_another_base_are_refused_where_they_are_no_samples(tmp_path: Path, lola_label: Label) -> None:
    with pytest.raises(InputError, match="LINES is '20'; a number is needed"):
        read_terrain(written(tmp_path, lola_label(**facts()).replace("= 20", "= 16#14#", 1), HEIGHTS.astype("<i2")))


def without_resolution(text: str) -> str:
    return "\r\n".join(line for line in text.split("\r\n") if "MAP_RESOLUTION" not in line)


def test_a_map_scale_without_unit_is_kilometres_per_pixel(tmp_path: Path, lola_label: Label) -> None:
    text = without_resolution(lola_label(**facts(map_scale=0.1))).replace("0.1 <m/pix>", "0.1")
    assert describe_dem(written(tmp_path, text, HEIGHTS.astype("<i2"))).cell_m == 100.0


@pytest.mark.parametrize("scale", ["0.1", "100 <km/pix>", "90 <m/pix>"])
def test_a_label_that_contradicts_itself_is_said(tmp_path: Path, lola_label: Label, scale: str) -> None:
    right = lola_label(**facts())
    text = right.replace("100 <m/pix>", "100" if scale == "0.1" else scale)
    with pytest.raises(InputError, match="MAP_SCALE .* makes cells of .* MAP_RESOLUTION of 100 m"):
        read_terrain(written(tmp_path, text, HEIGHTS.astype("<i2")))
    assert describe_dem(written(tmp_path, right, HEIGHTS.astype("<i2"))).cell_m == 100.0


@pytest.mark.parametrize(
    "text",
    [
        'A = "x y" = 6\n',  # a value that is no name, then a second equals sign: the parser never ends
        "OBJECT = A\nB = 1\nEND_OBJECT = A\n = 6\n",
        "A = " + "1-" * 30_000 + "\n",  # its time grows with the square of a word's length,
        "A = \n" * 12_000,  # and of the number of statements
        "A = " + "(" * 30_000 + "\n",
    ],
    ids=["two equals signs", "block equals", "endless word", "too many", "nested"],
)
def test_a_label_that_is_endless_work_is_refused_at_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "LDEM_TEST.LBL"
    path.write_text("PDS_VERSION_ID = PDS3\n" + text + "END\n")
    began = time.process_time()
    with pytest.raises(InputError, match=r"LDEM_TEST\.LBL: (is no PDS3 label|the label cannot be read)"):
        read_terrain(path)
    assert time.process_time() - began < 2.0


def test_a_label_as_wordy_as_those_of_the_archive_is_read(tmp_path: Path, lola_label: Label) -> None:
    prose = 'DESCRIPTION = "' + "This data product is a shape map of the Moon at 0.1 km.\n" * 200 + '"\n'
    comment = "/*" + "*" * 76 + "*/\n"
    listed = "PHASE = {" + ",".join(f'"PHASE {n}"' for n in range(400)) + "}\n"
    first, rest = lola_label(**facts()).split("\n", 1)
    text = "\n".join([first, comment + prose + listed + rest])
    assert np.isfinite(read_terrain(written(tmp_path, text, HEIGHTS.astype("<i2"))).elevation_m).all()
