"""Layers of the user's own, and where every site lies among their features."""

from collections.abc import Iterable, Sequence

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import Pole, lat_lon_deg
from lupex.io import read_own_layer
from lupex.mission import Mission
from lupex.model import Site
from lupex.model.fields.own_layer import AREAS, NearFeature, OwnFeature, OwnLayer


def own_layers(mission: Mission, pole: Pole) -> tuple[OwnLayer, ...]:
    """The layers a mission names, on the map of its pole. Raises InputError for a file that cannot be used."""
    return tuple(read_own_layer(layer, pole) for layer in mission.layers)


def near_features(layers: Iterable[OwnLayer], sites: Sequence[Site], pole: Pole) -> tuple[NearFeature, ...]:
    """One row for each site and layer: the nearest feature, how far and where it is, and what the site lies in.

    The nearest point is sought on the flat map, the distance to it is that of the great circle. The map is conformal:
    among features of like distance, within some per cent, another one may be nearer on the sphere.
    """
    return tuple(_near(layer, site, pole) for site in sites for layer in layers)


def _near(layer: OwnLayer, site: Site, pole: Pole) -> NearFeature:
    at = np.array([site.x_m, site.y_m])
    found = []
    for number, one in enumerate(layer.features, 1):
        point = _nearest_point(one, at, closed=layer.kind in AREAS)
        away_m, azimuth = _great_circle(at, point, pole)
        radius_m = 0.5 * one.diameter_m if np.isfinite(one.diameter_m) else 0.0
        inside = away_m <= radius_m if radius_m else layer.kind in AREAS and _holds(one, at)
        size = radius_m or _box_m(one)
        found.append((0.0 if inside else away_m - radius_m, size, one.name or f"no. {number}", azimuth, inside))
    distance_m, _, name, azimuth, inside = min(found, key=lambda row: (row[0], row[1]))
    return NearFeature(
        site=site.candidate.name,
        layer=layer.name,
        kind=layer.kind,
        nearest=name,
        distance_km=float(distance_m) / 1000.0,
        azimuth_true_deg=float("nan") if inside else azimuth,
        inside=tuple(row[2] for row in sorted(found, key=lambda row: row[1]) if row[4]),
    )


def _nearest_point(feature: OwnFeature, at: F64, closed: bool) -> F64:
    """The point of a feature's points, lines or rims that lies nearest on the map."""
    best, least = feature.parts[0][0], np.inf
    for part in feature.parts:
        ring = np.vstack([part, part[:1]]) if closed else part
        a, b = (ring[:-1], ring[1:]) if len(ring) > 1 else (ring, ring)
        along = b - a
        length = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip(((at - a) * along).sum(axis=1) / length, 0.0, 1.0)
        points = a + share[:, None] * along
        away = ((points - at) ** 2).sum(axis=1)
        k = int(np.argmin(away))
        if away[k] < least:
            best, least = points[k], away[k]
    return best


def _holds(feature: OwnFeature, at: F64) -> bool:
    """Whether an area holds a point: a ray from it crosses its rings an odd number of times (holes count twice)."""
    crossings = 0
    for part in feature.parts:
        x, y = (np.append(part[:, i], part[0, i]) - at[i] for i in (0, 1))
        spans = (y[:-1] > 0.0) != (y[1:] > 0.0)
        x0, x1, y0, y1 = x[:-1][spans], x[1:][spans], y[:-1][spans], y[1:][spans]
        crossings += int((x0 - y0 * (x1 - x0) / (y1 - y0) > 0.0).sum())
    return crossings % 2 == 1


def _box_m(feature: OwnFeature) -> float:
    places = np.concatenate(feature.parts)
    return float(np.hypot(*(places.max(axis=0) - places.min(axis=0))))


def _great_circle(start: F64, end: F64, pole: Pole) -> tuple[float, float]:
    """Distance (m) and azimuth at the start (deg, clockwise from true north) between two points of the map."""
    x, y = np.array([start, end]).T
    lat, lon = (np.radians(v) for v in lat_lon_deg(x, y, pole))
    turn = lon[1] - lon[0]
    across = np.cos(lat[1]) * np.sin(turn)
    ahead = np.cos(lat[0]) * np.sin(lat[1]) - np.sin(lat[0]) * np.cos(lat[1]) * np.cos(turn)
    up = np.sin(lat[0]) * np.sin(lat[1]) + np.cos(lat[0]) * np.cos(lat[1]) * np.cos(turn)
    away_m = MOON_RADIUS_M * float(np.arctan2(np.hypot(across, ahead), up))
    return away_m, float(np.degrees(np.arctan2(across, ahead)) % 360.0)
