"""Wrong names, and the right ones nearest to them."""

import difflib
import re
from collections.abc import Iterable, Mapping

from lupex.model import quantities

UNITS = {unit.suffix: unit.words for unit in quantities.UNITS}
"""Unit suffixes of names, and how to say them."""

MOST_LISTED = 16
"""Names listed in full; of more only the nearest are shown: a message is one line."""

_SUFFIX = re.compile("_(" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")$")


def unit_of(name: str) -> str:
    """The unit suffix of a name ('deg', 'm_s', ...), '' when it has none."""
    match = _SUFFIX.search(_folded(name))
    return match.group(1) if match else ""


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """The known name nearest to a wrong one: same but for the unit, then by spelling; None when none is near."""
    names = list(known)
    stem = _stem(wrong)
    same = [name for name in names if _stem(name) == stem]
    if same:
        return same[0]
    folded = {_folded(name): name for name in names}
    close = difflib.get_close_matches(_folded(wrong), folded, n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    stems = {_stem(name): name for name in names}
    close = difflib.get_close_matches(stem, stems, n=1, cutoff=0.7)
    return stems[close[0]] if close else None


def suggestion(wrong: str, known: Iterable[str], elsewhere: Mapping[str, Iterable[str]] | None = None) -> str:
    """What to write instead of a wrong name.

    Args:
        known: the names that would be right here.
        elsewhere: table -> names of the other tables, where an exact name may belong.
    """
    names = list(known)
    for table, others in (elsewhere or {}).items():
        if wrong in others:
            return f"it belongs to [{table}]"
    best = nearest(wrong, names)
    if best is not None:
        return f"did you mean '{best}'?{_unit_remark(wrong, best)}"
    for table, others in (elsewhere or {}).items():
        best = nearest(wrong, others)
        if best is not None:
            return f"did you mean '{best}' of [{table}]?"
    if len(names) > MOST_LISTED:
        near = difflib.get_close_matches(_folded(wrong), names, n=MOST_LISTED // 2, cutoff=0.0)
        return f"nearest of {len(names)} known names: {', '.join(near)}"
    return f"known names: {', '.join(names)}" if names else "this table takes no names"


def _unit_remark(wrong: str, right: str) -> str:
    unit, given = unit_of(right), unit_of(wrong)
    if not unit or unit == given:
        return ""
    return f" (in {UNITS[unit]}{', not ' + UNITS[given] if given else ''})"


def _stem(name: str) -> str:
    return _SUFFIX.sub("", _folded(name))


def _folded(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()
