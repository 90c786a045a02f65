"""A science campaign: stops with a value, and the drive that visits the best of them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.utc import civil_s, utc_text
from lupex.model.drive.traverse import Traverse
from lupex.model.glance import Glance, counted

STOP_ACTIVITIES = ("drill", "measure")
STOP_LIGHT = ("any", "lit", "dark")
"""What a stop needs of the Sun all the while it is worked at."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A place worth a visit: where, what it is worth, what is done there and when.

    Attributes:
        label: its name, one of a kind. x_m, y_m: map frame.
        value: what the visit is worth, 0 or more, any unit; the values of stops visited add up.
        dwell_s: how long the rover works there, in one piece.
        activity: 'drill' or 'measure'. power_w: drawn by it on top of the hotel power; None: the rover's own.
        earliest_utc, latest_utc: the work lies between them; '' is no limit. A ``datetime`` or ``numpy.datetime64`` is
            taken too, and becomes text.
        needs: 'dark' or 'lit' all the while, or 'any'.

    Raises:
        InputError: no label, a negative or not finite number, an unknown word, a window that ends before it begins
            or is shorter than the work.
    """

    label: str
    x_m: float
    y_m: float
    value: float
    dwell_s: float
    activity: str = "measure"
    power_w: float | None = None
    earliest_utc: str = ""
    latest_utc: str = ""
    needs: str = "any"

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise InputError(f"stop at x {self.x_m:g} m, y {self.y_m:g} m: no label", "give every stop a name")
        if not (math.isfinite(self.x_m) and math.isfinite(self.y_m)):
            raise self._error(f"its place is x {self.x_m:g} m, y {self.y_m:g} m", "give finite numbers")
        for name in ("value", "dwell_s", "power_w"):
            number = getattr(self, name)
            if number is not None and not 0.0 <= number < math.inf:
                raise self._error(f"{name} is {number:g}", "give 0 or more")
        for name, words in (("activity", STOP_ACTIVITIES), ("needs", STOP_LIGHT)):
            if getattr(self, name) not in words:
                raise self._error(f"{name} is '{getattr(self, name)}'", f"give one of {', '.join(words)}")
        for name in ("earliest_utc", "latest_utc"):
            if getattr(self, name) != "":
                object.__setattr__(self, name, self._utc(name))
        if self.earliest_utc and self.latest_utc:
            # One second of grace: civil seconds do not know a leap second.
            if civil_s(self.latest_utc) - civil_s(self.earliest_utc) + 1.0 < self.dwell_s or (
                civil_s(self.latest_utc) < civil_s(self.earliest_utc)
            ):
                raise self._error(
                    f"work of {self.dwell_s / 3600.0:g} h does not fit into {self.earliest_utc} to {self.latest_utc}",
                    "give a wider window or shorter work",
                )

    def _utc(self, name: str) -> str:
        try:
            return utc_text(getattr(self, name))
        except InputError as error:
            raise self._error(f"{name}: {error.what}", error.fix) from None

    def _error(self, what: str, fix: str) -> InputError:
        return InputError(f"stop {self.label}: {what}", fix)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Campaign(Glance):
    """The best drive found over stops, and how much better one could be at most.

    Attributes:
        traverse: the drive, exact in time and energy.
        visited: labels in the order of the drive. value: sum of their values.
        bound: no drive over these stops is worth more.
        gap_fraction: (bound - value) / bound; 0: proven the best.
        skipped: (label, reason) of every other stop.
        iterations: times the choice was made anew. drives: timed drives planned to check orders.
        cuts: orders proven impossible; every order that holds one of them in this sequence is, too.
        ended: why the search ended: 'proven', 'iterations' or 'drives' (a limit), or 'choice' (the choice alone could
            not be brought to its end).
    """

    traverse: Traverse
    visited: tuple[str, ...]
    value: float
    bound: float
    gap_fraction: float
    skipped: tuple[tuple[str, str], ...]
    iterations: int
    drives: int
    cuts: tuple[tuple[str, ...], ...]
    ended: str

    @property
    def proven(self) -> bool:
        """Whether no better drive exists."""
        return self.gap_fraction == 0.0

    def _facts(self) -> dict[str, str]:
        worth = f"value {self.value:g} of at most {self.bound:g}"
        proof = "proven" if self.proven else f"gap {100.0 * self.gap_fraction:.1f} %"
        return {"visited": f"{counted(len(self.visited), 'stop')} visited", "worth": worth, "proof": proof}

    def _details(self) -> dict[str, str]:
        order = {"order": ", ".join(self.visited)}
        return self._facts() | order | {f"skipped: {name}": reason for name, reason in self.skipped}

    def _picture(self) -> NDArray[np.float64]:
        return self.traverse._picture()
