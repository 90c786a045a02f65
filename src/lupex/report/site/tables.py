"""Tables and machine-readable results: CSV rows, places and outlines, maps, study.json."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lupex.base.digest import array_sha256, file_sha256
from lupex.base.frames import map_xy_m
from lupex.io import (
    VectorLayer,
    filled_polygons_qml,
    mask_polygons,
    ranked_points_qml,
    write_cog,
    write_csv,
    write_czml,
    write_gpkg,
    write_points_geojson,
    write_points_gpkg,
)
from lupex.mission import mission_dict
from lupex.model import Candidate, CriteriaTable, DateTable, LightMap, Ranking, ShadowRegion, Terrain
from lupex.model.fields.own_layer import OwnLayer
from lupex.model.quantities import udunits_of
from lupex.report.paper.names import ranked, site_stem, synthetic_label
from lupex.report.paper.style import DEEP_BLUE, GOLD, MARK, file_stem
from lupex.report.paper.words import label, tidy, unit
from lupex.report.scene import site_objects
from lupex.results import SiteResult, StudyResult

Columns = Callable[[SiteResult], dict[str, Any]]
"""Columns that a chapter adds to the row of a site."""


def write_tables(result: StudyResult, folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the CSV of region, candidates and sites into ``folder``; ``rows`` are those of `site_rows`.

    Args:
        result: of the study.
    """
    for name, table in (("candidates", candidate_rows(result)), ("sites", rows)):
        header = list(dict.fromkeys(key for row in table for key in row))
        write_csv(folder / f"{name}.csv", header, [[row.get(key) for key in header] for row in table])
    _write_nouns(folder / "psr_regions.csv", result.psr_regions, "label name lat_deg lon_deg area_km2 mean_elevation_m")
    _write_nouns(folder / "constraints.csv", result.constraints, "name rule share_failing share_failing_only_this")
    write_csv(
        folder / "psr_area_by_latitude.csv", ["from_deg", "to_deg", "psr_km2", "total_km2"], result.psr_area_by_latitude
    )
    season = result.season
    write_csv(
        folder / "season.csv", ["start_utc", "lit_fraction"], zip(season.starts_utc, season.lit_fraction, strict=True)
    )
    for site in result.sites:
        _write_site_tables(site, folder)


def _write_nouns(path: Path, nouns: Sequence[Any], names: str) -> None:
    write_csv(path, names.split(), [[getattr(noun, name) for name in names.split()] for noun in nouns])


def _write_site_tables(site: SiteResult, folder: Path) -> None:
    def path(kind: str) -> Path:
        return folder / f"{file_stem(f'{site_stem(site)}_{kind}', synthetic_label(site))}.csv"

    write_csv(
        path("skyline"), ["azimuth_true_deg", "elevation_deg"],
        zip(site.skyline_azimuth_true_deg.tolist(), site.skyline_elevation_deg.tolist(), strict=True),
    )  # fmt: skip
    write_csv(
        path("calendar"), ["day_utc", "lit_fraction", "earth_fraction", "both_fraction"],
        zip(
            site.calendar_days_utc, site.calendar_lit_fraction.tolist(), site.calendar_earth_fraction.tolist(),
            site.calendar_both_fraction.tolist(), strict=True,
        ),
    )  # fmt: skip
    for body, track in (("sun", site.sun), ("earth", site.earth)):
        columns = (track.times_tdb_s, track.azimuth_true_deg, track.elevation_deg, track.radius_deg)
        rounded = [np.round(c, digits).tolist() for c, digits in zip(columns, (3, 6, 6, 6), strict=True)]
        header = ["time_tdb_s", "azimuth_true_deg", "elevation_deg", "radius_deg"]
        write_csv(path(f"{body}_track"), header, zip(*rounded, strict=True))


def candidate_rows(result: StudyResult) -> list[dict[str, Any]]:
    """One row for each candidate: place, rank, score, criteria and their scores."""
    return [_candidate_row(candidate) for candidate in result.candidates]


def _candidate_row(candidate: Candidate) -> dict[str, Any]:
    row = {
        "name": tidy(candidate.name),
        "rank": candidate.rank,
        "lat_deg": candidate.lat_deg,
        "lon_deg": candidate.lon_deg,
        "x_m": candidate.x_m,
        "y_m": candidate.y_m,
        "score": candidate.score,
    }
    return row | dict(candidate.criteria) | {f"score_{key}": value for key, value in candidate.scores.items()}


def site_rows(result: StudyResult, columns: Sequence[Columns] = ()) -> list[dict[str, Any]]:
    """One row for each site, by rank: place, ranks, score, those of ``columns``, fine criteria, panel, remarks."""
    return [_site_row(s, columns) for s in ranked(result)]


def _site_row(result: SiteResult, columns: Sequence[Columns]) -> dict[str, Any]:
    site = result.site
    row: dict[str, Any] = {
        "name": tidy(site.candidate.name),
        "rank": site.rank,
        "rank_regional": site.rank_regional,
        "lat_deg": site.lat_deg,
        "lon_deg": site.lon_deg,
        "x_m": site.x_m,
        "y_m": site.y_m,
        "score": site.score,
    }
    for more in columns:
        row |= more(result)
    row |= dict(site.fine) | {f"panel_{k}" if k in site.fine else k: v for k, v in result.summary.items()}
    return row | {
        "reasons": "; ".join(tidy(r) for r in site.reasons),
        "synthetic_below_m": site.synthetic_below_m,
        "synthetic": synthetic_label(result),
    }


def write_places(result: StudyResult, folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write sites.gpkg, sites.geojson, sites.czml and psr.gpkg (outlines of permanent shadow), where there are any.

    The GeoPackages carry their styles for QGIS. ``rows`` are those of `site_rows`.

    Args:
        result: of the study.
        folder: that receives the files.
    """
    pole = result.region.grid.pole
    write_points_geojson(folder / "sites.geojson", rows, pole, "sites")
    if rows:
        scene = [(site.site, site.terrain) for site in sorted(result.sites, key=lambda one: one.site.rank)]
        write_czml(folder / "sites.czml", f"{result.mission.name}: sites", site_objects(scene))
        write_points_gpkg(folder / "sites.gpkg", rows, pole, "sites", ranked_points_qml(MARK, GOLD))
    shadow = result.maps.layers.get("permanent_shadow")
    if shadow is None or not (shadow == 1).any():
        return
    labels, numbers = _labelled(shadow == 1, result)
    outlines = mask_polygons(result.maps.grid, labels)
    known = {numbers[region.label]: region for region in result.psr_regions if region.label in numbers}
    area = np.bincount(labels.ravel(), result.maps.grid.cell_area_m2().ravel() / 1e6)
    attributes = [_shadow_row(number, known.get(number), float(area[number]), result) for number, _ in outlines]
    shapes = [shape for _, shape in outlines]
    write_gpkg(folder / "psr.gpkg", [VectorLayer("permanent_shadow", shapes, attributes, _shadow_style())], pole)


def _labelled(shadow: NDArray[np.bool_], result: StudyResult) -> tuple[NDArray[np.int32], dict[int, int]]:
    """Numbers (row, col) of connected shadow, 8 neighbours, and the number of every listed region by its label."""
    labels = ndimage.label(shadow, np.ones((3, 3)))[0].astype(np.int32)
    grid, numbers = result.maps.grid, {}
    for region in result.psr_regions:
        x, y = (float(v) for v in map_xy_m(region.lat_deg, region.lon_deg, grid.pole))
        if grid.contains(x, y):
            number = int(labels[grid.row_col(region.lat_deg, region.lon_deg)])
            if number:
                numbers[region.label] = number
    return labels, numbers


def _shadow_row(number: int, region: ShadowRegion | None, area_km2: float, result: StudyResult) -> dict[str, Any]:
    listed = {"label": None, "name": "", "lat_deg": None, "lon_deg": None, "mean_elevation_m": None}
    if region is not None:
        listed = {key: getattr(region, key) for key in listed} | {"name": tidy(region.name)}
    return {"number": number, **listed, "area_km2": area_km2, "synthetic_below_m": result.maps.synthetic_below_m}


def _shadow_style() -> str:
    return filled_polygons_qml(DEEP_BLUE, DEEP_BLUE, label="name")


def write_maps(result: StudyResult, folder: Path) -> None:
    """Write every layer of the region and of the sites, and their heights, as COG into ``folder``."""
    _write_map_set(result.maps, result.region, "region", folder)
    for site in result.sites:
        _write_map_set(site.maps, site.terrain, site_stem(site), folder)


def _write_map_set(maps: LightMap, terrain: Terrain, stem: str, folder: Path) -> None:
    tags = {
        "SPAN_UTC": "/".join(maps.span_utc),
        "OBSERVER_HEIGHT_M": repr(maps.observer_height_m),
        "DEM": tidy(terrain.source),
    }
    layers = [("elevation_m", terrain.elevation_m, "height above the sphere", terrain.grid, terrain.synthetic_below_m)]
    layers += [
        (n, a, maps.meanings[n], maps.grid, maps.synthetic_below_m) for n, a in maps.layers.items() if n not in UNMAPPED
    ]
    for name, array, meaning, grid, below in layers:
        text = "" if below is None else f"synthetic below {below:g} m"
        path = folder / f"{file_stem(f'{stem}_{name}', text)}.tif"
        mark = "" if unit(name) == "%" else unit(name)
        values, more = _cells(name, array, ROUNDING.get(mark, 2.0**-12))
        write_cog(
            path,
            grid,
            values,
            name=name,
            unit=udunits_of(name),
            meaning=meaning,
            synthetic_below_m=below,
            tags=tags | more,
        )


def _cells(name: str, array: Any, step: float) -> tuple[Any, dict[str, str]]:
    """What stands in the file, and a tag that says how it was rounded."""
    if name in BINARY:
        return np.where(np.isfinite(array), array, 255).astype(np.uint8), {}
    known = np.where(np.isfinite(array), array, np.float32(np.nan))
    return np.round(known / np.float32(step)) * np.float32(step), {"ROUNDED_TO": repr(step)}


UNMAPPED = ("elevation_m",)
BINARY = ("permanent_shadow", "admissible", "reachable", "there")
ROUNDING = {"m": 2.0**-4, "°": 2.0**-5, "km": 2.0**-6, "d": 2.0**-4, "h": 2.0**-1, "W/m²": 2.0**-2}
"""Step values of a map are rounded to by unit (shares and scores 2^-12): far below what the models resolve, and
files are several times smaller. Powers of two, so that the steps are exact; stated in the tag ROUNDED_TO."""


def study_data(result: StudyResult, folder: Path) -> dict[str, Any]:
    """All results as plain data; big arrays by shape, range and sha256, files of ``folder`` by sha256.

    The mission stands in it without the place of its file: equal studies give equal bytes wherever they lie.
    """
    data = {f.name: _data(getattr(result, f.name)) for f in dataclasses.fields(result)}
    data["mission"] = mission_dict(result.mission)
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    data["files"] = {p.relative_to(folder).as_posix(): file_sha256(p) for p in paths}
    data["names"] = {name: label(name) for name in result.maps.layers}
    return data


LARGEST_LISTED = 2048
LARGEST_TABLE = 200_000
"""Tables of the comparison with more cells than this are given by digest; their CSV holds them whole."""


def _data(value: Any) -> Any:
    if isinstance(value, (CriteriaTable, Ranking, DateTable)):
        return {f.name: _listed(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return value if value.ndim == 1 and value.size <= LARGEST_LISTED else _digest(value)
    if isinstance(value, OwnLayer):
        return {"name": value.name, "kind": value.kind, "features": len(value.features), "sha256": value.sha256}
    if isinstance(value, Terrain):
        far = None if value.far is None else _data(value.far)
        return {f.name: _data(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "far"} | {
            "far": far
        }
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _data(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): _data(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_data(v) for v in value]
    return value


def _listed(value: Any) -> Any:
    """Arrays of the comparison in full, whatever their shape."""
    if isinstance(value, np.ndarray):
        return value if value.size <= LARGEST_TABLE else _digest(value)
    if isinstance(value, dict):
        return {str(key): _listed(item) for key, item in value.items()}
    return _data(value)


def _digest(array: Any) -> dict[str, Any]:
    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (None, None)
    return {
        "shape": list(array.shape),
        "dtype": str(array.dtype),
        "min": low,
        "max": high,
        "sha256": array_sha256(array),
    }
