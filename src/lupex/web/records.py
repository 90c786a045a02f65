"""What a study recorded, cut to what the page shows: overview, sites, contacts, water, payload."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError, LupexError
from lupex.base.frames import map_xy_m
from lupex.base.gate import plain_name, printable
from lupex.base.version import __version__
from lupex.io import read_own_layer
from lupex.model import CriteriaTable
from lupex.model.quantities import is_share, label_of, unit_of
from lupex.report.paper.layers import ramp
from lupex.sites import Preferences, rank_candidates
from lupex.web.asked import Weights
from lupex.web.folder import RECORD, UNREADABLE, StudyFolder, rows, table
from lupex.web.ground import grid_json, unix_ms
from lupex.web.tiles import HALF_M, MOST_LEVEL, TILE, TileMaker

MOST_DRAWS = 20_000
MOST_NAMES = 400
MOST_FEATURES = 5000
PROBE = (-87.0, 123.4)


def overview(study: StudyFolder, tiles: TileMaker) -> dict[str, Any]:
    """What the page needs to begin: projection, layers with legends, sites, names, season, problems.

    Args:
        study: the folder. tiles: its maps.
    """
    record, south = study.record, study.pole == "south"
    lat = PROBE[0] if south else -PROBE[0]
    x, y = (float(v) for v in map_xy_m(lat, PROBE[1], study.pole))
    season, mission = table(record, "season"), table(record, "mission")
    if study.is_changed:
        study.note(f"{RECORD}: was written anew since the server began; start the server again")
    return {
        "title": mission.get("title") or mission.get("name") or study.folder.name,
        "name": study.folder.name,
        "version": __version__,
        "pole": study.pole,
        "projection": {
            "code": "IAU_2015:30135" if south else "IAU_2015:30130",
            "proj": f"+proj=stere +lat_0={-90 if south else 90} +lon_0=0 +k=1 +x_0=0 +y_0=0 "
            f"+R={MOON_RADIUS_M:.0f} +units=m +no_defs",
            "probe": {"lat_deg": lat, "lon_deg": PROBE[1], "x_m": x, "y_m": y},
            "radius_m": MOON_RADIUS_M,
        },
        "tiles": {"half_m": HALF_M, "size": TILE, "levels": MOST_LEVEL + 1},
        "layers": [one for one in (_layer(study, tiles, name) for name in study.maps) if one],
        "extent": _extent(study),
        "season": {"start_utc": season.get("start_utc"), "stop_utc": season.get("stop_utc")},
        "span": [table(mission, "light").get("start_utc"), table(mission, "light").get("stop_utc")],
        "sites": sites(study),
        "names": _names(study),
        "problems": study.problems,
        "synthetic": sorted({s.file.synthetic for found in study.maps.values() for s in found} - {""}),
        "radio": str((mission.get("ground") or {}).get("radio") or "lupex_rover_hga"),
        "layers_of_mission": bool(mission.get("layers")),
        "has": {name: bool(record.get(name)) for name in ("ranking", "dates", "water", "payload", "thermal")},
    }


def _layer(study: StudyFolder, tiles: TileMaker, name: str) -> dict[str, Any] | None:
    try:
        legend = tiles.legend(name)
    except InputError as error:
        study.note(str(error).replace(f"{study.folder}/", ""))
        return None
    sources = study.maps[name]
    return {
        "name": name,
        "label": "Hillshade" if name == "hillshade" else label_of(name),
        "unit": "%" if is_share(name) else unit_of(name).symbol,
        "meaning": sources[0].file.meaning,
        "low": legend.low,
        "high": legend.high,
        "ramp": "gray" if name == "hillshade" else ramp(name).colours,
        "colours": ["#" + legend.palette[3 * k : 3 * k + 3].hex() for k in np.linspace(1, 255, 16).astype(int)],
        "parts": [
            {
                "part": s.part,
                "cell_m": s.file.grid.cell_m,
                "synthetic": s.file.synthetic,
                "grid": grid_json(s.file.grid),
            }
            for s in sources
        ],
    }


def _extent(study: StudyFolder) -> list[float]:
    grids = [s.file.grid for found in study.maps.values() for s in found]
    if not grids:
        return [-3e5, -3e5, 3e5, 3e5]
    return [
        min(g.left_m for g in grids), min(g.bottom_m for g in grids),
        max(g.right_m for g in grids), max(g.top_m for g in grids),
    ]  # fmt: skip


def sites(study: StudyFolder) -> list[dict[str, Any]]:
    """The sites by rank: place, criteria on the fine map, chances, and whether there is a drive."""
    found = []
    for name, record in study.sites.items():
        try:
            site = record["site"]
            at, reach, touchdown = (table(record, part) for part in ("summary", "reach", "touchdown"))
            drive = table(record, "drive").get("traverse")
            x, y = map_xy_m(site["fine"]["lat_deg"], site["fine"]["lon_deg"], study.pole)
            found.append(
                {
                    "name": name,
                    "rank": site["rank"],
                    "lat_deg": site["fine"]["lat_deg"],
                    "lon_deg": site["fine"]["lon_deg"],
                    "x_m": float(x),
                    "y_m": float(y),
                    "score": site["score"],
                    "reasons": site["reasons"],
                    "synthetic_below_m": site["synthetic_below_m"],
                    "elevation_m": at.get("elevation_m"),
                    "touchdown_probability": touchdown.get("probability"),
                    "reach_probability": reach.get("and_back") if reach.get("in_time") is None else reach["in_time"],
                    **{key: value for key, value in site["fine"].items() if key not in ("lat_deg", "lon_deg")},
                    "drive": None if drive is None else {
                        key: drive[key] for key in ("x_m", "y_m", "activity", "battery_wh", "distance_m", "labels")
                    } | {"times_ms": unix_ms(np.asarray(drive["times_tdb_s"])), "summary": drive["summary"]},
                }
            )  # fmt: skip
        except (*UNREADABLE, InputError) as error:
            study.note(
                f"{RECORD}: site {printable(name)} is incomplete ({type(error).__name__}: {printable(str(error))})"
            )
    return found


def _names(study: StudyFolder) -> list[dict[str, Any]]:
    """Named shadow regions, largest first."""
    found = []
    for region in rows(study.record, "psr_regions")[:MOST_NAMES]:
        if isinstance(region, dict) and region.get("name"):
            found.append({key: region.get(key) for key in ("name", "lat_deg", "lon_deg", "area_km2")})
    return found


def ranked(study: StudyFolder, asked: Weights) -> dict[str, Any]:
    """The sites ranked anew with other weights, by the same draws as the study's own ranking.

    Args:
        study: the folder.
        asked: weights; criteria that are not named weigh 0.

    Raises InputError where the study has no ranking, MissionError for weights that leave no room.
    """
    known = _table(study)
    unknown = set(asked.weights) - set(known.criteria)
    if unknown:
        raise InputError(f"no criterion '{sorted(unknown)[0]}'", f"criteria: {', '.join(known.criteria)}")
    total = sum(asked.weights.values())
    if total <= 0.0:
        raise InputError("every weight is 0", "give one of them more")
    weights = {name: asked.weights.get(name, 0.0) / total for name in known.criteria}
    settings = replace(
        study.mission.ranking,
        method="acceptability",
        weights_uncertain=asked.uncertain,
        weight_spread=asked.spread,
        draws=min(study.mission.ranking.draws, MOST_DRAWS),
    )
    rng = np.random.default_rng(study.mission.study.seed)
    ranking = rank_candidates(known, settings, rng, Preferences(weights))
    return {
        "order": list(ranking.order),
        "sites": list(known.alternatives),
        "rank_acceptability": ranking.rank_acceptability,
        "mean_rank": ranking.mean_rank,
        "weighted_sum": ranking.weighted_sum,
        "pareto": ranking.pareto,
        "deciding": ranking.deciding,
        "weights": weights,
        "draws": ranking.draws,
    }


def criteria(study: StudyFolder) -> dict[str, Any]:
    """The table that is ranked, with the study's own weights. Raises InputError where there is none."""
    known, said = _table(study), table(study.record, "ranking")
    given = rows(said, "weights")
    if len(given) != len(known.criteria):
        given = [1.0 / len(known.criteria)] * len(known.criteria)
    return {
        "sites": list(known.alternatives),
        "criteria": [
            {
                "name": name,
                "label": label_of(name),
                "unit": "%" if is_share(name) else unit_of(name).symbol,
                "higher_is_better": known.higher_is_better[k],
                "weight": given[k],
                "value": known.value[:, k],
                "sigma": known.sigma[:, k],
            }
            for k, name in enumerate(known.criteria)
        ],
        "uncertain": study.mission.ranking.weights_uncertain,
        "order": rows(said, "order"),
        "rank_acceptability": rows(said, "rank_acceptability"),
    }


def _table(study: StudyFolder) -> CriteriaTable:
    try:
        said = table(study.record, "ranking", "table")
        places, criteria = (
            tuple(plain_name(RECORD, one) for one in rows(said, key)) for key in ("alternatives", "criteria")
        )
        higher = tuple(bool(one) for one in rows(said, "higher_is_better"))
        return CriteriaTable(places, criteria, higher, _numbers(said["value"]), _numbers(said["sigma"]))
    except UNREADABLE as error:
        raise InputError("this study has no ranking", "a ranking takes two sites or more") from error


def _numbers(values: Any) -> NDArray[np.float64]:
    return np.asarray(values, np.float64)


def contacts(study: StudyFolder, name: str) -> dict[str, Any]:
    """Passes of a site by station, booked ones, and the series of a pass with margins.

    Args:
        study: the folder. name: of the site.

    Raises InputError for an unknown site, and for a study without contacts.
    """
    record = study.site(name).get("contacts")
    if not record:
        raise InputError(f"site {name}: the study planned no contacts", 'set [ground] stations, e.g. "all"')
    try:
        passes = record["plan"]["passes"]
        series = record.get("series") or {}
        return {
            "site": name,
            "notes": record["plan"].get("notes", []),
            "stations": [
                {"name": one["name"], "title": one["title"], "min_elevation_deg": one["min_elevation_deg"]}
                for one in record["stations"]
            ],
            "passes": [
                {
                    "station": one["station"],
                    "aos_ms": _ms(one["aos_tdb_s"]),
                    "los_ms": _ms(one["los_tdb_s"]),
                    "max_elevation_deg": one["max_elevation_deg"],
                    "min_range_m": one["min_range_m"],
                }
                for one in passes
            ],
            "booked": [
                {"station": one.get("station"), "start_ms": _ms(one["start_tdb_s"]), "stop_ms": _ms(one["stop_tdb_s"])}
                for one in ((record.get("schedule") or {}).get("booked") or [])
                if "start_tdb_s" in one and "stop_tdb_s" in one
            ],
            "series": {
                "station": series.get("station"),
                "times_ms": unix_ms(_numbers(series["times_tdb_s"])) if series.get("times_tdb_s") else [],
                "elevation_deg": series.get("elevation_deg") or [],
                "margin_db": series.get("margin_db") or [],
            },
        }
    except UNREADABLE as error:
        raise InputError(f"site {name}: the contacts of study.json cannot be read", "run the study again") from error


def _ms(tdb_s: float) -> float:
    return float(unix_ms(np.array([tdb_s]))[0])


def position(study: StudyFolder, name: str) -> dict[str, Any]:
    """The position chapter of a site: wanted accuracy, days of data and methods with the errors they leave.

    Args:
        study: the folder. name: of the site.

    A study without the chapter has no rows. Raises InputError for an unknown site.
    """
    record = study.site(name).get("position")
    if not isinstance(record, dict) or not isinstance(record.get("rows"), list):
        return {"site": name, "rows": []}  # not an error: a browser writes those to its console
    kept = ("wanted_m", "wanted_days", "skyline_m", "start_utc", "stations", "methods", "notes", "first_drive_m")
    names = ("methods", "days", "sigma_east_m", "sigma_north_m", "sigma_up_m")
    rows = [{key: row.get(key) for key in names} for row in record["rows"] if isinstance(row, dict)]
    return {"site": name, **{key: record.get(key) for key in kept}, "rows": rows[:500]}


def own(study: StudyFolder) -> list[dict[str, Any]]:
    """The user's own layers: name, kind, and features with their parts in map metres; a file that is gone is noted.

    Args:
        study: whose mission names them.
    """
    found = []
    for layer in study.mission.layers:
        try:
            read = read_own_layer(layer, study.pole)
        except LupexError as error:
            study.note(str(error))
            continue
        found.append(
            {
                "name": read.name,
                "kind": read.kind,
                "features": [
                    {
                        "name": one.name,
                        "parts": [np.round(part, 2) for part in one.parts],
                        "diameter_m": None if math.isnan(one.diameter_m) else one.diameter_m,
                    }
                    for one in read.features[:MOST_FEATURES]
                ],
            }
        )
    return found


def chapter(study: StudyFolder, name: str) -> Any:
    """'water' or 'payload' as it was recorded: of the study, and of each site. Raises InputError where there is none.

    Args:
        study: the folder. name: of the part.
    """
    by_site = {site: one.get(name) for site, one in study.sites.items()}
    found = {"study": study.record.get(name), "sites": by_site}
    if not found["study"] and not any(by_site.values()):
        raise InputError(f"this study holds nothing about {name}", f"see docs/howto for how to ask for {name}")
    return found
