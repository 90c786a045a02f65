"""Horizon stores survive being killed, refuse to mix runs, and give back what was written."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray

from lupex.base.errors import GridError, StoreError
from lupex.io import HorizonInputs, HorizonStore, same_crs
from lupex.model import Grid

GRID = Grid("south", 150, 90, 20.0, -900.0, 1500.0)
AZIMUTHS = np.arange(24) * 15.0


def inputs(**changes: Any) -> HorizonInputs:
    facts: dict[str, Any] = {
        "grid": GRID,
        "azimuths_pencil_deg": AZIMUTHS,
        "observer_height_m": 2.0,
        "search_radius_m": 250e3,
        "synthetic_below_m": 1600.0,
        "settings": {"terrain": ("abc", "def"), "near_cells": np.int64(4)},
    }
    return HorizonInputs(**(facts | changes))


def plane(index: int) -> np.ndarray:
    return np.random.default_rng(index).integers(-900, 900, GRID.shape).astype(np.int16)


def full_store(path: Path) -> HorizonStore:
    store = HorizonStore.create(path, inputs(), chunk=64)
    for index in range(AZIMUTHS.size):
        store.write_azimuth(index, plane(index))
    store.finalise()
    return store


def test_a_complete_store_gives_back_every_count_and_fact(tmp_path: Path) -> None:
    full_store(tmp_path / "s")
    store = HorizonStore.open(tmp_path / "s")
    assert store.is_complete and store.missing() == [] and store.damaged() == []
    whole = store.read()
    assert whole.grid == GRID and whole.observer_height_m == 2.0 and whole.synthetic_below_m == 1600.0
    np.testing.assert_array_equal(whole.counts, np.stack([plane(i) for i in range(24)]))
    np.testing.assert_array_equal(whole.azimuths_pencil_deg, AZIMUTHS)


def test_a_window_is_the_same_part_of_the_whole(tmp_path: Path) -> None:
    part = full_store(tmp_path / "s").read(slice(60, 130), slice(10, 11))
    assert part.grid == GRID.crop(60, 10, 70, 1)
    np.testing.assert_array_equal(part.counts, np.stack([plane(i)[60:130, 10:11] for i in range(24)]))


def test_any_zarr_reader_sees_degrees_and_coordinates(tmp_path: Path) -> None:
    full_store(tmp_path / "s")
    data = xarray.open_zarr(tmp_path / "s", consolidated=False)
    assert data.elevation.dims == ("azimuth_pencil_deg", "y", "x")
    np.testing.assert_allclose(data.elevation[3].values, plane(3) * 0.003, atol=1e-9)
    np.testing.assert_array_equal(data.y.values, GRID.y_m())
    crs = data[data.elevation.attrs.get("grid_mapping", data.elevation.encoding.get("grid_mapping"))]
    assert same_crs(crs.attrs["crs_wkt"], "IAU_2015:30135")
    assert data.attrs["lupex_crs"] == "IAU_2015:30135" and data.attrs["synthetic"] == "below 1600 m"


def test_a_plane_without_any_height_counts_as_done(tmp_path: Path) -> None:
    store = HorizonStore.create(tmp_path / "s", inputs())
    nothing = np.full(GRID.shape, -32768, dtype=np.int16)
    store.write_azimuth(5, nothing)
    assert store.done() == {5}
    np.testing.assert_array_equal(store.plane(5), nothing)


def test_the_same_inputs_resume_and_other_inputs_are_refused(tmp_path: Path) -> None:
    HorizonStore.create(tmp_path / "s", inputs()).write_azimuth(3, plane(3))
    assert HorizonStore.create(tmp_path / "s", inputs()).done() == {3}
    for change, word in (
        ({"observer_height_m": 0.0}, "observer_height_m"),
        ({"settings": {"terrain": ["other"]}}, "settings"),
        ({"azimuths_pencil_deg": np.arange(12) * 30.0}, "azimuths"),
        ({"grid": Grid("south", 150, 90, 20.0, 0.0, 0.0)}, "grid"),
    ):
        with pytest.raises(StoreError, match=word):
            HorizonStore.create(tmp_path / "s", inputs(**change))
    assert HorizonStore.create(tmp_path / "s", inputs(observer_height_m=0.0), fresh=True).done() == set()


def test_an_unfinished_store_is_not_read_as_a_map(tmp_path: Path) -> None:
    store = HorizonStore.create(tmp_path / "s", inputs())
    store.write_azimuth(0, plane(0))
    with pytest.raises(StoreError, match="23 azimuths are missing"):
        store.read()
    with pytest.raises(StoreError, match="23 azimuths are missing"):
        store.finalise()
    assert not store.is_complete


@pytest.mark.parametrize("torn", [b'1234abcd {"azimuth": 9', b"\x00" * 40, b'00000000 {"azimuth": 9, "crc32": "0"}\n'])
def test_a_torn_last_line_of_the_manifest_is_ignored(tmp_path: Path, torn: bytes) -> None:
    store = HorizonStore.create(tmp_path / "s", inputs())
    store.write_azimuth(0, plane(0))
    with open(tmp_path / "s" / "manifest.jsonl", "ab") as stream:
        stream.write(torn)
    assert HorizonStore.open(tmp_path / "s").done() == {0}
    store.write_azimuth(1, plane(1))
    assert store.done() == {0, 1}


def test_a_damaged_plane_is_found(tmp_path: Path) -> None:
    full_store(tmp_path / "s")
    shard = tmp_path / "s" / "elevation" / "c" / "7" / "0" / "0"
    content = bytearray(shard.read_bytes())
    content[40] ^= 0xFF
    shard.write_bytes(content)
    assert HorizonStore.open(tmp_path / "s").damaged() == [7]


def test_planes_of_the_wrong_kind_are_refused(tmp_path: Path) -> None:
    store = HorizonStore.create(tmp_path / "s", inputs())
    for bad in (plane(0).astype(np.int32), plane(0)[1:]):
        with pytest.raises(GridError):
            store.write_azimuth(0, bad)
    with pytest.raises(GridError):
        store.write_azimuth(24, plane(0))


def test_folders_that_are_no_store_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    for fresh in (False, True):
        with pytest.raises(StoreError, match="no horizon store|not made by lupex"):
            HorizonStore.create(tmp_path / "mine", inputs(), fresh=fresh)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"
    (tmp_path / "empty").mkdir()
    assert HorizonStore.create(tmp_path / "empty", inputs()).done() == set()


def test_a_record_that_was_tampered_with_is_damaged(tmp_path: Path) -> None:
    full_store(tmp_path / "s")
    record = tmp_path / "s" / "lupex.json"
    good = record.read_text()
    for bad in (good.replace('"observer_height_m": 2.0', '"observer_height_m": 3.0'), good[:-30], "[]"):
        record.write_text(bad)
        with pytest.raises(StoreError, match="damaged"):
            HorizonStore.open(tmp_path / "s")


def test_threads_may_write_at_the_same_time(tmp_path: Path) -> None:
    store = HorizonStore.create(tmp_path / "s", inputs(), chunk=64)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: store.write_azimuth(i, plane(i)), range(24)))
    np.testing.assert_array_equal(store.read().counts[11], plane(11))


def test_two_stores_of_equal_content_are_equal_byte_for_byte(tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        full_store(tmp_path / name)
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        contents.append({str(p.relative_to(tmp_path / name)): p.read_bytes() for p in files})
    assert contents[0] == contents[1]


WORKER = """
import sys, time
import numpy as np
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_horizon_store import AZIMUTHS, inputs, plane
from lupex.io import HorizonStore
store = HorizonStore.create(Path(sys.argv[1]), inputs(), chunk=64)
for index in store.missing():
    store.write_azimuth(index, plane(index))
    time.sleep(0.01)
store.finalise()
"""


def test_a_killed_run_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path / "s"), str(Path(__file__).parent)]
    for round_ in range(2):
        worker = subprocess.Popen(command)
        deadline = time.monotonic() + 30.0
        manifest = tmp_path / "s" / "manifest.jsonl"
        while time.monotonic() < deadline and worker.poll() is None:
            if manifest.exists() and manifest.read_bytes().count(b"\n") >= 6 * (round_ + 1):
                break
            time.sleep(0.005)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        done = HorizonStore.open(tmp_path / "s").done()
        assert len(done) >= 6 * (round_ + 1)
    subprocess.run(command, check=True)
    resumed, straight = HorizonStore.open(tmp_path / "s"), full_store(tmp_path / "t")
    assert resumed.is_complete and resumed.damaged() == []
    np.testing.assert_array_equal(resumed.read().counts, straight.read().counts)
    name = Path("elevation") / "c" / "12" / "0" / "0"
    assert (tmp_path / "s" / name).read_bytes() == (tmp_path / "t" / name).read_bytes()


def test_a_single_bit_flipped_in_any_file_is_found_or_harmless(tmp_path: Path) -> None:
    full_store(tmp_path / "s")
    want = HorizonStore.open(tmp_path / "s").read().counts
    rng = np.random.default_rng(7)
    files = sorted(path for path in (tmp_path / "s").rglob("*") if path.is_file())
    found = 0
    for _ in range(150):
        path = files[int(rng.integers(len(files)))]
        whole = path.read_bytes()
        bit = int(rng.integers(8 * len(whole)))
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            store = HorizonStore.open(tmp_path / "s")
            np.testing.assert_array_equal(store.read().counts, want, err_msg=f"{path.name} bit {bit}")
        except StoreError as error:
            found += 1
            assert "\n" not in str(error) and str(tmp_path / "s") in str(error)
        path.write_bytes(whole)
    assert found > 50


def test_a_lost_file_is_no_plane_without_heights(tmp_path: Path) -> None:
    store = full_store(tmp_path / "s")
    (tmp_path / "s" / "elevation" / "c" / "7" / "0" / "0").unlink()
    with pytest.raises(StoreError, match="the file of azimuth 7 is missing"):
        store.read()
    assert store.whole() == set(range(24)) - {7}
