"""What every number is called: one row per unit, one row per quantity.

A name ends with its unit (docs/nomenclature.md). Reports, files, `--explain` and error messages take symbols, words and
labels from here; a report adds only the colour ramp. A quantity without a row is called by its name.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A unit as the ending of a name.

    Attributes:
        suffix: ending of the name after its last underscore(s): 'deg', 'w_m2'.
        symbol: as printed beside a number; '' where none is printed.
        words: as a sentence says it.
        udunits: as files of the field say it (GeoTIFF band unit, CF `units`).
    """

    suffix: str
    symbol: str
    words: str
    udunits: str


@dataclass(frozen=True)
class Quantity:
    """A layer, column, criterion or number of a page.

    Attributes:
        name: with its unit as the ending.
        label: what it is called on pages and figures, without unit.
        sentence: what it says, as a clause without full stop; '' where the label says it all.
        sense: 'more' or 'less' is better, '' where neither is.
    """

    name: str
    label: str
    sentence: str = ""
    sense: str = ""

    @property
    def unit(self) -> Unit:
        """The unit its name ends with."""
        return unit_of(self.name)


OVER_GROUNDS = {"_p05": "5 % quantile", "_p50": "median", "_p95": "95 % quantile", "_sigma": "standard deviation"}
"""Endings of numbers over an ensemble: the quantity and its unit stand before them."""


def unit_of(name: str) -> Unit:
    """The unit a name ends with, the longest ending that fits; `NO_UNIT` where there is none."""
    name = _bare(name)
    return max((u for u in UNITS if name.endswith(f"_{u.suffix}")), key=lambda u: len(u.suffix), default=NO_UNIT)


def udunits_of(name: str) -> str:
    """The unit a name ends with, as files of the field say it ('1' for fractions and plain numbers)."""
    return unit_of(name).udunits


def is_share(name: str) -> bool:
    """Whether a quantity is a share of 1 (a fraction or a probability), printed in percent."""
    return "fraction" in name or "probability" in name or name.startswith("share_")


def label_of(name: str) -> str:
    """What a quantity is called on pages; of one without a row its name in words, without the unit."""
    if name in BY_NAME:
        return BY_NAME[name].label
    if _bare(name) != name:
        return f"{label_of(_bare(name))}, {OVER_GROUNDS[name.removeprefix(_bare(name))]}"
    ending = unit_of(name).suffix
    bare = name.removesuffix(f"_{ending}") if ending and ending != "fraction" else name
    text = bare.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _bare(name: str) -> str:
    """A name without an ending of `OVER_GROUNDS`."""
    return next((name.removesuffix(ending) for ending in OVER_GROUNDS if name.endswith(ending)), name)


def sentences(names: tuple[str, ...]) -> dict[str, str]:
    """The sentence of each quantity by name. Raises KeyError for one without a row."""
    return {name: BY_NAME[name].sentence for name in names}


NO_UNIT = Unit("", "", "", "1")

UNITS: tuple[Unit, ...] = (
    Unit("m", "m", "metres", "m"),
    Unit("km", "km", "kilometres", "km"),
    Unit("mm", "mm", "millimetres", "mm"),
    Unit("per_m", "1/m", "per metre", "m-1"),
    Unit("m2", "m²", "square metres", "m2"),
    Unit("km2", "km²", "square kilometres", "km2"),
    Unit("s", "s", "seconds", "s"),
    Unit("minutes", "min", "minutes", "min"),
    Unit("hours", "h", "hours", "hour"),
    Unit("days", "d", "days", "day"),
    Unit("years", "yr", "years", "year"),
    Unit("year", "", "calendar years", "1"),
    Unit("deg", "°", "degrees", "degree"),
    Unit("rad", "rad", "radians", "rad"),
    Unit("fraction", "%", "a fraction of 1", "1"),
    Unit("probability", "%", "a fraction of 1", "1"),
    Unit("percent", "%", "percent", "%"),
    Unit("kg", "kg", "kilograms", "kg"),
    Unit("g", "g", "grams", "g"),
    Unit("w", "W", "watts", "W"),
    Unit("kw", "kW", "kilowatts", "kW"),
    Unit("w_m2", "W/m²", "watts per square metre", "W m-2"),
    Unit("wh", "Wh", "watt-hours", "W h"),
    Unit("kwh", "kWh", "kilowatt-hours", "kW h"),
    Unit("j_kg_m", "J/(kg m)", "joules per kilogram and metre", "J kg-1 m-1"),
    Unit("j_kg_m_deg", "J/(kg m °)", "joules per kilogram, metre and degree", "J kg-1 m-1 degree-1"),
    Unit("bps", "bit/s", "bits per second", "bit s-1"),
    Unit("kbps", "kbit/s", "kilobits per second", "kbit s-1"),
    Unit("db", "dB", "decibels", "dB"),
    Unit("dbi", "dBi", "decibels over isotropic", "dB"),
    Unit("hz", "Hz", "hertz", "Hz"),
    Unit("mhz", "MHz", "megahertz", "MHz"),
    Unit("ghz", "GHz", "gigahertz", "GHz"),
    Unit("k", "K", "kelvin", "K"),
    Unit("kg_m2_gyr", "kg/m²/Gyr", "kilograms per square metre and 1e9 years", "kg m-2 (1e9 year)-1"),
    Unit("k_per_year", "K/yr", "kelvin per year", "K year-1"),
    Unit("m_s", "m/s", "metres per second", "m s-1"),
    Unit("km_h", "km/h", "kilometres per hour", "km h-1"),
    Unit("utc", "", "UTC", ""),
)
"""Every unit a name may end with. To add one: a row here."""

QUANTITIES: tuple[Quantity, ...] = (
    # ground
    Quantity("elevation_m", "Elevation", "height above the 1737.4 km sphere"),
    Quantity("hillshade", "Hillshade", "shaded relief, four lights"),
    Quantity("absolute_latitude_deg", "Latitude", "latitude without its sign"),
    Quantity("slope_deg", "Slope", "slope of the best plane", "less"),
    Quantity("roughness_m", "Roughness", "rms distance of the heights from their best plane", "less"),
    # light and Earth view over a span of time
    Quantity("lit_fraction_any", "Lit, any part of the Sun",
             "share of time with any part of the Sun's disc above the skyline", "more"),
    Quantity("lit_fraction_disc", "Lit, mean visible disc", "mean visible fraction of the Sun's disc", "more"),
    Quantity("mean_irradiance_surface_w_m2", "Mean irradiance on the ground",
             "mean direct sunlight on the ground, with its slope over two cells", "more"),
    Quantity("mean_irradiance_panel_w_m2", "Mean irradiance, tracking panel",
             "mean direct sunlight on a panel that faces the Sun", "more"),
    Quantity("sun_disc_fraction", "Visible disc of the Sun", "visible fraction of the Sun's disc", "more"),
    Quantity("longest_lit_days", "Longest lit spell", "longest unbroken lit period", "more"),
    Quantity("longest_lit_start_days", "Start of the longest lit spell",
             "start of the longest lit period, counted from the first instant"),
    Quantity("longest_dark_days", "Longest dark spell", "longest unbroken dark period", "less"),
    Quantity("earth_fraction", "Earth in view", "share of time with the Earth's centre above the skyline", "more"),
    Quantity("earth_any_fraction", "Any part of the Earth in view",
             "share of time with any part of the Earth's disc above the skyline", "more"),
    Quantity("sun_and_earth_fraction", "Sun and Earth together",
             "share of time lit and with the Earth's centre above the skyline", "more"),
    Quantity("sun_margin_deg", "Highest Sun over the skyline",
             "largest height the Sun's upper limb ever reaches above the skyline", "more"),
    Quantity("permanent_shadow", "Permanent shadow",
             "1 where no part of the Sun's disc is visible at any time of the cycle"),
    Quantity("psr_ground_fraction", "Ground in permanent shadow",
             "share of the ground inside the cell, with synthetic relief, that is in permanent shadow"),
    Quantity("lit_fraction_any_spread", "Spread of light inside the cell",
             "standard deviation, over the ground inside the cell, of the share of time lit"),
    # the landing season
    Quantity("season_lit_fraction", "Lit in the season", "share of the season with any part of the Sun in view",
             "more"),
    Quantity("season_lit_fraction_disc", "Mean visible disc in the season",
             "mean visible fraction of the Sun's disc in the season", "more"),
    Quantity("season_irradiance_surface_w_m2", "Mean irradiance on the ground in the season",
             "mean direct sunlight on the ground in the season", "more"),
    Quantity("season_irradiance_panel_w_m2", "Mean irradiance, tracking panel, in the season",
             "mean direct sunlight on a panel that faces the Sun in the season", "more"),
    Quantity("season_longest_lit_days", "Longest lit spell in the season", "longest unbroken light of the season",
             "more"),
    Quantity("season_longest_lit_start_days", "Start of the longest lit spell in the season",
             "start of the longest lit period, counted from the season's first instant"),
    Quantity("season_longest_dark_days", "Longest dark spell in the season", "longest unbroken darkness of the season",
             "less"),
    Quantity("season_earth_fraction", "Earth in view in the season",
             "share of the season with the Earth (or the chosen station) in view", "more"),
    Quantity("season_longest_earth_gap_days", "Longest time without the Earth",
             "longest time without the Earth in the season", "less"),
    Quantity("season_sun_and_earth_fraction", "Sun and Earth together in the season",
             "share of the season with Sun and Earth together", "more"),
    # the mission span
    Quantity("span_lit_fraction", "Lit in the mission span", "", "more"),
    Quantity("span_longest_lit_days", "Longest lit spell in the span", "", "more"),
    Quantity("span_longest_dark_days", "Longest dark spell in the span", "", "less"),
    Quantity("span_earth_fraction", "Earth in view in the span", "", "more"),
    Quantity("span_longest_earth_gap_days", "Longest Earth gap in the span", "", "less"),
    Quantity("span_sun_and_earth_fraction", "Sun and Earth together in the span", "", "more"),
    # choosing a site
    Quantity("psr_distance_km", "Distance to permanent shadow",
             "distance to the nearest permanent shadow large enough to count", "less"),
    Quantity("score", "Score", "weighted mean of the criteria", "more"),
    Quantity("admissible", "All constraints met", "1 where every constraint holds"),
    Quantity("lat_deg", "Latitude"),
    Quantity("lon_deg", "Longitude", "longitude, positive east"),
    Quantity("panel_height_m", "Height of the panel"),
    # coming down
    Quantity("touchdown_probability", "Safe touchdown",
             "probability of a safe touchdown when the lander aims at the cell", "more"),
    Quantity("hazard_probability", "Hazard under the lander",
             "probability of slope, step or rock beyond the lander's limits", "less"),
    Quantity("slope_hazard", "Hazard by slope", "probability of a slope beyond the lander's limit", "less"),
    Quantity("step_hazard", "Hazard by steps", "probability of ground that departs too far from a plane", "less"),
    Quantity("rock_hazard", "Hazard by rocks", "probability of a rock higher than the lander clears", "less"),
    Quantity("hazard_fraction", "Hazardous ground", "share of ground more likely hazardous than not", "less"),
    Quantity("approach_clearance_m", "Clearance on the approach",
             "least height above the terrain on the approach path", "more"),
    # heat and ice
    Quantity("surface_max_k", "Highest surface temperature", "highest surface temperature of the period"),
    Quantity("surface_mean_k", "Mean surface temperature", "mean surface temperature of the period"),
    Quantity("surface_min_k", "Lowest surface temperature", "lowest surface temperature of the period"),
    Quantity("mean_at_1m_k", "Mean temperature at 1 m", "mean temperature at 1 m depth"),
    Quantity("surface_at_time_k", "Surface temperature at one time", "surface temperature at the time asked for"),
    Quantity("resolution_mean_k", "Mean temperature less that of wider cells",
             "mean surface temperature over four cells less that of one cell twice as wide"),
    Quantity("resolution_max_k", "Highest temperature less that of wider cells",
             "highest surface temperature over four cells less that of one cell twice as wide"),
    Quantity("ice_class", "Ice: 0 surficial, 1 shallow, 2 deep, 3 dry", "how deep ice lasts, in classes"),
    Quantity("ice_pump_differential_kg_m2_gyr", "Vapour driven down by temperature cycles",
             "largest pumping differential at any depth"),
    Quantity("ice_pump_flow_kg_m2_gyr", "What of it passes the cover", "flow to the depth where most goes"),
    Quantity("ice_pump_depth_m", "Depth of pumping", "depth to which most vapour is driven"),
    Quantity("thermal_drift_k_per_year", "Drift of temperature", "largest change over the last, free period"),
    Quantity("terrain_view_fraction", "View of ground", "share of the view that is ground"),
    # position
    Quantity("skyline_fix_m", "Place by a whole skyline",
             "one sigma of a place found by its whole skyline, east and north together, yaw of the camera unknown",
             "less"),
    Quantity("position_sigma_m", "Place known to", "horizontal one sigma by all methods of [position]", "less"),
    Quantity("position_arc_days", "Arc of that"),
    Quantity("position_wanted_days", "Place known as wanted after", "", "less"),
    Quantity("position_decided_by", "Missed most for the place"),
    # water
    Quantity("water_probability", "Water at the level within reach, prior",
             "probability of water ice at the level of the rule or more, within reach of the auger, before measuring",
             "more"),
    # driving
    Quantity("reach_probability", "Reach and return",
             "probability over the dispersion of a drive into permanent shadow and back to light, in time", "more"),
    Quantity("start_need_wh", "Charge needed for shadow and back",
             "least charge from which the rover can drive into permanent shadow, stay and come back", "less"),
    Quantity("distance_there_km", "Drivable way to permanent shadow",
             "shortest drivable way to the nearest permanent shadow", "less"),
    Quantity("drive_distance_km", "Drivable way to permanent shadow", "", "less"),
    Quantity("psr_drive_km", "Drive to permanent shadow", "drivable distance to permanent shadow", "less"),
    Quantity("there", "Shadow reached", "1 where the rover reaches permanent shadow within its limits"),
    Quantity("drive_km", "Drive there and back", "drive there and back to light", "less"),
    Quantity("energy_there_wh", "Energy there", "energy of the drive there", "less"),
    Quantity("energy_back_wh", "Energy back", "energy of the drive back to light", "less"),
    Quantity("battery_wh", "Taken from the battery", "energy taken from the battery, stay included", "less"),
    Quantity("dark_hours", "Time without light", "time without light, stay included", "less"),
    Quantity("reachable", "Shadow reached, light regained",
             "1 where the rover reaches permanent shadow and returns to light within its limits"),
    Quantity("lost_to", "Limit broken most", "the limit that is broken most"),
    Quantity("driven_km", "Distance driven"),
    Quantity("duration_hours", "Duration"),
    Quantity("drawn_wh", "Energy drawn"),
    Quantity("lowest_battery_wh", "Lowest charge", "", "more"),
    # more of what is compared
    Quantity("ice_depth_m", "Depth of stable ice", "depth of the shallowest stable ice within the rover's reach",
             "less"),
    Quantity("lit_area_km2", "Well lit ground around", "well lit ground around the site", "more"),
    # landing dates
    Quantity("lit_days_after_landing", "Lit days after landing",
             "light until the first dark spell longer than the rover survives", "more"),
    Quantity("lit_fraction", "Lit", "share of the life on the surface with any part of the Sun in view", "more"),
    Quantity("longest_dark_hours", "Longest dark spell", "longest unbroken darkness", "less"),
    Quantity("first_dark_spell_hours", "First dark spell that counts",
             "length of the first dark spell longer than the rover survives", "less"),
    # antennas
    Quantity("min_elevation_deg", "Lowest elevation"),
    Quantity("setup_s", "Set-up"),
    Quantity("teardown_s", "Tear-down"),
    Quantity("accuracy_m", "Accuracy of position"),
)  # fmt: skip
"""Every quantity that stands on a map, in a table or on a page. To add one: a row here."""

BY_NAME: dict[str, Quantity] = {quantity.name: quantity for quantity in QUANTITIES}
