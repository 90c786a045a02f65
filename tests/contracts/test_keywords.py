"""Values of many fields are made by name: two floats swapped would say nothing to a type checker."""

import ast
from pathlib import Path

from tests.contracts.source_tree import PACKAGE

FEW = 5
"""A dataclass of more fields takes them by keyword."""

MANY = 6
"""No construction passes more positional arguments than this."""

IN_THEIR_ORDER = {"Grid", "Terrain"}
"""Values whose fields have one order everybody knows: pole, rows, columns, cell, left, top; grid, heights, what lies
around."""

NOT_YET: set[str] = {
    "Agreement",
    "Cells",
    "DemInfo",
    "DemWindows",
    "Equilibrium",
    "FieldPosterior",
    "HorizonInputs",
    "IceSettings",
    "Joint",
    "Laboratory",
    "MapSettings",
    "Nuisances",
    "Oven",
    "Pds3Label",
    "Placement",
    "PlainRaster",
    "ProjectLayer",
    "Raster",
    "Scenario",
    "Species",
    "States",
    "Steps",
    "SunPath",
    "Task",
    "TraverseSettings",
    "Views",
    "_Needed",
    "_Path",
}
"""Classes that still take six fields or more by position. This list only shrinks."""


def _dataclasses(root: Path = PACKAGE) -> dict[str, tuple[Path, int, bool]]:
    """Name -> file, number of fields, whether it is keyword-only, of every dataclass of the package."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            for decorator in node.decorator_list:
                text = ast.unparse(decorator)
                if text.startswith("dataclass"):
                    fields = [b for b in node.body if isinstance(b, ast.AnnAssign) and "ClassVar" not in ast.unparse(b)]
                    found[node.name] = (path, len(fields), "kw_only=True" in text)
    return found


def test_dataclasses_of_six_fields_and_more_are_keyword_only() -> None:
    positional = {name for name, (_, fields, keyword) in _dataclasses().items() if fields > FEW and not keyword}
    assert positional - IN_THEIR_ORDER - NOT_YET == set(), "write @dataclass(..., kw_only=True)"


def test_the_list_of_exceptions_holds_nothing_that_has_been_mended() -> None:
    found = _dataclasses()
    mended = {name for name in NOT_YET if name not in found or found[name][1] <= FEW or found[name][2]}
    assert mended == set(), "take them off the list"


def test_nothing_is_made_with_seven_positional_arguments() -> None:
    long = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) > MANY:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name[:1].isupper() and name not in NOT_YET:
                    long.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {name}")
    assert long == []


def test_the_check_sees_a_class_by_position(tmp_path: Path) -> None:
    fields = "\n".join(f"    f{n}: int" for n in range(6))
    (tmp_path / "wide.py").write_text(
        f"@dataclass(frozen=True)\nclass Wide:\n{fields}\n\n\n@dataclass(kw_only=True)\nclass Named:\n{fields}\n"
    )
    assert {name: found[1:] for name, found in _dataclasses(tmp_path).items()} == {
        "Wide": (6, False),
        "Named": (6, True),
    }
