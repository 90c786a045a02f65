"""Kinds of input that once ended as "unexpected ...": each is refused in one line with the file and what to do."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from tests.cli.files import SOUTH
from tests.fuzz.targets import SEEDS, TARGETS, seeds
from tests.shared_data import shared

from lupex.base.errors import LupexError


def seed(name: str, number: int = 0) -> bytes:
    return seeds(name)[number].read_bytes()


def changed(name: str, old: bytes, new: bytes, number: int = 0) -> bytes:
    content = seed(name, number)
    assert old in content, (name, old)
    return content.replace(old, new, 1)


DEM_TABLE = b'[one]\nurl = "https://example.org/a.tif"\nbytes = 10\n'
STOP = '{"type": "FeatureCollection", "features": [%s]}'
POINT = '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [204.0, -89.7]}, "properties": %s}'
FAR = (POINT % "{}").replace("204.0", "9" * 400)
STATION = b'like = "usuda"\n[facts]\n'

TEXTS: dict[str, tuple[str, bytes]] = {
    "a name of a DEM table that is a list": ("dem_table", b"one = [1, 2]\n"),
    "a DEM table with a number for an address": ("dem_table", DEM_TABLE.replace(b'"https://example.org/a.tif"', b"3")),
    "a DEM table with text for a size": ("dem_table", DEM_TABLE.replace(b"10", b'"ten"')),
    "a DEM table with a size of more digits than any": ("dem_table", DEM_TABLE.replace(b"10", b"1e999")),
    "a DEM table in another encoding": ("dem_table", "# höhe\n".encode("latin-1") + DEM_TABLE),
    "a DEM table with half an escape": ("dem_table", b'[one]\nurl = "\\ud800"\n'),
    "stops whose properties are text": ("stops_geojson", (STOP % (POINT % '"hours 3"')).encode()),
    "stops whose properties are a list": ("stops_geojson", (STOP % (POINT % "[3]")).encode()),
    "stops whose features are numbers": ("stops_geojson", (STOP % "1, 2").encode()),
    "stops whose coordinates are text": ("stops_geojson", (STOP % (POINT % "{}")).replace("204.0", '"E"').encode()),
    "stops that are a list": ("stops_geojson", b"[1]"),
    "stops nested without end": ("stops_geojson", b"[" * 100_000),
    "a table of stops with a quote left open": ("stops_csv", b'lat_deg,lon_deg,name\n-89.7,204,"a\n'),
    "a table of stops with a zero byte": ("stops_csv", b"lat_deg,lon_deg\n-89.7,20\x004\n"),
    "waypoints without geometry": ("waypoints_geojson", (STOP % '{"type": "Feature"}').encode()),
    "waypoints with a coordinate of 400 digits": ("waypoints_geojson", (STOP % FAR).encode()),
    "waypoints in UTF-16": ("waypoints_csv", "lat_deg,lon_deg\n-89.7,204\n".encode("utf-16")),
    "a GeoPackage that is text": ("waypoints_gpkg", b"no database\n"),
    "an OEM with digits of another script": ("oem", changed("oem", b" 1838.0", " １８３８.0".encode())),
    "an OEM with a number of 5000 digits": ("oem", changed("oem", b" 1", b" " + b"9" * 5000)),
    "a TDM without participants": ("tdm", (SEEDS / "tdm" / "no_participant.tdm").read_bytes()),
    "a schedule with a document type": ("schedule", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "a calendar cut in the middle": ("calendar", seed("calendar")[: len(seed("calendar")) // 2]),
    "a MovingAI map with text for its height": ("map", b"type octile\nheight two\nwidth 2\nmap\n..\n..\n"),
    "a MovingAI map as large as the sea": ("map", b"type octile\nheight 99999999\nwidth 99999999\nmap\n..\n"),
    "problems of a MovingAI map with too few words": ("scenarios", b"version 1\n0 a.map 4 4 1\n"),
    "a station whose height is a date": ("station", STATION + b"height_m = 2028-01-01\n"),
    "a station whose facts are a list": ("station", b'like = "usuda"\nfacts = [1]\n'),
    "a lander whose mass is text": ("lander", b'like = "lupex"\n[facts]\nwet_mass_kg = "heavy"\n'),
    "a rover that is like itself": ("rover", b'like = "mine.toml"\n'),
    "a mission whose table is a number": ("mission", b"terrain = 3\n"),
    "a mission with a count of 5.5 sites": ("mission", b"[sites]\ncount = 5.5\n"),
    "a mission with true for a number": ("mission", b"[horizon]\nazimuths = true\n"),
    "evidence whose places are a table": ("evidence", b"[places]\nname = 'a'\n"),
    "evidence whose counts are text": ("evidence", changed("evidence", b"counts = 21000", b'counts = "many"')),
    "a store whose record is a list": ("horizon_record", b"[]"),
    "a store whose grid is text": ("horizon_record", b'{"format": "lupex horizon store 2", "grid": "large"}'),
    "tiles whose job is a number": ("job", b"3"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_a_kind_once_unexpected_names_its_file_and_the_remedy(tmp_path: Path, kind: str) -> None:
    name, content = TEXTS[kind]
    refused(tmp_path, name, content)


def refused(folder: Path, name: str, content: bytes) -> str:
    """What the reader of a target says; it must refuse."""
    TARGETS[name].beside(folder)
    path = folder / TARGETS[name].file_name
    path.write_bytes(content)
    with pytest.raises(LupexError) as error:
        TARGETS[name].read(path)
    said = str(error.value)
    assert str(folder) in said
    assert error.value.fix
    assert "\n" not in said
    return said


def test_a_run_json_of_another_shape_means_that_the_study_is_run_anew(tmp_path: Path) -> None:
    for content in (b"[]", b"3", b'{"files": [1]}', b'{"files": {"a": 3}}', b"\xff\xfe", b"{" * 90_000):
        (tmp_path / "run.json").write_bytes(content)
        assert TARGETS["run_json"].read(tmp_path / "run.json")[0] is False


def test_a_geopackage_whose_geometry_is_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "drive.gpkg"
    path.write_bytes(seed("waypoints_gpkg"))
    with sqlite3.connect(path) as base:
        (table,) = base.execute("SELECT table_name FROM gpkg_contents").fetchone()
        (column,) = base.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()
        base.execute("DROP TABLE IF EXISTS gpkg_extensions")
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        base.execute(f'UPDATE "{table}" SET "{column}" = substr("{column}", 1, 9)')
    refused(tmp_path, "waypoints_gpkg", path.read_bytes())


def test_a_raster_with_cells_of_no_size_or_foreign_letters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flat.tif"
    profile = {"driver": "GTiff", "height": 4, "width": 4, "count": 1, "dtype": "float32", "crs": SOUTH}
    with rasterio.open(path, "w", transform=from_origin(0.0, 0.0, 1e-300, 1e-300), **profile) as out:
        out.write(np.zeros((4, 4), np.float32), 1)
    refused(tmp_path, "dem", path.read_bytes())
    cases = shared("cases/unexpected")
    for case in ("zero_cell.tif", "latin1.tif") if cases else ():
        try:
            TARGETS["dem_info"].read(cases / case)
        except LupexError as error:
            assert str(cases / case) in str(error)
            assert error.fix
