"""A study's folder as the map shows it: what it recorded, and which of its maps can be read."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError, LupexError
from lupex.base.frames import Pole
from lupex.base.gate import file_json, printable
from lupex.io import MapFile, describe_map, read_map
from lupex.mission import Mission, recorded_mission

RECORD = "study.json"
MAPS = "maps"
MOST_MAPS = 2000
REGION = "region"
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError)
"""What is met where a record holds something else than a study writes."""
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Source:
    """One map of a quantity: ``part`` is 'region' or the name of a site, ``stamp`` of its file when it was found."""

    part: str
    file: MapFile
    stamp: Stamp | None = None

    def read(self) -> tuple[MapFile, NDArray[np.float32]]:
        """Head and cells of the map. Raises InputError where they cannot be read, or were written anew since."""
        file, values = read_map(self.file.path)
        if file.grid != self.file.grid or stamp(self.file.path) != self.stamp:
            raise InputError(f"{self.file.path.name}: was changed since the server began", "start the server again")
        return file, values


@dataclass(frozen=True, eq=False, kw_only=True)
class StudyFolder:
    """A finished study on the disk.

    Attributes:
        folder: of the study.
        pole: of its maps; those of the other pole are not shown.
        record: study.json, {} where it cannot be used.
        maps: quantity -> its maps, coarsest first.
        problems: what could not be used, one line each.
        stamp: of study.json when it was read.
    """

    folder: Path
    pole: Pole
    record: dict[str, Any]
    maps: dict[str, list[Source]]
    problems: list[str] = field(default_factory=list)
    stamp: Stamp | None = None

    @cached_property
    def mission(self) -> Mission:
        """The settings the study ran with. Raises InputError where they were not recorded or are damaged."""
        if "mission" not in self.record:
            raise InputError(f"{self.folder.name}: {RECORD} holds no mission", "run `lupex study` again")
        return recorded_mission(self.record["mission"])

    @cached_property
    def sites(self) -> dict[str, dict[str, Any]]:
        """Site name -> its part of study.json, best first."""
        found = {}
        for site in rows(self.record, "sites"):
            try:
                found[str(site["site"]["candidate"]["name"])] = site
            except (KeyError, TypeError):
                self.note(f"{RECORD}: a site without a name is left out")
        return found

    @property
    def is_changed(self) -> bool:
        """Whether the study was run again, or removed, since it was opened."""
        return stamp(self.folder / RECORD) != self.stamp

    def note(self, problem: str) -> None:
        """Add to the problems what is not among them yet."""
        if problem not in self.problems:
            self.problems.append(problem)

    def site(self, name: str) -> dict[str, Any]:
        """The record of a site. Raises InputError for a name that is not in the study."""
        if name not in self.sites:
            raise InputError(f"no site '{printable(name)[:40]}'", f"sites: {', '.join(self.sites) or 'none'}")
        return self.sites[name]

    def source(self, name: str, part: str) -> Source:
        """The map of a quantity in the region or at a site. Raises InputError when the study has none."""
        for source in self.maps.get(name, []):
            if source.part == part:
                return source
        raise InputError(f"no map '{printable(name)[:40]}' of '{printable(part)[:40]}'", "see /api/study for the maps")


def open_study(folder: str | Path) -> StudyFolder:
    """The study in a folder, with everything that can be used; the rest is named in ``problems``.

    Args:
        folder: that `lupex study` wrote.

    Raises InputError for a folder that is not there or holds neither record nor maps.
    """
    place = Path(folder)
    if not place.is_dir():
        raise InputError(f"{place}: no such folder", "name the folder of a study, such as out/lupex")
    place = place.resolve()
    problems: list[str] = []
    read = stamp(place / RECORD)
    record = _record(place, problems)
    sources = _sources(place, problems)
    if not record and not sources:
        raise InputError(f"{place}: is no study: neither {RECORD} nor maps", "run `lupex study --out` into it")
    pole = _pole(record, sources)
    maps: dict[str, list[Source]] = {}
    for source in sources:
        if source.file.grid.pole != pole:
            problems.append(f"{source.file.path.name}: shows the {source.file.grid.pole} pole, the study the {pole}")
        else:
            maps.setdefault(source.file.name, []).append(source)
    for found in maps.values():
        found.sort(key=lambda one: -one.file.grid.cell_m)
    return StudyFolder(folder=place, pole=pole, record=record, maps=maps, problems=problems, stamp=read)


def stamp(path: Path) -> Stamp | None:
    """What changes when a file is written anew, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def table(record: Any, *names: str) -> dict[str, Any]:
    """The table within tables of a record, {} where it is missing or no table."""
    for name in names:
        record = record.get(name) if isinstance(record, dict) else None
    return record if isinstance(record, dict) else {}


def rows(record: dict[str, Any], name: str) -> list[Any]:
    """A list of a record, [] where it is missing or no list."""
    found = record.get(name)
    return found if isinstance(found, list) else []


def _record(place: Path, problems: list[str]) -> dict[str, Any]:
    try:
        record = file_json(place / RECORD)
    except LupexError as error:
        problems.append(_short(error, place))
        return {}
    if not isinstance(record, dict):
        problems.append(f"{RECORD}: holds no table")
        return {}
    return record


def _sources(place: Path, problems: list[str]) -> list[Source]:
    """Maps by their tags, not by their file names; links that lead out of the folder are not followed."""
    found = []
    paths = sorted((place / MAPS).glob("*.tif"))
    if len(paths) > MOST_MAPS:
        problems.append(f"{MAPS}: {len(paths)} files, the first {MOST_MAPS} are shown")
    for path in paths[:MOST_MAPS]:
        try:
            if not path.resolve().is_relative_to(place):
                raise InputError(f"{path.name}: leads out of the folder", "copy the file")
            read = stamp(path)
            file = describe_map(path)
            if not file.name:
                raise InputError(f"{path.name}: does not say what it shows (no tag NAME)", "write it with lupex")
        except LupexError as error:
            problems.append(_short(error, place))
            continue
        found.append(Source(_part(path.name, file.name), file, read))
    return found


def _part(file_name: str, quantity: str) -> str:
    """'region', or the site a file is named after."""
    stem = file_name.split(f"_{quantity}")[0]
    return stem.removeprefix("site_") if stem.startswith("site_") else REGION


def _pole(record: dict[str, Any], sources: list[Source]) -> Pole:
    said = table(record, "region", "grid").get("pole")
    if said in ("south", "north"):
        return "north" if said == "north" else "south"
    return sources[0].file.grid.pole if sources else "south"


def _short(error: LupexError, place: Path) -> str:
    """An error without the folder every file lies in."""
    return str(error).replace(f"{place}/", "")
