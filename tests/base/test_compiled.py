"""Compiled kernels on disk: never stale, never damaged, never in the way. What compiles has its own process."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import lupex
from lupex.base.compiled import (
    ABOUT,
    FOLDER_VARIABLE,
    KEEP_FOLDERS,
    KEEP_STATES,
    SPARE_VARIABLE,
    WHAT,
    KernelFolder,
    _read_once,
    prune,
    sources_sha256,
)
from lupex.base.errors import LupexWarning

SOURCE = Path(lupex.__file__).parent.parent
DAY_S = 86400.0


def module_of(name: str, source: Path = SOURCE) -> tuple[Path, str]:
    """File and dotted name of the kernel module called ``name``."""
    (path,) = (source / "lupex" / "kernels").rglob(f"{name}.py")
    return path, ".".join(path.relative_to(source).with_suffix("").parts)


# The smallest kernel there is.
RISE = f"""
import numpy as np
from {module_of("cell_heap")[1]} import rise
heap, place = np.arange(3), np.arange(3)
rise(heap, place, np.array([3.0, 2.0, 1.0]), 2)
print(heap.tolist(), rise.stats.cache_hits.total())
"""
COMPILED = "[2, 1, 0] 0"
READ = "[2, 1, 0] 1"

# One that calls another, of another file: a skyline of 1000 counts all round, and a body that always stands at 0.04.
MEAN_VIEW = f"""
import numpy as np
from {module_of("longterm")[1]} import mean_view
azimuth = 2 * np.pi * np.arange(-1, 9) / 8
table = np.repeat(0.25 * (0.04 > 0.001 * np.arange(-200, 200)).astype("f4")[None, :, None], 4, 0).repeat(2, 2)
one, out = np.ones((1, 1)), np.zeros((2, 1, 1))
mean_view(
    np.full((8, 1, 1), 1000, "i2"), 0, 1, 0 * one, 0 * one, one, one, -1, np.cos(azimuth), np.sin(azimuth), 1,
    table, -0.2, 0.001, 0.0, 0.0, *out,
)
print(out.round(3).ravel().tolist())
"""


def run(code: str, source: Path = SOURCE, **variables: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LUPEX_", "XDG_"))}
    environment |= {"PYTHONPATH": str(source)} | {name: str(value) for name, value in variables.items()}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300)


def said(code: str, source: Path = SOURCE, **variables: str | Path) -> str:
    """What it prints; it must end well and say nothing on stderr."""
    result = run(code, source, **variables)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.strip()


def kernels_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.kernel"))


def test_a_constant_changed_in_a_called_kernel_changes_the_result(tmp_path):
    """Same cache, same name, size and date of every file: numba alone would go on with the old machine code."""
    source = tmp_path / "src"
    shutil.copytree(SOURCE / "lupex", source / "lupex", ignore=shutil.ignore_patterns("__pycache__", "*.tif"))
    kernels = tmp_path / "kernels"
    assert said(MEAN_VIEW, source, LUPEX_KERNELS_DIR=kernels) == "[0.0, 0.0]"
    helper, _ = module_of("steps", source)
    stamp = helper.stat()
    text = helper.read_text()
    assert "math.radians(0.003)" in text
    helper.write_text(text.replace("math.radians(0.003)", "math.radians(0.001)"))
    os.utime(helper, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    shutil.rmtree(helper.parent / "__pycache__", ignore_errors=True)  # Python's own cache goes by size and date
    before = {path.name for path in kernels_in(kernels)}
    assert said(MEAN_VIEW, source, LUPEX_KERNELS_DIR=kernels) == "[1.0, 1.0]"
    new = {path.name for path in kernels_in(kernels)} - before
    assert {name.rpartition("-")[0] for name in new} <= {name.rpartition("-")[0] for name in before}
    assert any(name.startswith(f"{module_of('longterm')[1]}.mean_view-") for name in new)
    assert len(list(kernels.iterdir())) == 1


def test_a_second_process_reads_what_the_first_compiled(tmp_path):
    assert said(RISE, LUPEX_KERNELS_DIR=tmp_path) == COMPILED
    assert said(RISE, LUPEX_KERNELS_DIR=tmp_path) == READ
    (folder,) = tmp_path.iterdir()
    about = json.loads((folder / ABOUT).read_text())
    assert about["what"] == WHAT
    assert {"numba", "llvmlite", "python", "processor", "features"} < set(about)


@pytest.fixture
def package(tmp_path):
    """Four modules: ``top`` imports ``sub.low`` by name and ``side`` not at all."""
    texts = {
        "__init__": "",
        "top": "from pack.kernels.sub import low\nimport numpy\n",
        "side": "import math\n",
        "sub/__init__": "",
        "sub/low": "import pack.kernels.sub.lowest\n",
        "sub/lowest": "BASE = 1\n",
    }
    (tmp_path / "pack" / "kernels" / "sub").mkdir(parents=True)
    (tmp_path / "pack" / "__init__.py").touch()
    for name, text in texts.items():
        (tmp_path / "pack" / "kernels" / f"{name}.py").write_text(text)
    return tmp_path / "pack" / "kernels"


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ("top", True),
        ("sub/low", True),
        ("sub/lowest", True),
        ("sub/__init__", True),
        ("__init__", True),
        ("side", False),
    ],
)
def test_the_digest_of_a_kernel_is_of_all_it_imports_and_of_nothing_else(package, changed, counts):
    before = sources_sha256(package / "top.py", package)
    (package / f"{changed}.py").write_text("BASE = 2\n" + (package / f"{changed}.py").read_text())
    _read_once.cache_clear()
    assert (sources_sha256(package / "top.py", package) != before) is counts


def test_a_relative_import_counts_every_file(package):
    (package / "top.py").write_text("from .sub import low\n")
    before = sources_sha256(package / "top.py", package)
    (package / "side.py").write_text("import cmath\n")
    _read_once.cache_clear()
    assert sources_sha256(package / "top.py", package) != before


def test_code_of_older_sources_goes_beyond_the_last_few_and_after_a_month(tmp_path):
    folder = KernelFolder(tmp_path, {})
    folder.write("other.kernel-a-1.kernel", b"of another kernel")
    assert folder.path is not None
    for number in range(KEEP_STATES + 3):
        folder.write(f"light.mean-a-{number:02d}.kernel", b"code")
        aged_s = time.time() - (KEEP_STATES + 3 - number) * DAY_S
        os.utime(folder.path / f"light.mean-a-{number:02d}.kernel", (aged_s, aged_s))
    folder.write("light.mean-a-99.kernel", b"code")
    kept = [path.name[-9:-7] for path in sorted(folder.path.glob("light.mean-a-*"))]
    assert kept == [f"{number:02d}" for number in range(4, KEEP_STATES + 3)] + ["99"]
    assert (folder.path / "other.kernel-a-1.kernel").exists()
    os.utime(folder.path / "light.mean-a-05.kernel", (0, 0))
    assert folder.read("light.mean-a-05.kernel") == b"code"  # used: young again
    folder.write("light.mean-a-98.kernel", b"code")
    assert (folder.path / "light.mean-a-05.kernel").exists()


def test_it_lies_in_the_cache_folder_of_lupex(tmp_path):
    assert said(RISE, LUPEX_CACHE_DIR=tmp_path) == COMPILED
    assert len(kernels_in(tmp_path / "kernels")) == 1


def test_numba_settings_that_change_machine_code_have_a_folder_of_their_own(tmp_path):
    said(RISE, LUPEX_KERNELS_DIR=tmp_path)
    assert said(RISE, LUPEX_KERNELS_DIR=tmp_path, NUMBA_OPT="1") == COMPILED
    assert len(list(tmp_path.iterdir())) == 2


def test_a_damaged_file_is_made_anew_in_silence(tmp_path):
    """Empty, cut at its head or its end, one bit turned."""
    said(RISE, LUPEX_KERNELS_DIR=tmp_path)
    (path,) = kernels_in(tmp_path)
    whole = path.read_bytes()
    turned = bytearray(whole)
    turned[len(whole) // 2] ^= 4
    for damaged in (b"", whole[:60], whole[:-1], bytes(turned)):
        path.write_bytes(damaged)
        assert said(RISE, LUPEX_KERNELS_DIR=tmp_path) == COMPILED
        assert said(RISE, LUPEX_KERNELS_DIR=tmp_path) == READ


def test_a_whole_file_that_this_numba_cannot_use_is_made_anew(tmp_path):
    said(RISE, LUPEX_KERNELS_DIR=tmp_path)
    (path,) = kernels_in(tmp_path)
    KernelFolder(None, {}, tmp_path).write("unused", b"")
    folder = KernelFolder(tmp_path, {})
    folder.write("other", b"no pickle at all")
    assert folder.path is not None
    shutil.copy(folder.path / "other", path)
    assert said(RISE, LUPEX_KERNELS_DIR=tmp_path) == COMPILED
    assert said(RISE, LUPEX_KERNELS_DIR=tmp_path) == READ


def test_a_folder_that_cannot_be_made_gives_one_note_and_a_temporary_one_that_goes(tmp_path):
    """The worker processes share the temporary folder and say nothing."""
    file = tmp_path / "file"
    file.write_text("not a folder")
    (tmp_path / "tmp").mkdir()
    code = (
        RISE
        + f"""
import os, subprocess, sys
print(len(os.listdir(os.environ["TMPDIR"])), flush=True)
subprocess.run([sys.executable, "-c", {RISE!r}], check=True)
"""
    )
    result = run(code, LUPEX_KERNELS_DIR=file / "kernels", TMPDIR=tmp_path / "tmp")
    assert result.stdout.splitlines() == [COMPILED, "1", READ]
    assert result.stderr.count("LupexWarning") == 1
    assert f"cannot be kept in {file / 'kernels'} (Not a directory)" in result.stderr
    assert "set LUPEX_CACHE_DIR" in result.stderr
    assert os.listdir(tmp_path / "tmp") == []


def test_without_any_place_to_write_it_still_computes(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")
    code = f"import tempfile; tempfile.tempdir = {str(file / 'nowhere')!r}" + RISE
    result = run(code, LUPEX_KERNELS_DIR=file / "kernels")
    assert result.stdout.strip() == COMPILED
    assert result.stderr.count("LupexWarning") == 1


def test_without_a_home_it_computes_and_says_so_once(tmp_path):
    code = f"from pathlib import Path\ndef no_home(): raise RuntimeError('no home')\nPath.home = no_home{RISE}"
    for expected in (COMPILED, READ):
        result = run(code, TMPDIR=tmp_path)
        assert result.stdout.strip() == expected
        assert result.stderr.count("LupexWarning") == 1
        assert f"no home folder: what can be computed again is kept in {tmp_path}" in result.stderr


def test_the_command_gives_the_note_in_one_line(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")
    code = f"from lupex.cli.main import _silence_libraries\n_silence_libraries(){RISE}"
    result = run(code, LUPEX_KERNELS_DIR=file / "kernels", TMPDIR=tmp_path)
    assert result.stdout.strip() == COMPILED
    assert result.stderr.startswith("lupex: note: compiled kernels cannot be kept")
    assert len(result.stderr.splitlines()) == 1


def test_a_read_only_folder_made_before_is_used_without_a_word(tmp_path):
    """As in a container's image: here nothing can be written because the mark of use is gone and its name is taken."""
    said(RISE, LUPEX_KERNELS_DIR=tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / ABOUT).unlink()
    assert said(RISE, LUPEX_KERNELS_DIR=tmp_path) == READ


@pytest.mark.parametrize("where", ["above", "itself"])
def test_machine_code_from_where_anyone_may_write_is_not_run(tmp_path, where):
    said(RISE, LUPEX_KERNELS_DIR=tmp_path / "kernels")
    (folder,) = (tmp_path / "kernels").iterdir()
    (folder if where == "itself" else folder.parent).chmod(0o777)
    result = run(RISE, LUPEX_KERNELS_DIR=tmp_path / "kernels", TMPDIR=tmp_path)
    assert result.stdout.strip() == COMPILED
    assert result.stderr.count("LupexWarning: compiled kernels cannot be kept") == 1
    assert "anyone may write there" in result.stderr


def state(root: Path, number: int, days_ago: float) -> Path:
    """A folder as an older state of the kernels left it."""
    folder = root / f"{number:032x}"
    folder.mkdir(parents=True)
    (folder / "light.mean-0.kernel").write_bytes(b"code")
    (folder / ABOUT).write_text(json.dumps({"what": WHAT}))
    os.utime(folder / ABOUT, (time.time() - days_ago * DAY_S,) * 2)
    return folder


def test_old_states_go_and_recent_ones_stay(tmp_path):
    months_old = state(tmp_path, 1, 40.0)
    recent = [state(tmp_path, 10 + i, 0.1 * i) for i in range(KEEP_FOLDERS + 2)]
    prune(tmp_path, keep=months_old.name)
    assert months_old.is_dir()  # the one in use stays, however old
    assert [folder.is_dir() for folder in recent] == [True] * (KEEP_FOLDERS - 1) + [False] * 3
    prune(tmp_path, keep="")
    assert not months_old.exists()


def test_pruning_leaves_what_was_not_made_here(tmp_path):
    foreign = tmp_path / f"{7:032x}"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("five years of work")
    mixed = state(tmp_path, 8, 50.0)
    (mixed / "notes.txt").write_text("keep me")
    named = tmp_path / "not a key"
    named.mkdir()
    (named / ABOUT).write_text(json.dumps({"what": WHAT}))
    os.utime(named / ABOUT, (0, 0))
    prune(tmp_path, keep="")
    assert (foreign / "thesis.txt").read_text() == "five years of work"
    assert [path.name for path in mixed.iterdir()] == ["notes.txt"]
    assert (named / ABOUT).exists()


def test_a_full_disk_gives_one_note_and_no_half_file(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv(SPARE_VARIABLE, raising=False)
    folder = KernelFolder(tmp_path / "kernels", {"state": "this"})
    folder.write("first", b"one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.warns(LupexWarning, match="No space left on device") as notes:
            folder.write("second", b"two")
            folder.write("third", b"three")
    assert len(notes) == 1
    assert folder.read("first") == b"one"
    assert folder.read("second") is None
    assert list(tmp_path.rglob("*.partial")) == []
    monkeypatch.delenv(SPARE_VARIABLE, raising=False)


def test_the_tests_of_one_run_share_one_folder():
    assert os.environ[FOLDER_VARIABLE]
