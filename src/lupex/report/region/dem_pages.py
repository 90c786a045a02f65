"""The DEMs of a study against the map around them: what was compared, and what the user overrode."""

from lupex.report.paper.document import Block, Heading, Paragraph, Table, number_cell, text_cell
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, number, sentence, tidy
from lupex.results import StudyResult

OVERRIDE = {
    "note": 'The mission file says [terrain] check_dem = "note": a DEM that contradicts the map around it is used.',
    "off": 'The mission file says [terrain] check_dem = "off": no DEM was judged before it was used.',
}


def has_own_dems(result: StudyResult) -> bool:
    """Whether a study stands on a DEM of the user's, or does without the check."""
    return bool(result.dems) or result.mission.terrain.check_dem in OVERRIDE


def dem_blocks(result: StudyResult, _: dict[str, Figure]) -> list[Block]:
    """Offset, spread, scale and correlation of every DEM, and a warning where it contradicts the map or was not judged.

    Args:
        result: of the study.
    """
    override = OVERRIDE.get(result.mission.terrain.check_dem, "")
    blocks: list[Block] = [Heading("The DEM against the map around it", 1, "dem")]
    blocks += [Paragraph(override, "warning")] if override else []
    blocks += [Paragraph(sentence(f"{tidy(name)}: {one.cause}"), "warning") for name, one in result.dems if one.cause]
    rows = tuple(
        (
            text_cell(tidy(name)),
            number_cell(number(one.blocks, 0)),
            number_cell(number(one.offset_m, 1)),
            number_cell(number(one.rms_m, 1)),
            number_cell(number(one.scale, 3)),
            number_cell(number(one.correlation, 4)),
            text_cell(tidy(one.cause or one.note) or DASH),
        )
        for name, one in result.dems
    )
    if not rows:
        return blocks
    header = (text_cell("DEM"), *map(number_cell, ("Blocks", "Offset (m)", "Spread (m)", "Scale", "Correlation")),
              text_cell("Said"))  # fmt: skip
    words = Paragraph(
        "Means over blocks of the LOLA map at 1600 m of the package, and of the DEM over the same ground. Scale is the "
        "slope of the one over the other; 1 is right."
    )
    return [*blocks, words, Table(header, rows, "DEMs of this study and the built-in map", "compact")]
