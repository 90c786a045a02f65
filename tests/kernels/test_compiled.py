"""Results do not depend on whether machine code was just compiled or read, on what ran before, or on threads."""

import os
import subprocess
import sys
from pathlib import Path

import lupex

SOURCE = Path(lupex.__file__).parent.parent

# A rough map of 60 x 60 cells inside a coarser one, its skylines, light step by step and from the distribution of
# directions. {first} is done before anything else, on {workers} threads.
MAPS = """
import hashlib
import numpy as np
from lupex.base.running import Running
from lupex.kernels.light import longterm, steps
from lupex.kernels.skyline import near_field, sweep
from lupex.model import Grid, Terrain
from lupex.terrain import SkylineSettings, horizon_map

def rough(n, m):
    return np.random.default_rng(n).normal(0.0, m, (n, n)).astype("f4")

def skylines():
    far = Terrain(Grid.centred("south", 0, 0, 90, 1600.0), rough(90, 600.0))
    terrain = Terrain(Grid.centred("south", 9000, -4000, 60, 240.0), rough(60, 60.0), far)
    settings = SkylineSettings(azimuths=24, observer_height_m=1.5)
    return horizon_map(terrain, settings, Running(workers={workers})).counts

counts = np.random.default_rng(5).normal(400.0, 300.0, (24, 6, 40)).astype("i2")
unit = np.stack(np.broadcast_arrays(0.01 * np.arange(40), 0.02 * np.arange(6)[:, None], 1.0))
unit /= np.linalg.norm(unit, axis=0)
far_m = np.full((6, 40), 1737400.0)
rise = np.random.default_rng(6).normal(0.0, 0.1, (2, 6, 40))
turn = np.linspace(0.0, 70.0, 500)
sun = 1.496e11 * np.stack([np.sin(turn), np.cos(turn), 0.02 * np.sin(turn / 9.0)])
angle = 2 * np.pi * np.arange(-1, 50) / 48
table = np.sort(np.random.default_rng(7).random((36, 200, 4)), axis=1).astype("f4")

def blank(count):
    return [np.zeros((6, 40)) for _ in range(count)]

def statistics():
    out = blank(10)
    width = np.full(500, 0.00465)
    steps.run_statistics(counts, 0, 6, *unit, far_m, *rise, sun, width, width / 0.00465, -sun, 3 * width, 0.5, *out)
    return np.array(out)

def series():
    out = np.zeros((500, 6, 40), "u1")
    steps.disc_series(counts, 0, 6, *unit, far_m, *sun, np.full(500, 0.00465), out)
    return out

def means():
    out = blank(5)
    longterm.mean_light(
        counts, 0, 6, *unit, far_m, *rise, np.cos(angle), np.sin(angle), 2, table, np.full(36, 0.03),
        -0.1, 0.001, 0.00465, 1 / 1.496e11, *out,
    )
    return np.array(out)

def view():
    out = blank(2)
    flat = table[:, :, :2].copy()
    longterm.mean_view(
        counts, 0, 6, *unit, far_m, -1, np.cos(angle), np.sin(angle), 2, flat, -0.1, 0.001, 0.016, 2.6e-9, *out
    )
    return np.array(out)

def parts():
    '''Small kernels by themselves, so that copies of them stand beside those in their callers.'''
    steps.clearance(0.6, 0.0, 0.8, 1737400.0, *sun, np.zeros(25, "f4"), np.zeros(500))
    near_field.tangents_to_counts(np.zeros((4, 4), "f4"), np.zeros((4, 4), "i2"))

{first}()
for work in (skylines, statistics, series, means, view):
    result = work()
    assert np.ptp(result[np.isfinite(result)]) > 0
    print(work.__name__, hashlib.sha256(result.tobytes()).hexdigest(), flush=True)
"""


def digests(kernels: Path, first: str, workers: int, source: Path = SOURCE) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(source), "LUPEX_KERNELS_DIR": str(kernels)}
    code = MAPS.replace("{first}", first).replace("{workers}", str(workers))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_results_are_equal_cold_and_warm_in_any_order_and_on_any_threads(tmp_path):
    cold = digests(tmp_path, "skylines", 1)
    assert len(cold) == 5
    assert digests(tmp_path, "parts", 2) == cold
    assert digests(tmp_path, "view", 1) == cold
