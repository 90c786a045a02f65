"""A dictionary as pages for people: packets with their fields and limits, commands with their arguments."""

from collections.abc import Sequence
from html import escape

from lupex.model.telemetry.dictionary import Command, Dictionary, Fixed
from lupex.model.telemetry.types import Limits, ValueType

Table = tuple[Sequence[str], list[list[str]]]


def dictionary_page(dictionary: Dictionary, form: str = "md") -> str:
    """The documentation page of a dictionary.

    Args:
        dictionary: telemetry and commands. form: 'md' for Markdown, 'html' for a page that stands alone.
    """
    if form == "html":
        body = "\n".join(_html(kind, content) for kind, content in _parts(dictionary))
        style = "body{font:15px sans-serif}table{border-collapse:collapse}td,th{border:1px solid;padding:3px}"
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(dictionary.name)}</title>'
            f"<style>{style}</style></head><body>\n{body}\n</body></html>\n"
        )
    return "\n".join(_markdown(kind, content) for kind, content in _parts(dictionary))


def _parts(dictionary: Dictionary) -> list[tuple[str, str | Table]]:
    parts: list[tuple[str, str | Table]] = [("h1", f"Dictionary {dictionary.name}")]
    if dictionary.source:
        parts.append(("p", f"Source: {dictionary.source}."))
    parts.append(("p", "Packets end in a CRC-16-CCITT." if dictionary.error_control else "Packets have no checksum."))
    parts.append(("h2", "Packets"))
    for one in dictionary.containers.values():
        conditions = ", ".join(f"{c.parameter} {c.operator} {c.value}" for c in one.conditions)
        parts.append(("h3", one.name))
        refined = f" Refines {one.base}" + (f" where {conditions}." if conditions else ".") if one.base else ""
        parts.append(("p", f"{_sentence(one.meaning)}{' Never a packet by itself.' if one.abstract else ''}{refined}"))
        rows = [
            _field(dictionary, entry.parameter) if entry.parameter else [entry.container, "container", "", "", "", ""]
            for entry in one.entries
        ]
        if rows:
            parts.append(("table", (("field", "bits", "unit", "values", "limits", "meaning"), rows)))
    parts.append(("h2", "Commands"))
    for command in dictionary.commands.values():
        parts.append(("h3", command.name))
        parts.append(("p", _command_words(command)))
        rows = [
            [one.name, _bits(one.type), one.type.unit, _values(one.type), _range(one.type.valid), one.meaning]
            for one in command.arguments
        ]
        if rows:
            parts.append(("table", (("argument", "bits", "unit", "values", "valid", "meaning"), rows)))
    if dictionary.derived:
        rows = [[one.name, one.formula, one.unit, _limits(one.limits), one.meaning] for one in dictionary.derived]
        parts += [("h2", "Derived values"), ("table", (("name", "formula", "unit", "limits", "meaning"), rows))]
    return parts


def _field(dictionary: Dictionary, name: str) -> list[str]:
    one = dictionary.parameters[name]
    return [name, _bits(one.type), one.type.unit, _values(one.type), _limits(one.type.limits), one.meaning]


def _command_words(command: Command) -> str:
    words = [_sentence(command.meaning)]
    if command.critical:
        words.append("Critical.")
    if command.abstract:
        words.append("Cannot be sent by itself.")
    if command.base:
        assigned = ", ".join(f"{key} = {value}" for key, value in command.assigned.items())
        words.append(f"Refines {command.base}" + (f" with {assigned}." if assigned else "."))
    fixed = [f"{part.value} in {part.bits} bits" for part in command.layout if isinstance(part, Fixed)]
    if fixed and not command.abstract:
        words.append(f"Always the same: {', '.join(fixed)}.")
    return " ".join(word for word in words if word)


def _bits(type_: ValueType) -> str:
    encoding = type_.encoding
    size = str(encoding.bits) if encoding.bits else "variable"
    return f"{size} {encoding.kind.replace('_', ' ')}{', least significant first' if encoding.little_endian else ''}"


def _values(type_: ValueType) -> str:
    if type_.labels:
        return ", ".join(f"{low if low == high else f'{low} to {high}'} {text}" for low, high, text in type_.labels)
    if type_.calibrator is None:
        return f"time from {type_.epoch}, {type_.scale_s:g} s a count" if type_.epoch else ""
    if type_.calibrator.points:
        return "lines through " + ", ".join(f"({x:g}, {y:g})" for x, y in type_.calibrator.points)
    powers = ["", " x", *(f" x^{k}" for k in range(2, len(type_.calibrator.coefficients)))]
    return " + ".join(f"{one:g}{power}" for one, power in zip(type_.calibrator.coefficients, powers, strict=False))


def _limits(limits: Limits) -> str:
    pairs = (("warning", limits.warning), ("critical", limits.critical))
    words = [f"{word} {_range(pair)}" for word, pair in pairs if pair]
    words += [f"critical {label}" for label in limits.bad_labels]
    if words and limits.violations > 1:
        words.append(f"{limits.violations} in a row")
    return "; ".join(words)


def _range(pair: tuple[float, float] | None) -> str:
    return "" if pair is None else f"{pair[0]:.10g} to {pair[1]:.10g}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _markdown(kind: str, content: str | Table) -> str:
    if isinstance(content, str):
        return f"{'#' * int(kind[1])} {content}\n" if kind[0] == "h" else f"{_cell(content)}\n"
    head, rows = content
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _html(kind: str, content: str | Table) -> str:
    if isinstance(content, str):
        return f"<{kind}>{escape(content)}</{kind}>"
    head, rows = content
    first = "".join(f"<th>{escape(one)}</th>" for one in head)
    lines = ["<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows]
    return f"<table><tr>{first}</tr>\n" + "\n".join(lines) + "</table>"
