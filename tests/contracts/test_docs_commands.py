"""The words of the documentation are promises: commands run, output is what comes out, links lead somewhere.

Blocks marked ``console`` run, line by line behind '$', in one folder per page; ``python`` blocks run too; ``toml`` and
``python`` blocks whose first line is '# name.toml' or '# name.py' are saved there first. Blocks marked ``sh`` are
dear (set-up, whole studies): their words are only checked against the parser.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command import environment
from tests.contracts.doc_pages import PAGES, Shown, anchors, blocks, links, lupex_words, session
from tests.contracts.source_tree import shown

from lupex.cli.arguments import shielded
from lupex.cli.main import build_parser

RUN = [page for page in PAGES if any(block.language in {"console", "python"} for block in blocks(page))]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
RELATIVE, ABSOLUTE = 0.03, 0.02


def agrees(line: str, printed: str) -> bool:
    """Equal words, and numbers equal to about what a page rounds to."""
    if NUMBER.sub("#", line).split() != NUMBER.sub("#", printed).split():
        return False
    pairs = zip(map(float, NUMBER.findall(line)), map(float, NUMBER.findall(printed)), strict=True)
    return all(abs(a - b) <= ABSOLUTE + RELATIVE * abs(b) for a, b in pairs)


def run(command: str, folder: Path) -> str:
    """What a command of a page prints; it must end well."""
    words = shlex.split(command)
    interpreter = {"lupex": [sys.executable, "-m", "lupex"], "python": [sys.executable]}
    done = subprocess.run(
        [*interpreter[words[0]], *words[1:]],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


def check_output(step: Shown, printed: str) -> None:
    """The lines a page shows, up to '...', are the first lines printed."""
    expected = list(step.output)
    lines = printed.splitlines()
    whole = "..." not in [line.strip() for line in expected]
    if not whole:
        expected = expected[: [line.strip() for line in expected].index("...")]
    elif expected:
        assert len(lines) == len(expected), f"{step.command}\nprinted:\n{printed}"
    for line, actual in zip(expected, lines, strict=False):
        assert agrees(line, actual), f"{step.command}\nshown:   {line}\nprinted: {actual}"
    assert len(lines) >= len(expected), f"{step.command}\nprinted:\n{printed}"


def test_numbers_agree_as_a_page_rounds_them_and_words_exactly() -> None:
    assert agrees('"lit_fraction": 0.96,', '"lit_fraction": 0.9603825,')
    assert not agrees('"lit_fraction": 0.96,', '"lit_fraction": 0.89,')
    assert not agrees("elevation_deg 1", "elevation_rad 1")


@pytest.mark.parametrize("page", RUN, ids=shown)
def test_what_a_page_shows_runs(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(blocks(page)):
        if block.saved_as:
            (tmp_path / block.saved_as).write_text(block.body, encoding="utf-8")
        elif block.language == "python":
            (tmp_path / f"block_{number}.py").write_text(block.body, encoding="utf-8")
            run(f"python block_{number}.py", tmp_path)
        elif block.language == "console":
            for step in session(block):
                check_output(step, run(step.command, tmp_path))


def test_the_documented_commands_are_many_and_cover_every_command() -> None:
    used = [words for page in PAGES for words in lupex_words(page)]
    assert len(used) > 30
    commands = {"study", "sky", "skyline", "light", "horizons", "maps", "sites", "dem", "mission", "traverse"}
    assert commands <= {w[0] for w in used}
    assert {"plan", "check", "reach", "campaign"} <= {w[1] for w in used if w[0] == "traverse"}


@pytest.mark.parametrize("page", [page for page in PAGES if list(lupex_words(page))], ids=shown)
def test_every_command_of_a_page_is_one_the_parser_knows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in lupex_words(page):
        for word in words:
            if Path(word).suffix in {".lbl", ".tif"}:
                Path(word).touch()
        build_parser().parse_args(shielded(words))


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), f"{shown(page)} links to {target}"
        if anchor:
            assert anchor in anchors(place), f"{shown(page)} links to {target}"


def test_every_page_is_reached_from_the_index() -> None:
    index = next(page for page in PAGES if shown(page) == "docs/README.md")
    reached = {(index.parent / target.partition("#")[0]).resolve() for target in links(index)}
    pages = {page for page in PAGES if "docs" in page.parts and page != index}
    assert {shown(page) for page in pages - reached} == set()
