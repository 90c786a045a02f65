"""Finished steps come back equal, and nothing but what was written comes back."""

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lupex.base.errors import StoreError
from lupex.catalogue import station
from lupex.io.stores.step_store import StepStore, UnkeptError, classes_in
from lupex.model import Grid, LightMap, Terrain
from lupex.model import Station as Antenna


@dataclass(frozen=True, eq=False)
class Look:
    terrain: Terrain
    maps: LightMap | None = None
    mask: NDArray[np.bool_] | None = None
    numbers: dict[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    inner: "Look | None" = None


@dataclass(frozen=True)
class Stranger:
    value: float = 1.0


@dataclass(frozen=True)
class Station:
    """Of the name of an antenna's class."""

    number: int


KINDS = classes_in([Look])


def ground(far: Terrain | None = None) -> Terrain:
    heights = np.arange(12.0, dtype=np.float32).reshape(3, 4)
    return Terrain(Grid("south", 3, 4, 100.0, 0.0, 300.0), heights, far, None, "made up", "abc")


def store(folder: Path, key: str = "k") -> StepStore:
    return StepStore(folder, key, KINDS).opened()


def look(region: Terrain) -> Look:
    terrain = ground(region)
    maps = LightMap(
        grid=terrain.grid,
        layers={"slope_deg": np.full((3, 4), np.nan, np.float32), "lit": terrain.elevation_m / 3},
        meanings={"slope_deg": "slope", "lit": "light"},
        span_utc=("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"),
        observer_height_m=2.0,
    )
    mask = np.asfortranarray(np.eye(3, 4, dtype=bool))
    numbers = {"nan": float("nan"), "inf": -float("inf"), "third": 1 / 3, "zero": -0.0, "np": np.float64(0.1)}
    inner = Look(terrain, None, np.zeros((0, 4), bool))
    return Look(terrain, maps, mask, numbers, ("a", "é"), inner)


def test_a_step_comes_back_equal_to_the_last_bit_with_what_it_shares_shared(tmp_path):
    region = ground()
    before = look(region)
    store(tmp_path / "work").write("site S1", before, {"region": region})
    after = store(tmp_path / "work").read("site S1", {"region": region})
    assert after.terrain.far is region and after.inner.terrain is after.terrain
    assert after.terrain.elevation_m.tobytes() == before.terrain.elevation_m.tobytes()
    assert {n: a.tobytes() for n, a in after.maps.items()} == {n: a.tobytes() for n, a in before.maps.items()}
    assert after.mask.flags.f_contiguous and np.array_equal(after.mask, before.mask)
    assert after.inner.mask.shape == (0, 4)
    assert [repr(value) for value in after.numbers.values()] == [repr(value) for value in before.numbers.values()]
    assert after.words == before.words and after.inner.words == ()
    assert store(tmp_path / "work").finished() == ("site S1",)


def test_steps_of_another_key_are_removed_and_a_foreign_file_is_never(tmp_path):
    work = tmp_path / "work"
    store(work).write("region", ground(), {})
    assert store(work, "other").finished() == () and not work.exists()
    store(work).write("region", ground(), {})
    (work / "mine.txt").write_text("keep me")
    with pytest.raises(StoreError, match="mine.txt"):
        store(work, "other")
    store(work).remove()
    assert [path.name for path in work.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("harm", ["cut", "bit", "gone", "swapped"])
def test_a_damaged_step_is_as_if_it_were_not_there(tmp_path, harm):
    one = store(tmp_path / "work")
    one.write("region", ground(), {})
    one.write("site", ground(ground()), {})
    path = one.path("region")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    {
        "cut": lambda: path.write_bytes(bytes(content[:100])),
        "bit": lambda: path.write_bytes(bytes(content)),
        "gone": path.unlink,
        "swapped": lambda: path.write_bytes(one.path("site").read_bytes()),
    }[harm]()
    with pytest.raises(KeyError):
        one.read("region", {})
    one.write("region", ground(), {})
    assert one.read("region", {}).source == "made up"


def test_only_classes_named_beforehand_are_written_or_made(tmp_path):
    one = store(tmp_path / "work")
    for value in (Stranger(), object(), np.array([object()]), {1, 2}, lambda: 1):
        with pytest.raises(UnkeptError):
            one.write("step", {"value": value}, {})
    assert one.finished() == ()
    StepStore(tmp_path / "work", "k", classes_in([Stranger])).write("step", Stranger(), {})
    with pytest.raises(KeyError):
        one.read("step", {})


def test_classes_of_one_name_in_two_modules_are_told_apart(tmp_path):
    one = StepStore(tmp_path / "work", "k", classes_in([Station, Antenna])).opened()
    both = (Station(number=3), station("misasa"))
    one.write("step", both, {})
    assert one.read("step", {}) == both


def test_a_forged_step_runs_no_code(tmp_path):
    one = store(tmp_path / "work")
    one.write("step", ground(), {})
    with zipfile.ZipFile(one.path("step"), "w") as forged:
        forged.writestr("tree.npy", b"\x80\x04cos\nsystem\n(S'true'\ntR.")
    one._manifest.note({"step": "step", "key": "k", "sha256": _sha(one.path("step"))})
    with pytest.raises(KeyError):
        one.read("step", {})
    assert json.loads(one._manifest.path.read_text().splitlines()[-1][9:])["step"] == "step"


def _sha(path: Path) -> str:
    from lupex.base.digest import file_sha256

    return file_sha256(path)


def test_a_single_bit_flipped_anywhere_is_found_or_harmless(tmp_path):
    one = store(tmp_path / "work")
    one.write("region", ground(), {})
    want = one.read("region", {}).elevation_m.tobytes()
    rng = np.random.default_rng(3)
    for path in sorted(tmp_path.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            for at in rng.integers(8 * len(content), size=40):
                harmed = bytearray(content)
                harmed[at // 8] ^= 1 << (at % 8)
                path.write_bytes(bytes(harmed))
                try:
                    assert one.read("region", {}).elevation_m.tobytes() == want
                except KeyError:
                    pass
            path.write_bytes(content)
