"""The second page of a site: safe touchdown over the dispersion, and the drive into shadow and back."""

from lupex.model import Reach, Touchdown
from lupex.report.paper.document import (
    Beside,
    Block,
    Cell,
    Heading,
    Items,
    Paragraph,
    Picture,
    Table,
    number_cell,
    text_cell,
)
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, cause, number, percent, plain, quantity, sentence, with_error
from lupex.results import SiteResult, StudyResult

QUIET_WHEN_NONE = ("target", "outside", "share_outside", "unknown")
"""Causes that are only worth a line when they take something."""
TOLD_FROM = 1e-4


def safety_blocks(_: StudyResult, site: SiteResult, name: str, anchor: str, figures: dict[str, Figure]) -> list[Block]:
    """The page of touchdown and drive; nothing when neither was computed nor mapped.

    Args:
        site: the site of the page.
        name, anchor: of the heading.
        figures: of this site, by name.
    """
    touchdown = [] if site.touchdown is None else _touchdown_tables(site.touchdown)
    reach = [] if site.reach is None else _reach_tables(site.reach)
    pictures: list[Block] = [Picture(figures[k], 0.66) for k in ("safety",) if k in figures]
    if not (touchdown or reach or pictures):
        return []
    blocks: list[Block] = [Heading(f"Site {name}: touchdown and drive", 2, f"{anchor}-touchdown")]
    words = " ".join(text for text in (_touchdown_words(site.touchdown), _reach_words(site.reach)) if text)
    blocks += [Paragraph(words)] if words else []
    blocks += pictures
    if touchdown and reach:
        blocks.append(Beside(touchdown[0], (reach[0],)))
        blocks += _beside(touchdown[1:], reach[1:])
    else:
        blocks += [*touchdown, *reach]
    return blocks


LISTED_REASONS = 8


def reasons_blocks(_: StudyResult, site: SiteResult, *__: object) -> list[Block]:
    """The first reasons, those of rejected neighbours among them, as a list; the rest are in the tables."""
    reasons = site.site.reasons
    if not reasons:
        return []
    texts = [sentence(reason) for reason in reasons[:LISTED_REASONS]]
    more = ["… and more in tables/sites.csv."] if len(reasons) > LISTED_REASONS else []
    return [Paragraph("Remarks and rejected neighbours", "note"), Items((*texts, *more))]


def _beside(left: list[Block], right: list[Block]) -> list[Block]:
    return [Beside(left[0], tuple(right))] if left and right else [*left, *right]


def _touchdown_words(touchdown: Touchdown | None) -> str:
    if touchdown is None:
        return ""
    words = (
        f"Aimed at this place, the lander comes down safely with a probability of {percent(touchdown.probability)}; "
        f"without hazard avoidance with {percent(touchdown.without_avoidance)}."
    )
    if touchdown.best_aim_probability > touchdown.probability:
        words += f" Aiming at the best point near it would raise this to {percent(touchdown.best_aim_probability)}."
    return words


def _reach_words(reach: Reach | None) -> str:
    if reach is None:
        return ""
    if reach.in_time is not None:
        return _in_time_words(reach)
    words = (
        f"With the light held still, the rover then reaches permanent shadow with a probability of "
        f"{percent(reach.there)}, and returns to light within its limits with {percent(reach.and_back)}."
    )
    costly = [cause(name) for name, lost in _by_share(reach.limits) if lost > 0.0]
    words += f" What costs most: {costly[0]}." if costly else ""
    return words


def _in_time_words(reach: Reach) -> str:
    words = (
        f"From there, with a probability of {percent(reach.in_time)}, the rover can drive into permanent shadow, stay, "
        "and be back in the light, its charge, the light and the view followed in time."
    )
    return f"{words} {reach.in_time_note}".rstrip()


def _by_share(shares: dict[str, float]) -> list[tuple[str, float]]:
    """Causes and their shares, the largest first."""
    told = [(name, value) for name, value in shares.items() if name not in QUIET_WHEN_NONE or value > TOLD_FROM]
    return sorted(told, key=lambda item: (-item[1], item[0]))


def _touchdown_tables(touchdown: Touchdown) -> list[Block]:
    east, north = touchdown.best_aim_offset_m
    check = with_error("touchdown_probability", touchdown.monte_carlo, touchdown.monte_carlo_error)
    rows = (
        ("Safe touchdown, exact sum over the dispersion", percent(touchdown.probability)),
        ("Check by Monte Carlo, ± one sigma", f"{check}\u00a0%" if check != DASH else check),
        ("Without hazard avoidance", percent(touchdown.without_avoidance)),
        ("Best aim point nearby", percent(touchdown.best_aim_probability)),
        ("its offset, map east", f"{number(east, 0)}\u00a0m"),
        ("its offset, map north", f"{number(north, 0)}\u00a0m"),
    )
    tables: list[Block] = [_two_columns("Touchdown", "Value", rows, "Safe touchdown over the landing dispersion")]
    if touchdown.terms:
        causes = tuple((cause(name).capitalize(), percent(value)) for name, value in _by_share(touchdown.terms))
        tables.append(_two_columns("Cause", "Hazard", causes, "Hazard by cause, before avoidance"))
    return tables


def _reach_tables(reach: Reach) -> list[Block]:
    still = (
        ("Into permanent shadow, light held still", percent(reach.there)),
        ("and back to light, light held still", percent(reach.and_back)),
    )
    in_time = (("Into shadow, stay, back to light: in time", percent(reach.in_time)),)
    rows = (
        *(still if reach.in_time is None else in_time),
        ("Drivable way, median", quantity("distance_km", reach.distance_km)),
        ("Straight distance", quantity("distance_km", reach.straight_km)),
    )
    tables: list[Block] = [_two_columns("Drive", "Value", rows, "Reach of permanent shadow over the dispersion")]
    if reach.limits and reach.in_time is None:
        limits = tuple((cause(name).capitalize(), percent(value)) for name, value in _by_share(reach.limits))
        tables.append(_two_columns("Limit", "Lost", limits, "Share of the dispersion lost to each limit"))
    return tables


def _two_columns(left: str, right: str, rows: tuple[tuple[str, str], ...], caption: str) -> Table:
    cells: tuple[tuple[Cell, ...], ...] = tuple((text_cell(a), number_cell(b)) for a, b in rows)
    return Table((text_cell(left), number_cell(right)), cells, caption, "compact")


def safety_method(result: StudyResult) -> list[str]:
    """How touchdown and reach were computed, in words; of what this study computed.

    Args:
        result: of the study.
    """
    m, texts = result.mission, []
    if any(site.touchdown is not None for site in result.sites):
        texts.append(
            "Touchdown. The hazard of a cell is the probability of a slope, step or rock beyond the lander's limits. "
            "The probability of a safe touchdown is one less the hazard met, summed exactly over the landing "
            f"dispersion, and checked with {plain('draws', m.dispersion.draws)} drawn touchdowns. Hazard avoidance "
            f"moves the lander to the safest ground within {plain('radius_m', m.dispersion.avoid_radius_m)} when it "
            "succeeds."
        )
    if any(site.reach is not None for site in result.sites):
        texts.append(
            "Reach. From every cell of the dispersion, whether the rover can drive into permanent shadow, stay there "
            "and come back to light. In time: one sweep backwards from all lit ends finds the least charge that is "
            "enough in every cell, exact on the grid in time. A screening with the light held still (ground lit at "
            f"least a fraction {plain('fraction', m.reach.min_lit_fraction)} of the season counts as light) stands in "
            "tables/sites.csv; where no ground is lit that long it is none, whatever a drive in time can do."
        )
    return texts
