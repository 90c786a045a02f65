"""The shape of the repository: tests mirror the source, and nothing in it speaks of one machine."""

import re

from tests.contracts.source_tree import PACKAGE, ROOT, rooms, shown, text_files

WITHOUT_A_ROOM = {"authorities", "fuzz", "contracts"}

# Spelled in pieces, so that this file does not hold what it looks for.
MACHINE_FOLDERS = ("home", "opt", "root", "tmp", "Users", "work")
# Nothing that could be the rest of a relative path or of an address stands before it.
ABSOLUTE_PATH = re.compile(rf"(?<![\w.*~}}\])<-])/(?:{'|'.join(MACHINE_FOLDERS)})/[\w.]")
REGISTRIES = ["".join(parts) for parts in (("pypi", ".org"), ("python", "hosted"), ("registry.npm", "js"))]


def test_every_test_stands_where_its_module_stands() -> None:
    astray = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        folder = path.relative_to(ROOT / "tests").parent.as_posix()
        if folder in WITHOUT_A_ROOM:
            continue
        module = PACKAGE / folder / path.name.removeprefix("test_")
        if folder.split("/")[0] not in rooms() or not (module.exists() or module.with_suffix("").is_dir()):
            astray.append(f"{shown(path)} tests no module {shown(module)}")
    assert astray == []


def test_every_room_is_tested() -> None:
    untested = [room for room in rooms() if not list((ROOT / "tests" / room).rglob("test_*.py"))]
    assert untested == []


def test_no_test_is_left_out() -> None:
    markers = re.compile(r"\b(?:pytest\.(?:skip|xfail|importorskip)|mark\.(?:skip|skipif|xfail))\b")
    out = [
        f"{shown(path)}: {found[0]}"
        for path, text in text_files()
        if path.suffix == ".py" and "tests" in path.parts and path.name != "test_tree.py"
        for found in [markers.search(text)]
        if found
    ]
    assert out == []


def test_a_path_of_one_machine_is_told_from_a_relative_path_and_an_address() -> None:
    folder = MACHINE_FOLDERS[0]
    for text in (f"/{folder}/x", f"see '/{folder}/x'", f"--out=/{folder}/.x"):
        assert ABSOLUTE_PATH.search(text), text
    for text in (f"my/{folder}/x", f"./{folder}/x", f"https://moon.example/{folder}/x", f"{{root}}/{folder}/x"):
        assert not ABSOLUTE_PATH.search(text), text


def test_no_file_names_a_path_of_one_machine() -> None:
    assert _found(ABSOLUTE_PATH) == []


def test_no_file_names_a_registry() -> None:
    assert _found(re.compile("|".join(re.escape(name) for name in REGISTRIES))) == []


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{shown(path)}:{number}: {line.strip()[:100]}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
