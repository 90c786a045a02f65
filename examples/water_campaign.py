"""Room water: a synthetic campaign. Survey before landing, drive, measure, record, decide. Everything is made up.

python examples/water_campaign.py [FOLDER]
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

import lupex
from lupex import report, water
from lupex.base.frames import lat_lon_deg
from lupex.io import read_stops
from lupex.model import Grid, HeldLight, Terrain
from lupex.results.water import WaterPlaces, WaterSurvey
from lupex.thermal import isothermal_depths
from lupex.water.inference.worlds import draw_kept

CELLS, CELL_M, STEP_S, STEPS = 25, 100.0, 3600.0, 24 * 12
CHANNELS = ("nir_cuttings", "ltga", "triton", "adore")
SEED = 7


def main(folder: Path) -> None:
    """Plan, drive, measure and decide over a synthetic cold hollow with 2 wt% of ice below 20 cm in its middle."""
    mission = lupex.load_mission(None)
    mission = replace(mission, water=replace(mission.water, worlds=12, stations=3, most_samples=3))
    survey = synthetic_survey(mission)
    report.write_survey(folder, survey, mission)
    plan = survey.survey.chosen
    print(
        f"synthetic survey: {len(survey.survey.stations)} stations of {plan.hours:.1f} h, samples at {plan.depths_m} m"
    )
    campaign = drive(mission, survey, read_stops(folder / "stops.csv", "south"))
    print(f"synthetic drive: {len(campaign.visited)} stops, worth {campaign.value:.2f}, proven {campaign.proven}")
    evidence = folder / "evidence.toml"
    for label in campaign.visited:
        answer = measure(evidence, survey, label)
        print(f"synthetic {label}: {answer['decision']}, probability of water {answer['probability_present']:.4f}")
        if answer["decision"] == "confirmed":
            break
    print(f"synthetic evidence: {answer['measurements']} measurements, {answer['sealed']} sealed")


def synthetic_survey(mission: lupex.Mission) -> WaterSurvey:
    """A survey over a hollow that is 85 K in its middle and 160 K at the edge."""
    grid = Grid.centred("south", 0.0, 20_000.0, CELLS, CELL_M)
    terrain = Terrain(grid, np.zeros(grid.shape, np.float32), synthetic_below_m=1e6, source="synthetic")
    x, y = (part[2:-2:4, 2:-2:4].ravel() for part in np.broadcast_arrays(*grid.xy_m()))
    kelvin = 85.0 + 75.0 * np.clip(np.hypot(x, y - 20_000.0) / 1000.0, 0.0, 1.0)
    depth = np.array([float(isothermal_depths(one).depth_m[0]) for one in kelvin])
    stable = depth <= mission.water_rule.reach_m
    chance = np.where(stable, mission.water_prior.ice_probability, mission.water.unstable_probability)
    present = water.present_probability(mission.water_prior, mission.water_rule, chance, np.where(stable, depth, 0.3))
    spots = water.Spots(x, y, kelvin, np.zeros_like(x))
    lat, lon = lat_lon_deg(x, y, "south")
    instruments = {name: water.instrument(name) for name in water.instrument_names()}
    trials = water.hole_trials(mission.water, mission.water_rule, mission.water_prior, instruments, SEED)
    found = water.survey(mission.water, trials, mission.water_prior, spots, present)
    places = WaterPlaces(
        x_m=x, y_m=y, lat_deg=lat, lon_deg=lon, slope_deg=np.zeros_like(x), max_k=kelvin, mean_k=kelvin,
        stability_depth_m=depth, ice_probability=chance, present=present,
    )  # fmt: skip
    notes = ("Everything is synthetic.",)
    return WaterSurvey(
        name="synthetic", lat_deg=-89.34, lon_deg=0.0, terrain=terrain, places=places, survey=found,
        drift_k_per_year=0.0, notes=notes,
    )  # fmt: skip


def drive(mission: lupex.Mission, survey: WaterSurvey, stops: list[lupex.Stop]) -> lupex.Campaign:
    """The drive over the stations in light that never ends."""
    grid = survey.terrain.grid
    rover = lupex.rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
    begin = float(lupex.utc_to_tdb_s("2028-01-01T00:00:00Z")[0])
    shape = (STEPS, *grid.shape)
    light = HeldLight(
        grid=grid, times_tdb_s=begin + STEP_S * np.arange(STEPS + 1), disc=np.full(shape, 255, np.uint8),
        earth=np.ones(shape, np.uint8), sun_strength=np.ones(STEPS), sun_elevation_deg=np.full(STEPS, 1.5),
    )  # fmt: skip
    edges = lupex.drive_edges(survey.terrain, rover)
    return lupex.plan_campaign(edges, rover, light, (0, 0), rover.battery_wh, stops)


def measure(path: Path, survey: WaterSurvey, label: str) -> dict:
    """Measure a station of the synthetic ground, record it, and say what the rule says."""
    rng = np.random.default_rng([SEED, sum(label.encode())])
    truth = water.Truth(dry_rate=-0.02, blank=0.5)
    station = survey.survey.stations[int(label.rsplit("-", 1)[1]) - 1]
    near = survey.places.max_k[station.number] < 115.0
    ground = water.ground(0.02 if near else 0.0, 0.2, 5e-4)
    found = [reading(label, "nss", ground, 0.0, truth, rng)]
    found += [reading(label, name, ground, 0.0, truth, rng, blank=True) for name in CHANNELS[1:]]
    for depth in survey.survey.chosen.depths_m:
        sample = replace(truth, kept=draw_kept({"ltga": water.instrument("ltga")}, rng))
        found += [reading(label, name, ground, depth, sample, rng) for name in CHANNELS]
    return water.decision_summary(water.record_measurements(path, found))


def reading(label: str, name: str, ground, depth_m: float, truth, rng, blank: bool = False) -> tuple:  # noqa: ANN001
    """One synthetic reading as `record_measurements` takes it."""
    channel = water.channel(name)
    look = water.Look(depth_m, 900.0)
    more = {"blank": True} if blank else {}
    made = channel.draw(water.instrument(channel.instrument), ground, look, truth, rng, **more)
    where = {"depth_m": depth_m} if channel.at_depth else {"time_s": look.time_s}
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in made.values.items()}
    return label, name, {**where, **more, **values, "note": "synthetic"}


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "water_campaign"))
