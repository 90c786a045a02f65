"""Places of the user's own as candidates, beside those that are picked."""

from dataclasses import replace

from lupex.base.errors import GridError
from lupex.base.frames import map_xy_m
from lupex.mission import Mission
from lupex.model import Candidate, LightMap
from lupex.model.settings.place import MissionPlace

ON_THE_SPOT_CELLS = 0.75
"""A user's place is studied where it stands: the best cell is looked for no farther away than this."""


def own_candidates(mission: Mission, maps: LightMap, first_rank: int) -> tuple[Candidate, ...]:
    """The places of a mission as candidates of the region, ranked after those that were picked.

    Args:
        mission: with its places.
        maps: of the region, with 'score'.
        first_rank: rank of the first place.

    Raises GridError for a place off the region.
    """
    return tuple(_candidate(place, maps, first_rank + number) for number, place in enumerate(mission.places))


def own_place(mission: Mission, name: str) -> MissionPlace | None:
    """The user's place of this name, None for a picked one."""
    return next((place for place in mission.places if place.name == name), None)


def ground_of(mission: Mission, name: str) -> Mission:
    """The mission with the DEM of the user's place of this name, where it has one of its own."""
    place = own_place(mission, name)
    if place is None or not place.dem:
        return mission
    return replace(mission, terrain=replace(mission.terrain, dem=place.dem))


def _candidate(place: MissionPlace, maps: LightMap, rank: int) -> Candidate:
    grid = maps.grid
    x, y = (float(value) for value in map_xy_m(place.lat_deg, place.lon_deg, grid.pole))
    if not grid.contains(x, y):
        raise GridError(
            f"place {place.name} ({place.lat_deg:g}, {place.lon_deg:g}) lies off the region",
            "choose a place on it; [terrain] says which DEM, which pole and how far it reaches",
        )
    row, col = grid.row_col(place.lat_deg, place.lon_deg)
    return Candidate(
        name=place.name,
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        x_m=x,
        y_m=y,
        rank=rank,
        score=float(maps["score"][row, col]),
        criteria={name: float(layer[row, col]) for name, layer in maps.layers.items()},
    )
