"""The table of sites and landing dates."""

from collections.abc import Sequence

from lupex.illumination import DateLimits, date_table
from lupex.mission import Mission
from lupex.model import DateTable
from lupex.results import SiteStudy


def landing_dates(mission: Mission, studies: Sequence[SiteStudy]) -> DateTable:
    """Every landing date of the mission span for every site that was seen from its panel, in the order given.

    Args:
        studies: the sites as far as they are studied.

    Raises SpanError when the life on the surface does not fit into the span.
    """
    limits = DateLimits(
        life_days=mission.light.season_days,
        survivable_dark_hours=mission.dates.survivable_dark_hours,
        min_lit_days=mission.sites.min_lit_days,
        min_earth_fraction=mission.sites.min_earth_fraction,
        dark_below_disc_fraction=mission.light.dark_below_disc_fraction,
        step_days=mission.dates.step_days,
    )
    return date_table({study.name: study.series for study in studies if study.series is not None}, limits)
