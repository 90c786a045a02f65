"""Accommodation of instruments, their hosts, mounts and margin policies: what their files may state."""

from lupex.catalogue.keys import Key, Kind, number, text

ACCOMMODATION = (
    "mass_kg", "length_m", "width_m", "height_m", "standby_power_w", "night_power_w", "measurement_wh",
    "measurement_mbit", "measurements_per_day", "trl", "failure_probability", "maturity", "mounts", "needs", "excludes",
    "view_half_angle_deg", "sun_keep_out_deg", "pointing_deg", "alignment_deg", "survival_min_k", "survival_max_k",
    "milestones", "heritage", "contamination", "consumables",
)  # fmt: skip
"""Facts of an instrument that say what it needs of its host; what it reads does not depend on them."""

INSTRUMENT = Kind(
    noun="instrument",
    folder="instruments",
    also={
        "excludes": Key(kind="words", meaning="instruments that must not ride on the same host"),
        "needs": Key(kind="words", meaning="instruments that must ride on the same host"),
        "milestones": Key(kind="words", meaning="dates agreed, with what is due"),
        "survival_min_k": number("coldest it outlives, not operating", 0.0, 400.0),
        "survival_max_k": number("hottest it outlives, not operating", 0.0, 500.0),
        "alignment_deg": number("alignment to the host, to be kept", 0.0, 90.0),
    },
)

HOST = Kind(
    noun="host",
    folder="hosts",
    keys={
        "vehicle": text("lander or rover", needed=True),
        "instrument_mass_kg": number("mass kept for instruments, margins included", 0.0, needed=True),
        "instrument_volume_m3": number("volume kept for instruments", 0.0, needed=True),
        "power_sun_w": number("power for instruments in the light", 0.0, needed=True),
        "power_shadow_w": number(
            "power for instruments on battery in shadow; without it that phase does not exist here", 0.0
        ),
        "power_night_w": number(
            "power for instruments through the night; without it that phase does not exist here", 0.0
        ),
        "energy_day_wh": number("energy for instruments in a day of 24 h", 0.0, needed=True),
        "energy_night_wh": number(
            "energy for instruments in one lunar night; without it that phase does not exist here", 0.0
        ),
        "night_hours": number("darkness counted for the night", 0.0),
        "data_day_mbit": number("data to the ground in a day of 24 h where no contact plan says", 0.0, needed=True),
        "heat_w": number("heat the radiators take from instruments", 0.0, needed=True),
        "solids_m": Key(
            kind="numbers",
            meaning="boxes of the body, six numbers each: x from, to, y from, to, z from, to",
            minimum=-100.0,
            maximum=100.0,
        ),
    },
)

MOUNT = Kind(
    noun="mount",
    folder="mounts",
    keys={
        "host": text("host it belongs to", needed=True),
        "position_m": Key(
            kind="numbers",
            meaning="x, y, z of its middle in the host's axes",
            minimum=-100.0,
            maximum=100.0,
            needed=True,
        ),
        "boresight": Key(
            kind="numbers", meaning="direction an instrument there looks to", minimum=-1.0, maximum=1.0, needed=True
        ),
        "length_m": number("largest envelope: length", 0.0, needed=True),
        "width_m": number("largest envelope: width", 0.0, needed=True),
        "height_m": number("largest envelope: height", 0.0, needed=True),
        "max_mass_kg": number("largest mass, margin included", 0.0, needed=True),
        "places": Key(kind="whole", meaning="instruments it takes", minimum=1, maximum=100, needed=True),
        "harness_kg": number("harness and bracket an instrument needs here", 0.0, needed=True),
    },
)

MARGIN_POLICY = Kind(
    noun="margin policy",
    folder="margin_policies",
    keys={
        "off_the_shelf_fraction": number("margin on an item off the shelf", 0.0, 1.0, needed=True),
        "modified_fraction": number("margin on an item with minor changes", 0.0, 1.0, needed=True),
        "new_fraction": number("margin on a new item or one with major changes", 0.0, 1.0, needed=True),
        "system_fraction": number("margin of the system on the sum", 0.0, 1.0, needed=True),
    },
)
