"""The slow obvious skyline: walk along the great circle in space, look the height up, keep the steepest. In float64."""

import numpy as np

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.io import default_terrain
from lupex.model import Grid, HorizonMap, Terrain


def direction(x_m: float, y_m: float) -> np.ndarray:
    """Unit vector (3,) of a map point, by colatitude and bearing."""
    colatitude, bearing = 2.0 * np.arctan2(np.hypot(x_m, y_m), 2.0 * R), np.arctan2(x_m, y_m)
    out = np.sin(colatitude)
    return np.array([out * np.sin(bearing), out * np.cos(bearing), np.cos(colatitude)])


def surface_m(terrain: Terrain, x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    """Bilinear heights between cell centres of the finest level that has all four; NaN where none has."""
    out = np.full(np.shape(x_m), np.nan)
    for level in terrain.levels():
        grid, z = level.grid, level.elevation_m.astype(np.float64)
        u, v = (x_m - grid.left_m) / grid.cell_m - 0.5, (grid.top_m - y_m) / grid.cell_m - 0.5
        inside = (u >= 0) & (u <= grid.cols - 1) & (v >= 0) & (v <= grid.rows - 1)
        j = np.clip(np.floor(u).astype(int), 0, grid.cols - 2)
        i = np.clip(np.floor(v).astype(int), 0, grid.rows - 2)
        fu, fv = u - j, v - i
        upper = z[i, j] * (1 - fu) + z[i, j + 1] * fu
        lower = z[i + 1, j] * (1 - fu) + z[i + 1, j + 1] * fu
        out = np.where(np.isnan(out) & inside, upper * (1 - fv) + lower * fv, out)
    return out


def marched_deg(
    terrain: Terrain,
    x_m: float,
    y_m: float,
    azimuths_pencil_deg: np.ndarray,
    eye_m: float = 0.0,
    reach_m: float | None = None,
    growth: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Skyline (azimuth,) in degrees and its distance in cells.

    Steps of a quarter of a cell (``growth`` > 0: or that fraction of the distance) from one cell outwards.
    """
    cell = terrain.grid.cell_m / (1.0 + (x_m**2 + y_m**2) / (4.0 * R * R)) / R
    reach = (reach_m if reach_m is not None else 1.5 * terrain.grid.cell_m * max(terrain.grid.shape)) / R
    if growth:
        linear = np.arange(cell, 0.25 * cell / growth, 0.25 * cell)
        count = int(np.log(max(reach / linear[-1], 1.0)) / np.log1p(growth)) + 1
        angle = np.concatenate([linear, linear[-1] * (1.0 + growth) ** np.arange(1, count)])
    else:
        angle = np.arange(cell, reach, 0.25 * cell)
    here = direction(x_m, y_m)
    eye = R + surface_m(terrain, np.array([x_m]), np.array([y_m]))[0] + eye_m
    elevation, distance = np.empty(azimuths_pencil_deg.size), np.empty(azimuths_pencil_deg.size)
    for k, azimuth in enumerate(np.radians(azimuths_pencil_deg)):
        # The circle through the point and through the equator at this azimuth.
        toward = np.array([np.sin(azimuth), np.cos(azimuth), 0.0])
        toward -= (toward @ here) * here
        toward /= np.linalg.norm(toward)
        at = np.cos(angle)[:, None] * here + np.sin(angle)[:, None] * toward
        scale = 2.0 * R / (1.0 + at[:, 2])
        r = R + surface_m(terrain, at[:, 0] * scale, at[:, 1] * scale)
        seen = np.degrees(np.arctan2(r * np.cos(angle) - eye, r * np.sin(angle)))
        seen[np.isnan(seen)] = -90.0
        elevation[k], distance[k] = seen.max(), angle[seen.argmax()] / cell
    return elevation, distance


def errors_deg(
    horizons: HorizonMap, terrain: Terrain, cells: int, seed: int, margin: int, every: int = 1, **march: float
) -> tuple[np.ndarray, np.ndarray]:
    """Horizon map minus march, and the march's distance in cells, both (cell, azimuth), at random cells."""
    rng = np.random.default_rng(seed)
    rows, cols = terrain.grid.shape
    azimuths = horizons.azimuths_pencil_deg[::every]
    x, y = terrain.grid.x_m(), terrain.grid.y_m()
    found = []
    for _ in range(cells):
        row, col = int(rng.integers(margin, rows - margin)), int(rng.integers(margin, cols - margin))
        expected, distance = marched_deg(terrain, x[col], y[row], azimuths, horizons.observer_height_m, **march)
        found.append((horizons.elevation_deg(row, col)[::every] - expected, distance))
    error, distance = (np.array(part) for part in zip(*found, strict=True))
    return error, distance


def rms(values: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def relief(
    size: int, cell_m: float, x_m: float = 0.0, y_m: float = 0.0, far: Terrain | None = None, pole: str = "south"
) -> Terrain:
    """The default DEM around a map point, resampled by cubic splines: smooth below 1600 m."""
    from scipy import ndimage

    cap = default_terrain(pole)
    grid = Grid.centred(pole, x_m, y_m, size, cell_m)
    x, y = grid.xy_m()
    at = [(cap.grid.top_m - y) / cap.grid.cell_m - 0.5, (x - cap.grid.left_m) / cap.grid.cell_m - 0.5]
    z = ndimage.map_coordinates(cap.elevation_m.astype(np.float64), at, order=3, mode="nearest")
    return Terrain(grid, z.astype(np.float32), far)


def roughened(terrain: Terrain, seed: int = 1, slope_deg: float = 5.0, below_m: float = 3200.0) -> Terrain:
    """The terrain with fractal roughness of this rms slope per component pair below a wavelength."""
    rows, cols = terrain.grid.shape
    cell = terrain.grid.cell_m
    noise = np.fft.rfft2(np.random.default_rng(seed).standard_normal((rows, cols)))
    k = np.hypot(np.fft.fftfreq(rows, cell)[:, None], np.fft.rfftfreq(cols, cell)[None])
    z = np.fft.irfft2(noise * np.where(k > 1.0 / below_m, np.maximum(k, 1e-12) ** -1.9, 0.0), s=(rows, cols))
    along_y, along_x = np.gradient(z, cell)
    z *= np.tan(np.radians(slope_deg)) / np.sqrt(np.mean(along_x**2 + along_y**2))
    return Terrain(terrain.grid, (terrain.elevation_m + z).astype(np.float32), terrain.far)


def level_ground(size: int, cell_m: float, x_m: float = 0.0, y_m: float = 0.0, pole: str = "south") -> Terrain:
    """A square of the bare sphere."""
    grid = Grid.centred(pole, x_m, y_m, size, cell_m)
    return Terrain(grid, np.zeros(grid.shape, np.float32))


def seen_deg(height_m: float, distance_m: float, eye_m: float = 0.0) -> float:
    """Elevation of a point of this height at this distance along the sphere, from an eye above its surface."""
    angle = distance_m / R
    up = (R + height_m) * np.cos(angle) - (R + eye_m)
    return float(np.degrees(np.arctan2(up, (R + height_m) * np.sin(angle))))


def along_sphere_m(x_m: float, y_m: float) -> float:
    """Distance along the sphere from the pole to a map point."""
    return float(2.0 * R * np.arctan2(np.hypot(x_m, y_m), 2.0 * R))
