"""One link budget, from names."""

from lupex.model import GroundSettings, LinkSettings
from lupex.signals import LinkBudget, LinkConditions, downlink, uplink
from lupex.study.contacts.chosen import asked_radio, asked_station


def link_asked(
    link: LinkSettings, rate_bps: float | None = None, ranging: bool = False, off_axis_deg: float | None = None
) -> LinkConditions:
    """What a budget is asked for; a rate of None is the radio's own."""
    return LinkConditions(link, rate_bps, ranging, off_axis_deg)


def link_budget(
    station: str,
    radio: str,
    range_m: float,
    elevation_deg: float,
    asked: LinkConditions,
    direction: str = "down",
) -> LinkBudget:
    """Budget between a station and a radio, each a name of the catalogue or a TOML file, 'down' or 'up'.

    Args:
        range_m, elevation_deg: of the radio as seen from the station.
        asked: radio, rates and conditions.
        direction: 'down' or 'up'.

    Raises InputError for unknown names (with the nearest right one) and for what is not published, by name.
    """
    ground = GroundSettings(radio=radio)
    budget = downlink if direction == "down" else uplink
    return budget(asked_station(station, ground), asked_radio(ground), range_m, elevation_deg, asked)
