"""A survey for water as plain rows and a summary: what the command line prints and files hold."""

import math
from dataclasses import asdict
from typing import Any

from lupex.mission import Mission
from lupex.results.water import WaterSurvey

STOP_COLUMNS = ("label", "lat_deg", "lon_deg", "value", "dwell_hours", "power_w", "activity")
PLACE_COLUMNS = (
    "x_m", "y_m", "lat_deg", "lon_deg", "slope_deg", "max_k", "mean_k", "stability_depth_m", "ice_probability",
    "probability_present", "station",
)  # fmt: skip


def stop_rows(found: WaterSurvey) -> list[dict[str, Any]]:
    """A row per station, as `lupex traverse campaign` reads them: value, hours of work, power on top of the rover's.

    Args:
        found: the survey.
    """
    plan = found.survey.chosen
    power_w = plan.energy_wh / plan.hours
    places = found.places
    return [
        {
            "label": station_label(found, rank),
            "lat_deg": round(float(places.lat_deg[station.number]), 7),
            "lon_deg": round(float(places.lon_deg[station.number]), 7),
            "value": round(station.value, 6),
            "dwell_hours": round(plan.hours, 4),
            "power_w": round(power_w, 3),
            "activity": "drill",
        }
        for rank, station in enumerate(found.survey.stations, 1)
    ]


def station_rows(found: WaterSurvey) -> list[dict[str, Any]]:
    """A row per station with all that is known of it: that of the stop, rank, chance of water, coldness, depth of ice.

    Args:
        found: the survey.
    """
    places = found.places
    return [
        {
            **row,
            "rank": rank,
            "name": row["label"],
            "probability_present": round(station.prior, 6),
            "max_k": round(float(places.max_k[station.number]), 2),
            "mean_k": round(float(places.mean_k[station.number]), 2),
            "stability_depth_m": _finite(round(float(places.stability_depth_m[station.number]), 4)),
            "slope_deg": round(float(places.slope_deg[station.number]), 2),
            "synthetic_below_m": found.terrain.synthetic_below_m,
        }
        for rank, (row, station) in enumerate(zip(stop_rows(found), found.survey.stations, strict=True), 1)
    ]


def station_label(found: WaterSurvey, rank: int) -> str:
    """Name of a station by its rank."""
    return f"{found.name}-{rank}"


def place_rows(found: WaterSurvey) -> list[list[Any]]:
    """A row per place considered, in the order of `PLACE_COLUMNS`; depth empty where ice lasts nowhere.

    Args:
        found: the survey.
    """
    p = found.places
    ranks = {station.number: station_label(found, rank) for rank, station in enumerate(found.survey.stations, 1)}
    rows = []
    for n in range(p.x_m.size):
        numbers = [p.x_m, p.y_m, p.lat_deg, p.lon_deg, p.slope_deg, p.max_k, p.mean_k, p.stability_depth_m,
                   p.ice_probability, p.present]  # fmt: skip
        values = [round(float(values[n]), 6) for values in numbers]
        rows.append([value if math.isfinite(value) else None for value in values] + [ranks.get(n, "")])
    return rows


def survey_summary(found: WaterSurvey, mission: Mission) -> dict[str, Any]:
    """A survey in numbers: rule, plans, stations, the decision to be expected, what the numbers leave out.

    Args:
        found: the survey.
        mission: whose rule it was made for.
    """
    survey, places = found.survey, found.places
    return {
        "name": found.name,
        "lat_deg": found.lat_deg,
        "lon_deg": found.lon_deg,
        "rule": asdict(mission.water_rule),
        "plans": [asdict(plan) for plan in survey.plans],
        "chosen": asdict(survey.chosen),
        "stations": [
            {
                **row,
                "probability_present": float(places.present[station.number]),
                "max_k": float(places.max_k[station.number]),
                "stability_depth_m": _finite(places.stability_depth_m[station.number]),
            }
            for row, station in zip(stop_rows(found), survey.stations, strict=True)
        ],
        "marginal_value": list(survey.marginal),
        "expected": {"confirmed": survey.confirmed, "absent": survey.absent, "undecided": survey.undecided},
        "expected_were_all_stations_alike": {"confirmed": survey.alike_confirmed, "absent": survey.alike_absent},
        "places": int(places.x_m.size),
        "places_with_stable_ice": int((places.stability_depth_m <= mission.water_rule.reach_m).sum()),
        "drift_k_per_year": found.drift_k_per_year,
        "synthetic_below_m": found.terrain.synthetic_below_m,
        "notes": list(found.notes),
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
