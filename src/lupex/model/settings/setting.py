"""How one setting is declared: default, meaning, source, bounds, and whether it names files, in one place."""

from collections.abc import Iterable
from dataclasses import Field, field, fields
from typing import Any

ASSUMPTION = "assumption"


def setting(
    default: Any,
    meaning: str,
    source: str = ASSUMPTION,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    *,
    path: bool = False,
    catalogue: str = "",
    many: bool = False,
    words: tuple[str, ...] = (),
) -> Any:
    """A dataclass field that says all a loader, a check and an explanation need to know about one setting.

    Args:
        default: its type is the setting's type; a tuple of text where ``many``.
        meaning: one phrase for the user, without the unit, which stands in the name.
        source: where the default comes from.
        minimum, maximum: bounds of a number, inclusive; None for none.
        choices: the only texts allowed; empty for any.
        path: the text is the path of a file, made absolute by the loader, or one of ``words``.
        catalogue: the text is a name of this kind of the catalogue ('stations'), the path of a file that ends in
            '.toml', or one of ``words``; '' for none of this.
        many: the setting is a list; a TOML array of texts, or one text.
        words: texts that are neither a path nor a name.
    """
    return field(
        default=default,
        metadata={
            "meaning": meaning,
            "source": source,
            "minimum": minimum,
            "maximum": maximum,
            "choices": choices,
            "path": path,
            "catalogue": catalogue,
            "many": many,
            "words": words,
        },
    )


def settings_fields(kind: Any) -> tuple[Field[Any], ...]:
    """The fields of a settings class or value that a mission file may state: those made by `setting`."""
    return tuple(spec for spec in fields(kind) if "meaning" in spec.metadata)


def one_or_many(value: Any) -> tuple[str, ...]:
    """One text, whole, or a sequence of texts, as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)


def texts(value: str | Iterable[str]) -> tuple[str, ...]:
    """The texts of a list setting, in order, blanks and repeats left out; one text is split at commas."""
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
