#!/usr/bin/env bash
# An int16 fill value that xarray masks in Zarr 2 is not masked in Zarr 3.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check xarray==2025.9.0 zarr==3.1.3 numpy==2.2.6
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import xarray as xr
import zarr

heights = np.array([[100, -32768], [200, 300]], np.int16)
for version in (2, 3):
    group = zarr.open_group(f"heights{version}.zarr", mode="w", zarr_format=version)
    names = {"attributes": {"_ARRAY_DIMENSIONS": ["y", "x"]}} if version == 2 else {"dimension_names": ["y", "x"]}
    array = group.create_array("height", shape=(2, 2), chunks=(2, 2), dtype="int16", fill_value=-32768, **names)
    array[:] = heights
    read = xr.open_zarr(f"heights{version}.zarr", consolidated=False).height
    print(f"Zarr {version}: dtype {read.dtype}, values {read.values.tolist()}")
    assert np.isnan(read.values.astype(float)).any() == (version == 2)
print("xarray", xr.__version__, "zarr", zarr.__version__)
PYTHON
