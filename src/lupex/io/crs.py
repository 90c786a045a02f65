"""Map projections: what ours is called, and whether another one is the same, decided by numbers.

GeoTIFF cannot hold IAU codes and several writers lose them, so two descriptions of one
projection rarely compare equal. Two projections are the same here when they put three points
within a millimetre of each other (`same_crs`).
"""

import math

from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.warp import transform

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.frames import Pole, map_xy_m

SAME_WITHIN_M = 1e-3
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


def as_crs(text: str | CRS) -> CRS:
    """A rasterio CRS from WKT, a proj string or an authority code. Raises InputError."""
    if isinstance(text, CRS):
        return text
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise InputError(f"map projection not understood: {str(text)[:80]}", "use WKT or a proj string") from error


def radius_m(crs: str | CRS) -> tuple[float, float]:
    """Semi-major and semi-minor axis (m) of the body a CRS describes. Raises InputError when it tells none."""
    wkt = as_crs(crs).to_wkt(version="WKT2_2019")
    ellipsoid = _ellipsoid(CRS.from_wkt(wkt).to_dict(projjson=True))
    if ellipsoid is None:
        raise InputError(f"map projection {wkt[:60]} names no ellipsoid", "use a CRS on the 1737.4 km sphere")
    major = _metres(ellipsoid.get("semi_major_axis", ellipsoid.get("radius", math.nan)))
    if "semi_minor_axis" in ellipsoid:
        return major, _metres(ellipsoid["semi_minor_axis"])
    inverse = ellipsoid.get("inverse_flattening", 0.0)
    return major, major * (1.0 - 1.0 / inverse) if inverse else major


def to_map_xy_m(
    crs: str | CRS, lat_deg: list[float] | tuple[float, ...], lon_deg: list[float] | tuple[float, ...]
) -> tuple[list[float], list[float]]:
    """Coordinates of places on the sphere in another projection (its units; inf where it has no image)."""
    with _env():
        xs, ys = transform(CRS.from_wkt(lonlat_wkt()), as_crs(crs), list(lon_deg), list(lat_deg))
    return [float(x) for x in xs], [float(y) for y in ys]


def canonical_pole(crs: str | CRS) -> Pole | None:
    """The pole whose canonical map (sphere 1737.4 km, k0 = 1, lon0 = 0) this CRS is, to 1 mm, else None."""
    text = as_crs(crs)
    if not text.is_projected:
        return None
    for pole in ("south", "north"):
        lat, lon = zip(*_PROBES[pole], strict=True)
        try:
            xs, ys = to_map_xy_m(text, lat, lon)
        except (CRSError, InputError):
            return None
        want_x, want_y = map_xy_m(lat, lon, pole)  # type: ignore[arg-type]
        if _close(xs, want_x.tolist()) and _close(ys, want_y.tolist()):
            return pole  # type: ignore[return-value]
    return None


def same_crs(a: str | CRS, b: str | CRS) -> bool:
    """Whether two projections agree: equal body radii and six polar points within 1 mm (or 1e-9 deg).

    Authority codes and names are not looked at.
    """
    first, second = as_crs(a), as_crs(b)
    if first.is_geographic != second.is_geographic:
        return False
    radii = zip(radius_m(first), radius_m(second), strict=True)
    if any(abs(p - q) > SAME_WITHIN_M for p, q in radii):
        return False
    lat, lon = zip(*_PROBES["south"], *_PROBES["north"], strict=True)
    tolerance = 1e-9 if first.is_geographic else SAME_WITHIN_M
    pairs = zip(to_map_xy_m(first, lat, lon), to_map_xy_m(second, lat, lon), strict=True)
    return all(_close(p, q, tolerance) for p, q in pairs)


def _close(got: list[float], want: list[float], tolerance: float = SAME_WITHIN_M) -> bool:
    return all(p == q or abs(p - q) < tolerance for p, q in zip(got, want, strict=True))


def _ellipsoid(node: object) -> dict | None:
    """The first ellipsoid in a PROJJSON tree."""
    if isinstance(node, dict):
        if isinstance(node.get("ellipsoid"), dict):
            return node["ellipsoid"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            found = _ellipsoid(child)
            if found is not None:
                return found
    return None


def _metres(value: object) -> float:
    if isinstance(value, dict):
        unit = value.get("unit", "metre")
        factor = unit.get("conversion_factor", 1.0) if isinstance(unit, dict) else 1.0
        return float(value["value"]) * float(factor)
    return float(value)  # type: ignore[arg-type]


def _env():  # type: ignore[no-untyped-def]
    import rasterio

    return rasterio.Env(PROJ_IGNORE_CELESTIAL_BODY="YES", OGR_CT_FORCE_TRADITIONAL_GIS_ORDER="YES")


def is_moon(crs: str | CRS) -> bool:
    """Whether the body's axes are within 1 % of the 1737.4 km sphere."""
    return all(abs(axis / MOON_RADIUS_M - 1.0) <= 0.01 for axis in radius_m(crs))
