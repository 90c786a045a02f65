"""Map projections: what ours is called, and whether another one is the same, decided by numbers.

GeoTIFF cannot hold IAU codes and several writers lose them, so two descriptions of one
projection rarely compare equal. Two projections are the same here when they put three points
within a millimetre of each other (`same_crs`).
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.frames import Pole, map_xy_m
from lupex.model import Grid

SAME_WITHIN_M = 1e-3
EARTH_DEFAULTS = {"OGC:CRS84", "EPSG:4326", "OGC:84"}
"""What GeoJSON means by its standard; for files about the Moon every tool writes it, and it only says 'degrees'."""
_DEGREE = 'ANGLEUNIT["degree",0.0174532925199433]'
_BASE = (
    'DATUM["Moon (2015) - Sphere",ELLIPSOID["Moon (2015) - Sphere",1737400,0,LENGTHUNIT["metre",1]]],'
    f'PRIMEM["Reference Meridian",0,{_DEGREE}]'
)
_PROBES = {
    "south": ((-89.0, 0.0), (-85.0, 90.0), (-80.0, 200.0)),
    "north": ((89.0, 0.0), (85.0, 90.0), (80.0, 200.0)),
}


def crs_wkt(pole: Pole) -> str:
    """WKT2:2019 text of the polar stereographic map of a pole (IAU_2015:30135 south, 30130 north)."""
    name, lat, code = ("South", -90, 30135) if pole == "south" else ("North", 90, 30130)
    direction, meridian_n = ("north", 0) if pole == "south" else ("south", 180)
    metre = 'LENGTHUNIT["metre",1]'
    return (
        f'PROJCRS["Moon (2015) - Sphere / Ocentric / {name} Polar",'
        f'BASEGEOGCRS["Moon (2015) - Sphere / Ocentric",{_BASE},ID["IAU",30100,2015]],'
        f'CONVERSION["{name} Polar",METHOD["Polar Stereographic (variant A)",ID["EPSG",9810]],'
        f'PARAMETER["Latitude of natural origin",{lat},{_DEGREE},ID["EPSG",8801]],'
        f'PARAMETER["Longitude of natural origin",0,{_DEGREE},ID["EPSG",8802]],'
        'PARAMETER["Scale factor at natural origin",1,SCALEUNIT["unity",1],ID["EPSG",8805]],'
        f'PARAMETER["False easting",0,{metre},ID["EPSG",8806]],'
        f'PARAMETER["False northing",0,{metre},ID["EPSG",8807]]],'
        f'CS[Cartesian,2],AXIS["easting (X)",{direction},MERIDIAN[90,{_DEGREE}],ORDER[1],{metre}],'
        f'AXIS["northing (Y)",{direction},MERIDIAN[{meridian_n},{_DEGREE}],ORDER[2],{metre}],'
        f'ID["IAU",{code},2015]]'
    )


def lonlat_wkt() -> str:
    """WKT2:2019 text of longitude and latitude on the 1737.4 km sphere (IAU_2015:30100)."""
    return (
        f'GEOGCRS["Moon (2015) - Sphere / Ocentric",{_BASE},CS[ellipsoidal,2],'
        f'AXIS["latitude",north,ORDER[1],{_DEGREE}],AXIS["longitude",east,ORDER[2],{_DEGREE}],ID["IAU",30100,2015]]'
    )


def as_crs(crs: Any) -> CRS:
    """A CRS from WKT, a proj string, an authority code or any library's CRS object. Raises InputError."""
    try:
        return CRS.from_wkt(crs.to_wkt()) if hasattr(crs, "to_wkt") else CRS.from_user_input(crs)
    except CRSError as error:
        raise InputError(f"map projection not understood: {str(crs)[:80]!r}", "use WKT or a proj string") from error


def radii_m(crs: Any) -> tuple[float, float]:
    """Semi-major and semi-minor axis (m) of the body a CRS describes. Raises InputError when it tells none."""
    ellipsoid = as_crs(crs).ellipsoid
    if ellipsoid is None:
        raise InputError("the map projection names no body", "use a CRS on the 1737.4 km sphere")
    return ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre


def is_moon(crs: Any) -> bool:
    """Whether the body's axes are within 1 % of the 1737.4 km sphere."""
    return all(abs(axis / MOON_RADIUS_M - 1.0) <= 0.01 for axis in radii_m(crs))


def is_reference_sphere(crs: Any) -> bool:
    """Whether the body is the 1737.4 km sphere to a metre: heights above another one mean something else."""
    return all(abs(axis - MOON_RADIUS_M) <= 1.0 for axis in radii_m(crs))


def metres_per_unit(crs: Any) -> float:
    """Metres on the ground per unit of a CRS's coordinates: of length, or of angle along a great circle."""
    axis = as_crs(crs).axis_info[0]
    factor = float(axis.unit_conversion_factor)  # to metres or to radians
    return factor * MOON_RADIUS_M if as_crs(crs).is_geographic else factor


def prime_meridian_deg(crs: Any) -> float:
    """Longitude (deg, from the mean Earth meridian) of a CRS's prime meridian; 0 unless it says otherwise."""
    meridian = as_crs(crs).prime_meridian
    if meridian is None:
        return 0.0
    return math.degrees(float(meridian.longitude) * float(meridian.unit_conversion_factor))


def project(crs: Any, lat_deg: Any, lon_deg: Any) -> tuple[list[float], list[float]]:
    """Coordinates (the CRS's units; inf where there is no image) of latitudes and longitudes on its own body.

    Args:
        crs: WKT, proj string, code or CRS object.
        lat_deg, lon_deg: sequences of degrees; longitudes east of the mean Earth meridian, whatever the CRS's own.

    Raises InputError when the CRS names no body or cannot be computed.
    """
    target = as_crs(crs)
    geodetic = target.geodetic_crs
    if geodetic is None:
        raise InputError("the map projection names no body", "use a CRS on the 1737.4 km sphere")
    shift = prime_meridian_deg(target)
    lons = [math.remainder(float(lon) - shift, 360.0) for lon in lon_deg] if shift else list(lon_deg)
    try:
        per_degree = math.radians(1.0) / float(geodetic.axis_info[0].unit_conversion_factor)
        lons, lats = ([float(v) * per_degree for v in values] for values in (lons, lat_deg))
        xs, ys = Transformer.from_crs(geodetic, target, always_xy=True).transform(lons, lats)
    except ProjError as error:
        raise InputError(f"map projection cannot be computed: {str(error)[:80]}") from error
    return list(xs), list(ys)


def canonical_pole(crs: Any) -> Pole | None:
    """The pole whose canonical map (sphere 1737.4 km, k0 = 1, lon0 = 0) this CRS is, to 1 mm, else None.

    Args:
        crs: WKT, proj string, code or CRS object.
    """
    given = as_crs(crs)
    if given.ellipsoid is None or not given.is_projected or not is_reference_sphere(given):
        return None
    poles: tuple[Pole, Pole] = ("south", "north")
    for pole in poles:
        lat, lon = zip(*_PROBES[pole], strict=True)
        want_x, want_y = map_xy_m(lat, lon, pole)
        xs, ys = project(given, lat, lon)
        if _close(xs, want_x.tolist()) and _close(ys, want_y.tolist()):
            return pole
    return None


def same_crs(a: Any, b: Any) -> bool:
    """Whether two projections agree: equal body radii and six polar points within 1 mm (1e-9 deg if geographic).

    Authority codes and names are not looked at. Takes WKT, proj strings, codes or CRS objects.

    Args:
        a, b: the two projections.
    """
    first, second = as_crs(a), as_crs(b)
    if first.is_geographic != second.is_geographic:
        return False
    if not _close(list(radii_m(first)), list(radii_m(second))):
        return False
    lat, lon = zip(*_PROBES["south"], *_PROBES["north"], strict=True)
    tolerance = 1e-9 if first.is_geographic else SAME_WITHIN_M
    pairs = zip(project(first, lat, lon), project(second, lat, lon), strict=True)
    return all(_close(p, q, tolerance) for p, q in pairs)


def onto_map(where: str, crs: Any, pole: Pole) -> Callable[[Any], F64]:
    """The function that takes coordinates (point, 2) of a CRS to metres of a pole's map; NaN or inf where it has none.

    Args:
        where: the beginning of an error.
        crs: WKT, proj string, code or CRS object; None, and what GeoJSON writes for the Earth, for degrees of longitude
            and latitude.
        pole: of the map.

    Raises InputError for a CRS that is not of the Moon or cannot be computed.
    """

    def from_degrees(places: Any) -> F64:
        lon, lat = np.asarray(places, np.float64).reshape(-1, 2).T
        return np.column_stack(map_xy_m(lat, lon, pole))

    if crs is None or str(crs).upper() in EARTH_DEFAULTS:
        return from_degrees
    given = as_crs(crs)
    if not is_moon(given):
        raise InputError(
            f"{where}: its map projection is not of the Moon", "give one on the 1737.4 km sphere, or degrees"
        )
    if canonical_pole(given) == pole:
        return lambda places: np.asarray(places, np.float64).reshape(-1, 2)
    geodetic, shift = given.geodetic_crs, prime_meridian_deg(given)
    assert geodetic is not None  # a CRS that names a body has one
    per_degree = math.radians(1.0) / float(geodetic.axis_info[0].unit_conversion_factor)
    transformer = Transformer.from_crs(given, geodetic, always_xy=True)

    def from_crs(places: Any) -> F64:
        x, y = np.asarray(places, np.float64).reshape(-1, 2).T
        lon, lat = transformer.transform(x, y)
        return from_degrees(np.column_stack([np.asarray(lon) / per_degree + shift, np.asarray(lat) / per_degree]))

    return from_crs


def _close(got: list[float], want: list[float], tolerance: float = SAME_WITHIN_M) -> bool:
    return all(p == q or abs(p - q) < tolerance for p, q in zip(got, want, strict=True))


def cf_grid_mapping(grid: Grid) -> dict[str, Any]:
    """Attributes of the CF grid mapping variable of a grid: what GDAL, rioxarray and CF readers look for."""
    return {
        "grid_mapping_name": "polar_stereographic",
        "latitude_of_projection_origin": -90.0 if grid.pole == "south" else 90.0,
        "straight_vertical_longitude_from_pole": 0.0,
        "scale_factor_at_projection_origin": 1.0,
        "false_easting": 0.0,
        "false_northing": 0.0,
        "earth_radius": 1_737_400.0,
        "crs_wkt": crs_wkt(grid.pole),
        "GeoTransform": f"{grid.left_m!r} {grid.cell_m!r} 0.0 {grid.top_m!r} 0.0 {-grid.cell_m!r}",
    }
