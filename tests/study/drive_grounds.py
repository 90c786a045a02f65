"""Small missions on made ground near the south pole: a bowl in permanent shadow, a wall, a gap without heights."""

import hashlib
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from lupex.base.frames import lat_lon_deg
from lupex.base.running import Running
from lupex.io.tables import json_text
from lupex.mission import load_mission
from lupex.study import drive_in_time, planned_campaign

SOUTH = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
CELL_M, CELLS = 50.0, 60
LEFT_M, TOP_M = 10_000.0, 20_000.0
START, BOWL, FAR = (30, 16), (30, 42), (30, 26)
"""Cells (row, col): on the plain, at the bottom of the bowl, on the plain east of the start."""

MISSION = """
[mission]
name = "small"

[terrain]
dem = "ground.tif"
check_dem = "off"
fine_size_km = 3.0
fine_cell_m = 50.0

[horizon]
azimuths = 120

[traverse]
span_days = 3.0
step_minutes = 20.0
stay_hours = 4.0
draws = 200

[rover]
comm_to_drive = false
"""


def place(cell: tuple[int, int]) -> tuple[float, float]:
    """Latitude and longitude of the middle of a cell."""
    lat, lon = lat_lon_deg(LEFT_M + (cell[1] + 0.5) * CELL_M, TOP_M - (cell[0] + 0.5) * CELL_M, "south")
    return float(lat), float(lon)


def word(cell: tuple[int, int]) -> str:
    """The same as the command line takes it."""
    return ",".join(f"{v:.6f}" for v in place(cell))


def digest_of_drives(mission_file: Path, threads: int) -> str:
    """SHA-256 of every number of a drive into shadow and of a campaign over three stops."""
    mission, begin, running = load_mission(mission_file), "2028-01-03T00:00:00Z", Running(threads)
    stops = mission_file.with_name("stops.csv")
    _, drive = drive_in_time(mission, place(START), None, begin, False, running)
    found = planned_campaign(mission, stops, place(START), begin, running)
    assert len(found.campaign.visited) == 3
    return hashlib.sha256(json_text((drive, found.campaign, found.drive)).encode()).hexdigest()


def write_stops(folder: Path) -> None:
    """Three stops around the start."""
    lines = ["label,lat_deg,lon_deg,value,dwell_hours"]
    for number, cell in enumerate([(30, 26), (20, 20), (40, 22)]):
        lat, lon = place(cell)
        lines.append(f"P{number},{lat:.6f},{lon:.6f},{1 + number},1")
    (folder / "stops.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def bowl() -> np.ndarray:
    """A level plain with a round bowl 60 m deep and 800 m across, sides of at most 13 degrees."""
    row, col = np.mgrid[:CELLS, :CELLS]
    away = np.hypot(row - BOWL[0], col - BOWL[1]) * CELL_M
    return np.asarray(np.where(away < 400.0, -30.0 * (1.0 + np.cos(np.pi * away / 400.0)), 0.0))


def walled() -> np.ndarray:
    """The plain cut from north to south by a step of 40 m between the start and the place east of it."""
    z = np.zeros((CELLS, CELLS))
    z[:, 21:] = 40.0
    return z


def gapped() -> np.ndarray:
    """The plain cut by a column without heights between the start and the place east of it."""
    z = np.zeros((CELLS, CELLS))
    z[:, 21] = np.nan
    return z


def write_mission(folder: Path, elevation_m: np.ndarray, rover: str = "", **settings: object) -> Path:
    """A mission file with its ground beside it; ``rover`` are lines of [rover], ``settings`` of [traverse]."""
    z = np.where(np.isfinite(elevation_m), elevation_m, -9999.0).astype("float32")
    shape = {"height": z.shape[0], "width": z.shape[1], "count": 1, "dtype": "float32", "nodata": -9999.0}
    where = {"crs": SOUTH, "transform": from_origin(LEFT_M, TOP_M, CELL_M, CELL_M)}
    with rasterio.open(folder / "ground.tif", "w", driver="GTiff", **shape, **where) as out:
        out.write(z, 1)
        out.units = ("m",)
    lines = [line for line in MISSION.splitlines() if line.partition(" = ")[0] not in settings]
    text = "\n".join(lines).replace(
        "[traverse]\n", "[traverse]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items())
    )
    if rover:
        text = text.replace("comm_to_drive = false", rover)
    path = folder / "mission.toml"
    path.write_text(text + "\n", encoding="utf-8")
    return path
