"""--fresh deletes what the store made and nothing else."""

from pathlib import Path

import numpy as np
import pytest
from tests.io.stores.test_horizon_store import full_store, inputs

from lupex.base.errors import StoreError
from lupex.io import HorizonStore, TileStore


def tiles(folder: Path) -> TileStore:
    store = TileStore.create(folder, {"a": 1})
    store.manifest.note({"tile": "light/0-0", **store.write("light/0-0", np.arange(6.0))})
    return store


def test_a_fresh_start_removes_a_store_of_either_kind_whatever_its_inputs(tmp_path: Path) -> None:
    tiles(tmp_path / "t")
    assert TileStore.create(tmp_path / "t", {"a": 2}, fresh=True).manifest.entries() == []
    full_store(tmp_path / "h")
    assert HorizonStore.create(tmp_path / "h", inputs(observer_height_m=9.0), fresh=True).done() == set()


@pytest.mark.parametrize(
    "name", ["thesis.tex", "light/notes.txt", "light/0-0.npy.bak", "elevation/c/notes", "job.json"]
)
def test_a_foreign_file_is_named_and_nothing_is_removed(tmp_path: Path, name: str) -> None:
    for kind in ("tiles", "horizons"):
        folder = tmp_path / kind
        tiles(folder) if kind == "tiles" else full_store(folder)
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text('{"name": "somebody else\'s"}')
        before = sorted(folder.rglob("*"))
        with pytest.raises(StoreError, match=rf"{name} in it was not made by lupex, so nothing is removed"):
            if kind == "tiles":
                TileStore.create(folder, {"a": 2}, fresh=True)
            else:
                HorizonStore.create(folder, inputs(), fresh=True)
        assert sorted(folder.rglob("*")) == before


def test_a_link_is_foreign_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "data.npy").write_bytes(b"\x93NUMPY")
    store = tiles(tmp_path / "t")
    (tmp_path / "t" / "means").symlink_to(tmp_path / "mine")
    with pytest.raises(StoreError, match="means in it was not made by lupex"):
        TileStore.create(tmp_path / "t", {"a": 2}, fresh=True)
    store.remove()
    assert (tmp_path / "mine" / "data.npy").exists() and (tmp_path / "t" / "means").is_symlink()
    assert not (tmp_path / "t" / "job.json").exists()
