"""CSV of the comparison: criteria, ranking, landing dates, touchdown and reach."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lupex.io import write_csv
from lupex.model import DateTable, Ranking
from lupex.report.paper.style import file_stem
from lupex.report.paper.words import tidy
from lupex.report.ranking.comparison import in_order
from lupex.results import SiteResult, StudyResult


def write_ranking(result: StudyResult, folder: Path) -> None:
    """Write tables/criteria.csv and tables/ranking.csv into ``folder``, where the sites were ranked."""
    if result.ranking is not None:
        _write_rows(folder / "tables" / "criteria.csv", criteria_rows(result.ranking))
        _write_rows(folder / "tables" / "ranking.csv", ranking_rows(result.ranking))


def write_dates(result: StudyResult, folder: Path) -> None:
    """Write tables/dates_<quantity>.csv and tables/date_windows.csv into ``folder``, where there are dates."""
    if result.dates is not None:
        _write_dates(result.dates, folder / "tables")


def criteria_rows(ranking: Ranking) -> list[dict[str, Any]]:
    """One row for each site and criterion: value, sigma (unit in the criterion's name), what is better, weight.

    Args:
        ranking: with its table of criteria.
    """
    table = ranking.table
    weights = ranking.weights if len(ranking.weights) == len(table.criteria) else np.full(len(table.criteria), np.nan)
    return [
        {
            "site": tidy(site),
            "criterion": name,
            "value": float(table.value[i, j]),
            "sigma": float(table.sigma[i, j]),
            "higher_is_better": bool(table.higher_is_better[j]),
            "weight": float(weights[j]),
        }
        for i, site in enumerate(table.alternatives)
        for j, name in enumerate(table.criteria)
    ]


def ranking_rows(ranking: Ranking) -> list[dict[str, Any]]:
    """One row for each site, best first: scores, confidence, share of each rank, central weight of each criterion."""
    return [_ranking_row(ranking, i, place) for place, i in enumerate(in_order(ranking), 1)]


def _ranking_row(ranking: Ranking, i: int, place: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "place": place,
        "site": tidy(ranking.table.alternatives[i]),
        "pareto": bool(ranking.pareto[i]),
        "confidence": float(ranking.confidence[i]),
        "weighted_sum": float(ranking.weighted_sum[i]),
        "topsis": float(ranking.topsis[i]),
    }
    if len(ranking.mean_rank) == len(ranking.table.alternatives):
        row["mean_rank"] = float(ranking.mean_rank[i])
    row |= {f"rank_{k}_share": float(v) for k, v in enumerate(ranking.rank_acceptability[i], 1)}
    names = ranking.table.criteria
    return row | {f"central_weight_{n}": float(v) for n, v in zip(names, ranking.central_weights[i], strict=True)}


def safety_row(site: SiteResult) -> dict[str, Any]:
    """Touchdown and reach of a site as columns; empty when neither was computed."""
    row: dict[str, Any] = {}
    t, r = site.touchdown, site.reach
    if t is not None:
        row |= {
            "touchdown_probability": t.probability,
            "touchdown_probability_without_avoidance": t.without_avoidance,
            "touchdown_probability_monte_carlo": t.monte_carlo,
            "touchdown_probability_monte_carlo_sigma": t.monte_carlo_error,
            "best_aim_probability": t.best_aim_probability,
            "best_aim_east_m": t.best_aim_offset_m[0],
            "best_aim_north_m": t.best_aim_offset_m[1],
        }
        row |= {f"hazard_{name}": value for name, value in sorted(t.terms.items())}
    if r is not None:
        row |= {} if r.in_time is None else {"reach_in_time_probability": r.in_time}
        row |= {
            "reach_there_probability": r.there,
            "reach_and_back_probability": r.and_back,
            "drive_median_km": r.distance_km,
            "drive_straight_km": r.straight_km,
        }
        row |= {f"lost_{name}": value for name, value in sorted(r.limits.items())}
    return row


def _write_dates(dates: DateTable, folder: Path) -> None:
    header = ["landing_utc", *map(tidy, dates.sites)]
    for name, values in dates.values.items():
        rows = ([utc, *column] for utc, column in zip(dates.dates_utc, values.T.tolist(), strict=True))
        write_csv(folder / f"{file_stem(f'dates_{name}', '')}.csv", header, rows)
    windows: list[Sequence[Any]] = [
        (tidy(site), place, *window)
        for site, found in zip(dates.sites, dates.best_windows, strict=False)
        for place, window in enumerate(found, 1)
    ]
    write_csv(folder / "date_windows.csv", ["site", "place", "first_landing_utc", "last_landing_utc"], windows)


def _write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    header = list(dict.fromkeys(key for row in rows for key in row))
    write_csv(path, header, [[row.get(key) for key in header] for row in rows])


def ground_row(site: SiteResult) -> dict[str, Any]:
    """What the lander will meet, as columns: mean and percentiles over the ellipse, share that breaks each rule."""
    if site.ground is None:
        return {}
    row: dict[str, Any] = {}
    for name, met in site.ground.values.items():
        row |= {f"ellipse_mean_{name}": met.mean, f"ellipse_p05_{name}": met.low, f"ellipse_p95_{name}": met.high}
    row |= {f"ellipse_breaks_{rule.name}_fraction": rule.share for rule in site.ground.broken}
    return row | {"ellipse_breaks": "; ".join(tidy(rule.name) for rule in site.ground.marked)}
