"""What the documentation shows: fenced blocks, the commands in them, the files they save, the links."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.contracts.source_tree import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
_NAMED = re.compile(r"^# (?P<name>\w+\.(?:py|toml))$")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    language: str
    body: str

    @property
    def saved_as(self) -> str:
        """The file name a first line like '# mine.toml' gives, else ''."""
        found = _NAMED.match(self.body.partition("\n")[0])
        return found["name"] if found else ""


@dataclass(frozen=True)
class Shown:
    """A command behind '$' and the lines shown below it."""

    command: str
    output: tuple[str, ...]


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(page, found["language"], found["body"]) for found in _FENCE.finditer(text)]


def session(block: Block) -> list[Shown]:
    """The commands of a ``console`` block with what they print."""
    shown: list[Shown] = []
    for line in block.body.splitlines():
        if line.startswith("$ "):
            shown.append(Shown(line[2:], ()))
        else:
            shown[-1] = Shown(shown[-1].command, (*shown[-1].output, line))
    return shown


def lupex_words(page: Path) -> Iterator[list[str]]:
    """Words after ``lupex`` of every command line a page shows, in whatever block; redirections left out."""
    lines = page.read_text(encoding="utf-8").splitlines()
    lines += [f"    {line}" for block in blocks(page) if block.language == "sh" for line in block.body.splitlines()]
    for line in lines:
        if found := re.match(r"(?:\$ | {4,})lupex (?P<words>[a-z-].*)$", line):
            yield shlex.split(found["words"].partition(" > ")[0], comments=True)


def links(page: Path) -> list[str]:
    """Targets of links and pictures of a page that lie in the repository."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    found = (match["target"] or match["image"] for match in _LINK.finditer(text))
    return [target for target in found if "://" not in target]


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as the forges make them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
