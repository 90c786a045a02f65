"""The QGIS project of a study: every map and vector layer it wrote, with the colours of the report."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from lupex.io import ProjectLayer, vector_layers, write_qgs
from lupex.model import LightMap, Terrain
from lupex.model.quantities import is_share, label_of, udunits_of
from lupex.report.paper.layers import colour_map, colour_range, shown_values
from lupex.report.paper.names import site_stem, site_title, synthetic_label
from lupex.report.paper.style import file_stem
from lupex.report.paper.words import tidy
from lupex.results import StudyResult

PROJECT = "study.qgs"
OWN_LAYERS = "layers/layers.gpkg"
STEPS = 11
FIRST_SHOWN = ("lit_fraction_any", "hillshade")


def write_project(result: StudyResult, folder: Path) -> None:
    """Write study.qgs into a report's folder, once everything else is there.

    Args:
        result: of the study.
    """
    layers = [layer for name in ("sites.gpkg", "psr.gpkg") for layer in _vectors(folder / name, folder, "Places")]
    for path in sorted((folder / "drives").glob("*.gpkg")):
        layers += _vectors(path, folder, "Drives")
    for path in sorted((folder / "water").glob("*.gpkg")):
        layers += _vectors(path, folder, "Stations for water")
    layers += _vectors(folder / OWN_LAYERS, folder, "Layers of your own")
    layers += _rasters(result.maps, result.region, "region", "Region", folder)
    if result.thermal is not None:
        heat = result.thermal.maps
        layers += _layers(dict(heat.layers), heat.synthetic_below_m, "region", "Region", folder)
    for site in result.sites:
        group = f"Site {site_title(site)}"
        layers += _rasters(site.maps, site.terrain, site_stem(site), group, folder)
        for more in (site.thermal, site.water):
            if more is not None and more.maps is not None:
                layers += _layers(dict(more.maps.layers), more.maps.synthetic_below_m, site_stem(site), group, folder)
    title = tidy(result.mission.title) or tidy(result.mission.name) or "Landing site study"
    labels = sorted({synthetic_label(site) for site in result.sites} - {""})
    write_qgs(folder / PROJECT, " · ".join([title, *labels]), result.maps.grid, layers)


def _vectors(path: Path, folder: Path, group: str) -> list[ProjectLayer]:
    return vector_layers(path, folder, group) if path.exists() else []


def _rasters(maps: LightMap, terrain: Terrain, stem: str, group: str, folder: Path) -> Iterable[ProjectLayer]:
    known = {**maps.layers, "elevation_m": terrain.elevation_m}
    return _layers(known, maps.synthetic_below_m, stem, group, folder)


def _layers(
    known: dict[str, Any], below_m: float | None, stem: str, group: str, folder: Path
) -> Iterable[ProjectLayer]:
    """Layers of which there is a file in maps/, those first that are shown first."""
    label = "" if below_m is None else f"synthetic below {below_m:g} m"
    for name in sorted(known, key=lambda n: (n not in FIRST_SHOWN, n == FIRST_SHOWN[-1], n)):
        source = f"maps/{file_stem(f'{stem}_{name}', label)}.tif"
        if (folder / source).exists():
            yield ProjectLayer(
                title=label_of(name),
                group=group,
                source=source,
                shown=group == "Region" and name == FIRST_SHOWN[0],
                colours=_colours(name, known[name]),
                unit=udunits_of(name),
            )


def _colours(name: str, layer: np.ndarray) -> tuple[tuple[float, str], ...]:
    """The ramp of the report in the unit of the file (shares of 1)."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    low, high = colour_range(name, shown_values(name, layer))
    scale = 0.01 if is_share(name) else 1.0
    tones = colormaps["gray"] if name == "hillshade" else colour_map(name)
    return tuple(
        (float(f"{scale * (low + (high - low) * t):.6g}"), str(to_hex(tones(t)))) for t in np.linspace(0.0, 1.0, STEPS)
    )
