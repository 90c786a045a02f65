"""Who takes part in the skyline benchmark. Each runs in a process of its own:

    python contenders.py CONTENDER SURFACE.npz AZIMUTHS OUT.npz

computes the skyline of every cell, and keeps wall and CPU seconds, peak memory and the skylines of the sampled cells.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sampling import sample
from surfaces import alone, read

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import unit_vectors
from lupex.model import Terrain

F32 = NDArray[np.float32]
Skylines = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], F32]
"""Rows, columns (cell,) and azimuth indices (azimuth,) to elevations in degrees (cell, azimuth)."""

SAMPLED_CELLS = 400
SAMPLED_AZIMUTHS = 36
PEER_REACH_M = 60_000.0
EMBREE_ACCURACY_DEG = 0.25
EMBREE_LOWEST_DEG = -20.0
EMBREE_RAY_OFFSET = 5.0


@dataclass(frozen=True)
class Contender:
    """One way to compute skylines.

    Attributes:
        title: as it stands in the table.
        azimuth_kind: what its azimuths are (see `truth.pencil_azimuth_deg`).
        reach_m: how far truth looks beyond the grid; 0 when the contender gets the grid alone.
        prepare: terrain and number of azimuths to the work that is timed; the work returns the reader of its result.
    """

    title: str
    azimuth_kind: str
    reach_m: float
    prepare: Callable[[Terrain, int], Callable[[], Skylines]]


def _lupex(preview: bool, far: bool) -> Callable[[Terrain, int], Callable[[], Skylines]]:
    def prepare(terrain: Terrain, azimuths: int) -> Callable[[], Skylines]:
        from dataclasses import replace

        from lupex.terrain.skyline import PREVIEW, SkylineSettings, horizon_map

        settings = replace(PREVIEW if preview else SkylineSettings(), azimuths=azimuths)
        ground = terrain if far else alone(terrain)
        corner = terrain.crop(0, 0, 16, 16)  # compiles, or loads what was compiled
        horizon_map(corner, replace(settings, azimuths=8))

        def work() -> Skylines:
            counts = horizon_map(ground, settings).counts
            return lambda row, col, k: (counts[k[None, :], row[:, None], col[:, None]] * 0.003).astype(np.float32)

        return work

    return prepare


def _embree(terrain: Terrain, azimuths: int) -> Callable[[], Skylines]:
    """horayzon-extpar on the triangles of the grid, on the Moon's sphere, eyes at the vertices."""
    from horayzon_extpar.horizon import Terrain as Mesh

    rows, cols = terrain.grid.shape
    centre = np.array([0.0, 0.0, -MOON_RADIUS_M])
    radius = MOON_RADIUS_M + terrain.elevation_m.astype(np.float64)
    # Coordinates from the pole, not from the Moon's centre: the peer keeps them in float32.
    vertices = (unit_vectors(*terrain.grid.xy_m()) * radius[..., None] + centre).reshape(-1, 3).astype(np.float32)
    corner = (np.arange(rows - 1)[:, None] * cols + np.arange(cols - 1)).ravel()
    below, right = corner + cols, corner + 1
    faces = np.concatenate([np.stack([corner, below, right], 1), np.stack([right, below, below + 1], 1)])

    def work() -> Skylines:
        mesh = Mesh()
        north = np.array([0.0, 1.0e9, 0.0], np.float32)
        mesh.initialise(vertices, faces.astype(np.uint32), centre.astype(np.float32), north)
        everyone = np.array([0, rows * cols], np.uint32)
        horizon = mesh.horizon_vertex(
            azimuths, 0.0, everyone, PEER_REACH_M, EMBREE_RAY_OFFSET, EMBREE_ACCURACY_DEG, EMBREE_LOWEST_DEG
        )
        return lambda row, col, k: horizon[(row * cols + col)[:, None], k[None, :]]

    return work


def _topocalc(terrain: Terrain, azimuths: int) -> Callable[[], Skylines]:
    """topocalc azimuth by azimuth; it counts from south, positive through east, and answers with cosines."""
    from topocalc.horizon import horizon

    heights = terrain.elevation_m.astype(np.float64)
    cell_m = terrain.grid.cell_m

    def work() -> Skylines:
        planes = [
            np.degrees(np.arcsin(horizon(180.0 - 360.0 * k / azimuths, heights, cell_m))).astype(np.float32)
            for k in range(azimuths)
        ]
        return lambda row, col, k: np.stack([planes[i][row, col] for i in k], axis=1)

    return work


CONTENDERS = {
    "accurate-far": Contender("lupex, accurate, terrain to 250 km", "pencil", 250e3, _lupex(preview=False, far=True)),
    "accurate": Contender("lupex, accurate, grid alone", "pencil", 0.0, _lupex(preview=False, far=False)),
    "preview": Contender("lupex, preview, grid alone", "pencil", 0.0, _lupex(preview=True, far=False)),
    "horayzon": Contender("horayzon-extpar (Embree), to 60 km", "turned", 0.0, _embree),
    "topocalc": Contender("topocalc, flat, one core", "grid", 0.0, _topocalc),
}


def run(name: str, terrain: Terrain, azimuths: int) -> dict[str, float | F32]:
    """Wall and CPU seconds, memory (MiB) at its peak and before the work began, and the sampled skylines."""
    at = sample(terrain, SAMPLED_CELLS, min(azimuths, SAMPLED_AZIMUTHS))
    work = CONTENDERS[name].prepare(terrain, azimuths)
    before_mib = _memory_mib("VmRSS")
    cpu, wall = time.process_time(), time.perf_counter()
    skylines = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak_mib = _memory_mib("VmHWM")
    indices = np.arange(at.azimuth_deg.size) * (azimuths // at.azimuth_deg.size)
    return {
        "wall_s": wall,
        "cpu_s": cpu,
        "peak_mib": peak_mib,
        "before_mib": before_mib,
        "load": os.getloadavg()[0],
        "skylines_deg": skylines(at.row, at.col, indices),
    }


def _memory_mib(name: str) -> float:
    """Resident memory now (VmRSS) or at its peak (VmHWM).

    Not from getrusage where it can be helped: its peak starts from that of the process which started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        kib = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith(name + ":"))
        return int(kib) / 1024.0
    unit = 2**20 if sys.platform == "darwin" else 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    contender, ground, azimuths, out = sys.argv[1:]
    np.savez(out, **run(contender, read(Path(ground)), int(azimuths)))
