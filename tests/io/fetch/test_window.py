"""Windows of a published DEM by HTTP ranges. A real server on this machine answers, honestly or not."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from tests.shared_data import shared

from lupex.base.errors import DownloadError, InputError, LupexWarning
from lupex.io import FetchSettings, fetch_window, read_terrain
from lupex.model.dem_product import DemProduct

CRS = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
QUICK = FetchSettings(tries=2, pause_s=0.0, timeout_s=1.0)
ROWS, CELL = 1500, 20.0
PLACE = (-89.8, 45.0, 1000.0)


def _cog() -> tuple[bytes, np.ndarray]:
    """A tiled GeoTIFF of 9 MB on the polar map, with relief that does not compress."""
    heights = np.random.default_rng(1).normal(0.0, 300.0, (ROWS, ROWS)).astype("float32")
    profile = {"driver": "GTiff", "height": ROWS, "width": ROWS, "count": 1, "dtype": "float32", "crs": CRS,
               "tiled": True, "blockxsize": 256, "blockysize": 256,
               "transform": from_origin(-15_000.0, 15_000.0, CELL, CELL), "nodata": -9999.0}  # fmt: skip
    heights[:200, :200] = -9999.0
    with MemoryFile() as memory:
        with memory.open(**profile) as out:
            out.write(heights, 1)
        return bytes(memory.read()), heights


CONTENT, HEIGHTS = _cog()


@dataclass
class Behaviour:
    """What the server does, and how many bytes it was asked for."""

    content: bytes = CONTENT
    ranges: bool = True
    page: bool = False
    page_as_part: bool = False
    wrong_length: bool = False
    wrong_part: bool = False
    cut: bool = False
    sleep_s: float = 0.0
    change_after: int = 1_000_000
    sent: int = 0
    requests: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour: Behaviour

    def do_GET(self) -> None:
        b = self.behaviour
        b.requests.append(self.headers.get("Range", ""))
        time.sleep(b.sleep_s)
        page = b"<!DOCTYPE html><html>moved</html>" * 10
        if b.page or not b.ranges:
            body = page if b.page else b.content
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._write(body)
            return
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", b.requests[-1])
        assert found is not None
        first, last = int(found.group(1)), min(int(found.group(2)), len(b.content) - 1)
        body = b.content[first : last + 1]
        if b.page_as_part:
            body = (page * 20_000)[: last - first + 1]
        self.send_response(206)
        shift = 512 if b.wrong_part else 0
        self.send_header("Content-Range", f"bytes {first + shift}-{last + shift}/{len(b.content)}")
        self.send_header("Content-Length", str(len(body) - (7 if b.wrong_length else 0)))
        self.send_header("ETag", '"v2"' if len(b.requests) > b.change_after else '"v1"')
        self.end_headers()
        b.sent += len(body)
        self._write(body[:-100] if b.cut else body)
        if b.cut:
            self.close_connection = True

    def _write(self, body: bytes) -> None:
        try:
            self.wfile.write(body)
        except OSError:  # the client has heard enough
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[Behaviour, DemProduct]]:
    behaviour = Behaviour()
    handler = type("One", (Handler,), {"behaviour": behaviour})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{running.server_address[1]}/ldem_20m.tif"
    yield (
        behaviour,
        DemProduct(name="ldem", family="made-up", title="t", url=url, citation="c", licence="l", source="s"),
    )
    running.shutdown()
    running.server_close()


def test_a_window_is_the_cells_of_the_product_and_costs_a_part_of_its_bytes(
    server: tuple[Behaviour, DemProduct], tmp_path: Path
) -> None:
    behaviour, product = server
    path = fetch_window(product, PLACE, tmp_path, QUICK)
    terrain = read_terrain(path)
    g = terrain.grid
    col, row = round((g.left_m + 15_000.0) / CELL), round((15_000.0 - g.top_m) / CELL)
    assert np.array_equal(terrain.elevation_m, HEIGHTS[row : row + g.rows, col : col + g.cols])
    assert 100 <= g.rows <= 102
    assert behaviour.sent < 0.25 * len(CONTENT)
    asked = len(behaviour.requests)
    assert fetch_window(product, PLACE, tmp_path, QUICK) == path
    assert len(behaviour.requests) == asked
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.warns(LupexWarning, match="damaged"):
        fetch_window(product, PLACE, tmp_path, QUICK)
    assert len(behaviour.requests) > asked


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ranges": False}, "ignores ranges"),
        ({"page": True}, "a web page came"),
        ({"page_as_part": True}, "a web page came"),
        ({"wrong_length": True}, "announces"),
        ({"wrong_part": True}, "were asked for"),
        ({"cut": True}, "no range came"),
        ({"sleep_s": 1.5}, "no range came"),
        ({"change_after": 2}, "has changed"),
    ],
)
def test_what_a_server_does_wrong_is_told_apart_and_leaves_nothing(
    server: tuple[Behaviour, DemProduct], tmp_path: Path, change: dict[str, object], words: str
) -> None:
    behaviour, product = server
    for name, value in change.items():
        setattr(behaviour, name, value)
    with pytest.raises(DownloadError, match=words):
        fetch_window(product, PLACE, tmp_path / "cache", QUICK)
    assert not list(tmp_path.rglob("*.tif*"))


def test_another_size_than_the_published_one_and_no_server_are_said(
    server: tuple[Behaviour, DemProduct], tmp_path: Path
) -> None:
    from dataclasses import replace

    _, product = server
    with pytest.raises(DownloadError, match="not the published one"):
        fetch_window(replace(product, bytes=123_456_789), PLACE, tmp_path, QUICK)
    with pytest.raises(DownloadError, match="no range came"):
        fetch_window(replace(product, url="http://127.0.0.1:9/x.tif"), PLACE, tmp_path, QUICK)


def test_places_off_the_product_and_without_heights_are_refused(
    server: tuple[Behaviour, DemProduct], tmp_path: Path
) -> None:
    _, product = server
    with pytest.raises(InputError, match="does not cover"):
        fetch_window(product, (-88.0, 45.0, 1000.0), tmp_path, QUICK)
    with pytest.raises(InputError, match="lies at the other"):
        fetch_window(product, (89.0, 45.0, 1000.0), tmp_path, QUICK)
    with pytest.raises(InputError, match="no heights"):
        fetch_window(product, (-89.35, -45.0, 500.0), tmp_path, QUICK)
    with pytest.raises(InputError, match="positive half size"):
        fetch_window(product, (-89.8, 45.0, 0.0), tmp_path, QUICK)


def test_windows_of_a_measured_tile_are_its_cells(server: tuple[Behaviour, DemProduct], tmp_path: Path) -> None:
    tile = shared("data/dem_pgda78/site07_10m.tif")
    if tile is None:
        print("the measured tile is not here; tests/io/fetch/test_window.py does without it")
        return
    behaviour, product = server
    behaviour.content = tile.read_bytes()
    whole = read_terrain(tile)
    lat, lon = (float(a[800, 800]) for a in whole.grid.lat_lon_deg())
    part = read_terrain(fetch_window(product, (lat, lon, 500.0), tmp_path, QUICK))
    g, w = part.grid, whole.grid
    col, row = round((g.left_m - w.left_m) / w.cell_m), round((w.top_m - g.top_m) / w.cell_m)
    assert np.array_equal(part.elevation_m, whole.elevation_m[row : row + g.rows, col : col + g.cols])
