"""The cache of sky tables: whatever happens to it, the numbers are right."""

import logging
import zipfile

import numpy as np
import pytest

from lupex.ephemeris import sky_span
from lupex.ephemeris.store import stored

KEY = {"span": "a"}
SHAPES = {"a": (100, 2)}


class Counted:
    """Computes the same arrays each time and counts how often."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        return {"a": np.arange(200.0).reshape(100, 2)}


@pytest.fixture
def kept(tmp_path):
    """A cache that holds one entry, and its file."""
    stored(KEY, SHAPES, Counted(), tmp_path)
    (path,) = tmp_path.iterdir()
    return tmp_path, path


def test_what_is_kept_is_not_computed_again(kept):
    compute = Counted()
    arrays = stored(KEY, SHAPES, compute, kept[0])
    assert compute.count == 0
    assert np.array_equal(arrays["a"], Counted()()["a"])


def test_another_key_is_another_entry(kept):
    compute = Counted()
    stored({"span": "b"}, SHAPES, compute, kept[0])
    assert compute.count == 1
    assert len(list(kept[0].iterdir())) == 2


@pytest.mark.parametrize("keep_bytes", [0, 1, 30, 200, 1000, 1700])
def test_a_truncated_entry_is_computed_again_and_mended(kept, keep_bytes):
    folder, path = kept
    whole = path.read_bytes()
    path.write_bytes(whole[:keep_bytes])
    compute = Counted()
    arrays = stored(KEY, SHAPES, compute, folder)
    assert compute.count == 1
    assert np.array_equal(arrays["a"], Counted()()["a"])
    assert path.read_bytes() == whole


def test_a_flipped_bit_is_noticed(kept):
    folder, path = kept
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 4
    path.write_bytes(bytes(damaged))
    compute = Counted()
    stored(KEY, SHAPES, compute, folder)
    assert compute.count == 1


@pytest.mark.parametrize(
    "arrays",
    [
        {"b": np.zeros((100, 2))},
        {"a": np.zeros((99, 2))},
        {"a": np.zeros((100, 2), dtype=np.float32)},
        {"a": np.full((100, 2), np.nan)},
        {"a": np.array([["x", "y"]] * 100, dtype=object)},
    ],
)
def test_an_entry_that_is_something_else_is_computed_again(kept, arrays):
    folder, path = kept
    np.savez(path, **arrays)
    compute = Counted()
    stored(KEY, SHAPES, compute, folder)
    assert compute.count == 1


def test_a_zip_that_is_no_table_is_computed_again(kept):
    folder, path = kept
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "hello")
    compute = Counted()
    stored(KEY, SHAPES, compute, folder)
    assert compute.count == 1


def test_a_cache_that_cannot_be_written_costs_only_a_message(tmp_path, caplog):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    with caplog.at_level(logging.WARNING):
        arrays = stored(KEY, SHAPES, Counted(), blocked)
    assert arrays["a"].shape == (100, 2)
    assert "not cached" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == [blocked.name]


def test_an_interrupted_computation_keeps_nothing(tmp_path):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stored(KEY, SHAPES, interrupted, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_sky_table_is_mended_to_the_same_bytes(tmp_path):
    first = sky_span("2028-01-01", "2028-03-01", 3600, tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    again = sky_span("2028-01-01", "2028-03-01", 3600, tmp_path)
    assert np.array_equal(first.sun_me_m, again.sun_me_m)
    assert path.read_bytes() == whole
