"""How the report spells numbers, times, units and the names of quantities."""

import math
import re
from typing import Any

from lupex.model import Spread
from lupex.model.quantities import is_share as is_fraction
from lupex.model.quantities import label_of as label
from lupex.model.quantities import unit_of

__all__ = [
    "DASH",
    "THIN",
    "cause",
    "is_fraction",
    "label",
    "latitude",
    "longitude",
    "moment",
    "number",
    "percent",
    "plain",
    "quantity",
    "sentence",
    "share",
    "spread",
    "tidy",
    "unit",
    "with_error",
]

DASH = "–"
THIN = "\u202f"

SKY_DIGITS = 4
"""Decimals of the Sun's latitude: the proof that the cycle is long enough stands in the third."""

_DIGITS = {"m": 0, "km": 1, "km²": 1, "°": 1, "%": 1, "d": 1, "h": 1, "W/m²": 0, "yr": 1, "Wh": 0, "min": 0}


def unit(key: str) -> str:
    """The unit its name carries, as printed; '' for pure numbers and words."""
    if is_fraction(key):
        return "%"
    if key.startswith("weight_"):
        return ""
    if "_days_" in key:
        return "d"
    return unit_of(key).symbol


def number(value: Any, digits: int = 1) -> str:
    """A number with ``digits`` decimals and thin spaces between thousands; a dash for None, NaN and infinity."""
    if value is None or isinstance(value, str) or not math.isfinite(value):
        return DASH
    text = f"{value:,.{digits}f}" if abs(value) >= 10000 else f"{value:.{digits}f}"
    if float(text.replace(",", "")) == 0.0:
        text = text.lstrip("-")
    return text.replace(",", THIN).replace("-", "−")


def quantity(key: str, value: Any, with_unit: bool = True) -> str:
    """The value of a named quantity: percent for shares, decimals that fit its unit.

    Args:
        with_unit: whether the unit is written.
        key: name of the quantity, unit in the name.
        value: number, text, truth value or None.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str):
        return DASH if value is None else tidy(value)
    shown, mark = (value * 100.0 if is_fraction(key) else value), unit(key)
    digits = SKY_DIGITS if "sub_solar" in key else _DIGITS.get(mark, 3)
    if isinstance(value, int):
        text = str(shown if isinstance(shown, int) else number(shown, 1))
    else:
        text = number(shown, digits)
    if not with_unit or not mark or text == DASH:
        return text
    return text + mark if mark == "°" else f"{text}\u00a0{mark}"


MOST_DIGITS = 4
"""Decimals of a share or an error at most."""
ROUNDING = 1e-9
"""Shares this close to none or all differ from them only by rounding."""


def share(value: Any, digits: int = 1, most: int = MOST_DIGITS) -> str:
    """A share in percent without the sign, with as many decimals as it takes not to round to none or all.

    0.99996 is '99.996' and not '100.0'; shares closer to none or all than ``most`` decimals show say '<' or '>'.

    Args:
        value: 0 to 1.
        digits: decimals where they are enough.
    """
    if value is None or not math.isfinite(value):
        return DASH
    if min(abs(value), abs(value - 1.0)) < ROUNDING:
        return number(100.0 * round(value), digits)
    shown, near = 100.0 * value, 100.0 if value > 0.5 else 0.0
    for places in range(digits, most + 1):
        if float(f"{shown:.{places}f}") != near:
            return number(shown, places)
    step = 10.0**-most
    return f"> {number(near - step, most)}" if near else f"< {number(step, most)}"


def percent(value: Any, digits: int = 1) -> str:
    """`share` with its sign, of two decimals at most: for probabilities."""
    text = share(value, digits, 2)
    return text if text == DASH else f"{text}\u00a0%"


def with_error(key: str, value: Any, sigma: Any) -> str:
    """'4.7 ± 0.3' in the unit of the quantity, without it; decimals enough for one digit of the error.

    The value alone where no error is given (None, NaN or zero). A share whose error would carry it below 0 or above
    100 % stands apart from it, for no such range exists: '99.9 (spread 14.8)'.

    Args:
        key: name of the quantity, unit in the name.
        value: in that unit, shares of 1.
        sigma: one-sigma error, in the same unit.
    """
    if value is None or not math.isfinite(value):
        return DASH
    scale = 100.0 if is_fraction(key) else 1.0
    digits = _DIGITS.get(unit(key), 3)
    if sigma is None or not math.isfinite(sigma) or sigma == 0.0:
        return number(scale * value, digits)
    while digits < MOST_DIGITS and round(scale * sigma, digits) == 0.0:
        digits += 1
    if is_fraction(key) and (value - sigma < -ROUNDING or value + sigma > 1.0 + ROUNDING):
        return f"{share(value, digits)} (spread {number(scale * sigma, digits)})"
    return f"{number(scale * value, digits)} ± {number(scale * sigma, digits)}"


def spread(key: str, met: Spread | None) -> str:
    """'4.7 (2.1 to 8.3)': mean, 5th and 95th percentile in the unit of the quantity, without it; the mean alone where
    all three print alike; a dash for None."""
    if met is None:
        return DASH
    mean, low, high = (quantity(key, value, with_unit=False) for value in (met.mean, met.low, met.high))
    return mean if mean == low == high else f"{mean} ({low} to {high})"


def plain(key: str, value: Any) -> str:
    """A setting or fact as its author wrote it (shortest exact digits), with the unit its name carries."""
    if isinstance(value, (bool, str)) or value is None:
        return quantity(key, value)
    text = f"{value:g}" if isinstance(value, float) else str(value)
    mark = "" if is_fraction(key) else unit(key)
    return text + (mark if mark in ("", "°") else f"\u00a0{mark}")


def latitude(value: float) -> str:
    """'87.133° S'."""
    return f"{number(abs(value), 3)}°\u00a0{'S' if value < 0 else 'N'}"


def longitude(value: float) -> str:
    """'303.111° E'."""
    return f"{number(value, 3)}°\u00a0E"


def moment(utc: str) -> str:
    """'2028-10-12 04:00' of an ISO text with Z; the date alone when the clock says midnight. Other texts as "
    "they are."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?Z", utc)
    if not match:
        return tidy(utc)
    return match[1] if match[2] == "00:00" and (match[3] or ":00")[:3] == ":00" else f"{match[1]} {match[2]}"


def tidy(text: str) -> str:
    """Text without control characters (they would break XML readers and PDF fonts)."""
    return "".join(c for c in text if c >= " " or c in "\n\t").strip()


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop; '' stays ''."""
    text = tidy(text)
    text = text[:1].upper() + text[1:]
    return text if not text or text.endswith((".", "!", "?")) else text + "."


def cause(name: str) -> str:
    """A cause or limit in words."""
    return CAUSES.get(name, label(tidy(name)).lower())


CAUSES = {
    "slope": "slope",
    "step": "steps of the ground",
    "rocks": "rocks",
    "range": "range",
    "energy": "energy",
    "dark": "time in the dark",
    "target": "no shadow or light on the map",
    "outside": "off the known map",
    "share_outside": "off the known map",
    "unknown": "unknown ground",
}
"""Causes of hazard and limits of a drive, in words; others are printed as their name says."""
