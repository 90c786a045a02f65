"""The cache folder, and files that appear whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lupex.base.cache import _without_home, cache_dir, replacing
from lupex.base.errors import LupexWarning


def test_the_cache_stands_where_the_user_says(monkeypatch, tmp_path):
    monkeypatch.setenv("LUPEX_CACHE_DIR", str(tmp_path / "here"))
    assert cache_dir() == tmp_path / "here"


def test_the_cache_follows_the_platform_when_the_user_says_nothing(monkeypatch, tmp_path):
    monkeypatch.delenv("LUPEX_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "lupex"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert Path.home() in cache_dir().parents


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A user without a home folder, and the folder of temporary files."""

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("LUPEX_CACHE_DIR", "")  # so that what is set meanwhile is taken back
    _without_home.cache_clear()
    yield tmp_path
    _without_home.cache_clear()


def test_without_a_home_one_note_names_a_folder_of_the_users_own(homeless: Path) -> None:
    with pytest.warns(LupexWarning, match="no home folder: .* set LUPEX_CACHE_DIR") as notes:
        folder = cache_dir()
        assert cache_dir() == folder and len(notes) == 1
    assert folder.parent == homeless and folder.stat().st_mode & 0o777 == 0o700
    assert os.environ["LUPEX_CACHE_DIR"] == str(folder)  # a worker process asks there first


def test_a_temporary_folder_that_others_may_write_is_not_trusted(homeless: Path) -> None:
    (homeless / f"lupex-{os.getuid()}").mkdir()
    (homeless / f"lupex-{os.getuid()}").chmod(0o777)
    with pytest.warns(LupexWarning, match="no home folder"):
        assert cache_dir().name != f"lupex-{os.getuid()}"


def test_a_file_replaced_holds_all_that_was_written(tmp_path):
    path = tmp_path / "made" / "on demand.bin"
    with replacing(path) as stream:
        stream.write(b"old")
    with replacing(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "table.bin"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
