"""Hostile text in the formats of payload, operations and scenes: every file keeps its promise."""

import csv
import json
import tomllib
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from tests.cli.command import lupex
from tests.io.test_text import HOSTILE
from tests.payload.scenes import POLICY, item

from lupex.catalogue.telemetry import dictionary
from lupex.io import read_workbook, write_workbook
from lupex.io.messages.czml import SceneObject, czml_text
from lupex.io.text import markdown_cell, toml_text
from lupex.io.xtce import read_xtce, xtce_text
from lupex.ops.archive.store import Archive, Stored
from lupex.ops.yamcs import write_yamcs
from lupex.payload import entry_text, status_html, status_markdown, status_rows, tables

NAMES = (*HOSTILE, "a | b", "[click](javascript:x)", "![x](http://y/z)", "`code`", "\u202efdp.exe", "\x7f", "'''")


class Tags(HTMLParser):
    """Counts tags by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, int] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.found[tag] = self.found.get(tag, 0) + 1


@pytest.mark.parametrize("name", NAMES)
def test_a_status_of_instruments_has_the_rows_and_tags_of_a_harmless_one(name: str) -> None:
    good = status_rows([item("a", conflict="c"), item("b")], POLICY)
    bad = status_rows([item(name, title=name, owner=name, conflict=name), item("b")], POLICY)
    assert Tags(status_html(bad)).found == Tags(status_html(good)).found
    page, plain = status_markdown(bad).splitlines(), status_markdown(good).splitlines()
    assert len(page) == len(plain)
    bars = [line.replace("\\\\", "").replace("\\|", "").count("|") for line in page]
    assert bars == [line.count("|") for line in plain]
    for mark in "[<`":
        assert markdown_cell(name).replace("\\\\", "").count(mark) == markdown_cell(name).count("\\" + mark)


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_takes_no_text_for_a_formula_and_gives_it_back(name: str, tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", tables([item(name, title=name)]))
    write_workbook(tmp_path / "b.xlsx", {"instruments": [["instrument", "note"], [name, name]]})
    back = read_workbook(tmp_path / "b.xlsx")["instruments"]
    assert len(back) == 2 or not name.strip()
    if name.isprintable() and name.strip() and len(name) < 2000:
        assert back[1] == [name, name]


@pytest.mark.parametrize("name", NAMES)
def test_toml_of_ours_says_one_thing_in_one_line(name: str) -> None:
    assert "\n" not in toml_text(name)
    assert tomllib.loads(f"a = {toml_text((name, 1.5, True))}")["a"][1:] == [1.5, True]
    said = tomllib.loads(entry_text(name, {"mass_kg": {"value": 1.5, "source": name}}))
    assert set(said) == {"like", "name", "facts"} and set(said["facts"]) == {"mass_kg"}


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_and_a_dictionary_keep_their_structure(name: str, tmp_path: Path) -> None:
    thing = SceneObject(name=name, description=name, position_m=np.array([[1.0, 2.0, 3.0]]))
    _, packet = json.loads(czml_text(name, [thing]))
    assert "<" not in packet["description"] and packet["label"]["text"].isprintable()
    known = dictionary("lupex")
    first = next(iter(known.parameters))
    parameters = known.parameters | {first: replace(known.parameters[first], meaning=name)}
    hostile = replace(known, name=name, parameters=parameters)
    (tmp_path / "m.xml").write_text(xtce_text(hostile), encoding="utf-8")
    assert set(read_xtce(tmp_path / "m.xml").parameters) == set(known.parameters)
    written = write_yamcs(tmp_path / "y", hostile)
    assert all(path.resolve().is_relative_to((tmp_path / "y").resolve()) for path in written)
    ElementTree.parse(next((tmp_path / "y" / "mdb").iterdir()))


@pytest.mark.parametrize("name", ["a\nb", "=1+1", "\x1b[2J", "\u202eb"])
def test_an_archive_lists_what_packets_are_called_in_a_table_of_one_row_each(name: str, tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a.sqlite") as archive:
        archive.append([Stored(octets=bytes(8), tai_s=0.0, apid=1, count=0, name=name)])
    done = lupex("ops", "archive", "query", tmp_path / "a.sqlite")
    rows = list(csv.reader(done.stdout.splitlines(keepends=True)))
    assert len(rows) == 2 and not any(cell.startswith(("=", "\x1b")) for cell in rows[1])
    assert "\x1b" not in done.stdout


def test_a_table_mailed_back_writes_into_its_own_folder_whatever_an_instrument_is_called(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('like = "gpr"\nname = "../../out"\n')
    (tmp_path / "m.toml").write_text(f'[payload]\ninstruments = ["{tmp_path / "mine.toml"}"]\n')
    (tmp_path / "t.csv").write_text("instrument,mass_kg\n../../out,4.4\n")
    own = tmp_path / "a" / "b" / "own"
    done = lupex("payload", "import", tmp_path / "t.csv", "--mission", tmp_path / "m.toml", "--out", own)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in own.iterdir()] and not list(tmp_path.glob("*/*.toml"))
