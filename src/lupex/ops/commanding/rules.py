"""Flight rules: a command that breaks one is refused with the rule's name. To add one, add a row to RULES."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lupex.base.errors import InputError
from lupex.model import Rover

STALE_S = 1800.0
"""Telemetry older than this says nothing about now (assumption)."""
CHARGE_TO_DRIVE = 0.25
"""Share of a full battery below which no drive begins (assumption)."""
_DRIVES = ("drive", "drive_to")
_WORK = (*_DRIVES, "drill_to", "measure_neutrons")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the ground knows of the rover when a command is to go: newest telemetry and its age.

    Attributes:
        mode: label. charge_wh: of the battery. x_m, y_m: odometry or fix. age_s: of this telemetry.
        rover: what it can do. hazard: called with a place (x_m, y_m), tells why it must not be driven to, '' if it may.
    """

    mode: str
    charge_wh: float
    x_m: float
    y_m: float
    age_s: float
    rover: Rover
    hazard: Callable[[float, float], str] = lambda x_m, y_m: ""


@dataclass(frozen=True)
class Rule:
    """A flight rule: its name, what it says, and a test that gives the reason where a command breaks it, else ''."""

    name: str
    says: str
    broken: Callable[[str, Mapping[str, Any], Known], str]


class FlightRuleError(InputError):
    """A command breaks a flight rule."""


def check_rules(name: str, given: Mapping[str, Any], known: Known) -> None:
    """Nothing where a command may go.

    Args:
        name, given: the command and its arguments. known: of the rover now.

    Raises FlightRuleError with the name of the first rule that it breaks.
    """
    for rule in RULES:
        if reason := rule.broken(name, given, known):
            raise FlightRuleError(f"command {name} breaks the flight rule {rule.name}: {reason}", rule.says)


def _stale(name: str, given: Mapping[str, Any], known: Known) -> str:
    return f"newest telemetry is {known.age_s:.0f} s old" if name in _WORK and known.age_s > STALE_S else ""


def _safe(name: str, given: Mapping[str, Any], known: Known) -> str:
    return "the rover is in safe mode" if name in _WORK and known.mode == "SAFE" else ""


def _charge(name: str, given: Mapping[str, Any], known: Known) -> str:
    least = CHARGE_TO_DRIVE * known.rover.battery_wh
    low = name in _WORK and known.charge_wh < least
    return f"{known.charge_wh:.0f} Wh are left of the {least:.0f} Wh needed" if low else ""


def _busy(name: str, given: Mapping[str, Any], known: Known) -> str:
    return f"it is in mode {known.mode}" if name in _DRIVES and known.mode in ("DRILL", "SLEEP") else ""


def _hazard(name: str, given: Mapping[str, Any], known: Known) -> str:
    return known.hazard(float(given["x_m"]), float(given["y_m"])) if name == "drive_to" else ""


RULES = (
    Rule("fresh-telemetry", f"no work on telemetry older than {STALE_S:.0f} s", _stale),
    Rule("no-work-in-safe-mode", "leave safe mode with set_mode IDLE first", _safe),
    Rule("charge-to-work", f"no work below {100 * CHARGE_TO_DRIVE:.0f} % of the battery", _charge),
    Rule("no-drive-with-drill-down", "end drilling or sleep before a drive", _busy),
    Rule("stay-off-hazards", "drive to ground the rover can stand on", _hazard),
)
