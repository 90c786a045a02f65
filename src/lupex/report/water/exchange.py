"""Files of a survey for water: stops of a campaign, places, numbers, and the evidence file that its rule begins."""

import math
from dataclasses import fields
from pathlib import Path

from lupex.io import write_csv, write_json
from lupex.io.atomic import write_bytes
from lupex.io.text import toml_text
from lupex.mission import Mission
from lupex.report.water.rows import PLACE_COLUMNS, STOP_COLUMNS, place_rows, stop_rows, survey_summary
from lupex.results.water import WaterSurvey


def write_survey(folder: Path, found: WaterSurvey, mission: Mission) -> list[Path]:
    """Write survey.json, places.csv, stops.csv and, unless there is one, evidence.toml into a folder.

    Args:
        folder: made when missing. found: the survey. mission: whose rule and prior the evidence file takes over.

    Returns: the files written. An evidence file that is already there is evidence: it is never overwritten.
    Raises: StoreError when a file cannot be written.
    """
    written = [folder / name for name in ("survey.json", "places.csv", "stops.csv")]
    write_json(written[0], survey_summary(found, mission))
    write_csv(written[1], PLACE_COLUMNS, place_rows(found))
    stops = stop_rows(found)
    write_csv(written[2], STOP_COLUMNS, ([row[name] for name in STOP_COLUMNS] for row in stops))
    evidence = folder / "evidence.toml"
    if stops and not evidence.exists():
        write_bytes(evidence, evidence_text(found, mission).encode())
        written.append(evidence)
    return written


def evidence_text(found: WaterSurvey, mission: Mission) -> str:
    """An evidence file without measurements: rule, prior and places of a survey.

    Args:
        found: the survey.
        mission: whose rule and prior it registers.
    """
    lines = ["# Rule and prior of a survey, before any measurement. Append with: lupex water record", "[evidence]"]
    lines += [
        f"name = {toml_text(found.name)}",
        f"synthetic = {toml_text(found.terrain.synthetic_below_m is not None)}",
    ]
    for table, settings in (("rule", mission.water_rule), ("prior", mission.water_prior)):
        lines += ["", f"[{table}]"]
        lines += [f"{spec.name} = {toml_text(getattr(settings, spec.name))}" for spec in fields(settings)]
    places, reach = found.places, mission.water_rule.reach_m
    for row, station in zip(stop_rows(found), found.survey.stations, strict=True):
        n = station.number
        lines += ["", "[[places]]", f"name = {toml_text(row['label'])}"]
        lines += [f"lat_deg = {row['lat_deg']!r}", f"lon_deg = {row['lon_deg']!r}"]
        lines.append(f"ice_probability = {float(places.ice_probability[n])!r}")
        lines.append(f"temperature_k = {round(float(places.mean_k[n]), 2)!r}")
        depth = float(places.stability_depth_m[n])
        if depth <= reach:
            lines.append(f"cover_median_m = {max(round(depth, 4), 1e-3)!r}")
    for row, station in zip(stop_rows(found), found.survey.stations, strict=True):
        for name, key, values in (("orbital_hydrogen", "hydrogen_wt_percent", places.hydrogen_wt_percent),
                                  ("orbital_ice", "ice_seen", places.ice_seen)):  # fmt: skip
            if values is not None and math.isfinite(values[station.number]):
                lines += ["", "[[measurements]]", f"place = {toml_text(row['label'])}", f"channel = {toml_text(name)}",
                          f"{key} = {float(values[station.number])!r}", 'note = "map of the mission file"']  # fmt: skip
    return "\n".join(lines) + "\n"
