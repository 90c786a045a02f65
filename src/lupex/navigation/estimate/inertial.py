"""How far off an inertial unit is between two fixes: dead reckoning on the surface, set to rest at stops.

Along and across the drive each axis holds place, velocity, tilt, bias of the accelerometer and of the gyroscope: a
tilt lets gravity leak into the horizontal, a gyroscope's bias tilts. At a stop the velocity is zero, which the filter
is told (zero-velocity update), and levelling ties the tilt to the accelerometer's bias. The heading's error moves the
place across. Equations: Groves 2013, Principles of GNSS, Inertial and Multisensor Integrated Navigation Systems.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked

LUNAR_GRAVITY_M_S2 = 1.62
MICRO_G_M_S2 = 9.80665e-6
AXIS = 5
"""Of one horizontal axis: place, velocity, tilt, accelerometer bias, gyroscope bias."""
SIZE = 2 * AXIS + 2
"""Two axes, heading, vertical gyroscope's bias."""
POSITION = (0, AXIS)
HEADING, HEADING_BIAS = 2 * AXIS, 2 * AXIS + 1


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class InertialUnit:
    """Noise and biases of a unit; by default those of the tactical IMU-FSAS (table 6 of 10.1155/2013/435286).

    Attributes:
        gyro_bias_deg_h: one sigma, constant. gyro_noise_deg_sqrt_h: angle random walk.
        accelerometer_bias_ug: one sigma, constant, micro-g. velocity_noise_m_s_sqrt_h: velocity random walk.
        rest_m_s: what a stop is known to stand still by (assumption). heading_sigma_deg: at the begin (assumption).
    """

    gyro_bias_deg_h: float = 0.75
    gyro_noise_deg_sqrt_h: float = 0.1
    accelerometer_bias_ug: float = 1000.0
    velocity_noise_m_s_sqrt_h: float = 0.03
    rest_m_s: float = 0.001
    heading_sigma_deg: float = 0.5

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if not getattr(self, name) > 0.0:
                raise InputError(f"inertial unit: {name} = {getattr(self, name):g}", "give a positive number")


TACTICAL = InertialUnit()


def dead_reckoning(
    legs_s: Sequence[float] | F64, speed_m_s: float, stop_s: float = 10.0, unit: InertialUnit = TACTICAL
) -> F64:
    """Covariances (n, 2, 2), m2, of the place along and across the drive after every leg, begun from an exact place.

    Args:
        legs_s: (n,) seconds driven between stops. speed_m_s: while driving.
        stop_s: length of a stop, over which unit and filter are at rest.
        unit: noise and biases.

    Raises InputError for a leg or stop that takes no time, or a speed that is not positive.
    """
    legs = np.atleast_1d(np.asarray(legs_s, np.float64))
    if not legs.size or not np.all(np.isfinite(legs)) or np.any(legs <= 0.0) or not speed_m_s > 0.0 or not stop_s > 0.0:
        raise InputError("inertial unit: a leg, stop or speed is not positive", "give seconds and metres per second")
    covariance = _at_rest(_begin(unit), unit, stop_s)
    found = []
    for seconds in legs:
        covariance = _carried(covariance, unit, float(seconds), speed_m_s)
        covariance = _at_rest(covariance, unit, stop_s)
        found.append(covariance[np.ix_(POSITION, POSITION)])
    return np.array(found)


def simulated_reckoning(
    legs_s: Sequence[float] | F64,
    speed_m_s: float,
    rng: np.random.Generator,
    stop_s: float = 10.0,
    unit: InertialUnit = TACTICAL,
) -> F64:
    """Errors (n, 2), m, along and across, of one made-up unit after every leg, its filter run on what it measures.

    Args:
        legs_s, speed_m_s, stop_s, unit: as in `dead_reckoning`.
        rng: of biases and noise.
    """
    truth = np.linalg.cholesky(_begin(unit) + 1e-30 * np.eye(SIZE)) @ rng.normal(size=SIZE)
    estimate, covariance = np.zeros(SIZE), _begin(unit)
    found = []
    for k, seconds in enumerate((None, *np.atleast_1d(np.asarray(legs_s, np.float64)))):
        if seconds is not None:
            move, noise = _motion(unit, float(seconds), speed_m_s)
            truth = move @ truth + np.linalg.cholesky(noise + 1e-24 * np.eye(SIZE)) @ rng.normal(size=SIZE)
            estimate, covariance = move @ estimate, move @ covariance @ move.T + noise
        for row, sigma in _rest_rows(unit, stop_s):
            seen = row @ truth + sigma * rng.normal()
            spread = float(row @ covariance @ row) + sigma**2
            gain = covariance @ row / spread
            estimate = estimate + gain * (seen - float(row @ estimate))
            covariance = _joseph(covariance, row, gain, sigma)
        if k:
            found.append((truth - estimate)[list(POSITION)])
    return np.array(found)


def _begin(unit: InertialUnit) -> F64:
    sigma = np.zeros(SIZE)
    bias = unit.accelerometer_bias_ug * MICRO_G_M_S2
    drift = np.radians(unit.gyro_bias_deg_h) / 3600.0
    for first in POSITION:
        # Levelled by its own accelerometers, which the first stop tells: before it the tilt is anything of a degree.
        sigma[first : first + AXIS] = (1e-6, unit.rest_m_s, np.radians(1.0), bias, drift)
    sigma[HEADING], sigma[HEADING_BIAS] = np.radians(unit.heading_sigma_deg), drift
    return np.diag(sigma**2)


def _motion(unit: InertialUnit, seconds: float, speed_m_s: float) -> tuple[F64, F64]:
    """Transition and noise (12, 12) over a time of even driving; the chain of integrators is exact."""
    g, t = LUNAR_GRAVITY_M_S2, seconds
    rates = np.zeros((SIZE, SIZE))
    noise = np.zeros(SIZE)
    gyro = np.radians(unit.gyro_noise_deg_sqrt_h) ** 2 / 3600.0
    velocity = unit.velocity_noise_m_s_sqrt_h**2 / 3600.0
    for first in POSITION:
        p, v, tilt, bias, drift = range(first, first + AXIS)
        rates[p, v] = 1.0
        rates[v, tilt], rates[v, bias] = g, 1.0
        rates[tilt, drift] = 1.0
        noise[v], noise[tilt] = velocity, gyro
    rates[POSITION[1], HEADING] = speed_m_s
    rates[HEADING, HEADING_BIAS] = 1.0
    noise[HEADING] = gyro
    # Van Loan 1978: both from one exponential; the chain is nilpotent, so its series ends.
    both = np.block([[-rates, np.diag(noise)], [np.zeros((SIZE, SIZE)), rates.T]]) * t
    power, total = np.eye(2 * SIZE), np.eye(2 * SIZE)
    for k in range(1, 12):
        power = power @ both / k
        total = total + power
    move = total[SIZE:, SIZE:].T
    spread = move @ total[:SIZE, SIZE:]
    return move, 0.5 * (spread + spread.T)


def _rest_rows(unit: InertialUnit, stop_s: float) -> list[tuple[F64, float]]:
    """What a stop tells: velocity is zero; gravity seen by the accelerometers levels; the Moon's turn is known."""
    hours = stop_s / 3600.0
    rows = []
    for first in POSITION:
        still, level, turn = np.zeros(SIZE), np.zeros(SIZE), np.zeros(SIZE)
        still[first + 1] = 1.0
        level[first + 2], level[first + 3] = LUNAR_GRAVITY_M_S2, 1.0
        turn[first + 4] = 1.0
        rows += [(still, unit.rest_m_s)]
        rows += [(level, unit.velocity_noise_m_s_sqrt_h / np.sqrt(hours) / 3600.0)]
        rows += [(turn, np.radians(unit.gyro_noise_deg_sqrt_h) / np.sqrt(hours) / 3600.0)]
    heading = np.zeros(SIZE)
    heading[HEADING_BIAS] = 1.0
    return [*rows, (heading, np.radians(unit.gyro_noise_deg_sqrt_h) / np.sqrt(hours) / 3600.0)]


def _carried(covariance: F64, unit: InertialUnit, seconds: float, speed_m_s: float) -> F64:
    move, noise = _motion(unit, seconds, speed_m_s)
    return np.asarray(move @ covariance @ move.T + noise)


def _at_rest(covariance: F64, unit: InertialUnit, stop_s: float) -> F64:
    for row, sigma in _rest_rows(unit, stop_s):
        gain = covariance @ row / (float(row @ covariance @ row) + sigma**2)
        covariance = _joseph(covariance, row, gain, sigma)
    return covariance


def _joseph(covariance: F64, row: F64, gain: F64, sigma: float) -> F64:
    left = np.eye(SIZE) - np.outer(gain, row)
    return np.asarray(left @ covariance @ left.T + sigma**2 * np.outer(gain, gain))
