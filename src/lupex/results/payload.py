"""What a study found of the payload: status of the instruments, accommodation, budgets."""

from dataclasses import dataclass
from typing import Any

from lupex.model.payload.fit import Fit


@dataclass(frozen=True, eq=False, kw_only=True)
class PayloadStudy:
    """The payload of a mission.

    Attributes:
        status: a row per instrument, see `lupex.payload.status_rows`.
        fit: the accommodation; None where nothing fits, ``impossible`` then says why.
        policy: title of the margin policy.
        worth: instrument -> worth that the accommodation counted; ``worth_source`` in words.
        data_source: what limits the data of a day, in words.
    """

    status: tuple[dict[str, Any], ...]
    fit: Fit | None
    impossible: str
    policy: str
    worth: dict[str, float]
    worth_source: str
    data_source: str
