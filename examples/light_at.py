"""Room study: a year of light at one place, in a few numbers.

python examples/light_at.py
"""

import lupex
from lupex.study import light_summary_at, point_terrain

LAT_DEG, LON_DEG = -89.45, 222.69


def main() -> None:
    """Print what a solar panel 2 m above the Connecting Ridge sees of the Sun in 2028."""
    terrain = point_terrain("default", LAT_DEG, LON_DEG)
    sky = lupex.sky_span("2028-01-01", "2029-01-01", step_s=3600.0)
    for name, value in light_summary_at(terrain, LAT_DEG, LON_DEG, sky, height_m=2.0).items():
        print(f"{name}: {value:.3f}" if isinstance(value, float) else f"{name}: {value}")


if __name__ == "__main__":
    main()
