"""The cache folder, and files that appear whole or not at all."""

from pathlib import Path

import pytest

from lupex.base.cache import cache_dir, replacing


def test_the_cache_stands_where_the_user_says(monkeypatch, tmp_path):
    monkeypatch.setenv("LUPEX_CACHE_DIR", str(tmp_path / "here"))
    assert cache_dir() == tmp_path / "here"


def test_the_cache_follows_the_platform_when_the_user_says_nothing(monkeypatch, tmp_path):
    monkeypatch.delenv("LUPEX_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "lupex"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert Path.home() in cache_dir().parents


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
