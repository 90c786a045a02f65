"""Room terrain: the skyline around a place, from the ground and from a mast.

python examples/skyline.py
"""

import lupex
from lupex.study import skyline_at

LAT_DEG, LON_DEG = -89.45, 222.69


def main() -> None:
    """Print the highest part of the skyline, seen from the ground and from a mast of 2 m."""
    cap = lupex.default_terrain("south")
    for height_m in (0.0, 2.0):
        azimuth_true_deg, _, elevation_deg = skyline_at(cap, LAT_DEG, LON_DEG, observer_height_m=height_m)
        top = int(elevation_deg.argmax())
        print(
            f"from {height_m:g} m: highest {elevation_deg[top]:.2f} deg "
            f"at true azimuth {azimuth_true_deg[top]:.0f} deg, mean {elevation_deg.mean():.2f} deg"
        )


if __name__ == "__main__":
    main()
