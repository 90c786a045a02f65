"""View factors and temperatures of real cold traps (shared data haworth_mesh, psr_list)."""

import csv

import numpy as np
from matplotlib.tri import LinearTriInterpolator, Triangulation
from tests.shared_data import shared

from lupex.base.frames import map_xy_m
from lupex.io import default_terrain
from lupex.model import Grid
from lupex.study.ground import block_mean
from lupex.study.surfaces import surface_of
from lupex.thermal import MapSettings, ViewSettings, thermal_map, view_factors

HAWORTH = shared("data/haworth_mesh")
REGIONS = shared("data/psr_list")
CELL_M, CELLS = 400.0, 112


def table(path):
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def haworth():
    """Vertices (vertex, 3: x, y, height over the plane that touches the pole), triangles."""
    vertices = np.array([[float(r[k]) for k in ("x_m", "y_m", "z_flat_m")] for r in table(HAWORTH / "vertices.csv")])
    return vertices, np.array([[int(r[k]) for k in "abc"] for r in table(HAWORTH / "triangles.csv")])


def seen_share(eye, normal, corners, rays):
    """Share of cosine-weighted rays from a point that hit a triangle (Moeller and Trumbore 1997), without horizons."""
    a, edge1, edge2 = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    side = np.cross(normal, [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    frame = np.stack([side, np.cross(normal, side), normal])
    hits = 0
    for ray in rays @ frame:
        p = np.cross(ray, edge2)
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = 1.0 / np.einsum("ij,ij->i", edge1, p)
            t = eye - a
            u = np.einsum("ij,ij->i", t, p) * inverse
            q = np.cross(t, edge1)
            v = (q @ ray) * inverse
            far = np.einsum("ij,ij->i", edge2, q) * inverse
            hits += bool(np.any((u >= 0) & (v >= 0) & (u + v <= 1) & (far > 1.0)))
    return hits / len(rays)


def test_view_factors_of_haworth_are_those_of_rays_through_its_mesh():
    if HAWORTH is None:
        return
    vertices, triangles = haworth()
    mesh = Triangulation(vertices[:, 0], vertices[:, 1], triangles)
    grid = Grid.centred("south", -5_000.0, 75_000.0, CELLS, CELL_M)
    x, y = grid.xy_m()
    flat = np.asarray(LinearTriInterpolator(mesh, vertices[:, 2])(x, y).filled(np.nan))
    corners = vertices[triangles]
    facet = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facet *= np.sign(facet[:, 2:]) / np.linalg.norm(facet, axis=1, keepdims=True)
    own = mesh.get_trifinder()(x, y)
    # the grid's heights are above the sphere, its normals against the local vertical
    radius = 1_737_400.0
    tilted = facet[own] + np.stack([x, y, np.zeros_like(x)], axis=-1) / radius
    normals = tilted / np.linalg.norm(tilted, axis=-1, keepdims=True)
    seen = view_factors(grid, flat + (x**2 + y**2) / (2 * radius), normals, ViewSettings(cuts=None)).terrain_view
    seen = seen.reshape(grid.shape)
    n = np.arange(300) + 0.5  # an even spiral over the hemisphere, weighted with the cosine
    angle, sine = n * np.pi * (3.0 - np.sqrt(5.0)), np.sqrt(n / 300)
    rays = np.column_stack([sine * np.cos(angle), sine * np.sin(angle), np.sqrt(1.0 - sine**2)])
    apart = []
    for row in range(14, CELLS, 17):
        for col in range(14, CELLS, 17):
            eye = np.array([x[row, col], y[row, col], flat[row, col]]) + 0.5 * facet[own[row, col]]
            apart.append(seen[row, col] - seen_share(eye, facet[own[row, col]], corners, rays))
    assert np.nanmax(seen) > 0.1
    assert abs(np.mean(apart)) < 0.002
    assert np.std(apart) < 0.01


def test_large_permanently_shadowed_regions_are_cold_traps_and_the_ground_around_is_not():
    if REGIONS is None:
        return
    terrain = block_mean(default_terrain("south"), 2)
    half = 40
    middle = terrain.grid.rows // 2
    near = terrain.crop(middle - half, middle - half, 2 * half, 2 * half)
    found = thermal_map(surface_of(near), settings=MapSettings(turns=1)).maps["surface_max_k"]
    floors = []
    for row in table(REGIONS / "psr_list.csv"):
        lat, lon = float(row["lat_deg"]), float(row["east_lon_deg"])
        if lat < 0.0 and float(row["area_km2"]) > 150.0 and inside(near.grid, *map_xy_m(lat, lon, "south")):
            floors.append(found[near.grid.row_col(lat, lon)])
    assert len(floors) >= 6
    assert np.max(floors) < 110.0
    assert np.median(floors) < 80.0
    assert np.nanmedian(found) > 170.0


def inside(grid, x, y):
    return grid.left_m < x < grid.right_m and grid.bottom_m < y < grid.top_m
