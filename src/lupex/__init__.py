"""Lunar polar mission studies: light, shadow, landing sites, drives and ground contacts from real terrain.

>>> import lupex
>>> terrain = lupex.default_terrain("south")

The names below are this package's public interface. Each is fetched from its room when first
used, so that ``import lupex`` and ``lupex --help`` stay quick: numpy, numba, rasterio and the
rest load only when something computes.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lupex.base.errors import LupexError as LupexError
    from lupex.ephemeris import sky_span as sky_span
    from lupex.ephemeris import sky_table as sky_table
    from lupex.ephemeris import tdb_s_to_utc as tdb_s_to_utc
    from lupex.ephemeris import topocentric as topocentric
    from lupex.ephemeris import utc_to_tdb_s as utc_to_tdb_s
    from lupex.ground import LinkConditions as LinkConditions
    from lupex.ground import PassSettings as PassSettings
    from lupex.ground import contact_plan as contact_plan
    from lupex.ground import contact_plans as contact_plans
    from lupex.ground import downlink as downlink
    from lupex.ground import radio as radio
    from lupex.ground import station as station
    from lupex.ground import stations as stations
    from lupex.ground import uplink as uplink
    from lupex.illumination import HorizonLight as HorizonLight
    from lupex.illumination import light_statistics as light_statistics
    from lupex.illumination import long_term_light as long_term_light
    from lupex.io import as_xarray as as_xarray
    from lupex.io import default_terrain as default_terrain
    from lupex.io import describe_dem as describe_dem
    from lupex.io import fetch_dem as fetch_dem
    from lupex.io import import_dem as import_dem
    from lupex.io import read_terrain as read_terrain
    from lupex.mission import load_mission as load_mission
    from lupex.model import Campaign as Campaign
    from lupex.model import ContactPlan as ContactPlan
    from lupex.model import Grid as Grid
    from lupex.model import HorizonMap as HorizonMap
    from lupex.model import LightMap as LightMap
    from lupex.model import LunarPlace as LunarPlace
    from lupex.model import Mission as Mission
    from lupex.model import Radio as Radio
    from lupex.model import Rover as Rover
    from lupex.model import Site as Site
    from lupex.model import SkyTable as SkyTable
    from lupex.model import Station as Station
    from lupex.model import Stop as Stop
    from lupex.model import StudyResult as StudyResult
    from lupex.model import Terrain as Terrain
    from lupex.model import Traverse as Traverse
    from lupex.model import Windows as Windows
    from lupex.report import drive_frames as drive_frames
    from lupex.report import write_report as write_report
    from lupex.study import run_study as run_study
    from lupex.terrain import aspect_deg as aspect_deg
    from lupex.terrain import hillshade as hillshade
    from lupex.terrain import horizon_map as horizon_map
    from lupex.terrain import refine as refine
    from lupex.terrain import roughness_m as roughness_m
    from lupex.terrain import slope_deg as slope_deg
    from lupex.traverse import Errand as Errand
    from lupex.traverse import TimeSettings as TimeSettings
    from lupex.traverse import drive_edges as drive_edges
    from lupex.traverse import first_violation as first_violation
    from lupex.traverse import plan_campaign as plan_campaign
    from lupex.traverse import plan_in_time as plan_in_time
    from lupex.traverse import reach_in_time as reach_in_time
    from lupex.traverse import route as route
    from lupex.traverse import rover_model as rover_model
    from lupex.traverse import simulate as simulate
    from lupex.traverse import start_needs as start_needs
    from lupex.traverse import write_traverse as write_traverse

__version__ = "0.2.0"

_ROOMS = {
    "lupex.base.errors": ("LupexError",),
    "lupex.ephemeris": (
        "sky_span",
        "sky_table",
        "tdb_s_to_utc",
        "topocentric",
        "utc_to_tdb_s",
    ),
    "lupex.ground": (
        "LinkConditions",
        "PassSettings",
        "contact_plan",
        "contact_plans",
        "downlink",
        "radio",
        "station",
        "stations",
        "uplink",
    ),
    "lupex.illumination": (
        "HorizonLight",
        "light_statistics",
        "long_term_light",
    ),
    "lupex.io": (
        "as_xarray",
        "default_terrain",
        "describe_dem",
        "fetch_dem",
        "import_dem",
        "read_terrain",
    ),
    "lupex.mission": ("load_mission",),
    "lupex.model": (
        "Campaign",
        "ContactPlan",
        "Grid",
        "HorizonMap",
        "LightMap",
        "LunarPlace",
        "Mission",
        "Radio",
        "Rover",
        "Site",
        "SkyTable",
        "Station",
        "Stop",
        "StudyResult",
        "Terrain",
        "Traverse",
        "Windows",
    ),
    "lupex.report": (
        "drive_frames",
        "write_report",
    ),
    "lupex.study": ("run_study",),
    "lupex.terrain": (
        "aspect_deg",
        "hillshade",
        "horizon_map",
        "refine",
        "roughness_m",
        "slope_deg",
    ),
    "lupex.traverse": (
        "Errand",
        "TimeSettings",
        "drive_edges",
        "first_violation",
        "plan_campaign",
        "plan_in_time",
        "reach_in_time",
        "route",
        "rover_model",
        "simulate",
        "start_needs",
        "write_traverse",
    ),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = ["__version__", *sorted(_ROOM_OF)]


def __getattr__(name: str) -> Any:
    """Fetch a public name from its room on first use (PEP 562).

    Raises AttributeError for a name that is not public, ImportError when the room, or a package
    the room needs, is not installed.
    """
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'lupex' has no attribute '{name}'")
    try:
        value = getattr(import_module(room), name)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"lupex.{name} needs '{error.name}', which is not installed; install it with: pip install lupex",
            name=error.name,
        ) from error
    except AttributeError as error:
        raise ImportError(f"lupex.{name} is not in {room} of this installation; reinstall lupex", name=room) from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Every public name, fetched or not."""
    return sorted(__all__)
