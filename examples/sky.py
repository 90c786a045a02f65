"""Room ephemeris: how high Sun and Earth rise over the Connecting Ridge in 2028, and when.

python examples/sky.py
"""

import numpy as np

import lupex

LAT_DEG, LON_DEG = -89.45, 222.69
YEAR_UTC = ("2028-01-01", "2029-01-01")


def main() -> None:
    """Print the highest and lowest elevation of both bodies over a year, with the time of each."""
    sky = lupex.sky_span(*YEAR_UTC, step_s=3600.0)
    for body, position_me_m in (("Sun", sky.sun_me_m), ("Earth", sky.earth_me_m)):
        _, elevation_deg, _ = lupex.topocentric(position_me_m, LAT_DEG, LON_DEG)
        for word, at in (("highest", np.argmax(elevation_deg)), ("lowest", np.argmin(elevation_deg))):
            utc = lupex.tdb_s_to_utc([float(sky.times_tdb_s[at])])[0]
            print(f"{body} {word}: {elevation_deg[at]:.2f} deg at {utc[:16]}")


if __name__ == "__main__":
    main()
