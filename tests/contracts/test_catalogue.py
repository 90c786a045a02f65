"""Every number in the catalogue names its source, or says that it is an assumption."""

import tomllib
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.source_tree import PACKAGE, ROOT

from lupex.catalogue.values import setting_value
from lupex.mission.mission import SETTINGS
from lupex.model.settings.setting import settings_fields

CATALOGUE = PACKAGE / "catalogue"
FILES = sorted(CATALOGUE.rglob("*.toml"))
FACT_KINDS = ("instruments", "landers", "launchers", "regolith", "rovers", "site_rules", "stations")
FACT_FILES = [path for path in FILES if path.parent.name in FACT_KINDS]
MISSION_FILES = [*(p for p in FILES if p.parent.name == "missions"), *sorted((ROOT / "examples").glob("*.toml"))]
BOUNDS = ("minimum", "maximum")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def has_source(table: dict[str, Any]) -> bool:
    source = table.get("source")
    return isinstance(source, str) and len(source.strip()) >= 4


def unsourced(value: Any, key: str = "", sourced: bool = False) -> Iterator[str]:
    """Keys of numbers that stand in no table with a source."""
    if isinstance(value, dict):
        sourced = sourced or has_source(value)
        for name, inner in value.items():
            yield from unsourced(inner, f"{key}.{name}" if key else name, sourced)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unsourced(inner, f"{key}[{index}]", sourced)
    elif is_number(value) and not sourced:
        yield key


def test_lander_and_rover_of_the_default_mission_are_in_the_catalogue() -> None:
    held = {path.relative_to(CATALOGUE).as_posix() for path in FILES}
    assert {"landers/lupex.toml", "rovers/lupex.toml", "missions/lupex.toml"} <= held


def test_a_number_without_a_source_is_found() -> None:
    text = "a = 1\n[b]\nsource = 'a paper'\nvalue = [2, { deep = 3.0 }]\n[[c]]\nvalue = 4\n[d]\nsource = ''\nvalue = 5"
    assert list(unsourced(tomllib.loads(text))) == ["a", "c[0].value", "d.value"]


@pytest.mark.parametrize("path", [p for p in FILES if p not in MISSION_FILES], ids=name_of)
def test_every_number_has_a_source_or_says_assumption(path: Path) -> None:
    assert list(unsourced(load(path))) == []


@pytest.mark.parametrize("path", FACT_FILES, ids=name_of)
def test_every_fact_has_value_source_and_meaning(path: Path) -> None:
    entry = load(path)
    assert entry["name"] == path.stem
    assert entry["title"].strip()
    assert entry["facts"]
    for key, fact in entry["facts"].items():
        assert {"value", "source", "meaning"} <= set(fact), key
        assert set(fact) <= {"value", "source", "meaning", *BOUNDS}, key
        assert has_source(fact), key
        assert fact["meaning"].strip(), key
    assert set(entry) <= {"name", "title", "facts", "unpublished"}
    assert not set(entry.get("unpublished", {})) & set(entry["facts"])


@pytest.mark.parametrize("path", MISSION_FILES, ids=name_of)
def test_a_mission_file_of_ours_takes_its_numbers_from_sourced_settings(path: Path) -> None:
    for table, held in load(path).items():
        if table in {"mission", "lander", "rover"}:
            assert list(unsourced(held)) == [], table
            continue
        known = {field.name: field for field in settings_fields(SETTINGS[table])}
        assert set(held) <= set(known), table
        held = {key: setting_value(key, known[key], value) for key, value in held.items()}
        default = {key: known[key].default for key in held}
        if path.stem == "lupex":
            assert held == default, f"[{table}] of the default mission is not the default"


def test_every_setting_has_a_meaning_and_a_source() -> None:
    for table, kind in SETTINGS.items():
        assert is_dataclass(kind)
        for field in settings_fields(kind):
            assert field.metadata["meaning"].strip(), f"{table}.{field.name}"
            assert field.metadata["source"].strip(), f"{table}.{field.name}"
