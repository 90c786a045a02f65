#!/usr/bin/env bash
# KML written from lunar polar metres: metres become degrees, with a warning only.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.11.1 numpy==2.2.6 shapely==2.1.1 pyproj==3.7.2
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import pyogrio
import shapely

points = shapely.to_wkb(np.array([shapely.Point(30324.1, 50.0)]))
pyogrio.raw.write(
    "moon.kml", points, field_data=[np.array([1])], fields=["n"], layer="sites", crs="IAU_2015:30135",
    geometry_type="Point", driver="KML",
)
meta, _, geometry, _ = pyogrio.raw.read("moon.kml")
back = shapely.from_wkb(geometry[0])
print("pyogrio", pyogrio.__version__, "GDAL", pyogrio.__gdal_version_string__)
print("written: x 30324.1 m, y 50 m in IAU_2015:30135; read:", back, meta["crs"])
assert meta["crs"] == "EPSG:4326"
assert abs(back.y - 50.0) < 1e-9, "the metre became a degree"
PYTHON
