"""The mission a finished study recorded, so that questions can be asked with its very settings."""

from dataclasses import fields
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.values import setting_value, typed
from lupex.mission.consistency import check_consistency
from lupex.mission.mission import SETTINGS, Mission
from lupex.model.fact import Fact
from lupex.model.settings.own_layer import MissionLayer
from lupex.model.settings.place import MissionPlace
from lupex.model.settings.setting import settings_fields

LABEL = "study.json [mission]"


def recorded_mission(record: Any) -> Mission:
    """The mission of the table ``mission`` in a study's study.json, checked as a mission file is.

    Args:
        record: what JSON gave.

    Raises MissionError naming table and key for a record that is damaged or was written by another version.
    """
    if not isinstance(record, dict):
        raise MissionError(f"{LABEL}: is no table", "run the study again")
    try:
        settings: dict[str, Any] = {
            name: _settings(name, record.get(name, {})) for name in SETTINGS
        }  # an older study lacks newer tables
        facts: dict[str, Any] = {kind: tuple(_fact(one) for one in record[kind]) for kind in ("lander", "rover")}
        texts: dict[str, Any] = {
            name: typed(f"{LABEL} {name}", record[name], str) for name in ("name", "lander_name", "rover_name")
        }
        mission = Mission(
            title=str(record["title"]),
            path=str(record["path"]),
            folder=str(record["folder"]),
            **texts,
            **settings,
            **facts,
            places=tuple(_noun(MissionPlace, one) for one in record["places"]),
            layers=tuple(_noun(MissionLayer, one) for one in record["layers"]) if record.get("layers") else (),
            given=tuple(str(name) for name in record["given"]),
            text_sha256=str(record["text_sha256"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MissionError(
            f"{LABEL}: cannot be read ({type(error).__name__}: {error})", "run the study again"
        ) from error
    check_consistency(mission)
    return mission


def _settings(table: str, body: Any) -> Any:
    specs = {spec.name: spec for spec in settings_fields(SETTINGS[table])}
    known = {key: value for key, value in body.items() if key in specs}
    return SETTINGS[table](**{key: setting_value(f"{LABEL} {table} {key}", specs[key], v) for key, v in known.items()})


def _fact(record: dict[str, Any]) -> Fact:
    stated_for = record.get("stated_for")
    value = tuple(record["value"]) if isinstance(record["value"], list) else record["value"]
    return Fact(
        key=record["key"],
        value=value,
        source=record["source"],
        meaning=record.get("meaning", ""),
        stated_for=None if stated_for is None else (str(stated_for[0]), float(stated_for[1])),
    )


def _noun(kind: Any, record: dict[str, Any]) -> Any:
    return kind(**{spec.name: record[spec.name] for spec in fields(kind) if spec.name in record})
