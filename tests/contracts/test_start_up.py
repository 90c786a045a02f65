"""Starting is quick: what is heavy loads when something computes."""

import json
import resource
import subprocess
import sys

HELP_CPU_S = 0.5
HEAVY = {
    "jinja2",
    "matplotlib",
    "numba",
    "numpy",
    "pyogrio",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
    "spiceypy",
    "typst",
    "xarray",
    "zarr",
}
# What the console script does.
SHOW_HELP = "import sys; sys.argv = ['lupex', '--help']; from lupex.cli import main; sys.exit(main())"


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def cpu_s(code: str) -> float:
    """User and system seconds of a fresh interpreter that runs ``code``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    python(code)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def test_help_answers_in_half_a_second_of_cpu() -> None:
    best = min(cpu_s(SHOW_HELP) for _ in range(3))
    assert best < HELP_CPU_S


def test_help_names_the_commands() -> None:
    said = python(SHOW_HELP)
    for command in ("study", "sky", "skyline", "light", "horizons", "maps", "sites", "dem", "mission"):
        assert command in said, f"lupex --help does not name '{command}'"


def test_import_lupex_loads_nothing_heavy() -> None:
    loaded = json.loads(python("import json, sys, lupex; print(json.dumps(sorted(sys.modules)))"))
    assert "lupex" in loaded
    assert HEAVY & {name.partition(".")[0] for name in loaded} == set()


def test_the_command_line_loads_nothing_heavy() -> None:
    loaded = json.loads(python("import json, sys, lupex.cli; print(json.dumps(sorted(sys.modules)))"))
    assert HEAVY & {name.partition(".")[0] for name in loaded} == set()
