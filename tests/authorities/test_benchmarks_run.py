"""The quick form of the benchmarks runs, and what it says can be read by a program."""

import json
import subprocess
import sys

import pytest
from tests.contracts.source_tree import ROOT

BENCHMARKS = ROOT / "benchmarks"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("horizons", "p95_deg"),
        ("light", "long_term_s"),
        ("ranking", "uncertain_weights_only_s"),
        ("contacts", "wall_s"),
        ("traverse", "region_s"),
        ("route", "raster_no_corner_cut_lupex_s"),
        ("thermal", "profile_s"),
        ("dates", "wall_s"),
        ("touchdown", "reach_map_s"),
        ("payload", "scene_1_s"),
        ("packets", "decode_s"),
        ("navigation", "fit_s"),
        ("trajectory", "windows_s"),
    ],
)
def test_the_quick_benchmark_finds_right_values_and_keeps_its_numbers(name: str, key: str) -> None:
    kept = BENCHMARKS / "results" / f"{name}-quick.json"
    kept.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / f"bench_{name}.py"), "--quick"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    numbers = json.loads(kept.read_text(encoding="utf-8"))
    for row in numbers if isinstance(numbers, list) else [numbers]:
        assert 0.0 < row[key] < 60.0
    assert "MISSED" not in done.stdout
    assert done.stdout.count("| ") > 10
