"""Constants, SI units in the name, each with its source."""

MOON_RADIUS_M = 1_737_400.0
"""Reference sphere of LOLA maps and of IAU_2015:30100 (IAU WGCCRE report 2015)."""

SUN_RADIUS_M = 695_700_000.0
"""Nominal solar radius (IAU 2015 Resolution B3)."""

EARTH_RADIUS_M = 6_378_136.6
"""Earth equatorial radius (IAU WGCCRE report 2015; also NAIF pck00011); disc taken as circle."""

AU_M = 149_597_870_700.0
"""Astronomical unit (IAU 2012 Resolution B2)."""

SOLAR_IRRADIANCE_1AU_W_M2 = 1361.0
"""Nominal total solar irradiance at 1 au (IAU 2015 Resolution B3)."""

SYNODIC_MONTH_S = 2_551_442.976
"""Mean synodic month, used for labels only (heat1d, Hayne et al. 2017)."""

SPEED_OF_LIGHT_M_S = 299_792_458.0
"""Exact (SI)."""

MOON_GRAVITY_M_S2 = 1.62
"""The value to which the published law of driving energy is scaled (Carr 2001, read in the source of pextant)."""

DAY_S = 86_400.0
HOUR_S = 3600.0
JULIAN_YEAR_S = 365.25 * DAY_S
J_PER_WH = 3600.0
