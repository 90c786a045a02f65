"""One TOML file and the catalogue become a Mission; nothing wrong gets through."""

import re
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue import catalogue_entry, catalogue_folder, overridden
from lupex.catalogue.names import suggestion
from lupex.catalogue.toml_file import read_toml
from lupex.catalogue.values import setting_value, shown, typed
from lupex.mission.consistency import check_consistency
from lupex.mission.mission import SETTINGS, Mission
from lupex.mission.named_tables import nouns_in
from lupex.mission.own_layers import LAYERS
from lupex.mission.paths import absolute, located
from lupex.mission.places import PLACES
from lupex.mission.plugins import plugin_criteria, used_plugins
from lupex.mission.site_rules import preset_limits
from lupex.model.settings.ranking import WEIGHT_NAMES, RankingSettings
from lupex.model.settings.setting import settings_fields

HEADER = {
    "name": ("lupex", "short name; names the output folder"),
    "title": ("LUPEX: Lunar Polar Exploration mission (JAXA and ISRO)", "title of the report"),
    "lander": ("lupex", "lander: a name of the catalogue or the path of a TOML file like those there"),
    "rover": ("lupex", "rover: a name of the catalogue or the path of a TOML file like those there"),
}
"""Keys of [mission]: default and meaning."""

TABLES = ("mission", "lander", "rover", *SETTINGS)
ARRAYS = (PLACES.word, LAYERS.word)
"""Arrays of tables: places and layers of the user's own."""

DEFAULT_LABEL = "lupex.toml (default mission)"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def default_mission_text() -> str:
    """The text of the default mission file, a good beginning for one's own."""
    return _default_file().read_text(encoding="utf-8")


def load_mission(path: Path | str | None = None) -> Mission:
    """The mission a TOML file describes, defaults filled in and everything checked.

    Args:
        path: mission file; None for the default mission (LUPEX) inside the package.

    Returns: Mission; paths relative to the file's folder are made absolute, UTC gets one spelling.
    Raises: MissionError naming file, table, key and the nearest right name.
    """
    if path is None:
        return _mission(DEFAULT_LABEL, None, *_read(_default_file(), DEFAULT_LABEL))
    path = Path(path)
    return _mission(str(path), path.absolute().parent, *_read(path, str(path)))


def _default_file() -> Any:
    return catalogue_folder().joinpath("missions", "lupex.toml")


def _read(path: Any, label: str) -> tuple[dict[str, Any], str]:
    file = read_toml(path, label)
    return file.table, file.sha256


def _mission(label: str, folder: Path | None, tables: dict[str, Any], sha256: str) -> Mission:
    _check_tables(label, tables)
    plugins = used_plugins()
    base = folder or Path.cwd()
    header = _header(label, tables.get("mission", {}))
    settings = {name: _settings(label, name, tables.get(name, {}), base) for name in SETTINGS}
    entries: dict[str, Any] = {
        kind: _entry_named(f"{label} [mission] {kind}", header[kind], base) for kind in ("lander", "rover")
    }
    facts: dict[str, Any] = {
        kind: overridden(
            catalogue_entry(f"{kind}s", name, f"{label} [mission] {kind}"), tables.get(kind, {}), label, kind
        )
        for kind, name in entries.items()
    }
    mission = Mission(
        name=header["name"],
        title=header["title"],
        path=label,
        folder="" if folder is None else str(folder),
        **settings,
        **facts,
        places=nouns_in(PLACES, label, tables.get(PLACES.word, []), base),
        layers=nouns_in(LAYERS, label, tables.get(LAYERS.word, []), base),
        given=tuple(f"{table}.{key}" for table in TABLES for key in tables.get(table, {})),
        text_sha256=sha256,
        plugins=plugins,
        lander_name=entries["lander"],
        rover_name=entries["rover"],
    )
    check_consistency(mission)
    return mission


def _entry_named(place: str, name: str, folder: Path) -> str:
    """A name of the catalogue as it is, the path of a file made absolute."""
    return absolute(place, name, folder) if name.endswith(".toml") else name


def _check_tables(label: str, tables: dict[str, Any]) -> None:
    for name, body in tables.items():
        if (name in TABLES and isinstance(body, dict)) or name in ARRAYS:
            continue
        if name in TABLES:
            raise MissionError(f"{label}: {name} is {shown(body)}", f"write a table [{name}]")
        if isinstance(body, dict):
            raise MissionError(f"{label}: unknown table '{name}'", suggestion(name, (*TABLES, *ARRAYS)))
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


def _settings(label: str, table: str, body: dict[str, Any], folder: Path) -> Any:
    specs = {spec.name: spec for spec in settings_fields(SETTINGS[table])}
    body, more = _plugin_weights(label, body) if table == "ranking" else (body, ())
    _check_names(label, table, body, specs)
    values = {}
    for key, value in body.items():
        place = f"{label} [{table}] {key}"
        values[key] = located(place, specs[key], setting_value(place, specs[key], value), folder)
    if table == "sites":
        name = values.get("preset", specs["preset"].default)
        values = preset_limits(name, f"{label} [sites] preset") | values
    if more:
        values["plugin_weights"] = more
    return SETTINGS[table](**values)


def _plugin_weights(label: str, body: dict[str, Any]) -> tuple[dict[str, Any], tuple[tuple[str, float], ...]]:
    """[ranking] without the weights of criteria that other packages add, and those weights."""
    known = {row.weight for row in plugin_criteria()}
    weight = next(spec for spec in settings_fields(RankingSettings) if spec.name == WEIGHT_NAMES[0])
    more = {
        key: setting_value(f"{label} [ranking] {key}", weight, value) for key, value in body.items() if key in known
    }
    return {key: value for key, value in body.items() if key not in known}, tuple(more.items())


def _check_names(label: str, table: str, body: dict[str, Any], known: Any) -> None:
    for key in body:
        if key not in known:
            others = {name: names for name, names in _names_by_table().items() if name != table}
            raise MissionError(f"{label} [{table}]: unknown name '{key}'", suggestion(key, known, others))


def _names_by_table() -> dict[str, list[str]]:
    names = {table: [spec.name for spec in settings_fields(kind)] for table, kind in SETTINGS.items()}
    return {"mission": list(HEADER), **names}
