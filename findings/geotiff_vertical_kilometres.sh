#!/usr/bin/env bash
# A compound lunar CRS with heights in kilometres comes back from a GeoTIFF as metres.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check rasterio==1.4.4 numpy==2.2.6 pyproj==3.7.2
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import pyproj
import rasterio

horizontal = pyproj.CRS("IAU_2015:30135").to_wkt()
vertical = 'VERTCRS["height above 1737.4 km sphere",VDATUM["sphere"],CS[vertical,1],AXIS["up",up],LENGTHUNIT["kilometre",1000]]'
compound = f'COMPOUNDCRS["Moon with heights in km",{horizontal},{vertical}]'
assert pyproj.CRS(compound).axis_info[-1].unit_name == "kilometre"
with rasterio.open(
    "heights.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="float32", crs=compound,
    transform=rasterio.transform.from_origin(0, 0, 100, 100),
) as file:
    file.write(np.full((1, 2, 2), 1.5, np.float32))
with rasterio.open("heights.tif") as file:
    wkt = file.crs.to_wkt(version="WKT2_2019")
    value = float(file.read(1)[0, 0])
unit = pyproj.CRS(wkt).axis_info[-1].unit_name if pyproj.CRS(wkt).is_compound else "no vertical CRS"
print("rasterio", rasterio.__version__, "GDAL", rasterio.__gdal_version__)
print("written: kilometre; read:", unit, "; the value stays", value)
assert unit != "kilometre" and value == 1.5
PYTHON
