"""Landers: what their files may state. `lupex.sites` takes the footprint from these facts."""

from lupex.catalogue.keys import Key, Kind, number, text

LANDER = Kind(
    noun="lander",
    folder="landers",
    keys={
        "wet_mass_kg": number("launch mass of lander, rover and propellant", 0.0),
        "payload_mass_kg": number("mass of rover and instruments the lander sets down", 0.0),
        "launch_vehicle": text("launcher"),
        "launch_earliest_year": Key(kind="whole", meaning="earliest calendar year of launch", minimum=0.0),
        "programme_phase": text("state of the project, with its date"),
        "instrument_hosts": text("which vehicle carries which instruments"),
        "landing_lat_deg": number("latitude of the landing, MOON_ME", -90.0, 90.0),
        "landing_lon_deg": number("east longitude of the landing, MOON_ME", -360.0, 360.0),
        "landing_area_km": number("side of the square of ground the mission works in", 0.0),
        "nominal_life_days": number("nominal life on the surface", 0.0),
        "communication_bands": text("radio bands to the ground"),
        "max_slope_deg": number("steepest ground the lander may touch down on", 0.0),
        "footpad_span_m": number(
            "distance between opposite footpads: the baseline over which the lander feels slope", 0.0
        ),
        "ground_clearance_m": number("free height under the body: the highest rock it may stand over", 0.0),
        "max_step_m": number("largest departure of the ground under the legs from a plane", 0.0),
        "solar_array_power_w": number("power of the lander's own arrays", 0.0),
        "battery_wh": number("energy of the lander's battery", 0.0),
        "height_m": number("height of the lander on its legs", 0.0),
        "data_rate_bps": number("telemetry rate to the ground", 0.0),
        "body_length_m": number("length of the body without legs", 0.0),
        "dry_mass_kg": number("mass without propellant and payload", 0.0),
        "engine_thrust_n": number("thrust of all engines of the descent together", 0.0),
        "engine_isp_s": number("specific impulse of the engines of the descent", 0.0, 1000.0),
        "throttle_min_fraction": number("least thrust of the descent over the largest", 0.0, 1.0),
        "orbit_isp_s": number("specific impulse of the burns before the descent", 0.0, 1000.0),
        "stage_mass_kg": number("wet mass of a propulsion module that is left behind before the descent", 0.0),
        "body_height_m": number("height of the body without legs", 0.0),
    },
)
