"""Places a mission file names itself: [[place]]."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MissionPlace:
    """[[place]]: a place that is studied, ranked and reported beside those that are picked.

    Attributes:
        name: of the site in tables and files.
        lat_deg, lon_deg: latitude and east longitude.
        dem: absolute path of a DEM for its fine ground; '' for that of the mission.
    """

    name: str
    lat_deg: float
    lon_deg: float
    dem: str = ""
