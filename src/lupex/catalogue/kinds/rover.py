"""Rovers: what their files may state. `lupex.traverse.rover_model` makes the noun, with the settings of a mission."""

from lupex.catalogue.keys import Key, Kind, number, text

ROVER = Kind(
    noun="rover",
    folder="rovers",
    keys={
        "mass_kg": number("mass with instruments", 0.0),
        "stowed_length_m": number("length when stowed", 0.0),
        "stowed_width_m": number("width when stowed", 0.0),
        "stowed_height_m": number("height when stowed, without the deployed solar tower", 0.0),
        "drill_depth_m": number("depth the drill reaches", 0.0),
        "nominal_life_days": number("nominal life on the surface", 0.0),
        "extended_life_days": number("life on the surface with the extension hoped for", 0.0),
        "traverse_km": number("shortest total drive expected", 0.0),
        "max_slope_deg": number("steepest ground the rover may drive on", 0.0),
        "carrier": text("lander that takes it there"),
        "running_gear": text("what the rover stands on"),
        "communication_bands": text("radio bands and antennas"),
        "power_source": text("where energy comes from"),
        "survives_night": Key(kind="truth", meaning="whether the rover is built to outlive a lunar night"),
        "speed_m_s": number("driving speed on flat ground", 0.0),
        "battery_wh": number("usable energy of a full battery", 0.0),
        "solar_array_area_m2": number("area of the solar array, facing the Sun", 0.0),
        "solar_array_efficiency_fraction": number("electric power over sunlight falling on the array", 0.0, 1.0),
        "drive_power_w": Key(
            kind="number",
            meaning="power for driving on flat ground, on top of the hotel power; scales with mass_kg",
            minimum=0.0,
            scales_with="mass_kg",
        ),
        "hotel_power_w": number("power drawn all the time, parked or driving", 0.0),
        "sleep_power_w": number("power drawn asleep, parked in the dark", 0.0),
        "drill_power_w": number("power of drilling, on top of the hotel power", 0.0),
        "measure_power_w": number("power of measuring at a stop, on top of the hotel power", 0.0),
        "array_kind": text(
            "how the solar array stands: tracking, vertical (upright, turned to the Sun's azimuth) or horizontal"
        ),
        "comm_to_drive": Key(
            kind="truth", meaning="whether the rover drives only with the Earth or the station in view"
        ),
        "data_rate_bps": number("telemetry rate to the ground", 0.0),
        "night_survival_hours": number("longest darkness the rover outlives", 0.0),
        "drill_hours_per_sample": number("time to drill and take one sample", 0.0),
        "panel_height_m": number(
            "height of the solar tower's middle above ground (see panel_height_m in [horizon])", 0.0
        ),
        "deployed_height_m": number("height with the solar tower up", 0.0),
        "max_up_slope_deg": number("steepest climb, where it differs from max_slope_deg", 0.0),
        "max_down_slope_deg": number("steepest descent, where it differs from max_slope_deg", 0.0),
        "max_cross_slope_deg": number("steepest side slope, where it differs from max_slope_deg", 0.0),
        "max_step_m": number(
            "highest step between neighbouring cells of the DEM; state it only for cells no larger than the rover", 0.0
        ),
        "turn_rate_deg_s": number("rate of turning on the spot; without it turning takes no time", 0.0),
        "slip_at_limit_fraction": number(
            "slip at the steepest climb, growing with the square of the slope; without it none", 0.0
        ),
        "rolling_resistance": number(
            "force over weight on level ground in the 'resistance' law; without it 0.133", 0.0
        ),
        "drive_efficiency": number("work over electric energy in the 'resistance' law; without it 1", 0.0),
        "min_charge_fraction": number(
            "least charge of the battery; without it what battery_usable_fraction of [reach] leaves", 0.0
        ),
        "max_charge_fraction": number("charge at which charging stops; without it 1", 0.0),
        "max_charge_w": number("most power the battery takes in; without it no limit", 0.0),
        "survival_temperature_min_k": number("coldest the rover outlives", 0.0),
        "survival_temperature_max_k": number("hottest the rover outlives", 0.0),
        "length_m": number("length of the body", 0.0),
        "power_w": number("largest power of the whole rover", 0.0),
        "max_speed_m_s": number("largest driving speed", 0.0),
    },
)
