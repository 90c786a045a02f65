"""One gate for text in each output format: whatever a name or note holds, the file stays what it promises to be.

Names may hold anything a keyboard can send. Every writer passes text through the function of its format, so that a
line break begins no keyword line, '=' no formula, an escape sequence no command of the terminal, and a name no folder.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from lupex.base.gate import file_stem, printable

LONGEST = 2000
"""Characters of one text in a file; more is cut, marked by dots."""
_FORMULA = re.compile(r"\s*[=+\-@]")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def whole_text(text: str) -> str:
    """Text that UTF-8 can hold: half characters, as in file names that are no text, become escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def one_line(text: str) -> str:
    """Text for one line of a text file or terminal: line breaks and control characters as escapes, blanks trimmed."""
    return printable(text.strip(), LONGEST)


def ccsds_line(text: str) -> str:
    """Text for a keyword-value message: one line of printable ASCII; other letters become '_', nothing becomes 'NONE'.

    CCSDS 502.0-B-3 and 503.0-B-2 allow printable ASCII and blanks only.
    """
    line = " ".join(text.split())
    return "".join(c if " " <= c <= "~" else "_" for c in line)[:LONGEST].strip() or "NONE"


def xml_text(text: str) -> str:
    """Text for an attribute or element of XML 1.0: the characters it cannot hold become '_'."""
    return _NOT_XML.sub("_", text)


def xml_line(text: str) -> str:
    """`xml_text` in one line, blanks drawn together."""
    return xml_text(" ".join(text.split()))[:LONGEST]


def calendar_line(text: str) -> str:
    """Text for a property of iCalendar: one line, other control characters and half characters become '_'."""
    return "".join(c if c.isprintable() else "_" for c in " ".join(text.split()))[:LONGEST]


def cell(text: str) -> str:
    """Text for a cell of a table: control characters other than a line break as escapes, and an apostrophe before what
    a spreadsheet would take for a formula (a leading '=', '+', '-' or '@' that begins no number)."""
    safe = "\n".join(printable(line, LONGEST) for line in text.replace("\r\n", "\n").split("\n"))
    return f"'{safe}" if _FORMULA.match(safe) and not _is_number(safe) else safe


def toml_text(value: Any) -> str:
    """A text, number, truth value or tuple of them as TOML writes it; text in one line, whatever it holds."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return f"[{', '.join(toml_text(one) for one in value)}]"
    if not isinstance(value, str):
        return repr(value)
    return json.dumps(whole_text(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def markdown_cell(text: str) -> str:
    """Text for a cell or list item of Markdown: one line that begins no cell, tag, link, image or code."""
    return "".join(f"\\{c}" if c in "\\|[]`*_<>" else c for c in one_line(text)).replace("&", "&amp;")


def without_apostrophe(text: str) -> str:
    """Text of a cell as it was before `cell` put an apostrophe in front of it; any other as it is."""
    bare = text.lstrip()
    return bare[1:] if bare.startswith("'") and cell(bare[1:]) == bare else text


def file_stems(names: Sequence[str]) -> list[str]:
    """File names (without ending) of these names, in their order: safe on every system, no two alike."""
    stems: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem, k = file_stem(name), 2
        while stem.lower() in taken:
            stem, k = f"{file_stem(name)}_{k}", k + 1
        taken.add(stem.lower())
        stems.append(stem)
    return stems


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
