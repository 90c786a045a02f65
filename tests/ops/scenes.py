"""A small synthetic place for the rover of the catalogue: a hill between it and its goal, the Sun low all day."""

import numpy as np

from lupex.catalogue.telemetry import dictionary
from lupex.mission import load_mission
from lupex.model import Grid, Rover, Terrain
from lupex.ops.loop.inputs import DayInputs
from lupex.ops.simulator.surroundings import Surroundings
from lupex.packets.times.cuc import utc_to_tai
from lupex.traverse import rover_model
from lupex.water import GroundPrior, Rule

LUPEX = dictionary("lupex")
START_S = float(utc_to_tai("2028-06-01T00:00:00Z")[0])


def catalogue_rover() -> Rover:
    mission = load_mission(None)
    return rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)


def around(lit: float = 1.0) -> Surroundings:
    grid = Grid.centred("south", 0.0, 0.0, 60, 20.0)
    x_m, y_m = grid.xy_m()
    hill_m = 40.0 * np.exp(-((x_m - 100.0) ** 2 + y_m**2) / (2.0 * 60.0**2))
    return Surroundings(
        terrain=Terrain(grid, hill_m.astype(np.float32)), light_tai_s=np.array([START_S - 1e5, START_S + 1e6]),
        disc_fraction=np.full(2, lit), sun_elevation_deg=np.full(2, 1.5),
    )  # fmt: skip


def day_inputs(**more: object) -> DayInputs:
    contacts = ((START_S + 1800.0, START_S + 9000.0), (START_S + 14_000.0, START_S + 20_000.0))
    given = {
        "dictionary": LUPEX, "rover": catalogue_rover(), "around": around(), "x_m": 0.0, "y_m": 0.0,
        "start_tai_s": START_S, "hours": 5.8, "seed": 1, "contacts_tai_s": contacts, "drive_m": 120.0, "go": "Asha",
        "water": (Rule(), GroundPrior()),
    }  # fmt: skip
    return DayInputs(**(given | more))
