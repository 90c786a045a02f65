"""Tiles are what was noted of them, or are named, removed and made anew."""

from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import StoreError
from lupex.io import TileStore


def test_a_single_bit_flipped_in_a_tile_or_a_level_is_found(tmp_path: Path) -> None:
    store = TileStore.create(tmp_path / "t", {"a": 1})
    entry = store.write("light/0-0", np.arange(60.0))
    level = store.allocate("level1", (4, 4))
    level[...] = 3.0
    sealed = store.seal("level1", level)
    rng = np.random.default_rng(1)
    for name, noted in (("light/0-0", entry), ("level1", sealed)):
        path = store.path(name)
        whole = path.read_bytes()
        assert store.is_whole(name, noted)
        for bit in rng.integers(8 * len(whole), size=40):
            damaged = bytearray(whole)
            damaged[bit // 8] ^= 1 << bit % 8
            path.write_bytes(damaged)
            assert not store.is_whole(name, noted)
            with pytest.raises(StoreError, match=rf"{path.name}: is damaged and was removed"):
                store.mapped(name, noted)
            assert not path.exists()


def test_leftovers_of_killed_writers_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    store = TileStore.create(tmp_path / "t", {"a": 1})
    mine = store.allocate("level1", (2, 2))
    living = next((tmp_path / "t").glob(".partial-*"))
    host, process, *_ = living.name.removeprefix(".partial-").split("-")
    dead = living.with_name(f".partial-{host}-{2**22 + 5}-0-level2.npy")
    other = living.with_name(f".partial-00000000-{process}-0-level2.npy")
    for path in (dead, other):
        path.write_bytes(b"x")
    store.tidy()
    assert living.exists() and other.exists() and not dead.exists()
    store.seal("level1", mine)
    assert not living.exists()
