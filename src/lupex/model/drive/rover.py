"""What a rover can do: how it drives, what it draws, what it gathers, what it outlives."""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_GRAVITY_M_S2
from lupex.base.errors import MissionError
from lupex.model.glance import Glance

ARRAYS = ("tracking", "vertical", "horizontal")
"""How the solar array stands: it faces the Sun; it stands upright and turns to the Sun's azimuth; it lies flat."""

DRIVE_LAWS = ("carr", "resistance")


@dataclass(frozen=True, kw_only=True, repr=False)
class Rover(Glance):
    """A rover as the planners see it.

    Attributes:
        mass_kg, speed_m_s: mass; speed on the level.
        slowest_fraction: speed on the steepest ground allowed over that on the level; linear in slope between.
        max_up_slope_deg, max_down_slope_deg, max_cross_slope_deg: steepest climb, descent, side slope.
        max_step_m: highest step between two neighbouring cells (obstacle); inf: only slopes count.
        turn_rate_deg_s: rate of turning on the spot; inf: turning costs no time.
        drive_law: 'carr' (level, up, down below) or 'resistance' (rolling resistance and drive efficiency).
        level_j_kg_m, up_j_kg_m_deg, down_j_kg_m_deg: Carr's law: J per kg and metre, and per degree of slope.
        rolling_resistance, drive_efficiency: specific resistance: force over weight; work over electric energy.
        slip_at_limit_fraction: slip at the steepest climb, growing with the square of the slope; 0: none.
        drive_overhead_w: drawn while driving beyond the law: motor electronics, cameras.
        hotel_power_w, sleep_power_w: drawn awake, and asleep (parked in the dark).
        drill_power_w, measure_power_w: drawn by drilling and measuring on top of the hotel power.
        array_kind: one of ARRAYS. array_w: electric power in full Sun at 1 au, array square to the Sun.
        battery_wh: capacity; min_charge_fraction, max_charge_fraction: what may be used of it.
        max_charge_w: most power the battery takes in; inf: no limit.
        max_dark_hours: longest time without any sunlight; inf: only the battery limits.
        comm_to_drive: True when the rover drives only with the Earth (or the station) in view.
    """

    name: str
    mass_kg: float
    speed_m_s: float
    max_up_slope_deg: float
    max_down_slope_deg: float
    max_cross_slope_deg: float
    hotel_power_w: float
    sleep_power_w: float
    array_w: float
    battery_wh: float
    slowest_fraction: float = 1.0
    max_step_m: float = math.inf
    turn_rate_deg_s: float = math.inf
    drive_law: str = "carr"
    level_j_kg_m: float = 0.216
    up_j_kg_m_deg: float = 0.02628
    down_j_kg_m_deg: float = 0.007884
    rolling_resistance: float = 0.133
    drive_efficiency: float = 1.0
    slip_at_limit_fraction: float = 0.0
    drive_overhead_w: float = 0.0
    drill_power_w: float = 0.0
    measure_power_w: float = 0.0
    array_kind: str = "tracking"
    min_charge_fraction: float = 0.0
    max_charge_fraction: float = 1.0
    max_charge_w: float = math.inf
    max_dark_hours: float = math.inf
    comm_to_drive: bool = False

    def __post_init__(self) -> None:
        for name in ("mass_kg", "speed_m_s", "battery_wh", "max_step_m", "turn_rate_deg_s", "max_dark_hours",
                     "max_charge_w"):  # fmt: skip
            self._check(name, getattr(self, name) > 0.0, "give a positive number")
        for name in ("hotel_power_w", "sleep_power_w", "array_w", "drive_overhead_w", "drill_power_w",
                     "measure_power_w", "level_j_kg_m", "up_j_kg_m_deg", "down_j_kg_m_deg",
                     "rolling_resistance"):  # fmt: skip
            self._check(name, 0.0 <= getattr(self, name) < math.inf, "give 0 or more")
        for name in ("max_up_slope_deg", "max_down_slope_deg", "max_cross_slope_deg"):
            self._check(name, 0.0 < getattr(self, name) < 90.0, "give degrees between 0 and 90")
        for name in ("slowest_fraction", "drive_efficiency", "max_charge_fraction"):
            self._check(name, 0.0 < getattr(self, name) <= 1.0, "give more than 0, at most 1")
        self._check("slip_at_limit_fraction", 0.0 <= self.slip_at_limit_fraction < 1.0, "give 0 or more, below 1")
        below = 0.0 <= self.min_charge_fraction < self.max_charge_fraction
        self._check("min_charge_fraction", below, "give 0 or more, below max_charge_fraction")
        self._check("array_kind", self.array_kind in ARRAYS, f"give one of {', '.join(ARRAYS)}")
        self._check("drive_law", self.drive_law in DRIVE_LAWS, f"give one of {', '.join(DRIVE_LAWS)}")
        self._check("sleep_power_w", self.sleep_power_w <= self.hotel_power_w, "asleep it draws no more than awake")

    def _check(self, name: str, holds: bool, fix: str) -> None:
        if not holds:
            raise MissionError(f"rover {self.name}: {name} is {getattr(self, name)}", fix)

    @property
    def least_battery_wh(self) -> float:
        """Charge the battery must never fall below (Wh)."""
        return self.battery_wh * self.min_charge_fraction

    @property
    def full_battery_wh(self) -> float:
        """Charge at which charging stops (Wh)."""
        return self.battery_wh * self.max_charge_fraction

    @property
    def ground_limits(self) -> NDArray[np.float64]:
        """Tangents of the steepest climb, descent and side slope, highest step (m): (4,), as kernels take it."""
        slopes = (self.max_up_slope_deg, self.max_down_slope_deg, self.max_cross_slope_deg)
        return np.array([*np.tan(np.radians(slopes)), self.max_step_m])

    @property
    def law_numbers(self) -> NDArray[np.float64]:
        """The laws of energy and speed as the numbers (12,) of `lupex.kernels.drive.edges`, in its order."""
        return np.array([
            float(self.drive_law == "resistance"),
            self.mass_kg * self.level_j_kg_m,
            self.mass_kg * self.up_j_kg_m_deg,
            self.mass_kg * self.down_j_kg_m_deg,
            self.mass_kg * MOON_GRAVITY_M_S2 / self.drive_efficiency,
            self.rolling_resistance,
            self.drive_overhead_w,
            self.speed_m_s,
            self.slowest_fraction,
            self.max_up_slope_deg,
            self.max_down_slope_deg,
            self.slip_at_limit_fraction,
        ])  # fmt: skip

    def _facts(self) -> dict[str, str]:
        slopes = f"slopes up {self.max_up_slope_deg:g}, down {self.max_down_slope_deg:g} deg"
        power = f"array {self.array_w:g} W, battery {self.battery_wh:g} Wh"
        return {"name": self.name, "mass": f"{self.mass_kg:g} kg", "speed": f"{self.speed_m_s:g} m/s",
                "slopes": slopes, "power": power}  # fmt: skip

    def _details(self) -> dict[str, str]:
        return {spec.name: str(getattr(self, spec.name)) for spec in fields(self)}
