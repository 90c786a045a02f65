"""Compare the tables of two studies, number by number.

    python scripts/compare_studies.py OLD_FOLDER NEW_FOLDER [--relative 1e-6]

Prints, for every CSV in ``tables/``, what only one study has and the largest difference of each column; ends with 1
when any number, text or table differs by more than asked.
"""

import argparse
import csv
import sys
from pathlib import Path


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as texts by column."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def difference(old: str, new: str) -> float:
    """Relative difference of two numbers, 0 for equal texts, infinite for other texts that differ."""
    if old == new:
        return 0.0
    try:
        a, b = float(old), float(new)
    except ValueError:
        return float("inf")
    return abs(a - b) / max(abs(a), abs(b), 1e-12)


def compared(old: Path, new: Path, relative: float) -> list[str]:
    """What differs between two tables, a sentence each; columns that only one has are named."""
    before, after = rows_of(old), rows_of(new)
    if len(before) != len(after):
        return [f"{len(before)} rows before, {len(after)} after"]
    if not before:
        return []
    said = [f"column {name} only before" for name in before[0] if name not in after[0]]
    said += [f"column {name} only after" for name in after[0] if name not in before[0]]
    for name in (name for name in before[0] if name in after[0]):
        worst = max(difference(a[name] or "", b[name] or "") for a, b in zip(before, after, strict=True))
        if worst > relative:
            said.append(f"column {name} differs by up to {worst:.3g}")
    return said


def main(words: list[str]) -> int:
    """Compare two study folders; 0 when their tables agree."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--relative", type=float, default=1e-6, help="largest relative difference that counts as equal")
    args = parser.parse_args(words)
    tables = [{path.name for path in (folder / "tables").glob("*.csv")} for folder in (args.old, args.new)]
    differ = [f"{name}: only before" for name in sorted(tables[0] - tables[1])]
    differ += [f"{name}: only after" for name in sorted(tables[1] - tables[0])]
    for name in sorted(tables[0] & tables[1]):
        paths = (folder / "tables" / name for folder in (args.old, args.new))
        differ += [f"{name}: {text}" for text in compared(*paths, args.relative)]
    print("\n".join(differ) if differ else f"{len(tables[0])} tables agree within {args.relative:g}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
