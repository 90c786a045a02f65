"""The one place that decides what a path of a mission file is relative to: the folder of that file."""

import os
from collections.abc import Callable, Iterator
from dataclasses import Field, replace
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue import is_published
from lupex.mission.mission import SETTINGS, Mission
from lupex.model.settings.setting import settings_fields


def absolute(place: str, text: str, folder: Path, words: tuple[str, ...] = ()) -> str:
    """The absolute path of a file that exists, from what a mission file says.

    Args:
        place: file, table and key, the beginning of an error.
        text: the path; '~' is the home folder.
        folder: what a relative path is relative to.
        words: what may be written instead of a path, for the error.

    Raises: MissionError when there is no such file, or '~' cannot be told.
    """
    try:
        path = folder / Path(text).expanduser()
    except RuntimeError:
        raise MissionError(f"{place}: '~' names no home folder here", "write the path in full") from None
    if not os.path.exists(path):
        other = "".join(f", or '{word}'" for word in words)
        raise MissionError(f"{place}: no file {str(path)!r}", f"give a path relative to the mission file{other}")
    return os.path.abspath(path)


def is_path(spec: Field[Any], text: str) -> bool:
    """Whether this text of a setting names a file: not one of its words, and not a name of the catalogue."""
    facts = spec.metadata
    if text in facts["words"] or (facts["catalogue"] == "dem" and is_published(text)):
        return False
    return bool(facts["path"]) or (bool(facts["catalogue"]) and text.endswith(".toml"))


def located(place: str, spec: Field[Any], value: Any, folder: Path) -> Any:
    """The value of a setting with every path in it absolute; any other value as it is. Raises as `absolute`."""

    def one(text: str) -> str:
        return absolute(place, text, folder, spec.metadata["words"]) if is_path(spec, text) else text

    return _each(value, one)


def files_named(mission: Mission) -> Iterator[tuple[str, str, Path]]:
    """Table, key and path of every file the settings of a mission name; not those of lander and rover."""
    for table in SETTINGS:
        settings = getattr(mission, table)
        for spec in settings_fields(settings):
            value = getattr(settings, spec.name)
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and is_path(spec, text):
                    yield table, spec.name, Path(text)
    for place in mission.places:
        if place.dem:
            yield "place", place.name, Path(place.dem)
    for layer in mission.layers:
        yield "layer", layer.name, Path(layer.file)


def dems_named(mission: Mission) -> Iterator[Path]:
    """Every DEM a mission brings: those of [terrain] and of its places."""
    for table, key, path in files_named(mission):
        if table == "place" or (table == "terrain" and key in ("dem", "far_dem")):
            yield path


def portable(mission: Mission) -> Mission:
    """The mission with paths inside its folder relative to it, as a file says them: equal wherever the folder lies."""
    if not mission.folder:
        return mission
    changed: dict[str, Any] = {}
    for table in SETTINGS:
        settings = getattr(mission, table)
        told = {
            spec.name: _each(getattr(settings, spec.name), _shortened(mission.folder, spec))
            for spec in settings_fields(settings)
        }
        changed[table] = replace(settings, **told)
    changed["places"] = tuple(replace(one, dem=_inside(one.dem, mission.folder)) for one in mission.places)
    changed["layers"] = tuple(replace(one, file=_inside(one.file, mission.folder)) for one in mission.layers)
    changed |= {key: _inside(getattr(mission, key), mission.folder) for key in ("lander_name", "rover_name")}
    return replace(mission, **changed)


def _shortened(folder: str, spec: Field[Any]) -> Callable[[str], str]:
    return lambda text: _inside(text, folder) if is_path(spec, text) else text


def _inside(text: str, folder: str) -> str:
    path = Path(text)
    return path.relative_to(folder).as_posix() if path.is_absolute() and path.is_relative_to(folder) else text


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    return tuple(change(one) for one in value) if isinstance(value, tuple) else value
