"""A copy of the page that needs no server."""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.io import read_map
from lupex.web import StudyFolder, export_page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of the name of the built one: this test needs no Node."""
    place = tmp_path_factory.mktemp("page")
    for name in ("index.html", "main.js", "main.css", "copy.js", "sources.sha256"):
        (place / name).write_text("", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def copy(study: StudyFolder, page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("copy") / "out"
    done = export_page(study, page, out)
    assert done.files == len([path for path in out.rglob("*") if path.is_file()])
    return out


def told(copy: Path) -> dict:
    text = (copy / "copy.js").read_text(encoding="utf-8")
    assert text.startswith("window.lupexCopy = {")
    return json.loads(text[text.index("{") : text.rindex(";")])


def test_the_numbers_of_every_map_are_those_of_its_file(study: StudyFolder, copy: Path) -> None:
    found = told(copy)["numbers"]
    assert len(found) == sum(len(sources) for sources in study.maps.values())
    for one in found:
        script = (copy / one["file"]).read_text(encoding="utf-8")
        packed = re.search(r'\["(.+?)"\] = "(.+)";', script)
        assert packed and packed.group(1) == one["file"]
        values = np.frombuffer(zlib.decompress(base64.b64decode(packed.group(2))), "<f4")
        want = read_map(study.source(one["name"], one["part"]).file.path)[1].ravel()
        assert np.array_equal(values, want.astype(np.float32), equal_nan=True)


def test_what_a_study_holds_is_answered_beforehand_and_the_rest_is_said_to_be_missing(copy: Path) -> None:
    answers = told(copy)["answers"]
    assert {"/api/study", "/api/ranking", "/api/contacts/S1"} <= set(answers)
    assert "/api/water" not in answers
    assert any("drives" in words for words in told(copy)["missing"])
    assert "token" not in (copy / "copy.js").read_text(encoding="utf-8")
    assert not (copy / "sources.sha256").exists()


def test_nothing_is_written_over_and_no_page_is_no_copy(study: StudyFolder, page: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x", encoding="utf-8")
    for place in (tmp_path / "mine", tmp_path / "mine" / "file"):
        with pytest.raises(InputError, match="is there already"):
            export_page(study, page, place)
    with pytest.raises(InputError, match="make web"):
        export_page(study, None, tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]
