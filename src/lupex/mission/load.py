"""One TOML file and the catalogue become a Mission; nothing wrong gets through."""

import os
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.entries import catalogue_entry, catalogue_folder, overridden
from lupex.catalogue.names import suggestion
from lupex.catalogue.toml_file import read_toml
from lupex.catalogue.values import setting_value, shown, typed
from lupex.mission.consistency import check_consistency
from lupex.mission.mission import Mission
from lupex.mission.site_rules import preset_limits
from lupex.model.settings.ground import GroundSettings, named_stations
from lupex.model.settings.landing import DispersionSettings, HazardSettings, ReachSettings
from lupex.model.settings.link import LinkSettings
from lupex.model.settings.ranking import RankingSettings
from lupex.model.settings.study import (
    DateSettings,
    HorizonSettings,
    LightSettings,
    SiteSettings,
    StudySettings,
    TerrainSettings,
)
from lupex.model.settings.traverse import TraverseSettings

SETTINGS: dict[str, type[Any]] = {
    "terrain": TerrainSettings,
    "horizon": HorizonSettings,
    "light": LightSettings,
    "sites": SiteSettings,
    "study": StudySettings,
    "dates": DateSettings,
    "dispersion": DispersionSettings,
    "hazard": HazardSettings,
    "reach": ReachSettings,
    "traverse": TraverseSettings,
    "ground": GroundSettings,
    "link": LinkSettings,
    "ranking": RankingSettings,
}
"""Tables of settings and the class each fills."""

HEADER = {
    "name": ("lupex", "short name; names the output folder"),
    "title": ("LUPEX: Lunar Polar Exploration mission (JAXA and ISRO)", "title of the report"),
    "lander": ("lupex", "lander: a name of the catalogue or the path of a TOML file like those there"),
    "rover": ("lupex", "rover: a name of the catalogue or the path of a TOML file like those there"),
}
"""Keys of [mission]: default and meaning."""

TABLES = ("mission", "lander", "rover", *SETTINGS)
DEFAULT_LABEL = "lupex.toml (default mission)"

_PATH_WORDS = {
    ("terrain", "dem"): ("default",),
    ("terrain", "far_dem"): ("default", "none"),
    ("ranking", "ice_depth_map"): ("none",),
}
_LISTED_FILES = (("ground", "stations"), ("ground", "radio"), ("traverse", "station"))
"""Texts of names with commas between; what ends in '.toml' is a path relative to the mission file."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def default_mission_text() -> str:
    """The text of the default mission file, a good beginning for one's own."""
    return _default_file().read_text(encoding="utf-8")


def load_mission(path: Path | str | None = None) -> Mission:
    """The mission a TOML file describes, defaults filled in and everything checked.

    Args:
        path: mission file; None for the default mission (LUPEX) inside the package.

    Returns: Mission; paths in it are made relative to the file's folder, UTC in one spelling.
    Raises: MissionError naming file, table, key and the nearest right name.
    """
    if path is None:
        return _mission(DEFAULT_LABEL, None, *_read(_default_file(), DEFAULT_LABEL))
    path = Path(path)
    return _mission(str(path), path.parent, *_read(path, str(path)))


def _default_file() -> Any:
    return catalogue_folder().joinpath("missions", "lupex.toml")


def _read(path: Any, label: str) -> tuple[dict[str, Any], str]:
    file = read_toml(path, label)
    return file.table, file.sha256


def _mission(label: str, folder: Path | None, tables: dict[str, Any], sha256: str) -> Mission:
    _check_tables(label, tables)
    header = _header(label, tables.get("mission", {}))
    settings = {name: _settings(label, name, tables.get(name, {}), folder) for name in SETTINGS}
    lander = catalogue_entry("landers", header["lander"], f"{label} [mission] lander", folder)
    rover = catalogue_entry("rovers", header["rover"], f"{label} [mission] rover", folder)
    mission = Mission(
        name=header["name"],
        title=header["title"],
        path=label,
        **settings,
        lander=overridden(lander, tables.get("lander", {}), label, "lander"),
        rover=overridden(rover, tables.get("rover", {}), label, "rover"),
        given=tuple(f"{table}.{key}" for table in TABLES for key in tables.get(table, {})),
        text_sha256=sha256,
        lander_name=header["lander"],
        rover_name=header["rover"],
    )
    check_consistency(mission)
    return mission


def _check_tables(label: str, tables: dict[str, Any]) -> None:
    for name, body in tables.items():
        if name in TABLES and isinstance(body, dict):
            continue
        if name in TABLES:
            raise MissionError(f"{label}: {name} is {shown(body)}", f"write a table [{name}]")
        if isinstance(body, dict):
            raise MissionError(f"{label}: unknown table '{name}'", suggestion(name, TABLES))
        raise MissionError(f"{label}: name '{name}' stands outside any table", suggestion(name, (), _names_by_table()))


def _header(label: str, body: dict[str, Any]) -> dict[str, str]:
    _check_names(label, "mission", body, HEADER)
    header = {key: typed(f"{label} [mission] {key}", body.get(key, HEADER[key][0]), str) for key in HEADER}
    if not _NAME.fullmatch(header["name"]):
        raise MissionError(
            f"{label} [mission] name: {shown(header['name'])} cannot name a folder",
            "use up to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit",
        )
    return header


def _settings(label: str, table: str, body: dict[str, Any], folder: Path | None) -> Any:
    specs = {spec.name: spec for spec in fields(SETTINGS[table])}
    _check_names(label, table, body, specs)
    values = {key: setting_value(f"{label} [{table}] {key}", specs[key], value) for key, value in body.items()}
    for (place, key), words in _PATH_WORDS.items():
        if table == place and values.get(key, words[0]) not in words:
            values[key] = _existing(f"{label} [{table}] {key}", values[key], folder, words)
    for place, key in _LISTED_FILES:
        if table == place and ".toml" in values.get(key, ""):
            values[key] = _listed(f"{label} [{table}] {key}", values[key], folder)
    if table == "sites":
        name = values.get("preset", specs["preset"].default)
        values = preset_limits(name, f"{label} [sites] preset", folder) | values
    return SETTINGS[table](**values)


def _existing(place: str, name: str, folder: Path | None, words: tuple[str, ...]) -> str:
    path = (folder or Path()) / name
    if not os.path.exists(path):
        other = " or ".join(f"'{word}'" for word in words)
        raise MissionError(f"{place}: no file {str(path)!r}", f"give a path relative to the mission file, or {other}")
    return str(path)


def _listed(place: str, text: str, folder: Path | None) -> str:
    names = named_stations(text)
    for name in names:
        path = (folder or Path()) / name
        if name.endswith(".toml") and not path.is_file():
            raise MissionError(f"{place}: no file {str(path)!r}", "give a path relative to the mission file, or a name")
    return ", ".join(str((folder or Path()) / name) if name.endswith(".toml") else name for name in names)


def _check_names(label: str, table: str, body: dict[str, Any], known: Any) -> None:
    for key in body:
        if key not in known:
            others = {name: names for name, names in _names_by_table().items() if name != table}
            raise MissionError(f"{label} [{table}]: unknown name '{key}'", suggestion(key, known, others))


def _names_by_table() -> dict[str, list[str]]:
    names = {table: [spec.name for spec in fields(kind)] for table, kind in SETTINGS.items()}
    return {"mission": list(HEADER), **names}
