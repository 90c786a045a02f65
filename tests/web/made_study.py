"""A study's folder in a second: real ground of the package, a site on finer made-up ground, numbers of our own."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from lupex.base.frames import lat_lon_deg
from lupex.io import write_cog
from lupex.io.tables import json_text, plain
from lupex.mission import Mission, load_mission
from lupex.study.ground import fine_terrain, fine_window, region_terrain
from lupex.terrain import hillshade, slope_deg

SITES = {"S1": (-29600.0, -2400.0), "S2": (4000.0, 9600.0)}
SEASON = ("2028-08-26T00:00:00Z", "2028-09-09T00:00:00Z")


def small_mission(pole: str = "south") -> Mission:
    """The default mission on a region and sites of few cells."""
    mission = load_mission()
    terrain = replace(
        mission.terrain, pole=pole, equatorward_limit_deg=88.5, fine_cell_m=100.0, fine_size_km=3.2,
        fine_slope_baseline_m=200.0,
    )  # fmt: skip
    return replace(
        mission,
        terrain=terrain,
        horizon=replace(mission.horizon, azimuths=72, search_radius_km=60.0),
        traverse=replace(mission.traverse, span_days=2.0, begin=SEASON[0], first_hours=0.0, draws=200),
        study=replace(mission.study, workers=1),
    )


def made_study(folder: Path, pole: str = "south") -> Path:
    """The folder, filled: maps of the region and two sites, and study.json."""
    mission = small_mission(pole)
    region = region_terrain(mission.terrain)
    (folder / "maps").mkdir(parents=True)
    _maps(folder, "region", region, None)
    sites = []
    for rank, (name, (x, y)) in enumerate(SITES.items(), 1):
        lat, lon = (float(v) for v in lat_lon_deg(x, y, region.grid.pole))
        whole = fine_terrain(mission.terrain, region, x, y, (lat, lon), np.random.default_rng(1))
        fine = whole.crop(*fine_window(mission.terrain, whole, x, y))
        _maps(folder, f"site_{name}", fine, fine.synthetic_below_m)
        sites.append(_site(name, rank, lat, lon, fine.synthetic_below_m))
    record = {
        "mission": plain(mission),
        "region": {"grid": plain(region.grid)},
        "season": {"start_utc": SEASON[0], "stop_utc": SEASON[1]},
        "psr_regions": [{"name": "Shackleton", "lat_deg": -89.6, "lon_deg": 130.0, "area_km2": 200.0, "label": 1}],
        "sites": sites,
        "ranking": {
            "order": ["S1", "S2"],
            "rank_acceptability": [[0.6, 0.4], [0.4, 0.6]],
            "weights": [0.5, 0.5],
            "table": {
                "alternatives": ["S1", "S2"],
                "criteria": ["slope_deg", "season_lit_fraction"],
                "higher_is_better": [False, True],
                "value": [[4.0, 0.9], [8.0, 0.99]],
                "sigma": [[0.1, 0.01], [0.1, 0.01]],
            },
        },
    }
    (folder / "study.json").write_text(json_text(record), encoding="utf-8")
    json.loads((folder / "study.json").read_text(encoding="utf-8"))
    return folder


def _maps(folder: Path, stem: str, terrain, below_m) -> None:  # type: ignore[no-untyped-def]
    grid = terrain.grid
    x, _ = grid.xy_m()
    lit = np.clip(0.5 + x / 1e5, 0.0, 1.0).astype(np.float32)
    lit[0, 0] = np.nan
    layers = {
        "elevation_m": (terrain.elevation_m, "m"),
        "hillshade": (hillshade(terrain), "1"),
        "slope_deg": (slope_deg(terrain, 2.0 * grid.cell_m), "degree"),
        "lit_fraction_any": (lit, "1"),
        "permanent_shadow": ((terrain.elevation_m < -1000.0).astype(np.uint8), "1"),
    }
    label = "" if below_m is None else f"_synthetic_below_{below_m:g}m"
    for name, (values, unit) in layers.items():
        path = folder / "maps" / f"{stem}_{name}{label}.tif"
        write_cog(path, grid, values, name=name, unit=unit, meaning=f"test {name}", synthetic_below_m=below_m)


def _site(name: str, rank: int, lat: float, lon: float, below_m: float | None) -> dict[str, object]:
    first_s = 904_392_069.0  # 2028-08-29
    return {
        "site": {
            "candidate": {"name": name},
            "rank": rank,
            "score": 0.9 - 0.1 * rank,
            "fine": {"lat_deg": lat, "lon_deg": lon, "slope_deg": 4.0 * rank, "season_lit_fraction": 0.9},
            "reasons": [f"rank {rank} in this made study"],
            "synthetic_below_m": below_m,
        },
        "summary": {"elevation_m": 1500.0},
        "maps": {"synthetic_below_m": below_m},
        "contacts": {
            "plan": {
                "passes": [
                    {
                        "station": "misasa",
                        "aos_tdb_s": first_s,
                        "los_tdb_s": first_s + 3e4,
                        "max_elevation_deg": 55.0,
                        "min_range_m": 3.9e8,
                    }
                ],
                "notes": ["made for a test"],
            },
            "stations": [{"name": "misasa", "title": "Misasa", "min_elevation_deg": 7.0}],
            "series": {
                "station": "misasa",
                "times_tdb_s": [first_s, first_s + 60.0, first_s + 120.0],
                "elevation_deg": [7.0, 8.0, 9.0],
                "margin_db": [None, 3.0, 4.0],
            },
        },
    }


def write_relay(path: Path) -> None:
    """Two days of a circular polar orbit 5000 km from the Moon's centre, as an OEM."""
    times = np.datetime64("2028-09-03T00:00:00") + np.arange(0, 2881) * np.timedelta64(60, "s")
    radius, rate = 5.0e6, np.sqrt(4.9028e12 / 5.0e6**3)
    angle = rate * 60.0 * np.arange(times.size)
    at = radius * np.stack([np.cos(angle), np.zeros(angle.size), np.sin(angle)], axis=1)
    speed = radius * rate * np.stack([-np.sin(angle), np.zeros(angle.size), np.cos(angle)], axis=1)
    head = (
        "CCSDS_OEM_VERS = 2.0\nCREATION_DATE = 2028-01-01T00:00:00\nORIGINATOR = TEST\nMETA_START\n"
        "OBJECT_NAME = MADE_RELAY\nOBJECT_ID = 2028-001A\nCENTER_NAME = MOON\nREF_FRAME = ICRF\nTIME_SYSTEM = TDB\n"
        f"START_TIME = {times[0]}\nSTOP_TIME = {times[-1]}\nINTERPOLATION = HERMITE\nINTERPOLATION_DEGREE = 7\n"
        "META_STOP\n"
    )
    rows = [f"{t} " + " ".join(f"{v / 1e3:.9f}" for v in (*p, *q)) for t, p, q in zip(times, at, speed, strict=True)]
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
