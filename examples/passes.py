"""Room ground: a week of passes of two antennas over a place on flat ground.

python examples/passes.py
"""

import lupex

LAT_DEG, LON_DEG = -89.5, 222.7
WEEK_UTC = ("2028-05-13", "2028-05-20")


def main() -> None:
    """Print each pass, the highest elevation in it, and the hours of all."""
    place = lupex.LunarPlace(name="ridge", lat_deg=LAT_DEG, lon_deg=LON_DEG)
    antennas = [lupex.station("misasa"), lupex.station("byalalu32")]
    span_tdb_s = tuple(float(lupex.utc_to_tdb_s(text)[0]) for text in WEEK_UTC)
    plan = lupex.contact_plan(antennas, place, span_tdb_s)
    for one in plan.passes:
        aos_utc, los_utc = lupex.tdb_s_to_utc([one.aos_tdb_s, one.los_tdb_s])
        print(f"{one.station:<10} {aos_utc[:16]} to {los_utc[:16]}, up to {one.max_elevation_deg:.0f} deg")
    print(f"{sum(one.duration_s for one in plan.passes) / 3600.0:.1f} h in {len(plan.passes)} passes")


if __name__ == "__main__":
    main()
