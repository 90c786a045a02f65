"""XML of strangers: no document type, so no entities; bounded depth and size; elements without their namespace."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers import expat

from lupex.base.errors import InputError
from lupex.base.gate import file_bytes, printable

DEEPEST = 60
MOST_ELEMENTS = 2_000_000
DESCRIPTIVE = {"AliasSet", "AncillaryDataSet", "LongDescription", "Header", "ToString", "DefaultSignificance"}
"""Elements that hold words for people."""


def xml_root(path: str | Path) -> ElementTree.Element:
    """The root element of a file, tags without namespace.

    Raises:
        InputError: no such file, not XML (with the line), a document type (which may hold entities), more than 60
            levels or 2 million elements.
    """
    content = file_bytes(path)
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    seen = [0, 0]

    def start(tag: str, words: dict[str, str]) -> None:
        seen[0] += 1
        seen[1] += 1
        if seen[0] > DEEPEST or seen[1] > MOST_ELEMENTS:
            raise InputError(
                f"{path} line {parser.CurrentLineNumber}: XML nested or repeated without end", "check the file"
            )
        builder.start(_plain(tag), {_plain(key): value for key, value in words.items()})

    def end(tag: str) -> None:
        seen[0] -= 1
        builder.end(_plain(tag))

    def refuse(*_: Any) -> NoReturn:
        raise InputError(
            f"{path} line {parser.CurrentLineNumber}: holds a document type (DOCTYPE)", "take it and its entities out"
        )

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        what = f"{path} line {error.lineno}: not XML ({expat.ErrorString(error.code)})"
        raise InputError(what, "correct it there") from None
    except (LookupError, ValueError) as error:  # an encoding Python does not know, or cannot read XML in
        raise InputError(f"{path} line 1: not XML that can be read ({error})", "save it as UTF-8") from None
    return builder.close()


class Reader:
    """Where in a file we are, for errors; and what was passed over, for notes."""

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.notes: list[str] = []

    def refuse(self, element: ElementTree.Element | None, why: str, fix: str = "") -> NoReturn:
        """Raise InputError that names the file and the element."""
        where = "" if element is None else f" <{printable(element.tag)}{_called(element)}>"
        raise InputError(f"{self.path}{where}: {why}", fix or "change the definition, or decode it with another reader")

    def note(self, element: ElementTree.Element, why: str) -> None:
        """Keep in mind that an element without influence on values was passed over; each kind once."""
        text = f"<{printable(element.tag)}> {why}"
        if text not in self.notes and len(self.notes) < 50:
            self.notes.append(text)

    def word(self, element: ElementTree.Element, name: str, default: str | None = None) -> str:
        """An attribute; without ``default`` it must be there."""
        value = element.get(name, default)
        if value is None:
            self.refuse(element, f"has no {name}", f"state {name}")
        return value

    def whole(self, element: ElementTree.Element, name: str, default: int | None = None) -> int:
        """A whole number in an attribute."""
        text = self.word(element, name, None if default is None else str(default))
        try:
            return int(text, 0) if text.strip().lower().startswith("0x") else int(text)
        except ValueError:
            self.refuse(element, f"{name} is '{printable(text)}'", "write a whole number")

    def real(self, element: ElementTree.Element, name: str, default: float | None = None) -> float:
        """A finite number in an attribute."""
        text = self.word(element, name, None if default is None else repr(default))
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not abs(value) < float("inf"):
            self.refuse(element, f"{name} is '{printable(text)}'", "write a finite number")
        return value

    def truth(self, element: ElementTree.Element, name: str, default: bool) -> bool:
        """True or false in an attribute."""
        text = element.get(name, "true" if default else "false").strip()
        if text not in ("true", "false", "1", "0"):
            self.refuse(element, f"{name} is '{printable(text)}'", "write true or false")
        return text in ("true", "1")

    def parts(self, element: ElementTree.Element, *known: str) -> Iterator[ElementTree.Element]:
        """The children that say something; one that is not ``known`` is refused by name."""
        for part in element:
            if part.tag in known:
                yield part
            elif part.tag not in DESCRIPTIVE:
                self.refuse(part, f"inside <{element.tag}{_called(element)}> cannot be honoured")

    def number_of(self, element: ElementTree.Element) -> int:
        """The whole number that is an element's text."""
        text = (element.text or "").strip()
        if not text.lstrip("-").isdigit() or len(text) > 12:
            self.refuse(element, f"holds '{printable(text)}'", "write a whole number")
        return int(text)


def _plain(tag: str) -> str:
    return tag.rsplit(":", 1)[-1]


def _called(element: ElementTree.Element) -> str:
    name = element.get("name") or element.get("parameterRef") or ""
    return f" {printable(name)}" if name else ""
