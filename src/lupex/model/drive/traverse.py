"""A drive: timed waypoints with energy, light, view and slack, and how likely it is to be survived."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import HOUR_S
from lupex.base.errors import InputError
from lupex.base.frames import Pole
from lupex.model.drive.rover import Rover
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted, span_words, trace

ACTIVITIES = ("drive", "wait", "charge", "sleep", "drill", "measure", "end")
"""What a rover does from one waypoint to the next; 'end' stands at the last."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Traverse(Glance):
    """Timed waypoints (waypoint,), one wherever the rover enters a cell or changes what it does.

    Attributes:
        name: what the drive is for. pole: of the map frame.
        times_tdb_s: when the activity of this waypoint begins.
        x_m, y_m: map frame. activity: from this waypoint to the next, one of ACTIVITIES; the last is 'end'.
        labels: names of waypoints ('start', 'target', 'haven', '' for none).
        distance_m: driven so far on the ground. energy_wh: drawn so far by everything.
        battery_wh: charge on arrival.
        disc_fraction: share of the Sun's disc in view; earth_in_view: Earth (or station) in view. Both of the step
            that begins here.
        dark_hours: time since the last sunlight.
        slope_deg: along the drive to the next waypoint, positive up; NaN where it stands.
        slack: constraint with its unit ('battery_wh', 'dark_hours', 'up_slope_deg', ...) -> what is left of it at the
            waypoint; NaN where it does not apply; negative where it is broken.
        safe_until_tdb_s: how long the rover may stand here and still come through; NaN where not computed.
        summary: named numbers, units in the names. notes: sentences a reader must know.
    """

    name: str
    pole: Pole
    times_tdb_s: F64
    x_m: F64
    y_m: F64
    activity: tuple[str, ...]
    labels: tuple[str, ...]
    distance_m: F64
    energy_wh: F64
    battery_wh: F64
    disc_fraction: F64
    earth_in_view: NDArray[np.bool_]
    dark_hours: F64
    slope_deg: F64
    slack: dict[str, F64] = field(default_factory=dict)
    safe_until_tdb_s: F64 | None = None
    summary: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = self.times_tdb_s.size
        names = ("x_m", "y_m", "activity", "labels", "distance_m", "energy_wh", "battery_wh", "disc_fraction",
                 "earth_in_view", "dark_hours", "slope_deg")  # fmt: skip
        for name in names:
            if len(getattr(self, name)) != n:
                raise InputError(f"traverse: {name} has {len(getattr(self, name))} entries for {n} waypoints")
        if n < 1 or self.activity[-1] != "end" or any(a not in ACTIVITIES for a in self.activity):
            raise InputError("traverse: activities must be known words, the last one 'end'")
        if np.any(np.diff(self.times_tdb_s) < 0.0):
            raise InputError("traverse: times do not ascend")
        if any(values.shape != (n,) for values in self.slack.values()):
            raise InputError("traverse: a slack has another number of entries than there are waypoints")
        for name in (n for n in names if n not in ("activity", "labels")):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        object.__setattr__(self, "times_tdb_s", frozen(self.times_tdb_s))
        object.__setattr__(self, "slack", {name: frozen(values) for name, values in self.slack.items()})
        if self.safe_until_tdb_s is not None:
            object.__setattr__(self, "safe_until_tdb_s", frozen(self.safe_until_tdb_s))

    def __len__(self) -> int:
        return int(self.times_tdb_s.size)

    def _facts(self) -> dict[str, str]:
        length = f"{self.distance_m[-1] / 1000.0:.2f} km, lowest charge {np.min(self.battery_wh):.0f} Wh"
        span = span_words((self.times_tdb_s[0], self.times_tdb_s[-1]))
        return {"name": self.name, "waypoints": counted(len(self), "waypoint"), "length": length, "span": span}

    def _details(self) -> dict[str, str]:
        numbers = {name: f"{value:g}" for name, value in self.summary.items()}
        return self._facts() | numbers | {"notes": "; ".join(self.notes)}

    def _picture(self) -> NDArray[np.float64]:
        return trace(self.x_m, self.y_m)


@dataclass(frozen=True, kw_only=True)
class Violation:
    """The first broken constraint of a drive: which, at which waypoint, where, when, and by how much (its unit)."""

    constraint: str
    waypoint: int
    x_m: float
    y_m: float
    time_tdb_s: float
    by: float
    sentence: str


@dataclass(frozen=True, kw_only=True)
class TraverseRisk:
    """What uncertain speed, energy and delays do to a drive: share of draws that come through, and what ends others.

    ``survival`` of ``draws``, one-sigma ``survival_error``; ``causes``: constraint -> share of draws it ends first;
    ``battery_low_wh``: 5th, 50th and 95th percentile of the lowest charge; ``late_hours`` the same of the delay at
    the end.
    """

    survival: float
    survival_error: float
    draws: int
    causes: dict[str, float]
    battery_low_wh: tuple[float, float, float]
    late_hours: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Haven:
    """A place by the route where the rover can stand out a stay.

    ``label``; map place; UTC from and until it is safe to stand there; ``lit_fraction`` of that time; ``lowest_wh``
    charge while standing.
    """

    label: str
    x_m: float
    y_m: float
    from_utc: str
    until_utc: str
    lit_fraction: float
    lowest_wh: float


@dataclass(frozen=True, kw_only=True)
class DriveEnd:
    """How the rover lives where a drive ends.

    Attributes:
        time_tdb_s: arrival there.
        array_w: mean power of the array over the next 24 h, standing there. load_w: hotel power drawn awake.
        may_stay_until_tdb_s: until when it may stand there, counted with the light of the days after; at most
            light_until_tdb_s, to which the light is known.
        lowest_wh: lowest charge by then.
        need_wh: least charge with which the drive may end here; inf where it may not.
        ends_in: 'light' where the array carries the rover and charges it, 'haven' where it outlasts the time asked
            for, '' where it cannot live on.
    """

    time_tdb_s: float
    array_w: float
    load_w: float
    may_stay_until_tdb_s: float
    light_until_tdb_s: float
    lowest_wh: float
    need_wh: float
    ends_in: str

    @property
    def may_stay_on(self) -> bool:
        """Whether it may stay as long as the light is known."""
        return self.may_stay_until_tdb_s >= self.light_until_tdb_s - 1.0

    @property
    def may_stay_hours(self) -> float:
        """How long it may stand there."""
        return (self.may_stay_until_tdb_s - self.time_tdb_s) / HOUR_S


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SiteDrive(Glance):
    """The recommended drive of a site: into the nearest permanent shadow and back to light.

    Attributes:
        rover: the rover it is for. target: name of the shadow driven into.
        traverse, risk: None when there is no drive; ``reason`` then says what stops it, '' otherwise.
        havens: along the route.
        window_utc: first and last instant the plan may use. step_s: its grid in time.
        static_km: length of the shortest drivable way there and back, light ignored; NaN when there is none.
        end: how the rover lives where the drive ends; None when there is no drive.
    """

    rover: Rover
    target: str
    window_utc: tuple[str, str]
    step_s: float
    traverse: Traverse | None = None
    risk: TraverseRisk | None = None
    havens: tuple[Haven, ...] = ()
    reason: str = ""
    static_km: float = float("nan")
    end: DriveEnd | None = None

    def _facts(self) -> dict[str, str]:
        drive = self.reason or "no drive"
        if self.traverse is not None:
            drive = f"{self.traverse.distance_m[-1] / 1000.0:.2f} km"
        survival = "" if self.risk is None else f"survival {self.risk.survival:.3f}"
        end = "" if self.end is None else f"ends in {self.end.ends_in or 'no place to live'}"
        return {"rover": self.rover.name, "target": f"to {self.target}" if self.target else "", "drive": drive,
                "survival": survival, "end": end}  # fmt: skip

    def _picture(self) -> NDArray[np.float64] | None:
        return None if self.traverse is None else self.traverse._picture()
