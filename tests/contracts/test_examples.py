"""The examples run as they stand and say what they ought to."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command import environment
from tests.contracts.source_tree import ROOT


def example(name: str, folder: Path, *words: str) -> str:
    """What an example prints."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name), *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SAYS = {
    "assumptions.py": r"rover: 10 of 24 facts are assumptions",
    "geotiff.py": r"100 x 100 cells of 1600 m, IAU_2015:30135\nsteepest 31\.8 deg, mean 7\.6 deg",
    "light_at.py": r"lit_fraction: 0\.962\n",
    "locate.py": r"3 d +range\+doppler\+image +4\.\d m",
    "link.py": r"telemetry margin +dB +17\.34",
    "packets.py": r"battery: \[29\.0, 30\.0\] V",
    "passes.py": r"111\.1 h in 12 passes",
    "payload.py": r"numbers of instruments are assumptions\nauger: rover_drill\n",
    "rank.py": r"crater rim: first in 5\d %",
    "route.py": r"least energy: \d{4} m",
    "skyline.py": r"from 0 m: highest -0\.80 deg at true azimuth 94 deg",
    "water_campaign.py": r"synthetic synthetic-\d: confirmed",
    "sky.py": r"Sun highest: 2\.05 deg at 2028-10-14",
}
"""Script -> a part of what it prints."""


def test_every_script_among_the_examples_is_run_here() -> None:
    scripts = sorted(path.name for path in (ROOT / "examples").glob("*.py"))
    assert scripts == sorted([*SAYS, "light_map.py"])


@pytest.mark.parametrize("name", SAYS)
def test_an_example_prints_what_it_ought_to(name: str, tmp_path: Path) -> None:
    assert re.search(SAYS[name], example(name, tmp_path))


def test_light_map_finds_the_connecting_ridge_and_the_shadow_around_the_pole(tmp_path: Path) -> None:
    printed = example("light_map.py", tmp_path, "lit.tif")
    lat_deg, lon_deg, lit = map(float, re.findall(r"-?\d+\.\d+", printed.splitlines()[0]))
    # Mazarico et al. (2011) have their most illuminated point on that ridge, at 89.45 S, 222.69 E.
    assert (lat_deg, lon_deg) == (-89.476, 220.914)
    assert 0.95 < lit < 0.98
    shadow_km2, area_km2 = (int(text) for text in re.findall(r"\d+", printed.splitlines()[1])[:2])
    assert area_km2 == 25582
    assert abs(shadow_km2 - 3774) < 80
    assert (tmp_path / "lit.tif").stat().st_size > 1000
