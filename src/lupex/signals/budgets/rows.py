"""From the total power over noise density to the margins of carrier, telemetry, command and ranging."""

import numpy as np

from lupex.base.errors import InputError, UnpublishedError
from lupex.model.contact.radio import Radio
from lupex.signals.budgets.budget import Row, part, total
from lupex.signals.budgets.coding import code
from lupex.signals.budgets.conditions import LinkConditions
from lupex.signals.budgets.known import needed, source
from lupex.signals.budgets.modulation import (
    SUPPRESSED,
    PowerShares,
    decibels,
    downlink_shares,
    squaring_loss_db,
    uplink_shares,
)
from lupex.signals.budgets.tolerances import FIXED

CARRIER, TELEMETRY, COMMAND, RANGING = "carrier margin", "telemetry margin", "command margin", "ranging margin"


def telemetry_rows(radio: Radio, power: Row, asked: LinkConditions) -> tuple[list[Row], tuple[str, ...]]:
    """Rows below Pt/N0 of a downlink, and the names of its margins.

    Args:
        radio: that transmits.
        power: the row Pt/N0 (dB-Hz).
        asked: rate, coding and tolerances.

    Raises: InputError, naming it, for what the radio lacks; for ranging on a suppressed carrier.
    """
    rate_bps = _rate(
        radio, asked.rate_bps, "data_rates_bps", radio.data_rates_bps[-1] if radio.data_rates_bps else None
    )
    name = _code_name(radio, "coding")
    if radio.modulation != "residual":
        if asked.ranging:
            raise InputError(
                f"radio {radio.name}: ranging with modulation '{radio.modulation}'", "tones need a residual carrier"
            )
        carrier = _suppressed_carrier(radio, power, rate_bps / code(name).rate, asked)
        return [*carrier, *_data(power, SUPPRESSED, rate_bps, name, TELEMETRY, asked)], (CARRIER, TELEMETRY)
    tone = needed(radio, "ranging_index_rad") if asked.ranging else 0.0
    shares = downlink_shares(needed(radio, "telemetry_index_rad"), tone)
    rows = [
        *_residual_carrier(power, shares, needed(radio, "down_loop_hz"), asked),
        *_data(power, shares, rate_bps, name, TELEMETRY, asked),
    ]
    if not asked.ranging:
        return rows, (CARRIER, TELEMETRY)
    return [*rows, *_ranging(power, shares, asked)], (CARRIER, TELEMETRY, RANGING)


def command_rows(radio: Radio, power: Row, asked: LinkConditions) -> tuple[list[Row], tuple[str, ...]]:
    """Rows below Pt/N0 of an uplink, and the names of its margins. Raises: as `telemetry_rows`.

    Args:
        radio: that receives.
        power: the row Pt/N0 (dB-Hz).
        asked: rate, coding and tolerances.
    """
    rate_bps = _rate(radio, asked.rate_bps, "command_rate_bps", radio.command_rate_bps)
    name = _code_name(radio, "command_coding")
    tone = needed(radio, "ranging_up_index_rad") if asked.ranging else 0.0
    shares = uplink_shares(needed(radio, "command_index_rad"), tone)
    rows = [
        *_residual_carrier(power, shares, needed(radio, "up_loop_hz"), asked),
        *_data(power, shares, rate_bps, name, COMMAND, asked),
    ]
    if not asked.ranging:
        return rows, (CARRIER, COMMAND)
    return [*rows, *_ranging(power, shares, asked)], (CARRIER, COMMAND, RANGING)


def _rate(radio: Radio, asked_bps: float | None, key: str, own_bps: float | None) -> float:
    rate_bps = own_bps if asked_bps is None else asked_bps
    if rate_bps is None:
        raise UnpublishedError(f"radio {radio.name}: {key} is not known, the link needs it", f"give {key} to the radio")
    if not 0.0 < rate_bps < np.inf:
        raise InputError(f"radio {radio.name}: rate {rate_bps:g} bps", "give bits per second above 0")
    return float(rate_bps)


def _code_name(radio: Radio, key: str) -> str:
    name = getattr(radio, key)
    if name is None:
        raise UnpublishedError(f"radio {radio.name}: {key} is not known, the link needs it", f"give {key} to the radio")
    return str(name)


def _residual_carrier(power: Row, shares: PowerShares, loop_hz: float, asked: LinkConditions) -> list[Row]:
    share = part("carrier power", "dB", decibels(shares.carrier), "modulation indices", asked.of("carrier power"))
    strength = total("Pc/N0", "dB-Hz", [power, share])
    loop = part("carrier loop", "dB-Hz", 10.0 * np.log10(loop_hz), "one-sided bandwidth")
    least = part("loop SNR needed", "dB", asked.settings.loop_snr_db, "[link] loop_snr_db")
    return [share, strength, loop, least, total(CARRIER, "dB", [strength], [loop, least])]


def _suppressed_carrier(radio: Radio, power: Row, symbols_per_s: float, asked: LinkConditions) -> list[Row]:
    symbol_snr_db = power.value - 10.0 * np.log10(symbols_per_s)
    loss = part("squaring loss", "dB", squaring_loss_db(symbol_snr_db), "Costas loop at Es/N0")
    loop = part("carrier loop", "dB-Hz", 10.0 * np.log10(needed(radio, "down_loop_hz")), source(radio, "down_loop_hz"))
    least = part("loop SNR needed", "dB", asked.settings.suppressed_loop_snr_db, "[link] suppressed_loop_snr_db")
    return [loss, loop, least, total(CARRIER, "dB", [power, loss], [loop, least])]


def _data(
    power: Row, shares: PowerShares, rate_bps: float, code_name: str, margin: str, asked: LinkConditions
) -> list[Row]:
    coded = code(code_name)
    what = margin.removesuffix(" margin")
    if shares == SUPPRESSED:
        share = part(f"{what} power", "dB", 0.0, "suppressed carrier: all power is data", FIXED)
    else:
        share = part(f"{what} power", "dB", decibels(shares.data), "modulation indices", asked.of("data power"))
    strength = total("Pd/N0", "dB-Hz", [power, share])
    rate = part(f"{what} rate", "dB-Hz", 10.0 * np.log10(rate_bps), f"{rate_bps:g} bps")
    loss = part("implementation loss", "dB", -asked.settings.implementation_loss_db, "[link] implementation_loss_db",
                asked.of("implementation loss"))  # fmt: skip
    energy = total("Eb/N0", "dB", [strength, loss], [rate])
    least_db = coded.required_ebn0_db(asked.settings.error_rate)
    least = part("Eb/N0 needed", "dB", least_db,
                 f"{coded.title}, {coded.error} errors {asked.settings.error_rate:g}: {coded.source}")  # fmt: skip
    return [share, strength, rate, loss, energy, least, total(margin, "dB", [energy], [least])]


def _ranging(power: Row, shares: PowerShares, asked: LinkConditions) -> list[Row]:
    share = part("ranging power", "dB", decibels(shares.ranging), "modulation indices", asked.of("ranging power"))
    strength = total("Pr/N0", "dB-Hz", [power, share])
    least = part("Pr/N0 needed", "dB-Hz", asked.settings.ranging_snr_db_hz, "[link] ranging_snr_db_hz")
    return [share, strength, least, total(RANGING, "dB", [strength], [least])]
