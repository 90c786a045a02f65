"""A copy of the page that needs no server: pictures of the maps, their numbers, and what can be asked beforehand.

It opens from the disk (file://) or from any server of static files. A page that is a file may load scripts and pictures
but fetch nothing, so answers lie in ``copy.js`` and the numbers of every map in a script of its own, read at the first
click: float32, little-endian, deflated, base64. What needs computing is missing, and the page says what.
"""

import base64
import shutil
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError, LupexError
from lupex.io.atomic import store_error, write_bytes
from lupex.io.tables import json_text, plain, write_text
from lupex.web import records
from lupex.web.folder import Source, StudyFolder
from lupex.web.tiles import TileMaker, encoded

MOST_PIXELS = 4096
"""Longer sides are halved in the picture; the numbers keep every cell."""
MISSING = (
    "light and Earth view at a time",
    "skyline, calendar and temperature of a place",
    "checking and planning of drives",
    "ranks with other weights",
    "link margins of a pass",
)


@dataclass(frozen=True)
class Copied:
    """What was written: files and octets, and what could not be used of the study."""

    files: int
    octets: int
    problems: tuple[str, ...]


def export_page(study: StudyFolder, page: Path | None, out: str | Path) -> Copied:
    """Write a copy of the page that needs no server.

    Args:
        study: to show.
        page: where the built page lies, from `page_folder`; None where it was not built.
        out: new or empty folder.

    Raises InputError for a folder that holds something or a page that is not built, StoreError where it cannot write.
    """
    target = Path(out)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: is there already", "name a new or empty folder")
    if page is None:
        raise InputError("the page is not built in this checkout", "run `make web` once")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".lupex-", dir=target.parent) as place:
            folder = Path(place) / "page"
            shutil.copytree(page, folder, ignore=shutil.ignore_patterns("sources.sha256"))
            _fill(study, folder)
            files = [path for path in folder.rglob("*") if path.is_file()]
            octets = sum(path.stat().st_size for path in files)
            if target.exists():
                target.rmdir()
            folder.rename(target)
    except OSError as error:
        raise store_error(target, error) from error
    return Copied(len(files), octets, tuple(study.problems))


def _fill(study: StudyFolder, folder: Path) -> None:
    tiles = TileMaker(study)
    pictures: dict[str, list[dict[str, Any]]] = {}
    numbers: list[dict[str, str]] = []
    for name, sources in study.maps.items():
        for k, source in enumerate(sources):
            try:
                stem = f"{len(numbers):04d}"
                pictures.setdefault(name, []).append(_picture(tiles, source, folder, stem))
                numbers.append(_numbers(tiles, source, folder, stem))
            except InputError as error:  # a file that was damaged since: the others are shown
                study.note(str(error))
                del pictures[name][k:]
                break
    copy = {
        "answers": _answers(study, tiles),
        "pictures": pictures,
        "numbers": numbers,
        "missing": list(MISSING),
    }
    write_text(folder / "copy.js", f"window.lupexCopy = {json_text(plain(copy))};\n")


def _answers(study: StudyFolder, tiles: TileMaker) -> dict[str, Any]:
    asked: dict[str, Callable[[], Any]] = {
        "/api/ranking": lambda: records.criteria(study),
        "/api/layers": lambda: records.own(study),
        "/api/water": lambda: records.chapter(study, "water"),
        "/api/payload": lambda: records.chapter(study, "payload"),
    }
    for site in study.sites:
        asked[f"/api/contacts/{site}"] = lambda site=site: records.contacts(study, site)  # type: ignore[misc]
        asked[f"/api/position/{site}"] = lambda site=site: records.position(study, site)  # type: ignore[misc]
    answers = {}
    for path, ask in asked.items():
        try:
            answers[path] = ask()
        except LupexError:  # this study has none: the page says so, as with a server
            continue
    return {"/api/study": records.overview(study, tiles), **answers}


def _picture(tiles: TileMaker, source: Source, folder: Path, stem: str) -> dict[str, Any]:
    """A map as one PNG, a pixel for a cell, coloured as its tiles are."""
    halvings = 0
    while max(source.file.grid.shape) >> halvings > MOST_PIXELS:
        halvings += 1
    held = tiles.held(source, halvings)
    (folder / "maps").mkdir(exist_ok=True)
    write_bytes(folder / "maps" / f"{stem}.png", encoded(held.counts, tiles.legend(source.file.name).palette))
    grid = held.grid
    extent = [grid.left_m, grid.bottom_m, grid.right_m, grid.top_m]
    return {"part": source.part, "file": f"maps/{stem}.png", "extent": extent}


def _numbers(tiles: TileMaker, source: Source, folder: Path, stem: str) -> dict[str, str]:
    """A map's numbers as a script."""
    values = np.ascontiguousarray(tiles.held(source, 0).values, "<f4")
    packed = base64.b64encode(zlib.compress(values.tobytes(), 6)).decode()
    file = f"maps/{stem}.js"
    write_text(folder / file, f'(window.lupexNumbers ??= {{}})["{file}"] = "{packed}";\n')
    return {"name": source.file.name, "part": source.part, "file": file}
