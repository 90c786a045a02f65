"""Where countries and complexes lie, roughly: enough to notice swapped or mirrored coordinates.

Boxes of latitude and east longitude, whole degrees outward of the land that can hold an antenna
(assumption: from general maps; islands far off the mainland are left out).
"""

from lupex.base.errors import MissionError

Box = tuple[float, float, float, float]
"""South, north, west, east (deg)."""

COUNTRIES: dict[str, Box] = {
    "AR": (-56.0, -21.0, -74.0, -53.0),
    "AU": (-44.0, -10.0, 112.0, 154.0),
    "BR": (-34.0, 6.0, -74.0, -34.0),
    "CA": (41.0, 84.0, -142.0, -52.0),
    "CL": (-56.0, -17.0, -76.0, -66.0),
    "CN": (18.0, 54.0, 73.0, 136.0),
    "DE": (47.0, 56.0, 5.0, 16.0),
    "ES": (27.0, 44.0, -19.0, 5.0),
    "FR": (41.0, 52.0, -6.0, 10.0),
    "GB": (49.0, 61.0, -9.0, 2.0),
    "IN": (6.0, 36.0, 68.0, 98.0),
    "IT": (35.0, 48.0, 6.0, 19.0),
    "JP": (20.0, 46.0, 122.0, 154.0),
    "KR": (33.0, 39.0, 124.0, 132.0),
    "NO": (57.0, 81.0, 4.0, 34.0),
    "NZ": (-48.0, -34.0, 166.0, 179.0),
    "SE": (55.0, 70.0, 10.0, 25.0),
    "US": (18.0, 72.0, -180.0, -66.0),
    "ZA": (-35.0, -22.0, 16.0, 33.0),
}

COMPLEXES: dict[str, Box] = {
    "goldstone": (35.1, 35.6, -117.2, -116.6),
    "canberra": (-35.6, -35.2, 148.8, 149.2),
    "madrid": (40.3, 40.6, -4.5, -4.1),
    "usuda": (36.0, 36.3, 138.2, 138.5),
    "uchinoura": (31.1, 31.4, 130.9, 131.2),
    "byalalu": (12.8, 13.1, 77.2, 77.6),
}


def check_whereabouts(label: str, lat_deg: float, lon_deg: float, country: str, complex_name: str) -> None:
    """Do nothing when a place can be where it is said to be.

    Args:
        label: of the station, the beginning of an error.
        lat_deg, lon_deg: latitude and east longitude on the Earth.
        complex_name: 'madrid', 'goldstone', ...; '' for none.

    Raises MissionError when latitude and longitude do not exist, look swapped, have a wrong sign, or lie outside the
    country or complex where that is known.
    """
    for name in (complex_name, country):
        box = _box(name)
        if box is None or _inside(box, lat_deg, lon_deg):
            continue
        check_mirrored(label, lat_deg, lon_deg, name)
        raise MissionError(
            f"{label}: latitude {lat_deg:g}, longitude {lon_deg:g} deg is not in {name}",
            f"it spans {box[0]:g}..{box[1]:g} N, {box[2]:g}..{box[3]:g} E",
        )
    if not (abs(lat_deg) <= 90.0 and abs(lon_deg) <= 360.0):
        raise MissionError(
            f"{label}: latitude {lat_deg:g}, longitude {lon_deg:g} deg does not exist",
            "latitude is -90 to 90, then east longitude",
        )


def check_mirrored(label: str, lat_deg: float, lon_deg: float, name: str) -> None:
    """Do nothing unless a place outside a country or complex lies in it when swapped or mirrored: MissionError.

    Args:
        label: of the station, the beginning of an error.
        lat_deg, lon_deg: latitude and east longitude on the Earth.
        name: of the country or complex.
    """
    box = _box(name)
    if box is None or _inside(box, lat_deg, lon_deg):
        return
    said = f"{label}: latitude {lat_deg:g}, longitude {lon_deg:g} deg is not in {name}"
    if _inside(box, lon_deg, lat_deg):
        raise MissionError(f"{said}; the two look swapped", f"write lat_deg = {lon_deg:g}, lon_deg = {lat_deg:g}")
    for lat, lon in ((-lat_deg, lon_deg), (lat_deg, -lon_deg), (-lat_deg, -lon_deg)):
        if _inside(box, lat, lon):
            raise MissionError(f"{said}; a sign looks wrong", f"write lat_deg = {lat:g}, lon_deg = {lon:g}")


def _box(name: str) -> Box | None:
    return COMPLEXES.get(name, COUNTRIES.get(name))


def _inside(box: Box, lat_deg: float, lon_deg: float) -> bool:
    south, north, west, east = box
    return south <= lat_deg <= north and any(west <= lon_deg + turn <= east for turn in (-360.0, 0.0, 360.0))
