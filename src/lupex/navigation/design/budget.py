"""The budget: how well a place that does not move is known after so many days, by chosen methods, without data.

Each method adds rows of its Jacobian, weighted by its noise; what stays constant over the arc (bias of a station, of an
orbit, of a map) is estimated along with the place, with its own prior. Limits: docs/theory/navigation.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.ephemeris import BarycentricSeries
from lupex.model.position.fix import enu_axes
from lupex.navigation.design.orbits import KeplerOrbit, low_polar_orbit, orbiter_at, south_constellation
from lupex.navigation.estimate.batch import information_covariance
from lupex.navigation.methods import Method, method
from lupex.navigation.radio.paths import Antennas, Receptions, light_paths
from lupex.navigation.radio.ranges import RangeModel, delay, doppler, two_way
from lupex.navigation.surface import models
from lupex.navigation.surface.models import Orbiter

Horizon = Callable[[F64], NDArray[np.bool_]]
"""Unit vectors (n, 3) in MOON_ME, from the place -> whether the terrain leaves them free (n,)."""

COUNT_S = 60.0
DOPPLER_EVERY_S = 300.0
"""A count of 60 s every 5 min, as in the published budget; denser counts divide the variance accordingly."""
PRIOR_M = 1e5
"""So wide that it never decides; what stays as wide was not observed."""
LEARNED = 0.1
"""A direction whose sigma is above this part of the prior was not observed."""


@dataclass(frozen=True, eq=False, kw_only=True)
class BudgetScene:
    """A place and what looks at it.

    Attributes:
        place_me_m: (3,). series: covering the longest arc. antennas: on the Earth.
        lowest_deg: elevation (k,) above which each antenna is used.
        start_tdb_s: first instant. horizon: of the terrain at the place; None: everything above the ground's plane is
            seen by orbiters and the Earth is always seen.
        relay, constellation: orbits for methods that need an orbiter or navigation satellites.
        slopes: of the DEM at the place, towards east and north, m/m.
        windows: (n, 2) begin and end of the passes of each antenna, TDB, in order: a contact plan, which knows both
            horizons; antennas are then used in them alone. None: above ``lowest_deg`` and ``horizon``.
        skyline_m: what a skyline match leaves at this place beside the DEM's own error, one sigma of each of two axes.
    """

    place_me_m: F64
    series: BarycentricSeries
    antennas: Antennas
    lowest_deg: F64
    start_tdb_s: float
    horizon: Horizon | None = None
    relay: tuple[KeplerOrbit, ...] = field(default_factory=low_polar_orbit)
    constellation: tuple[KeplerOrbit, ...] = field(default_factory=south_constellation)
    slopes: tuple[float, float] = (0.0, 0.0)
    windows: tuple[F64, ...] | None = None
    skyline_m: float = 0.0

    def __post_init__(self) -> None:
        if self.windows is not None and len(self.windows) != len(self.antennas.names):
            raise InputError(
                f"budget: passes of {len(self.windows)} antennas for {len(self.antennas.names)}", "give one array each"
            )


@dataclass(frozen=True, kw_only=True)
class BudgetRow:
    """Sigmas (m) after some days by some methods, one at a time or together; unobserved: directions in words."""

    days: float
    methods: str
    data: int
    sigma_east_m: float
    sigma_north_m: float
    sigma_up_m: float
    sigma_me_x_m: float
    sigma_me_y_m: float
    sigma_me_z_m: float
    unobserved: tuple[str, ...]

    @property
    def sigma_horizontal_m(self) -> float:
        """Root sum square of east and north."""
        return float(np.hypot(self.sigma_east_m, self.sigma_north_m))


@dataclass(frozen=True, eq=False, kw_only=True)
class Rows:
    """Rows of one method: by the place (n, 3), sigma (n,), and what they share.

    ``bias``: number of the constant of each row, -1 for none; ``by_bias`` (n, w): change with its w components, 1 for a
    plain constant, three for the error of an orbit; ``bias_sigma``: of every component, constant by constant.
    ``whole``: change (n, components) where rows depend on several constants at once, in place of the two.
    """

    by_place: F64
    sigma: F64
    bias: NDArray[np.int64]
    bias_sigma: F64
    by_bias: F64 | None = None
    whole: F64 | None = None

    def by_constants(self) -> F64:
        """Change of the data with every component of what they share (n, components)."""
        if self.whole is not None:
            return self.whole
        found = np.zeros((self.sigma.size, self.bias_sigma.size))
        tied = np.flatnonzero(self.bias >= 0)
        change = np.ones((self.sigma.size, 1)) if self.by_bias is None else self.by_bias
        for k in range(change.shape[1]):
            found[tied, self.bias[tied] * change.shape[1] + k] = change[tied, k]
        return found


def position_budget(scene: BudgetScene, days: float, names: Sequence[str]) -> BudgetRow:
    """Sigmas of the place after ``days`` by the methods named, together.

    Args:
        scene: the place and what looks at it.
        days: length of the arc.
        names: of `lupex.navigation.methods.METHODS`.

    Raises InputError for a method that is unknown or tells nothing of a place on its own.
    """
    covariance, data = budget_covariance(scene, days, names)
    return budget_row(scene.place_me_m, days, names, covariance, data)


def budget_row(place_me_m: F64, days: float, names: Sequence[str], covariance: F64, data: int) -> BudgetRow:
    """The row of a covariance.

    Args:
        place_me_m: (3,). days: length of the arc. names: of its methods.
        covariance: (3, 3) MOON_ME m2. data: number of data behind it.
    """
    place = np.asarray(place_me_m)
    axes = enu_axes(*_lat_lon(place))
    local = axes @ covariance @ axes.T
    east, north, up = np.sqrt(np.diag(local))
    x, y, z = np.sqrt(np.diag(covariance))
    return BudgetRow(
        days=days, methods="+".join(names), data=data, sigma_east_m=float(east), sigma_north_m=float(north),
        sigma_up_m=float(up), sigma_me_x_m=float(x), sigma_me_y_m=float(y), sigma_me_z_m=float(z),
        unobserved=unobserved(covariance, place),
    )  # fmt: skip


def budget_covariance(scene: BudgetScene, days: float, names: Sequence[str]) -> tuple[F64, int]:
    """Covariance (3, 3) of the place, MOON_ME m2, and the number of data behind it.

    Args:
        scene, days, names: as in `position_budget`.
    """
    found = [method_rows(scene, days, name) for name in names]
    shift, blocks = 3, []
    for one in found:
        blocks.append(shift)
        shift += one.bias_sigma.size
    jacobians = []
    for one, first in zip(found, blocks, strict=True):
        whole = np.zeros((one.sigma.size, shift))
        whole[:, :3] = one.by_place
        whole[:, first : first + one.bias_sigma.size] = one.by_constants()
        jacobians.append((whole, one.sigma))
    prior = np.concatenate([np.full(3, PRIOR_M**2), *(one.bias_sigma**2 for one in found)])
    covariance = information_covariance(jacobians, np.diag(prior))
    return covariance[:3, :3], sum(one.sigma.size for one in found)


def method_rows(scene: BudgetScene, days: float, name: str) -> Rows:
    """What one method says of the place after some days.

    Args:
        scene, days: as in `position_budget`. name: of the method.
    """
    if not days > 0.0:
        raise InputError(f"budget: {days:g} days", "give a positive number")
    return _ROWS[_known(name).name](scene, method(name), days)


def unobserved(covariance: F64, place_me_m: F64, prior_m: float = PRIOR_M) -> tuple[str, ...]:
    """Directions nothing, or little, was learned of, in words.

    Args:
        covariance: (3, 3) MOON_ME m2.
        place_me_m: (3,), for the names of directions.
        prior_m: sigma in each direction before.
    """
    values, vectors = np.linalg.eigh(covariance)
    said = []
    best = float(np.sqrt(values[0]))
    for value, vector in zip(values, vectors.T, strict=True):
        sigma = float(np.sqrt(value))
        if sigma > LEARNED * prior_m:
            said.append(f"{direction_words(vector, place_me_m)}: not observed")
        elif sigma > 10.0 * best and sigma > 20.0:
            said.append(f"{direction_words(vector, place_me_m)}: weak, {sigma:.0f} m")
    return tuple(said)


def direction_words(vector: F64, place_me_m: F64) -> str:
    """A direction as people say it: up, east, north, towards the Earth, or the mix of them.

    Args:
        vector: (3,) MOON_ME unit vector; its sign does not matter. place_me_m: (3,).
    """
    axes = enu_axes(*_lat_lon(place_me_m))
    named = {
        "east-west": axes[0],
        "north-south": axes[1],
        "up-down": axes[2],
        "towards the Earth": np.array([1.0, 0, 0]),
    }
    along = {name: abs(float(axis @ vector)) for name, axis in named.items()}
    best = max(along, key=along.__getitem__)
    if along[best] > 0.9:
        return best
    parts = [
        f"{abs(float(axis @ vector)):.1f} {name}" for name, axis in list(named.items())[:3] if abs(axis @ vector) > 0.2
    ]
    return " + ".join(parts)


def best_next(scene: BudgetScene, days: float, have: Sequence[str], candidates: Sequence[str]) -> list[BudgetRow]:
    """What each candidate method, added to those at hand, would leave; the best (horizontally) first.

    Args:
        scene, days: as in `position_budget`.
        have: methods at hand. candidates: methods that might be added.
    """
    rows = [position_budget(scene, days, (*have, name)) for name in candidates if name not in have]
    return sorted(rows, key=lambda row: row.sigma_horizontal_m)


def budget_methods() -> tuple[str, ...]:
    """Names of the methods a budget of a place at rest knows."""
    return tuple(_ROWS)


def _known(name: str) -> Method:
    row = method(name)
    if name not in _ROWS:
        raise InputError(
            f"budget: {row.title} tells nothing of a place by itself",
            f"use it for a drive (locate simulate); a budget knows {', '.join(_ROWS)}",
        )
    return row


def _times(scene: BudgetScene, every_s: float, days: float) -> F64:
    return scene.start_tdb_s + np.arange(0.0, days * DAY_S, every_s)


def _in_view(scene: BudgetScene, receptions: Receptions) -> NDArray[np.bool_]:
    if scene.windows is not None:
        times = receptions.whole_tdb_s + receptions.rest_s
        return _within(scene.windows, times, receptions.rx) & _within(scene.windows, times, receptions.tx)
    paths = light_paths(scene.series, scene.antennas, scene.place_me_m, receptions)
    at_rx, at_tx = paths.elevations_deg
    free = (at_rx > scene.lowest_deg[receptions.rx]) & (at_tx > scene.lowest_deg[receptions.tx])
    if scene.horizon is not None:
        free &= scene.horizon(paths.towards_rx_me)
    return free


def _within(windows: tuple[F64, ...], times: F64, antenna: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each time lies in a pass of its antenna."""
    free = np.zeros(times.shape, bool)
    for k, spans in enumerate(windows):
        mine = np.flatnonzero(antenna == k)
        if spans.size:
            last = np.searchsorted(spans[:, 0], times[mine], side="right") - 1
            free[mine] = (last >= 0) & (times[mine] <= spans[np.maximum(last, 0), 1])
    return free


def _chosen(receptions: Receptions, keep: NDArray[np.bool_]) -> Receptions:
    return Receptions(*(getattr(receptions, name)[keep] for name in ("whole_tdb_s", "rest_s", "rx", "tx")))


def _own(scene: BudgetScene, every_s: float, days: float) -> Receptions:
    """Every antenna by itself, as often as asked, where both horizons allow."""
    times, k = _times(scene, every_s, days), len(scene.antennas.names)
    if not k:
        raise InputError("budget: no antenna for a method from the Earth", "give --stations")
    found = Receptions.of(np.repeat(times, k), np.tile(np.arange(k), times.size))
    return _chosen(found, _in_view(scene, found))


def _pairs(scene: BudgetScene, every_s: float, days: float) -> Receptions:
    """Every pair of antennas."""
    k = len(scene.antennas.names)
    first, second = np.triu_indices(k, 1)
    if not first.size:
        raise InputError("budget: a method with two antennas, but one station", "give two stations or more")
    times = _times(scene, every_s, days)
    found = Receptions.of(np.repeat(times, first.size), np.tile(first, times.size), np.tile(second, times.size))
    return _chosen(found, _in_view(scene, found))


def _model(scene: BudgetScene) -> RangeModel:
    return RangeModel(series=scene.series, antennas=scene.antennas, terms=())


def _range_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    receptions = _own(scene, row.every_s, days)
    _, by = two_way(_model(scene), scene.place_me_m, receptions)
    return _rows(by, row, receptions.rx, len(scene.antennas.names))


def _doppler_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    receptions = _own(scene, DOPPLER_EVERY_S, days)
    _, by = doppler(_model(scene), scene.place_me_m, receptions, COUNT_S)
    return _rows(by, row, None, 0)


def _three_way_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    receptions = _pairs(scene, row.every_s, days)
    _, by = two_way(_model(scene), scene.place_me_m, receptions)
    k = len(scene.antennas.names)
    return _rows(by, row, receptions.rx * k + receptions.tx, k * k)


def _delay_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    receptions = _pairs(scene, row.every_s, days)
    _, by = delay(_model(scene), scene.place_me_m, receptions)
    return _rows(by, row, None, 0)


def _seen(
    scene: BudgetScene, orbits: Sequence[KeplerOrbit], every_s: float, days: float
) -> tuple[Orbiter, NDArray[np.int64], NDArray[np.int64]]:
    """States of orbiters while they are above the horizon, which of them each is, and the number of its epoch."""
    times = _times(scene, every_s, days)
    found = [orbiter_at(one, scene.series, scene.start_tdb_s, times) for one in orbits]
    place = np.concatenate([one.place_me_m for one in found])
    velocity = np.concatenate([one.velocity_me_m_s for one in found])
    which = np.repeat(np.arange(len(orbits)), times.size)
    epoch = np.tile(np.arange(times.size), len(orbits))
    away = place - scene.place_me_m
    unit = away / np.linalg.norm(away, axis=1, keepdims=True)
    up = scene.place_me_m / np.linalg.norm(scene.place_me_m)
    free = unit @ up > np.sin(np.radians(5.0))
    if scene.horizon is not None:
        free &= scene.horizon(unit)
    return Orbiter(place[free].reshape(-1, 3), velocity[free].reshape(-1, 3)), which[free], epoch[free]


def _orbiter_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    seen, which, epoch = _seen(scene, scene.relay, row.every_s, days)
    if not which.size:
        return _rows(np.zeros((0, 3)), row, None, 0)
    # The orbit is determined anew every revolution: its error is one shift in space for each pass.
    passes = np.concatenate([[0], np.cumsum(np.diff(epoch) != 1)])
    model = models.orbiter_doppler if row.name == "orbiter_doppler" else models.orbiter_range
    _, by = model(scene.place_me_m, seen)
    if row.name == "reflector":
        keep = _highest(scene, seen, passes)
        by, passes = by[keep], passes[keep]
    return _shifted(by, row, passes)


def _highest(scene: BudgetScene, seen: Orbiter, passes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The datum nearest the zenith of every pass that comes within 45 degrees of it: a laser altimeter looks down."""
    away = seen.place_me_m - scene.place_me_m
    cosine = away @ scene.place_me_m / np.linalg.norm(away, axis=1) / np.linalg.norm(scene.place_me_m)
    best = [int(np.flatnonzero(passes == k)[np.argmax(cosine[passes == k])]) for k in np.unique(passes)]
    return np.array([k for k in best if cosine[k] > np.sqrt(0.5)], np.int64)


def _shifted(by: F64, row: Method, which: NDArray[np.int64]) -> Rows:
    """Rows whose orbit is off by a constant shift for each of ``which``: what moves the place back moves it forth."""
    _, which = np.unique(which, return_inverse=True)
    sizes = np.full(3 * (int(which.max()) + 1 if which.size else 0), row.bias)
    return Rows(by_place=by, sigma=np.full(by.shape[0], row.sigma), bias=which, bias_sigma=sizes, by_bias=-by)


def _satellite_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    """Pseudoranges: the clock is taken off at every epoch by differences to their mean, in every column."""
    seen, which, epoch = _seen(scene, scene.constellation, row.every_s, days)
    if not which.size:
        return _rows(np.zeros((0, 3)), row, None, 0)
    _, by = models.orbiter_range(scene.place_me_m, seen)
    order = np.argsort(epoch, kind="stable")
    by, epoch, which = by[order], epoch[order], which[order]
    first = np.flatnonzero(np.concatenate([[True], np.diff(epoch) > 0]))
    count = np.diff(np.append(first, epoch.size))
    # One shift of every satellite's orbit a day. A shift of all of them alike is one of the place: no data tell it.
    daily = _numbers(which + len(scene.constellation) * ((epoch * row.every_s) // DAY_S).astype(np.int64))
    sizes = np.full(3 * (int(daily.max()) + 1), row.bias)
    noise = np.full(by.shape[0], row.sigma)
    shared = Rows(by_place=by, sigma=noise, bias=daily, bias_sigma=sizes, by_bias=-by).by_constants()
    columns = np.concatenate([by, shared], axis=1)
    mean = np.add.reduceat(columns, first, axis=0) / count[:, None]
    columns = (columns - np.repeat(mean, count, axis=0))[np.repeat(count > 1, count)]
    sigma, none = np.full(columns.shape[0], row.sigma), np.full(columns.shape[0], -1)
    return Rows(by_place=columns[:, :3], sigma=sigma, bias=none, bias_sigma=sizes, whole=columns[:, 3:])


def _numbers(which: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(np.unique(which, return_inverse=True)[1], np.int64)


def _map_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    """East and north of a map: the noise averages over the images taken, the tie of the map does not."""
    axes = enu_axes(*_lat_lon(scene.place_me_m))
    count = max(1.0, np.floor(days * DAY_S / row.every_s)) if row.every_s > 0.0 else 1.0
    sigma, bias = row.sigma, row.bias
    if row.unit == "arcsec":
        metres = np.radians(1.0 / 3600.0) * MOON_RADIUS_M
        sigma, bias = sigma * metres, bias * metres
    elif row.unit == "deg":
        sigma = scene.skyline_m
    total = np.sqrt(sigma**2 / count + bias**2)
    return Rows(by_place=axes[:2], sigma=np.full(2, total), bias=np.full(2, -1), bias_sigma=np.zeros(0))


def _height_rows(scene: BudgetScene, row: Method, days: float) -> Rows:
    _, by = models.dem_height(scene.place_me_m, 0.0, *scene.slopes)
    sigma = np.array([np.hypot(row.sigma, row.bias)])
    return Rows(by_place=by, sigma=sigma, bias=np.array([-1]), bias_sigma=np.zeros(0))


def _rows(by: F64, row: Method, bias: NDArray[np.int64] | None, biases: int) -> Rows:
    number = np.full(by.shape[0], -1) if bias is None or row.bias <= 0.0 else np.asarray(bias)
    sizes = np.full(biases if row.bias > 0.0 else 0, row.bias)
    return Rows(by_place=by, sigma=np.full(by.shape[0], row.sigma), bias=number, bias_sigma=sizes)


def _lat_lon(place: F64) -> tuple[float, float]:
    x, y, z = (float(v) for v in place)
    return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))


_ROWS: dict[str, Callable[[BudgetScene, Method, float], Rows]] = {
    "range": _range_rows,
    "doppler": _doppler_rows,
    "three_way": _three_way_rows,
    "delta_dor": _delay_rows,
    "orbiter_range": _orbiter_rows,
    "orbiter_doppler": _orbiter_rows,
    "reflector": _orbiter_rows,
    "lunar_satellites": _satellite_rows,
    "image": _map_rows,
    "craters": _map_rows,
    "dem_height": _height_rows,
    "skyline": _map_rows,
    "star_tilt": _map_rows,
}
"""Methods of a budget; the others tell of a rover against its lander."""
