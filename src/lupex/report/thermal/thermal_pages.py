"""Pages on temperature and ice: of the region, of a site, and how they were computed."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.io import write_cog
from lupex.model.quantities import udunits_of
from lupex.report.paper.document import Block, Heading, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.names import site_stem
from lupex.report.paper.style import Figure, file_stem
from lupex.report.paper.words import number
from lupex.results import SiteResult, StudyResult
from lupex.thermal import ThermalMap

CLASS_WORDS = {
    "surficial": "at the surface",
    "shallow": "within 0.5 m",
    "deep": "within 1 m",
    "dry": "deeper or nowhere",
}
THERMAL_REFERENCES = (
    "Hayne, P. O., et al. (2017). Global regolith thermophysical properties of the Moon from the Diviner Lunar "
    "Radiometer Experiment. Journal of Geophysical Research: Planets 122, 2371–2400.",
    "Murphy, D. M., Koop, T. (2005). Review of the vapour pressures of ice and supercooled water for atmospheric "
    "applications. Quarterly Journal of the Royal Meteorological Society 131, 1539–1565.",
    "Schorghofer, N., Williams, J.-P. (2020). Mapping of ice storage processes on the Moon with time-dependent "
    "temperatures. The Planetary Science Journal 1, 54.",
)

WRITTEN = ("surface_max_k", "surface_mean_k", "surface_min_k", "mean_at_1m_k", "ice_depth_m", "ice_depth_low_m",
           "ice_depth_high_m", "ice_class")  # fmt: skip


def thermal_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The region: maps, areas by class of ice, and what proves them.

    Args:
        result: of the study.
        figures: by name.
    """
    found = result.thermal
    if found is None:
        return []
    blocks: list[Block] = [Heading("Temperature and ice", 1, "thermal", True), Paragraph(
        "Temperatures of a column of regolith under every cell, brought to the state that repeats from year to year, "
        "with sunlight scattered and heat radiated between facing slopes. Ice is called stable where it would last "
        "under the dust above it; that does not say that any is there."
    )]  # fmt: skip
    if "thermal" in figures:
        blocks.append(Picture(figures["thermal"]))
    blocks.append(_areas(found))
    blocks.append(Paragraph(f"Albedo law: {found.albedo_law}. {_floors(found)}", "warning"))
    return [*blocks, Paragraph(_proof(found), "note")]


def site_thermal_blocks(
    _: StudyResult, site: SiteResult, title: str, anchor: str, figures: dict[str, Figure]
) -> list[Block]:
    """One site: its maps and the numbers at its place.

    Args:
        anchor: of the heading.
        figures: by name.
    """
    found = site.thermal
    if found is None:
        return []
    blocks: list[Block] = [Heading(f"{title}: temperature and ice", 2, f"{anchor}-thermal")]
    if "thermal" in figures:
        blocks.append(Picture(figures["thermal"]))
    at = thermal_row(site)
    words = (
        f"At the place itself the surface reaches {number(at['surface_max_k'])} K and averages "
        f"{number(at['surface_mean_k'])} K; at 1 m it is {number(at['mean_at_1m_k'])} K. "
        f"{_ice_words(at)} Albedo law: {found.albedo_law}."
    )
    return [*blocks, Paragraph(words), _areas(found)]


def thermal_method(result: StudyResult) -> list[str]:
    """How temperatures and ice were computed.

    Args:
        result: of the study.
    """
    found = result.thermal
    if found is None:
        return []
    return [
        "Temperatures: one-dimensional conduction in regolith with conductivity and density growing with depth "
        f"(catalogue entry {found.ground.name}), {found.sun}; the last period runs free and its change is the drift. "
        "Ice: mean loss into vacuum over the period at each depth (Murphy and Koop 2005), through the dust above "
        "(Schorghofer and Williams 2020); bounds by the spread of published laws."
    ]


def thermal_row(site: SiteResult) -> dict[str, Any]:
    """Temperatures and ice at the site's place, the nearest cell of its map; nothing without one."""
    found = site.thermal
    if found is None:
        return {}
    grid = found.maps.grid
    row, col = grid.row_col(site.site.lat_deg, site.site.lon_deg)
    names = ("surface_max_k", "surface_mean_k", "mean_at_1m_k", "ice_depth_m", "ice_depth_low_m", "ice_depth_high_m")
    return {name: float(found.maps[name][row, col]) for name in names}


def write_thermal(result: StudyResult, folder: Path) -> None:
    """Write the maps of region and sites into folder/maps as GeoTIFF.

    Args:
        result: of the study.
    """
    maps = [("region", result.thermal), *((site_stem(site), site.thermal) for site in result.sites)]
    for stem, found in maps:
        if found is None:
            continue
        below = found.maps.synthetic_below_m
        mark = "" if below is None else f"_synthetic_below_{below:g}m"
        for name in WRITTEN:
            write_cog(
                folder / "maps" / f"{file_stem(stem, name)}{mark}.tif",
                found.maps.grid,
                found.maps[name],
                name=name,
                unit=udunits_of(name),
                meaning=found.maps.meanings[name],
                synthetic_below_m=below,
            )


def _areas(found: ThermalMap) -> Table:
    areas = found.ice_area_km2
    total = sum(areas.values())
    rows = tuple(
        (text_cell(name), text_cell(words), number_cell(number(areas[name])),
         number_cell(number(100.0 * areas[name] / total if total else float("nan"))))
        for name, words in CLASS_WORDS.items()
    )  # fmt: skip
    header = (text_cell("Ice"), text_cell("Stable"), number_cell("Area (km²)"), number_cell("Share (%)"))
    return Table(header, rows, "Where ice would last, by depth", "compact")


def _floors(found: ThermalMap) -> str:
    return f"{found.floor_note[:1].upper()}{found.floor_note[1:]}."


def _proof(found: ThermalMap) -> str:
    n = found.numbers
    return (
        f"Drift over the last, free period: median {number(n['drift_median_k_per_year'], 3)} K a year, most cells "
        f"below {number(n['drift_99_k_per_year'], 3)}; some cells in double precision drift by at most "
        f"{number(n['proof_drift_k_per_year'], 3)}. Heat given out over heat taken in, less one: "
        f"{n['imbalance_fraction']:.1e}. Flow below 1 m over the heat of the interior: "
        f"{number(n['deep_flow_median_fraction'], 3)}."
    )


def _ice_words(at: dict[str, Any]) -> str:
    depth, low, high = at["ice_depth_m"], at["ice_depth_low_m"], at["ice_depth_high_m"]
    if not np.isfinite(depth):
        return ""
    if depth == 0.0:
        return "Water ice would last at the surface."
    if depth > 100.0:
        return "Water ice would last nowhere within reach."
    upper = f"{number(high, 2)} m" if high < 100.0 else "nowhere"
    return f"Water ice would last below {number(depth, 2)} m ({number(low, 2)} to {upper} by the spread of the laws)."
