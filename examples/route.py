"""Room traverse: the way around a synthetic hill, by time and by energy.

python examples/route.py
"""

import numpy as np

import lupex
from lupex.model import Grid, Terrain

CELLS, CELL_M = 60, 20.0


def main() -> None:
    """Print length, time and energy of the fastest and of the thriftiest drive over a synthetic hill."""
    mission = lupex.load_mission(None)
    rover = lupex.rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
    grid = Grid.centred("south", 0.0, 0.0, CELLS, CELL_M)
    x_m, y_m = grid.xy_m()
    hill_m = 150.0 * np.exp(-(x_m**2 + y_m**2) / (2.0 * 150.0**2))
    edges = lupex.drive_edges(Terrain(grid, hill_m.astype(np.float32)), rover)
    for cost in ("time", "energy"):
        way = lupex.route(edges, (CELLS // 2, 2), (CELLS // 2, CELLS - 3), cost)
        print(f"least {cost}: {way.length_m:.0f} m, {way.time_s / 3600.0:.2f} h, {way.energy_j / 3600.0:.0f} Wh")


if __name__ == "__main__":
    main()
