"""Pages on water: what a survey could prove at each site, the rule of decision, and how much hangs on its inputs."""

from dataclasses import fields
from typing import Any

from lupex.model.settings.setting import ASSUMPTION
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
from lupex.report.paper.names import ranked, site_title
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, latitude, longitude, number, percent, plain, quantity, tidy
from lupex.report.water.rows import station_rows
from lupex.results import SiteResult, StudyResult
from lupex.results.water import WaterSurvey
from lupex.water.field.trials import DRY_RATE_ERROR, KINDS, HoleTrials, Variant
from lupex.water.inference.decision import ABSENT, CONFIRMED, UNDECIDED
from lupex.water.inference.rule import Rule
from lupex.water.inference.worlds import DRY_KINDS, WET_KINDS

KIND_WORDS = {
    "dry": "dry",
    "blocky": "dry, full of stones",
    "hydrated": "dry, hydrogen in minerals",
    "trace": "ice below the level",
    "shallow": "water from the first third of the depth",
    "middle": "water from the second third",
    "deep": "water from the last third",
}
"""Kinds of ground that were simulated, as they are printed."""

INPUT_WORDS = {
    "level_wt_percent": "Level asked for",
    "bayes_factor": "Bayes factor asked of a channel",
    "false_alarm": "Share of dry ground that may be confirmed",
    "dry_rate_shift": "Error of the dry rate to be survived",
    DRY_RATE_ERROR: "True dry rate off its calibration",
}
WATER_REFERENCES = (
    "Colaprete, A., et al. (2010). Detection of water in the LCROSS ejecta plume. Science 330, 463–468.",
    "Eke, V. R., Teodoro, L. F. A., Elphic, R. C. (2009). The spatial distribution of polar hydrogen deposits on the "
    "Moon. Icarus 200, 12–18.",
    "Li, S., et al. (2018). Direct evidence of surface exposed water ice in the lunar polar regions. Proceedings of "
    "the National Academy of Sciences 115, 8907–8912.",
    "Ville, J. (1939). Étude critique de la notion de collectif. Gauthier-Villars, Paris.",
)


def water_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """What a survey could prove at each site; then the rule, its inputs and how much hangs on them.

    Args:
        result: of the study.
        figures: of this chapter, by name.
    """
    trials = result.water
    if trials is None:
        return []
    return [
        Heading("Is there water? What a survey could prove", 1, "water", True),
        Paragraph(_lead(trials)),
        _sites_table(result),
        Paragraph(_reading(trials), "note"),
        *([Picture(figures["rule"])] if "rule" in figures else []),
        _kinds_table(trials),
        Paragraph(
            "So few holes show gross faults only; rates of many more, and how well probabilities are calibrated, "
            "stand with the validation in the documentation.",
            "note",
        ),
        Heading("The rule of decision", 1, "water-rule", True),
        Paragraph(
            "The rule stands before the first measurement; evidence files carry it under a seal. It says confirmed, "
            "absent or undecided, and what is missing for an answer."
        ),
        Items(_conditions(trials.rule)),
        _variants_table(trials),
        Beside(_rule_table(trials.rule), (_channels_table(trials),)),
    ]


def site_water_blocks(
    result: StudyResult, site: SiteResult, title: str, anchor: str, figures: dict[str, Figure]
) -> list[Block]:
    """One site: prior around it, stations, the decision to expect.

    Args:
        result: of the study. site: of these pages. title: of its pages.
        anchor: of the heading. figures: of this site, by name.
    """
    if result.water is None:
        return []
    head = Heading(f"{title}: a survey for water", 2, f"{anchor}-water")
    found = site.water
    if found is None:
        settings = result.mission.water
        return [head, Paragraph(
            f"No ground within {plain('radius_km', settings.radius_km)} of the site or along its drive is flatter than "
            f"{plain('max_slope_deg', settings.max_slope_deg)} and has a temperature: no hole can be planned here."
        )]  # fmt: skip
    blocks: list[Block] = [head, Paragraph(_site_words(found))]
    if "water" in figures:
        blocks.append(Picture(figures["water"]))
    if found.survey.stations:
        blocks.append(_stations_table(found))
    return [*blocks, Items(tuple(tidy(note) for note in found.notes))]


def water_method(result: StudyResult) -> list[str]:
    """How surveys and decisions were computed.

    Args:
        result: of the study.
    """
    trials = result.water
    if trials is None:
        return []
    worlds = number(min(trials.chosen.rates.worlds.values()), 0)
    return [
        "Water. The chance of ice and the cover above it follow from the depth at which ice would last; amount and "
        "bound hydrogen from published orbital numbers (Li et al., Colaprete et al., Eke et al.). Holes in ground of "
        f"every kind are simulated ({worlds} of a kind for the way of working that was chosen) through the forward "
        "model of each instrument, with its nuisance parameters drawn, and put to the rule after every group of "
        "measurements. Likelihood ratios against the worst family of ground bound the errors at any stopping (Ville). "
        "Stations are chosen one by one by the expected drop of the loss of deciding, less what a station alike has "
        "told already; chances of the answer come from draws of the field that ties places together."
    ]


def water_row(site: SiteResult) -> dict[str, Any]:
    """Chances of the answers of the site's survey, and what it takes; nothing without one.

    Args:
        site: with or without a survey.
    """
    found = site.water
    if found is None:
        return {}
    survey = found.survey
    return {
        "water_prior_probability": found.numbers["best_probability"],
        "water_confirmed_probability": survey.confirmed,
        "water_absent_probability": survey.absent,
        "water_undecided_probability": survey.undecided,
        "water_alike_confirmed_probability": survey.alike_confirmed,
        "water_stations": found.numbers["stations"],
        "water_survey_hours": found.numbers["survey_hours"],
    }


def _lead(trials: HoleTrials) -> str:
    rule, plan = trials.rule, trials.chosen
    depths = ", ".join(number(depth, 2) for depth in plan.depths_m)
    yes, no = trials.share(WET_KINDS, CONFIRMED), trials.share(DRY_KINDS, ABSENT)
    return (
        f"Asked for is water ice of {number(rule.level_wt_percent, 2)} wt% or more within {number(rule.depth_m, 2)} m. "
        "At every station the rover counts neutrons, sounds the ground with radar, drills, and bakes samples from "
        f"{depths} m; that takes {number(plan.hours)} h and {quantity('energy_wh', plan.energy_wh)} of instruments "
        f"and auger. Of simulated ground with water one station confirms {percent(yes)}, of ground without it calls "
        f"{percent(no)} absent. Whether a site has water nobody knows: the chances below hold if the prior does."
    )


def _sites_table(result: StudyResult) -> Table:
    header = (text_cell("Site"), *map(number_cell, ("Ice lasts within reach", "Best chance of water", "Stations",
              "Hours of work", "Confirmed", "Absent", "Undecided", "Confirmed, ground alike")))  # fmt: skip
    rows = tuple(_site_cells(site) for site in ranked(result))
    caption = (
        "Survey of each site: share of the places considered where ice would last within reach of the auger, chance of "
        "water at the best station before measuring, the answer to be expected of the whole survey, and the chance of "
        "a yes were the ground of all stations alike, all wet or all dry"
    )
    return Table(header, rows, caption)


def _site_cells(site: SiteResult) -> tuple[Cell, ...]:
    name, found = text_cell(site_title(site)), site.water
    if found is None:
        return (name, *(number_cell(DASH) for _ in range(8)))
    survey, n = found.survey, found.numbers
    shown = (percent(n["stable_fraction"]), percent(n["best_probability"]), number(n["stations"], 0),
             number(n["survey_hours"]), percent(survey.confirmed), percent(survey.absent),
             percent(survey.undecided), percent(survey.alike_confirmed))  # fmt: skip
    return (name, *map(number_cell, shown))


def _reading(trials: HoleTrials) -> str:
    prior = trials.prior
    return (
        "Several stations find water more often than one because the prior lets each have its own luck beyond the "
        "length over which ice stays alike; nobody has measured that length. The last column is the other end. "
        f"The prior: ice in {percent(prior.ice_probability)} of the places where it would last, its amount around "
        f"{percent(prior.ice_median)} by mass; sources with the settings. A campaign without a yes says no only when "
        "every hole went deep enough and none found water. Driving, light and the Earth in view are not in the hours: "
        "the stops of every survey are written for the planner of campaigns, which counts them."
    )


def _conditions(rule: Rule) -> tuple[str, ...]:
    off = f"{percent(rule.dry_rate_shift)} and {percent(rule.terrain_shift)} more for the shape of the ground"
    channels = ", ".join(rule.specific_channels)
    beside = " beside thermogravimetry of the same sample" if rule.with_ltga else ""
    return (
        f"Confirmed: the probability of water is {percent(rule.confirm)} or more, also with the rate over dry ground "
        f"wrong by {off}, either way; the likelihood ratio of water to the worst kind of dry ground is at least the "
        f"number of places over {percent(rule.false_alarm)}, likewise; one channel that sees the molecule ({channels}) "
        f"has a Bayes factor of {number(rule.bayes_factor, 0)} or more, an oven{beside} and with a blank within "
        f"{number(rule.blank_sigmas, 0)} sigma.",
        f"Absent: the probability of no water is {percent(rule.absent)} or more at every place and in all, and the "
        f"likelihood ratio of none to the worst wet ground at least one over {percent(rule.missed)}, likewise. A hole "
        "that was not deep enough cannot say no.",
        f"What that promises, however often one looks and whatever the chance of ice: at most "
        f"{percent(rule.false_alarm)} of dry campaigns confirmed, of whatever kind their ground, at most "
        f"{percent(rule.missed)} of wet places called absent, however deep their water.",
    )


def _kinds_table(trials: HoleTrials) -> Table:
    rates = trials.chosen.rates
    rows = tuple(
        (text_cell(KIND_WORDS[kind]), number_cell(percent(trials.weights[kind])),
         number_cell(number(rates.worlds[kind], 0)),
         *(number_cell(_bounded(rates.share((kind,), answer))) for answer in (CONFIRMED, ABSENT, UNDECIDED)))
        for kind in KINDS
    )  # fmt: skip
    header = (text_cell("Ground"), *map(number_cell, ("Prior", "Holes", "Confirmed", "Absent", "Undecided")))
    return Table(header, rows, "Answers to simulated single holes by kind of ground, with bounds at 95 %")


def _bounded(share: tuple[float, float, float]) -> str:
    low, high = (number(100.0 * value) for value in share[1:])
    return f"{percent(share[0])} ({low} to {high})"


def _variants_table(trials: HoleTrials) -> Table:
    header = (text_cell("Input"), number_cell("Value"), *map(number_cell, (
        "Wet: confirmed", "Wet: absent", "Dry: absent", "Dry: confirmed", "Holes of a kind")))  # fmt: skip
    rule = trials.rule
    whole = Variant(name="", value=0.0, rates=trials.chosen.rates, weights=trials.weights)
    rows = [(text_cell("As registered"), number_cell(""), *_variant_cells(whole, rule))]
    rows += [(text_cell(INPUT_WORDS[one.name]), number_cell(input_value(one.name, one.value)),
              *_variant_cells(one, rule)) for one in trials.variants]  # fmt: skip
    caption = (
        "How much hangs on each input: answers to single holes with one input of the rule changed, or with the truth "
        "off its calibration; kinds of ground weighed by the prior. Coloured: more than the rule as registered promises"
    )
    return Table(header, tuple(rows), caption)


def _variant_cells(one: Variant, rule: Rule) -> tuple[Cell, ...]:
    found = ((WET_KINDS, CONFIRMED, 1.0), (WET_KINDS, ABSENT, rule.missed), (DRY_KINDS, ABSENT, 1.0),
             (DRY_KINDS, CONFIRMED, rule.false_alarm))  # fmt: skip
    shares = [(one.share(kinds, answer), promised) for kinds, answer, promised in found]
    cells = (Cell(percent(share), "warn" if share > promised else "number") for share, promised in shares)
    return (*cells, number_cell(number(min(one.rates.worlds.values()), 0)))


def input_value(name: str, value: float) -> str:
    """A changed input of the rule as it is printed.

    Args:
        name: in the rule, or `DRY_RATE_ERROR`. value: in its unit.
    """
    if name == "level_wt_percent":
        return f"{number(value, 2)} wt%"
    if name == "bayes_factor":
        return number(value, 0)
    if name == DRY_RATE_ERROR:
        return f"{'+' if value > 0.0 else ''}{percent(value)}"
    return percent(value)


def _rule_table(rule: Rule) -> Table:
    rows = []
    for spec in fields(rule):
        source, value = str(spec.metadata["source"]), getattr(rule, spec.name)
        cell = Cell("", "assumption") if source == ASSUMPTION else text_cell(tidy(source))
        shown = plain(spec.name, value) if isinstance(value, (str, bool)) else number_text(value)
        rows.append((Cell(spec.name, "code"), text_cell(shown), cell))
    header = tuple(map(text_cell, ("[water_rule]", "Value", "Source")))
    return Table(header, tuple(rows), "Parameters as registered; what each means stands with the settings", "compact")


def number_text(value: float) -> str:
    """A number with as many digits as it has, up to six."""
    return f"{value:.6g}"


def _channels_table(trials: HoleTrials) -> Table:
    rows = tuple(
        (text_cell(tidy(one.title)), text_cell(tidy(one.owner)), text_cell("yes" if one.specific else ""),
         number_cell(f"{number(one.stand_ins, 0)} of {number(one.facts, 0)}"))
        for one in trials.inputs
    )  # fmt: skip
    header = (text_cell("Channel"), text_cell("Owner"), text_cell("Molecule"), number_cell("Stand-ins"))
    caption = "Channels heard: who provides the instrument, whether it sees the molecule, numbers that are assumptions"
    return Table(header, rows, caption, "compact")


def _site_words(found: WaterSurvey) -> str:
    survey, n = found.survey, found.numbers
    words = (
        f"Of {number(n['places'], 0)} places considered, {number(n['places_with_stable_ice'], 0)} would keep ice "
        f"within reach of the auger. Before anything is measured the chance of water at the level is at most "
        f"{percent(n['best_probability'])}."
    )
    if not survey.stations:
        return f"{words} No station is worth its hours: the answer is as good without it."
    return (
        f"{words} A survey of {number(n['stations'], 0)} stations may be expected to end confirmed in "
        f"{percent(survey.confirmed)}, absent in {percent(survey.absent)}, undecided in {percent(survey.undecided)} of "
        f"such sites. Were the ground of all stations alike, all wet or all dry, it would be confirmed in "
        f"{percent(survey.alike_confirmed)} and absent in {percent(survey.alike_absent)}. It takes "
        f"{number(n['survey_hours'])} hours of work and {quantity('energy_wh', n['survey_energy_wh'])} besides driving."
    )


def _stations_table(found: WaterSurvey) -> Table:
    rows = tuple(
        (text_cell(tidy(row["label"])), number_cell(latitude(row["lat_deg"])), number_cell(longitude(row["lon_deg"])),
         number_cell(number(row["max_k"])), number_cell(number(row["stability_depth_m"], 3)),
         number_cell(percent(row["probability_present"])), number_cell(number(row["value"], 3)),
         number_cell(number(row["dwell_hours"])), number_cell(number(row["power_w"], 0)))
        for row in station_rows(found)
    )  # fmt: skip
    header = (text_cell("Station"), *map(number_cell, ("Latitude", "Longitude", "Hottest (K)", "Ice lasts below (m)",
              "Chance of water", "Value", "Dwell (h)", "Power (W)")))  # fmt: skip
    caption = (
        "Stations in the order of their value: the expected drop of the loss of deciding, less what those before have "
        "told; without an answer the loss is one"
    )
    return Table(header, rows, caption)
