"""When and how much Sun and Earth rise above each skyline; permanent shadow."""

from lupex.illumination.dates import DateLimits, date_table, landing_starts
from lupex.illumination.grounds import EXPECTED, expected_light
from lupex.illumination.image import ImageRegion, image_regions
from lupex.illumination.longterm import LongTermSettings, long_term_light
from lupex.illumination.on_demand import HorizonLight
from lupex.illumination.point import (
    PointSeries,
    PointView,
    daily_fractions,
    earth_windows,
    lit_windows,
    point_series,
    point_statistics,
)
from lupex.illumination.season import best_season, brightest_cells, lit_share
from lupex.illumination.series import SeriesSettings, disc_series, light_statistics
from lupex.illumination.shadow import area_by_latitude, shadow_regions

__all__ = [
    "EXPECTED",
    "DateLimits",
    "HorizonLight",
    "ImageRegion",
    "LongTermSettings",
    "PointSeries",
    "PointView",
    "SeriesSettings",
    "area_by_latitude",
    "best_season",
    "brightest_cells",
    "daily_fractions",
    "date_table",
    "disc_series",
    "earth_windows",
    "expected_light",
    "image_regions",
    "landing_starts",
    "light_statistics",
    "lit_share",
    "lit_windows",
    "long_term_light",
    "point_series",
    "point_statistics",
    "shadow_regions",
]
