"""What the page says of a place: the value of every map, skyline with Sun and Earth, calendar, temperatures."""

import math
from typing import Any

from lupex.base.errors import InputError
from lupex.illumination import daily_fractions, point_series
from lupex.model.quantities import is_share, label_of, unit_of
from lupex.study import place_profile
from lupex.study.places import map_point, point_view, true_skyline
from lupex.thermal import CLASSES, IceSettings, ice_class, ice_depth
from lupex.web.folder import REGION
from lupex.web.ground import Ground, sky_of, unix_ms
from lupex.web.tiles import TileMaker

DAY_S = 86_400.0
SKYLINE_AZIMUTHS = 720


def values_at(ground: Ground, tiles: TileMaker, lat_deg: float, lon_deg: float) -> dict[str, Any]:
    """Every map of the study at a place, the finest that holds it, with unit, cell and what is synthetic.

    Args:
        ground: of the study. tiles: hold the maps.
        lat_deg, lon_deg: the place.

    Raises InputError off the maps.
    """
    x, y = ground.map_xy(lat_deg, lon_deg)
    rows = []
    for name, sources in ground.study.maps.items():
        for source in reversed(sources):
            value = tiles.value_at(source, x, y)
            if math.isnan(value):
                continue
            share = is_share(name)
            rows.append(
                {
                    "name": name,
                    "label": label_of(name),
                    "value": value,
                    "shown": 100.0 * value if share else value,
                    "unit": "%" if share else unit_of(name).symbol,
                    "part": source.part,
                    "cell_m": source.file.grid.cell_m,
                    "synthetic": source.file.synthetic,
                    "meaning": source.file.meaning,
                }
            )
            break
    if not rows:
        raise InputError(f"({lat_deg:g}, {lon_deg:g}) lies off the maps of this study", "choose a place on the map")
    return {"lat_deg": lat_deg, "lon_deg": lon_deg, "x_m": x, "y_m": y, "rows": rows}


def horizon_at(ground: Ground, place: tuple[float, float], height_m: float, start_utc: str, days: float) -> Any:
    """The skyline of a place and the hourly tracks of Sun and Earth over it.

    Args:
        ground: of the study.
        place: latitude and east longitude.
        height_m: of the eye.
        start_utc: first instant of the tracks. days: their length.

    Raises InputError off the maps, SpanError outside the kernels.
    """
    terrain = ground.terrain(ground.part_at(*place))
    view = point_view(terrain, *map_point(terrain, *place), height_m, SKYLINE_AZIMUTHS)
    series = point_series(view, sky_of(start_utc, _later(start_utc, days), 3600.0))
    azimuth, elevation = true_skyline(view)
    return {
        "skyline": {"azimuth_true_deg": azimuth, "elevation_deg": elevation},
        "times_ms": unix_ms(series.times_tdb_s),
        "sun": {
            "azimuth_true_deg": series.sun_azimuth_true_deg,
            "elevation_deg": series.sun_elevation_deg,
            "radius_deg": series.sun_radius_deg,
            "disc_fraction": series.sun_disc_fraction,
        },
        "earth": {
            "azimuth_true_deg": series.earth_azimuth_true_deg,
            "elevation_deg": series.earth_elevation_deg,
            "radius_deg": series.earth_radius_deg,
            "visible": series.earth_centre_visible,
        },
        "height_m": height_m,
        "ground": terrain.source,
        "synthetic": terrain.label,
    }


def calendar_at(ground: Ground, place: tuple[float, float], height_m: float) -> dict[str, Any]:
    """Share of each day of the mission's span lit, with the Earth in view, and both.

    Args:
        ground: of the study.
        place: latitude and east longitude.
        height_m: of the eye.

    Raises InputError off the maps.
    """
    terrain = ground.terrain(ground.part_at(*place))
    light = ground.study.mission.light
    view = point_view(terrain, *map_point(terrain, *place), height_m, SKYLINE_AZIMUTHS)
    series = point_series(view, sky_of(light.start_utc, light.stop_utc, 3600.0))
    lit, earth, both = daily_fractions(series, light.dark_below_disc_fraction)
    return {
        "days_ms": unix_ms(series.times_tdb_s[:: round(DAY_S / 3600.0)][: lit.size]),
        "lit_fraction": lit,
        "earth_fraction": earth,
        "both_fraction": both,
        "ground": terrain.source,
        "synthetic": terrain.label,
    }


def temperature_at(ground: Ground, place: tuple[float, float]) -> dict[str, Any]:
    """Temperatures with depth at a place under the real Sun, behind its own skyline, on the mission's DEM.

    Args:
        ground: of the study.
        place: latitude and east longitude.

    Raises InputError and GridError off the DEM.
    """
    settings = ground.study.mission.terrain
    profile = place_profile(settings.dem, *place, check=settings.check_dem)
    limits = IceSettings()
    ice = ice_depth(profile.depth_m, profile.loss_kg_m2_gyr[None, :], limits)
    return {
        "ice": {
            "depth_m": float(ice.depth_m[0]),
            "low_m": float(ice.low_m[0]),
            "high_m": float(ice.high_m[0]),
            "class": CLASSES[int(ice_class(float(ice.depth_m[0]), limits))],
            "limit_kg_m2_gyr": limits.limit_kg_m2_gyr,
        },
        "depth_m": profile.depth_m,
        "mean_k": profile.mean_k,
        "min_k": profile.min_k,
        "max_k": profile.max_k,
        "ground": "default DEM, 1600 m" if settings.dem == "default" else ground.terrain(REGION).source,
    }


def _later(start_utc: str, days: float) -> str:
    from lupex.ephemeris import tdb_s_to_utc, utc_to_tdb_s

    return tdb_s_to_utc([float(utc_to_tdb_s(start_utc)[0]) + days * DAY_S])[0]
