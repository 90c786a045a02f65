"""Files appear whole or not at all."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from lupex.base.errors import StoreError
from lupex.io import atomic_path, write_csv, write_json


def test_a_file_appears_under_its_name_only_when_the_block_ends_well(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "deep" / "a.txt") as partial:
        partial.write_text("whole")
        assert partial.parent == tmp_path / "deep" and partial.suffix == ".txt"
        assert not (tmp_path / "deep" / "a.txt").exists()
    assert (tmp_path / "deep" / "a.txt").read_text() == "whole"
    assert os.listdir(tmp_path / "deep") == ["a.txt"]


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt])
def test_a_failure_or_ctrl_c_keeps_the_old_file_and_leaves_nothing_behind(
    tmp_path: Path, problem: type[BaseException]
) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(problem), atomic_path(target) as partial:
        partial.write_text("half")
        partial.with_name(f"{partial.name}-wal").write_text("side file")
        raise problem
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write") as caught:
        write_json(tmp_path / "file" / "a.json", {})
    assert "\n" not in str(caught.value)


FULL_DISK = """
import resource, sys
import numpy as np
from pathlib import Path
from lupex.base.errors import StoreError
from lupex.io import HorizonInputs, HorizonStore, write_cog, write_csv, write_points_gpkg
from lupex.model import Grid
folder = Path(sys.argv[1])
grid = Grid("south", 700, 700, 20.0, 0.0, 0.0)
noise = np.random.default_rng(1).normal(size=grid.shape).astype(np.float32)
inputs = HorizonInputs(grid, np.arange(8) * 45.0, 0.0, 250e3)
store = HorizonStore.create(folder / "store", inputs)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
rows = [{"lat_deg": -89.0, "lon_deg": i / 9, "name": f"place {i}" * 9} for i in range(9000)]
works = {
    "map": lambda: write_cog(folder / "a.tif", grid, noise, name="a", unit="m", meaning="a"),
    "table": lambda: write_csv(folder / "a.csv", ["x"], [[v] for v in noise[:60].ravel()]),
    "points": lambda: write_points_gpkg(folder / "a.gpkg", rows, "south"),
    "store": lambda: store.write_azimuth(0, (noise * 3000).astype(np.int16)),
}
for name, work in works.items():
    try:
        work()
        print(name, "wrote")
    except StoreError as error:
        print(name, "StoreError", "\\n" in str(error), "full" in str(error))
print(sorted(p.name for p in folder.iterdir()), store.done())
"""


def test_a_full_disk_is_one_clear_line_and_leaves_no_half_written_file(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    for line, name in zip(lines, ("map", "table", "points", "store"), strict=False):
        assert line == f"{name} StoreError False True"
    assert lines[-1] == "['store'] set()"


def test_the_limit_used_above_is_the_one_the_kernel_reports(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 60_000
    write_csv(tmp_path / "a.csv", ["x"], [[i] for i in range(20_000)])
    assert (tmp_path / "a.csv").stat().st_size > 60_000
