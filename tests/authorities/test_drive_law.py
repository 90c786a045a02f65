"""Energy of driving against the published law (Carr 2001, read in the source of the open planner pextant)."""

import math

import numpy as np
import pytest

from lupex.mission import load_mission
from lupex.model import Grid, Terrain
from lupex.traverse import drive_edges, drive_energy_j_per_m, rover_model


def lupex():
    mission = load_mission(None)
    return rover_model(mission.rover, mission.reach, mission.traverse, "lupex")


def test_a_rover_of_350_kg_takes_75_6_j_per_metre_on_the_level_and_167_6_up_ten_degrees():
    assert lupex().mass_kg == 350.0
    assert drive_energy_j_per_m(lupex(), [0.0, 10.0]) == pytest.approx([75.6, 167.6], abs=0.1)


def test_a_kilometre_takes_21_0_wh_on_the_level_and_46_5_up_ten_degrees():
    assert drive_energy_j_per_m(lupex(), [0.0, 10.0]) / 3.6 == pytest.approx([21.0, 46.5], abs=0.1)


def test_steps_on_a_ramp_take_the_energy_of_the_law_over_their_length_and_the_overhead_over_their_time():
    rover = lupex()
    z = math.tan(math.radians(10.0)) * 20.0 * np.arange(6.0)[None, :] + np.zeros((5, 1))
    edges = drive_edges(Terrain(Grid.centred("south", 0.0, 0.0, 6, 20.0).crop(0, 0, 5, 6), z), rover)
    energy_j, time_s, length_m = (q[:, 2, 2] for q in (edges.energy_j, edges.time_s, edges.length_m))
    law = (energy_j - rover.drive_overhead_w * time_s) / length_m
    assert law[2] == pytest.approx(167.6, abs=0.1)
    assert law[6] == pytest.approx(75.6 + 350.0 * 0.07884, abs=0.1)
    assert law[[0, 4]] == pytest.approx([75.6, 75.6], abs=0.1)
    # On the level the power of driving is the published stand-in again.
    assert edges.energy_j[0, 2, 2] / edges.time_s[0, 2, 2] == pytest.approx(137.0, abs=1e-3)
