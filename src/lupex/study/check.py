"""Everything about a mission that can be told before a study begins: spans, facts, antennas, ground."""

import numpy as np

from lupex.base.constants import JULIAN_YEAR_S
from lupex.base.errors import GridError
from lupex.base.frames import map_xy_m
from lupex.ephemeris import sky_table, tdb_s_to_utc, utc_to_tdb_s
from lupex.io import describe_dem
from lupex.mission import Mission
from lupex.mission.paths import dems_named
from lupex.model.glance import counted
from lupex.sites import lander_limits
from lupex.study.contacts.chosen import asked_radio, asked_station, asked_stations
from lupex.study.ground import region_terrain
from lupex.study.stages.own_layers import own_layers
from lupex.traverse import rover_model


def check_mission(mission: Mission) -> list[str]:
    """What was found to be right, one sentence for each part of a mission that a study needs.

    Args:
        mission: a mission file that `load_mission` took.

    Raises:
        SpanError: the mission span or the long-term cycle lies outside the kernels.
        MissionError: lander or rover lack a fact that a study needs.
        InputError: an antenna, a radio, a DEM or a layer cannot be used, or a DEM shows other ground than the map
            around it.
        GridError: a place of the mission lies off its region.
    """
    layers = [_layers(mission)] if mission.layers else []
    return [_spans(mission), _facts(mission), _antennas(mission), _ground(mission), *layers]


def _spans(mission: Mission) -> str:
    light = mission.light
    start_s = float(utc_to_tdb_s(light.cycle_start_utc)[0])
    ends = np.array([start_s, start_s + light.cycle_years * JULIAN_YEAR_S])
    sky_table(np.sort(np.concatenate([ends, utc_to_tdb_s([light.start_utc, light.stop_utc])])))
    return f"spans: {light.start_utc} to {light.stop_utc} and the cycle to {tdb_s_to_utc(ends[1:])[0]} are covered"


def _facts(mission: Mission) -> str:
    lander_limits(mission.lander)
    rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
    stand_ins = sum(fact.source.startswith("assumption") for fact in (*mission.lander, *mission.rover))
    return f"facts: lander and rover have all a study needs; {stand_ins} of them are assumptions"


def _antennas(mission: Mission) -> str:
    names = [one.name for one in asked_stations(mission.ground)]
    if mission.traverse.station != "earth":
        asked_station(mission.traverse.station, mission.ground)
    if not names:
        return "antennas: none asked for"
    return f"antennas: {', '.join(names)} with {asked_radio(mission.ground).name}"


def _ground(mission: Mission) -> str:
    for path in dems_named(mission):
        describe_dem(path)
    region = region_terrain(mission.terrain)
    for place in mission.places:
        if not region.grid.contains(*(float(v) for v in map_xy_m(place.lat_deg, place.lon_deg, region.grid.pole))):
            raise GridError(
                f"place {place.name} ({place.lat_deg:g}, {place.lon_deg:g}) lies off the region of {region.source}",
                "choose a place on it; [terrain] says which DEM, which pole and how far it reaches",
            )
    rows, cols = region.grid.shape
    nested = len(list(region.levels())) - 1
    return f"ground: {rows} x {cols} cells of {region.grid.cell_m:g} m, {counted(nested, 'coarser map')} around them"


def _layers(mission: Mission) -> str:
    found = own_layers(mission, region_terrain(mission.terrain).grid.pole)
    return "layers: " + ", ".join(f"{one.name} ({len(one.features)} {one.kind})" for one in found)
