"""What a study found of the payload: status of the instruments, accommodation, budgets."""

from dataclasses import dataclass
from typing import Any

from lupex.model.payload.fit import Fit
from lupex.payload.operations import Activity


@dataclass(frozen=True, eq=False, kw_only=True)
class PayloadStudy:
    """The payload of a mission.

    Attributes:
        status: a row per instrument, see `lupex.payload.status_rows`.
        fit: the accommodation; None where nothing fits, ``impossible`` then says why.
        policy: title of the margin policy.
        worth: instrument -> worth that the accommodation counted; ``worth_source`` in words.
        data_source: what limits the data of a day, in words.
        terrain_views: (instrument, mount, least, mean and largest share of its view that lies on terrain) over all
            headings of its host at the site ``terrain_site``, by the skyline from the panel's height.
        activities: one hole at the stop for work of a site's drive, laid on the day that begins with it; those without
            a start do not fit. activities_site: name of the site, '' where no drive has a stop.
        activities_begin_tdb_s: of the stop.
    """

    status: tuple[dict[str, Any], ...]
    fit: Fit | None
    impossible: str
    policy: str
    worth: dict[str, float]
    worth_source: str
    data_source: str
    terrain_views: tuple[tuple[str, str, float, float, float], ...] = ()
    terrain_site: str = ""
    activities: tuple[Activity, ...] = ()
    activities_site: str = ""
    activities_begin_tdb_s: float = 0.0
