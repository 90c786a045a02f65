"""The words of the command line are promises."""

import json
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.command import SRC, environment, lupex, process, refused

from lupex.cli.main import build_parser, main

COMMANDS = [
    "study",
    "sites",
    "horizons",
    "maps",
    "sky",
    "skyline",
    "light",
    "traverse",
    "contacts",
    "link",
    "dem",
    "mission",
]
DOCS = Path(__file__).parents[2] / "docs"


def test_help_names_every_command_and_shows_examples():
    done = process("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for command in COMMANDS:
        assert re.search(rf"^ +{command} ", done.stdout, re.MULTILINE), command
    assert "examples:" in done.stdout


def test_help_takes_less_than_half_a_second_of_processor_time():
    process("--help")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_help_imports_nothing_heavy():
    program = (
        "import sys; from lupex.cli import main; main(['--help']); heavy = sorted({name.split('.')[0] for name in "
        "sys.modules} & {'numpy', 'numba', 'scipy', 'spiceypy', 'rasterio', 'xarray', 'matplotlib', 'tqdm', "
        "'pyproj', 'zarr', 'shapely'}); print(heavy, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "words",
    [[c] for c in COMMANDS]
    + [["dem", a] for a in ("fetch", "info", "import")]
    + [["traverse", a] for a in ("plan", "check", "reach", "campaign")],
)
def test_every_command_has_help(words):
    done = lupex(*words, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: lupex {' '.join(words)}")


def test_every_option_has_a_meaning():
    pending = [build_parser()]
    while pending:
        for action in pending.pop()._actions:
            if isinstance(getattr(action, "choices", None), dict):
                pending += action.choices.values()
            else:
                assert action.help, action


def test_version_is_one_line():
    done = lupex("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"lupex \S.*\n", done.stdout)


def test_the_guide_shows_every_command_and_every_option():
    guide = (DOCS / "howto" / "command_line.md").read_text(encoding="utf-8")
    pending = [build_parser()]
    while pending:
        for action in pending.pop()._actions:
            if isinstance(getattr(action, "choices", None), dict):
                for name, parser in action.choices.items():
                    assert name in guide
                    pending.append(parser)
            for option in action.option_strings:
                assert option in guide or option == "-h", option


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "no command given; see 'lupex --help'"),
        (["skye"], "invalid choice: 'skye'"),
        (["sky"], "the following arguments are required: LAT, LON; see 'lupex sky --help'"),
        (["sky", "-89.5", "0"], "no times given; give --times FILE, or --start, --stop and --step"),
        (["sky", "-89.5", "0", "--start", "2028-01-01"], "no times given"),
        (["sky", "-90.5", "0"], "argument LAT: latitude -90.5 lies outside -90 .. 90"),
        (["sky", "-89.5", "361"], "argument LON: longitude 361 lies outside -360 .. 360"),
        (["sky", "-nan", "0"], "argument LAT: latitude -nan lies outside"),
        (["sky", "-inf", "0"], "argument LAT: latitude -inf lies outside"),
        (["sky", "south", "0"], "argument LAT: 'south' is not a number"),
        (["sky", "-89.5,222", "0"], "argument LAT: '-89.5,222' is not a number"),
        (["sky", "-89", "0", "--star", "2028-01-01"], "unrecognized arguments: --star"),
        (["sky", "-89", "0", "--start", "soon"], "argument --start: 'soon' is not a UTC time"),
        (["sky", "-89", "0", "--start", "2028-02-30"], "is not a date of the calendar"),
        (["sky", "-89", "0", "--start", "2028-01-01T00:00:00+09:00"], "has an offset from UTC"),
        (["sky", "-89", "0", "--step", "0"], "argument --step: step 0 lies outside"),
        (["sky", "-89", "0", "--step", "-60"], "argument --step: step -60 lies outside"),
        (["sky", "-89", "0", "--step", "an hour"], "argument --step: 'an hour' is not a number"),
        (["sky", "-89", "0", "--csv", "--json"], "not allowed with argument"),
        (["skyline", "no_such.tif", "-89", "0"], "argument DEM: no file 'no_such.tif'; give the path of a DEM"),
        (["skyline", "default", "-89", "0", "--height", "-1"], "argument --height: height -1 lies outside"),
        (["skyline", "default", "-89", "0", "--azimuths", "12.5"], "'12.5' is not a whole number"),
        (["light", "default", "-89", "0"], "the span is not complete"),
        (["horizons", "default"], "required: --out"),
        (["horizons", "default", "--out", "x", "--azimuths", "361"], "azimuths = 361 is not a multiple of 8"),
        (["maps", "default"], "required: --out"),
        (["dem"], "required: ACTION"),
        (["mission", "no_such.toml"], "no_such.toml: no such file"),
        (["study", "no_such.toml"], "no_such.toml: no such file"),
        (["sites", "no_such.toml"], "no_such.toml: no such file"),
    ],
)
def test_wrong_words_are_answered_in_one_line_with_exit_code_2(words, part):
    assert part in refused(*words)


def test_debug_shows_the_traceback():
    done = process("mission", "no_such.toml", "--debug")
    assert done.returncode != 0
    assert "Traceback" in done.stderr
    assert "MissionError" in done.stderr


def test_a_closed_pipe_is_no_error():
    done = subprocess.run(
        f"'{sys.executable}' -m lupex mission --explain | head -n 1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_under_stdout_is_one_line():
    with open("/dev/full", "w") as full:
        done = lupex("mission", "--explain", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, "lupex: error: No space left on device\n")


def test_a_closed_stdout_is_no_error():
    command = f"'{sys.executable}' -m lupex mission --explain >&-"
    done = subprocess.run(command, shell=True, env=environment(), stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_nobody_foresaw_ends_with_70_and_asks_for_a_report(monkeypatch, capsys):
    def broken(path):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("lupex.mission.load_mission", broken)
    assert main(["mission"]) == 70
    said = capsys.readouterr().err
    assert said.startswith("lupex: error: unexpected ZeroDivisionError: division by zero; this is a fault of lupex")
    assert "please report it" in said and said.count("\n") == 1


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_letters_the_terminal_does_not_know_are_no_reason_to_fail(tmp_path, encoding):
    name = tmp_path / "出発 🚀.tif"
    shutil.copy(SRC / "lupex" / "data" / "lola_dem_south_1600m.tif", name)
    settings = {"env": environment(PYTHONUTF8="0", PYTHONIOENCODING=encoding), "text": False}
    done = lupex("dem", "info", name, "--json", **settings)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode(encoding))["path"] == str(name)
    assert lupex("dem", "info", name, **settings).returncode == 0


def test_sigterm_stops_like_ctrl_c_with_its_own_exit_code(tmp_path):
    with open(tmp_path / "err", "wb") as errors:
        words = [
            sys.executable,
            "-m",
            "lupex",
            "horizons",
            "default",
            "--out",
            str(tmp_path / "h"),
            "--azimuths",
            "3600",
        ]
        child = subprocess.Popen(words, env=environment(), stdout=errors, stderr=errors)
        while not (tmp_path / "h" / "manifest.jsonl").exists() and child.poll() is None:
            time.sleep(0.05)
        child.terminate()
        assert child.wait(timeout=60) == 143
    assert "stopped; nothing half-written is left" in (tmp_path / "err").read_text()
    assert not list(tmp_path.rglob(".partial*"))
