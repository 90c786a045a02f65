"""When a station and a spacecraft see each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError, LayerError
from lupex.base.gate import near
from lupex.model.fields.terrain import frozen
from lupex.model.fields.windows import Windows
from lupex.model.glance import Glance, counted, span_words, strips, trace

LIMITS = ("span", "min_elevation", "mask", "keyhole", "slew", "exclusion", "terrain", "limb")
"""What may begin or end a pass: the end of the span, the station's minimum elevation, its mask, its keyhole or slew
rate, the Sun too near, the skyline at the place, the Moon's limb before a relay."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class LunarPlace(Glance):
    """A place on the Moon with its skyline.

    Attributes:
        name: of the spacecraft or place. lat_deg, lon_deg: MOON_ME, east longitude.
        height_m: of the antenna above the 1737.4 km sphere (ground and mast together).
        skyline_azimuth_true_deg, skyline_elevation_deg: (azimuth,) terrain against the sky from the antenna; azimuths
            from true north, rising within [0, 360), linear in between and round. Both empty: the limb of the sphere
            stands for it.
    """

    name: str
    lat_deg: float
    lon_deg: float
    height_m: float = 0.0
    skyline_azimuth_true_deg: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    skyline_elevation_deg: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        azimuth = np.ascontiguousarray(self.skyline_azimuth_true_deg, dtype=np.float64)
        elevation = np.ascontiguousarray(self.skyline_elevation_deg, dtype=np.float64)
        if azimuth.shape != elevation.shape or azimuth.ndim != 1:
            raise InputError(
                f"place {self.name}: skyline has {azimuth.size} azimuths and {elevation.size} elevations",
                "give one elevation per azimuth",
            )
        if azimuth.size and not (azimuth[0] >= 0.0 and azimuth[-1] < 360.0 and np.all(np.diff(azimuth) > 0.0)):
            raise InputError(
                f"place {self.name}: skyline azimuths do not rise within [0, 360)", "sort them and leave out 360"
            )
        if not np.all(np.isfinite(elevation)):
            raise InputError(f"place {self.name}: a skyline elevation is not finite", "use -90 where nothing is known")
        object.__setattr__(self, "skyline_azimuth_true_deg", frozen(azimuth))
        object.__setattr__(self, "skyline_elevation_deg", frozen(elevation))

    def _facts(self) -> dict[str, str]:
        place = f"{self.lat_deg:.4f} deg, {self.lon_deg:.4f} deg E, {self.height_m:.0f} m"
        size = self.skyline_azimuth_true_deg.size
        skyline = f"skyline of {size} azimuths to {self.skyline_elevation_deg.max():.1f} deg" if size else "no skyline"
        return {"name": self.name, "place": place, "skyline": skyline}

    def _picture(self) -> NDArray[np.float64] | None:
        azimuth, elevation = self.skyline_azimuth_true_deg, self.skyline_elevation_deg
        return trace(azimuth / 10.0, elevation) if azimuth.size else None  # 10 times as high as it is wide


@dataclass(frozen=True, kw_only=True, repr=False)
class Pass(Glance):
    """One unbroken contact of a station with a spacecraft (or place on the Moon).

    Times are TDB seconds past J2000 of reception at the station. Azimuths are from true north at the station.

    Attributes:
        station, spacecraft: names.
        aos_tdb_s, los_tdb_s: acquisition and loss of signal, to 1 s. aos_azimuth_true_deg, los_azimuth_true_deg,
            aos_elevation_deg, los_elevation_deg: of the spacecraft then.
        max_elevation_deg, max_elevation_tdb_s, max_elevation_azimuth_true_deg: highest point.
        min_range_m, max_range_m: one way, along the light's path.
        min_range_rate_m_s, max_range_rate_m_s: one way, positive when receding.
        one_way_light_time_s: at the highest point.
        min_sun_angle_deg: smallest angle between Sun and spacecraft at the station.
        limited_by_aos, limited_by_los: one of LIMITS.
    """

    station: str
    spacecraft: str
    aos_tdb_s: float
    los_tdb_s: float
    aos_azimuth_true_deg: float
    los_azimuth_true_deg: float
    aos_elevation_deg: float
    los_elevation_deg: float
    max_elevation_deg: float
    max_elevation_tdb_s: float
    max_elevation_azimuth_true_deg: float
    min_range_m: float
    max_range_m: float
    min_range_rate_m_s: float
    max_range_rate_m_s: float
    one_way_light_time_s: float
    min_sun_angle_deg: float
    limited_by_aos: str
    limited_by_los: str

    @property
    def duration_s(self) -> float:
        """From AOS to LOS (s)."""
        return self.los_tdb_s - self.aos_tdb_s

    def sample_times_tdb_s(self, step_s: float, most: int = 10_000) -> NDArray[np.float64]:
        """AOS, LOS and even times between, no farther than ``step_s`` apart (n,), at least three, at most ``most``."""
        count = min(most, max(3, int(np.ceil(self.duration_s / step_s)) + 1))
        return np.linspace(self.aos_tdb_s, self.los_tdb_s, count)

    def _facts(self) -> dict[str, str]:
        highest = f"to {self.max_elevation_deg:.1f} deg"
        span = span_words((self.aos_tdb_s, self.los_tdb_s))
        return {"who": f"{self.station} - {self.spacecraft}", "span": span, "highest": highest}


@dataclass(frozen=True)
class Handover:
    """From one station to the next: seconds both see the spacecraft (negative: a gap between them)."""

    from_station: str
    to_station: str
    at_tdb_s: float
    overlap_s: float


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ContactPlan(Glance, Mapping[str, tuple[Pass, ...]]):
    """All passes of some stations with one spacecraft (or place) in a span; a mapping of the passes by station.

    Attributes:
        spacecraft: name. span_tdb_s: first and last instant.
        passes: by AOS, then station. windows: station -> Windows.
        reasons: station without a pass -> why ('terrain', 'mask', 'geometry' ... in a sentence).
        notes: sentences a reader must know (predicted Earth orientation, unsurveyed positions).
        earth_orientation: where UT1 and polar motion come from over the span, file by file; '' for plans made by hand.
    """

    spacecraft: str
    span_tdb_s: tuple[float, float]
    passes: tuple[Pass, ...]
    windows: dict[str, Windows]
    reasons: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    earth_orientation: str = ""

    def any_station(self) -> Windows:
        """When at least one station has contact."""
        joined = Windows(np.empty(0), np.empty(0), self.span_tdb_s)
        for windows in self.windows.values():
            joined = joined | windows
        return joined

    def gaps(self) -> Windows:
        """When no station has contact."""
        return ~self.any_station()

    def of(self, station: str) -> tuple[Pass, ...]:
        """The passes of one station, as ``plan[station]``. Raises LayerError for one that was not asked for."""
        return self[station]

    def handovers(self) -> tuple[Handover, ...]:
        """Where contact goes from one station to the one that holds it longer, in order of time.

        A pass wholly inside another's is no handover; one after a gap has a negative overlap.
        """
        found: list[Handover] = []
        held: Pass | None = None
        for one in self.passes:
            if held is not None and one.los_tdb_s <= held.los_tdb_s:
                continue
            if held is not None and one.station != held.station:
                found.append(Handover(held.station, one.station, one.aos_tdb_s, held.los_tdb_s - one.aos_tdb_s))
            held = one
        return tuple(found)

    def daily_hours(self, day_start_tdb_s: float, days: int) -> dict[str, list[float]]:
        """Hours of contact of each station, and of any of them ('any'), in days of 86 400 s from a start."""
        held = {**self.windows, "any": self.any_station()}
        edges = [(day_start_tdb_s + 86_400.0 * i, day_start_tdb_s + 86_400.0 * (i + 1)) for i in range(days)]
        return {
            name: [sum(max(0.0, min(b, y) - max(a, x)) for a, b in windows) / 3600.0 for x, y in edges]
            for name, windows in held.items()
        }

    @property
    def total_hours(self) -> dict[str, float]:
        """Hours of contact of each station, and of any of them ('any')."""
        held = {**self.windows, "any": self.any_station()}
        return {name: windows.total_s / 3600.0 for name, windows in held.items()}

    def __getitem__(self, station: str) -> tuple[Pass, ...]:
        """The passes of one station. Raises LayerError, a KeyError, with the nearest name for one not asked for."""
        if station not in self.windows and station not in self.reasons:
            raise LayerError(
                f"contacts of {self.spacecraft}: no station '{station}'", near(station, [*self], "stations")
            )
        return tuple(one for one in self.passes if one.station == station)

    # A mapping would compare by content, array by array; nouns are compared by identity.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self.windows, *self.reasons)))

    def __len__(self) -> int:
        return len({*self.windows, *self.reasons})

    def __bool__(self) -> bool:
        return True

    def _facts(self) -> dict[str, str]:
        passes = f"{counted(len(self.passes), 'pass', 'passes')} of {counted(len(self), 'station')}"
        return {"with": self.spacecraft, "passes": passes, "span": span_words(self.span_tdb_s)}

    def _details(self) -> dict[str, str]:
        hours = {name: f"{hours:.1f} h" for name, hours in self.total_hours.items()}
        return self._facts() | hours | self.reasons | {"notes": "; ".join(self.notes)}

    def _picture(self) -> NDArray[np.float64]:
        return strips([self.windows.get(name, ()) for name in self], self.span_tdb_s)
