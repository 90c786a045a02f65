#!/usr/bin/env bash
# A second GeoPackage layer written with a CRS that was read back loses the year of its IAU code.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.11.1 numpy==2.2.6 shapely==2.1.1 pyproj==3.7.2
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import sqlite3

import numpy as np
import pyogrio
import shapely

points = shapely.to_wkb(np.array([shapely.Point(1000.0, 2000.0)]))


def write(layer, crs, append):
    pyogrio.raw.write(
        "moon.gpkg", points, field_data=[np.array([1])], fields=["n"], layer=layer, crs=crs, geometry_type="Point",
        driver="GPKG", append=append,
    )


write("first", "IAU_2015:30135", False)
back = pyogrio.read_info("moon.gpkg", layer="first")["crs"]
write("second", back, True)
with sqlite3.connect("moon.gpkg") as file:
    rows = file.execute(
        "select c.table_name, s.organization, s.organization_coordsys_id from gpkg_contents c "
        "join gpkg_spatial_ref_sys s on c.srs_id = s.srs_id order by 1"
    ).fetchall()
print("pyogrio", pyogrio.__version__, "GDAL", pyogrio.__gdal_version_string__)
print("the CRS of the first layer reads back as", back[:60])
for row in rows:
    print(row)
assert rows[0][1:] == ("IAU_2015", 30135), rows
assert rows[1][1:] == ("IAU", 30135), rows
PYTHON
