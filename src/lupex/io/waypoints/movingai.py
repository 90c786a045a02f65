"""Grid maps and problems in the text format of the MovingAI benchmarks.

The format: Sturtevant 2012, doi:10.1109/TCIAIG.2012.2197681, and movingai.com/benchmarks/formats.html.

A map has the header ``type octile``, ``height``, ``width``, ``map`` and a character per cell; a scenario file has
``version 1`` and nine fields a line. x counts columns and y rows, from 0 at the upper left. Lengths are octile, with
no corner cut.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.gate import names_its_file
from lupex.io.atomic import input_error

OPEN = ".GS"
"""Ground, ground, swamp: what one walks on. Water (W), which one swims in, trees (T) and the rest (@ O) are closed."""
_CLOSED = "@OTW"
_LARGEST_BYTES = 1 << 28


@dataclass(frozen=True)
class Scenario:
    """A problem on a map: cells as (row, col), ``size`` (rows, cols) of the map, the optimal length in cells."""

    bucket: int
    map_name: str
    size: tuple[int, int]
    start: tuple[int, int]
    goal: tuple[int, int]
    optimal_length: float


@names_its_file
def read_movingai_map(path: str | Path) -> NDArray[np.bool_]:
    """Cells one may walk on (row, col).

    Args:
        path: of the map.

    Raises InputError: unreadable, another type, sizes that do not fit, unknown characters.
    """
    place = Path(path)
    lines = _text(place).splitlines()
    head = [line.split() for line in lines[:4]]
    sizes = {words[0]: words[1] for words in head[1:3] if len(words) == 2}
    if len(head) < 4 or head[0] != ["type", "octile"] or set(sizes) != {"height", "width"} or head[3] != ["map"]:
        raise InputError(f"{place}: no MovingAI map", "the first lines are: type octile, height N, width N, map")
    rows, cols = (_count(place, name, sizes[name]) for name in ("height", "width"))
    body = [line.rstrip("\r\n") for line in lines[4:]]
    while body and not body[-1]:
        body.pop()
    if len(body) != rows or any(len(line) != cols for line in body):
        wrong = next((k for k, line in enumerate(body[:rows]) if len(line) != cols), None)
        found = f"{len(body)} rows" if wrong is None else f"{len(body[wrong])} characters in line {wrong + 5}"
        raise InputError(f"{place}: {found}, its header says {rows} rows of {cols}", "correct the header or the map")
    unknown = sorted(set("".join(body)) - set(OPEN + _CLOSED))
    if unknown:
        raise InputError(f"{place}: unknown character {unknown[0]!r}", f"a map holds {' '.join(OPEN + _CLOSED)}")
    cells = np.array([list(line) for line in body])
    return np.isin(cells, list(OPEN))


@names_its_file
def read_movingai_scenarios(path: str | Path) -> list[Scenario]:
    """All problems of a scenario file, in its order. Raises InputError naming the line."""
    place = Path(path)
    lines = _text(place).splitlines()
    if not lines or lines[0].split() not in (["version", "1"], ["version", "1.0"]):
        raise InputError(f"{place}: no MovingAI scenarios", "the first line is: version 1")
    return [_scenario(place, k, line) for k, line in enumerate(lines[1:], 2) if line.strip()]


def _scenario(path: Path, number: int, line: str) -> Scenario:
    fields = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
    try:
        if len(fields) != 9:
            raise ValueError(f"{len(fields)} fields")
        bucket, cols, rows, x0, y0, x1, y1 = (int(fields[k]) for k in (0, 2, 3, 4, 5, 6, 7))
        length = float(fields[8])
        if not (0 <= x0 < cols and 0 <= x1 < cols and 0 <= y0 < rows and 0 <= y1 < rows and length >= 0.0):
            raise ValueError("a cell off the map or a negative length")
    except ValueError as error:
        fix = "bucket, map, width, height, start x, start y, goal x, goal y, optimal length, with tabs between"
        raise InputError(f"{path}: line {number}: {error}", fix) from error
    return Scenario(bucket, fields[1], (rows, cols), (y0, x0), (y1, x1), length)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise InputError(f"{path}: more than 256 MB", "cut it into parts")
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise input_error(path, error) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not a text file", "MovingAI maps and scenarios are plain ASCII") from error


def _count(path: Path, name: str, word: str) -> int:
    if not word.isdigit() or int(word) < 1:
        raise InputError(f"{path}: {name} is '{word}'", "give a positive whole number")
    return int(word)
