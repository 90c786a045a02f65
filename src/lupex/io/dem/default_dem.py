"""The terrain every installation has: LOLA caps at 1600 m."""

from importlib.resources import as_file, files

import numpy as np
import rasterio

from lupex.base.digest import file_sha256
from lupex.base.errors import InputError
from lupex.base.frames import Pole
from lupex.model import Grid, Terrain

CITATION = "LOLA polar DEM resampled to 1600 m (LRO-L-LOLA-4-GDR-V1.0, NASA/GSFC)"


def default_terrain(pole: Pole) -> Terrain:
    """The LOLA cap shipped in the package: 762 x 762 cells of 1600 m, +-609.6 km, about 70 deg to the pole.

    Heights are whole metres above the 1737.4 km sphere. See docs/theory/maps_and_dems.md.

    Raises:
        InputError: the pole is not 'south' or 'north'.
    """
    if pole not in ("south", "north"):
        raise InputError(f"default terrain: pole is '{pole}'", "use 'south' or 'north'")
    with as_file(files("lupex") / "data" / f"lola_dem_{pole}_1600m.tif") as path:
        digest = file_sha256(path)
        with rasterio.Env(GDAL_PAM_ENABLED="NO"), rasterio.open(path, driver="GTiff") as dataset:
            heights = dataset.read(1).astype(np.float32)
            t = dataset.transform
    grid = Grid(pole, heights.shape[0], heights.shape[1], t.a, t.c, t.f)
    return Terrain(grid, heights, source=CITATION, sha256=digest)
