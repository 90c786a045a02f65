"""Every criterion by which candidates are compared, in one explicit table, and the table of numbers it makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lupex.base.errors import InputError, MissionError
from lupex.base.plugins import plugged
from lupex.model import CriteriaTable, RankingSettings
from lupex.model.quantities import is_share, unit_of
from lupex.sites.measures import (
    Measured,
    SiteInputs,
    approach_clearance_m,
    ice_depth_m,
    lit_area_km2,
    mean_around,
    share_around,
)
from lupex.sites.weights import Preferences

Measure = Callable[[SiteInputs, RankingSettings], Measured]

SPREAD = "standard deviation over the ground where the lander may come down"
GIVEN = "given with the value"


@dataclass(frozen=True, kw_only=True)
class DecisionCriterion:
    """One column of the comparison.

    Attributes:
        name: the criterion, unit in the name; the layer it is read from has the same name.
        higher_is_better: its sense.
        meaning: what it says, for a reader of the report.
        sigma_rule: how its one-sigma error is estimated unless given.
        weight: the field of RankingSettings; 0 leaves the criterion out.
        measure: value and error at a site; None: only ever given, the outcome of another computation.
    """

    name: str
    higher_is_better: bool
    meaning: str
    sigma_rule: str
    weight: str
    measure: Measure | None

    @property
    def unit(self) -> str:
        """Its unit in words; '' for a share of 1."""
        return "" if is_share(self.name) else unit_of(self.name).words

    @property
    def over_the_ellipse(self) -> bool:
        """Whether it is the mean of a layer, with its spread, over the ground where the lander may come down."""
        return self.sigma_rule == SPREAD


def criteria_table(sites: Sequence[SiteInputs], settings: RankingSettings = RankingSettings()) -> CriteriaTable:
    """The sites against every criterion that has weight, each with its one-sigma error.

    A value or error in ``given`` and ``given_sigma`` of a site stands before what is measured; a given value of a
    criterion that cannot be measured has error 0 unless one is given.

    Args:
        sites: maps and given values of each site.
        settings: weights of [ranking].

    Raises InputError when no site or no criterion is left, or a map or value is missing, naming site, criterion and
    the weight that would leave it out.
    """
    used = used_criteria(settings)
    if not sites:
        raise InputError("criteria table: no sites", "give at least one")
    measured = np.array([[_measured(site, criterion, settings) for criterion in used] for site in sites])
    return CriteriaTable(
        tuple(site.name for site in sites),
        tuple(criterion.name for criterion in used),
        tuple(criterion.higher_is_better for criterion in used),
        measured[..., 0],
        measured[..., 1],
    )


def decision_criteria() -> tuple[DecisionCriterion, ...]:
    """Every criterion: those of `DECISION_CRITERIA`, then those of other packages (group ``lupex.criteria``).

    Raises InputError when one of them takes the name of a criterion or of a weight that exists.
    """
    more = plugged("lupex.criteria", DecisionCriterion, [c.name for c in DECISION_CRITERIA])
    weights = [c.weight for c in DECISION_CRITERIA]
    for criterion in more:
        if criterion.weight in weights or criterion.weight in RankingSettings.__dataclass_fields__:
            raise InputError(f"plug-in criterion '{criterion.name}': {criterion.weight} is taken", "rename its weight")
    return DECISION_CRITERIA + more


def used_criteria(settings: RankingSettings) -> tuple[DecisionCriterion, ...]:
    """The criteria with a weight above 0. Raises MissionError when there are none."""
    used = tuple(c for c in decision_criteria() if settings.weight(c.weight) > 0.0)
    if not used:
        raise MissionError("[ranking]: every weight is 0", "give the criteria that count weights that sum to 1")
    return used


def preferences(settings: RankingSettings) -> Preferences:
    """The weights of [ranking] by criterion name, as `rank_candidates` takes them."""
    return Preferences({c.name: settings.weight(c.weight) for c in used_criteria(settings)})


def _measured(site: SiteInputs, criterion: DecisionCriterion, settings: RankingSettings) -> Measured:
    value, sigma = site.given.get(criterion.name), site.given_sigma.get(criterion.name)
    if value is not None and sigma is not None:
        return value, sigma
    try:
        found = criterion.measure(site, settings) if criterion.measure else (None, 0.0)
    except InputError as error:
        if value is None:
            fix = f"{error.fix}, or set [ranking] {criterion.weight} = 0"
            raise InputError(f"criterion '{criterion.name}': {error.what}", fix) from error
        found = (None, 0.0)
    if value is None and found[0] is None:
        raise InputError(
            f"criterion '{criterion.name}': site {site.name} has no value for it",
            f"give one, or set [ranking] {criterion.weight} = 0",
        )
    return (found[0] if value is None else value), (found[1] if sigma is None else sigma)  # type: ignore[return-value]


def _mean(layer: str) -> Measure:
    return partial(_mean_of, layer)


def _mean_of(layer: str, site: SiteInputs, settings: RankingSettings) -> Measured:
    return mean_around(site, layer)


def _hazard(site: SiteInputs, settings: RankingSettings) -> Measured:
    return share_around(site, "hazard_fraction")


def _ice(site: SiteInputs, settings: RankingSettings) -> Measured:
    return ice_depth_m(site)


DECISION_CRITERIA: tuple[DecisionCriterion, ...] = (
    DecisionCriterion(
        name="touchdown_probability",
        higher_is_better=True,
        meaning="probability of a safe touchdown over the landing dispersion",
        sigma_rule=GIVEN,
        weight="weight_touchdown",
        measure=None,
    ),
    DecisionCriterion(
        name="reach_probability",
        higher_is_better=True,
        meaning="probability over the dispersion of a drive into permanent shadow and back to light, in time",
        sigma_rule=GIVEN,
        weight="weight_reach",
        measure=None,
    ),
    DecisionCriterion(
        name="slope_deg",
        higher_is_better=False,
        meaning="mean slope over the stated baseline",
        sigma_rule=SPREAD,
        weight="weight_slope",
        measure=_mean("slope_deg"),
    ),
    DecisionCriterion(
        name="roughness_m",
        higher_is_better=False,
        meaning="mean rms distance of the heights from their best plane",
        sigma_rule=SPREAD,
        weight="weight_roughness",
        measure=_mean("roughness_m"),
    ),
    DecisionCriterion(
        name="hazard_fraction",
        higher_is_better=False,
        meaning="share of hazardous ground where the lander may come down",
        sigma_rule="standard error of the mean from its four quadrants",
        weight="weight_hazard",
        measure=_hazard,
    ),
    DecisionCriterion(
        name="season_lit_fraction",
        higher_is_better=True,
        meaning="lit fraction of the landing season",
        sigma_rule=SPREAD,
        weight="weight_lit_fraction",
        measure=_mean("season_lit_fraction"),
    ),
    DecisionCriterion(
        name="season_longest_lit_days",
        higher_is_better=True,
        meaning="longest unbroken light of the landing season",
        sigma_rule=SPREAD,
        weight="weight_lit_days",
        measure=_mean("season_longest_lit_days"),
    ),
    DecisionCriterion(
        name="season_longest_dark_days",
        higher_is_better=False,
        meaning="longest unbroken darkness of the landing season",
        sigma_rule=SPREAD,
        weight="weight_dark_days",
        measure=_mean("season_longest_dark_days"),
    ),
    DecisionCriterion(
        name="season_earth_fraction",
        higher_is_better=True,
        meaning="share of the season with the Earth (or the chosen station) in view",
        sigma_rule=SPREAD,
        weight="weight_earth",
        measure=_mean("season_earth_fraction"),
    ),
    DecisionCriterion(
        name="season_longest_earth_gap_days",
        higher_is_better=False,
        meaning="longest time without the Earth in the season",
        sigma_rule=SPREAD,
        weight="weight_earth_gap",
        measure=_mean("season_longest_earth_gap_days"),
    ),
    DecisionCriterion(
        name="season_sun_and_earth_fraction",
        higher_is_better=True,
        meaning="share of the season with Sun and Earth together",
        sigma_rule=SPREAD,
        weight="weight_sun_and_earth",
        measure=_mean("season_sun_and_earth_fraction"),
    ),
    DecisionCriterion(
        name="psr_distance_km",
        higher_is_better=False,
        meaning="distance on the map to permanent shadow",
        sigma_rule=SPREAD,
        weight="weight_psr",
        measure=_mean("psr_distance_km"),
    ),
    DecisionCriterion(
        name="psr_drive_km",
        higher_is_better=False,
        meaning="drivable distance to permanent shadow",
        sigma_rule=GIVEN,
        weight="weight_drive",
        measure=None,
    ),
    DecisionCriterion(
        name="ice_depth_m",
        higher_is_better=False,
        meaning="depth of the shallowest stable ice within the rover's reach",
        sigma_rule="half the way from the smallest depth to the 10th percentile",
        weight="weight_ice",
        measure=_ice,
    ),
    DecisionCriterion(
        name="lit_area_km2",
        higher_is_better=True,
        meaning="well lit ground around the site",
        sigma_rule="half the change when the lit fraction asked for moves by 0.05",
        weight="weight_lit_area",
        measure=lit_area_km2,
    ),
    DecisionCriterion(
        name="approach_clearance_m",
        higher_is_better=True,
        meaning="least height above the terrain on the approach path",
        sigma_rule="standard deviation over tracks turned by up to 10 degrees",
        weight="weight_approach",
        measure=approach_clearance_m,
    ),
)
"""Every criterion of the comparison. To add one: a function in measures, a row here, a weight in RankingSettings."""
