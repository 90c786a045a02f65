"""Lines across the 180th meridian, cut as GeoJSON wants them (RFC 7946, 3.1.9)."""

from collections.abc import Sequence

from lupex.base.frames import Pole, lat_lon_deg, map_xy_m

LonLat = tuple[float, float]


def cut_at_180(places: Sequence[LonLat], pole: Pole | None = None) -> list[list[LonLat]]:
    """The line in parts that do not cross the 180th meridian; both parts reach it.

    Args:
        places: longitude [-180, 180] and latitude (deg) along the line.
        pole: the line is straight on this pole's map, and the crossing is found there, so that the cut moves nothing;
            None: latitude changes evenly with longitude.

    Returns the parts, longitude and latitude (deg). A place on the meridian belongs to both parts.
    """
    parts: list[list[LonLat]] = [[]]
    for place in places:
        if parts[-1]:
            lon, lat = parts[-1][-1]
            if abs(place[0] - lon) > 180.0:
                if abs(lon) == 180.0:  # it lies on the meridian already, on the other side
                    parts.append([(-lon, lat)])
                elif abs(place[0]) == 180.0:  # it ends there: no crossing
                    place = (-place[0], place[1])
                else:
                    edge = 180.0 if lon > 0.0 else -180.0
                    crossing = _latitude_at_180((lon, lat), place, pole)
                    parts[-1].append((edge, crossing))
                    parts.append([(-edge, crossing)])
        parts[-1].append(place)
    return [part for part in parts if len(part) > 1 or len(parts) == 1]


def _latitude_at_180(one: LonLat, other: LonLat, pole: Pole | None) -> float:
    if pole is None:
        ahead = other[0] + (360.0 if one[0] > 0.0 else -360.0)
        edge = 180.0 if one[0] > 0.0 else -180.0
        return one[1] + (edge - one[0]) / (ahead - one[0]) * (other[1] - one[1])
    (x0, y0), (x1, y1) = (tuple(float(v) for v in map_xy_m(lat, lon, pole)) for lon, lat in (one, other))
    share = x0 / (x0 - x1)  # the meridian is the line x = 0
    return float(lat_lon_deg(0.0, y0 + share * (y1 - y0), pole)[0])
