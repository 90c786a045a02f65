"""Maps of temperature and ice, of the region and of each site."""

from pathlib import Path
from typing import Any

from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import RAMPS
from lupex.report.paper.names import below_label, site_stem
from lupex.report.paper.panels import colour_bar, draw_layer, inches, map_note
from lupex.report.paper.style import Figure, file_stem, new_figure
from lupex.report.paper.words import label, plain, tidy
from lupex.results import SiteResult, StudyResult
from lupex.thermal import ThermalMap

SHOWN = ("surface_max_k", "mean_at_1m_k", "ice_class")


def thermal_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'thermal': highest surface temperature, mean at 1 m, classes of ice, of the region."""
    if result.thermal is None:
        return {}
    return {"thermal": _panels(result.thermal, folder, "region_thermal", "Temperature and ice of the region")}


def site_thermal_figure(_: StudyResult, site: SiteResult, folder: Path) -> dict[str, Figure]:
    """The same of one site."""
    if site.thermal is None:
        return {}
    heading = f"Temperature and ice, {tidy(site.site.candidate.name)}"
    return {"thermal": _panels(site.thermal, folder, file_stem(site_stem(site), "thermal"), heading)}


def thermal_panels(found: ThermalMap) -> Any:
    """The three maps side by side, without heading and notes."""
    figure: Any = new_figure(7.2, 3.5)
    for number, name in enumerate(SHOWN):
        left = 0.42 + 2.37 * number  # room for the labels of two neighbours between them
        axes = figure.add_axes(inches(figure, left, 1.15, 1.62))
        span = draw_layer(axes, found.maps, name)
        colour_bar(figure, axes, name, span, inches(figure, left + 0.05, 0.82, 1.52, 0.09))
    return figure


def _panels(found: ThermalMap, folder: Path, stem: str, heading: str) -> Figure:
    caption = (
        f"{', '.join(label(name) for name in SHOWN)}. {found.sun[:1].upper()}{found.sun[1:]}. Albedo law: "
        f"{found.albedo_law}. {found.floor_note[:1].upper()}{found.floor_note[1:]}."
    )
    cell = plain("cell_m", float(found.maps.grid.cell_m))
    note = Note(
        stem=stem,
        heading=heading,
        caption=caption,
        lines=f"cells {cell} · regolith {found.ground.name} · {map_note()}",
        synthetic=below_label(found.maps.synthetic_below_m),
        alt=f"Map: {heading}",
    )
    return finished(thermal_panels(found), folder, note, [RAMPS[name].colours for name in SHOWN if name in RAMPS])
