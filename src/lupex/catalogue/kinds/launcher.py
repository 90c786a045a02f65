"""Launchers: what their files may state. `lupex.trajectory.launcher_of` makes the noun."""

from lupex.catalogue.keys import Key, Kind, number

LAUNCHER = Kind(
    noun="launcher",
    folder="launchers",
    keys={
        "curve_c3_km2_s2": Key(
            kind="numbers",
            meaning="twice the energy of orbits it injects into, ascending",
            minimum=-62.0,
            maximum=200.0,
        ),
        "curve_mass_kg": Key(kind="numbers", meaning="mass it injects into each of them", minimum=0.0),
        "pad_lat_deg": number("latitude of the pad", -90.0, 90.0),
        "pad_lon_deg": number("east longitude of the pad", -180.0, 360.0),
        "azimuth_min_deg": number("northernmost direction of launch, clockwise from north", 0.0, 360.0),
        "azimuth_max_deg": number("southernmost direction of launch, clockwise from north", 0.0, 360.0),
        "liftoff_mass_kg": number("mass at lift-off", 0.0),
    },
)
