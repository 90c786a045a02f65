"""Pages and files of layers of the user's own: where every site lies among their features."""

from pathlib import Path

from lupex.io import write_csv, write_own_layers
from lupex.report.gis import OWN_LAYERS
from lupex.report.paper.document import Block, Heading, Paragraph, Table, number_cell, text_cell
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, number, tidy
from lupex.results import StudyResult

COLUMNS = ("site", "layer", "kind", "nearest", "distance_km", "azimuth_true_deg", "inside")


def own_blocks(result: StudyResult, _: dict[str, Figure]) -> list[Block]:
    """The table of sites and layers.

    Args:
        result: of the study, with layers.
    """
    files = "; ".join(f"{tidy(one.name)}: {number(len(one.features), 0)} {one.kind}" for one in result.layers)
    rows = tuple(
        (
            text_cell(tidy(one.site)),
            text_cell(tidy(one.layer)),
            text_cell(", ".join(map(tidy, one.inside)) or DASH),
            text_cell(tidy(one.nearest)),
            number_cell(number(one.distance_km, 2)),
            number_cell(number(one.azimuth_true_deg, 0)),
        )
        for one in result.near
    )
    header = (*map(text_cell, ("Site", "Layer", "Lies in", "Nearest")),
              *map(number_cell, ("Distance (km)", "Towards (° from north)")))  # fmt: skip
    return [
        Heading("Layers of your own", 1, "layers"),
        Paragraph(
            f"Brought by the mission file and drawn on the maps: {files}. Distances are from the site's best cell "
            "along the great circle to the nearest point; of a crater to its rim, a circle of the diameter stated."
        ),
        Table(header, rows, "Where every site lies (also in tables/layers.csv and layers/layers.gpkg)", "compact"),
    ]


def write_own(result: StudyResult, folder: Path) -> None:
    """Write tables/layers.csv and layers/layers.gpkg.

    Args:
        result: of the study, with layers.
        folder: of the report.
    """
    rows = [[getattr(one, name) if name != "inside" else "; ".join(one.inside) for name in COLUMNS]
            for one in result.near]  # fmt: skip
    write_csv(folder / "tables" / "layers.csv", list(COLUMNS), rows)
    (folder / OWN_LAYERS).parent.mkdir(exist_ok=True)
    write_own_layers(folder / OWN_LAYERS, result.layers, result.region.grid.pole)
