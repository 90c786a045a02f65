"""The link along the lunar surface, lander to rover: free space or with the reflection of flat ground."""

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError
from lupex.model.contact.radio import Radio
from lupex.signals.budgets.antennas import free_space_loss_db, polarisation_loss_db
from lupex.signals.budgets.budget import LinkBudget, Row, part, total
from lupex.signals.budgets.conditions import LinkConditions
from lupex.signals.budgets.known import needed, source
from lupex.signals.budgets.link import LINEAR_AXIAL_RATIO_DB, boltzmann, off_axis, radio_eirp
from lupex.signals.budgets.rows import telemetry_rows

REGOLITH_PERMITTIVITY = 2.7
"""Relative permittivity of dry regolith near the surface, losses left out (assumption; 2.3 to 3.5 is usual)."""

METHODS = ("two-ray", "free space")


def ground_reflection_db(
    distance_m: ArrayLike, height_1_m: float, height_2_m: float, frequency_hz: float, polarisation: str = "vertical"
) -> F64:
    """What flat ground adds to free space (dB, up to +6, deep fades below 0): |1 + G exp(-i k dL)|^2.

    G is Fresnel's coefficient of smooth regolith at the angle of reflection, dL the difference of the paths.
    Holds for smooth ground and clear first Fresnel zones; rough ground reflects less, curved ground ends it.

    Args:
        height_1_m, height_2_m: of the antennas above the ground.
        frequency_hz: of the carrier.
        distance_m: between the antennas along the ground. polarisation: 'vertical' or 'horizontal'.
    """
    distance = np.asarray(distance_m, dtype=np.float64)
    direct = np.hypot(distance, height_1_m - height_2_m)
    bounced = np.hypot(distance, height_1_m + height_2_m)
    sine = (height_1_m + height_2_m) / bounced
    root = np.sqrt(REGOLITH_PERMITTIVITY - (1.0 - sine**2))
    facing = REGOLITH_PERMITTIVITY * sine if polarisation == "vertical" else sine
    reflection = (facing - root) / (facing + root)
    phase = 2.0 * np.pi * frequency_hz / SPEED_OF_LIGHT_M_S * (bounced - direct)
    field = np.abs(1.0 + reflection * direct / bounced * np.exp(-1j * phase))
    return np.asarray(20.0 * np.log10(np.maximum(field, 1e-3)))


def surface_link(
    sender: Radio,
    receiver: Radio,
    distance_m: ArrayLike,
    conditions: LinkConditions | None = None,
    method: str = "two-ray",
) -> LinkBudget:
    """Budget of one radio on the Moon to another over line-of-sight ground; rows as `lupex.signals.downlink`.

    Args:
        sender, receiver: the two radios.
        conditions: rate and tolerances; None for the defaults of [link].
        distance_m: along the ground, number or array. method: 'two-ray' (needs height_m of both) or 'free space'.
            Terrain between them is for the caller to test.

    Raises: InputError, naming it, for what a radio lacks, different bands, or an unknown method.
    """
    asked = conditions or LinkConditions()
    if method not in METHODS:
        raise InputError(f"surface link: method '{method}' is unknown", f"known: {', '.join(METHODS)}")
    if sender.band != receiver.band:
        raise InputError(
            f"surface link: {sender.name} sends in {sender.band}, {receiver.name} receives in {receiver.band}",
            "take two radios of one band",
        )
    frequency_hz = needed(sender, "frequency_down_hz")
    sent, eirp = radio_eirp(sender, asked)
    path = [part("free space", "dB", -free_space_loss_db(distance_m, frequency_hz), "4 pi d f / c")]
    if method == "two-ray":
        heights = needed(sender, "height_m"), needed(receiver, "height_m")
        bounce = ground_reflection_db(distance_m, *heights, frequency_hz)
        path.append(part("ground reflection", "dB", bounce, "two rays over flat regolith"))
    path.append(_polarisation(sender, receiver))
    gain = part("receive gain", "dBi", needed(receiver, "rx_gain_dbi"), source(receiver, "rx_gain_dbi"),
                asked.of("receive gain"))  # fmt: skip
    off = off_axis(receiver, "receive pointing", asked)
    line = part("receive loss", "dB", -receiver.rx_loss_db, source(receiver, "rx_loss_db"), asked.of("receive loss"))
    noise = part("system noise", "dB-K", 10.0 * np.log10(needed(receiver, "rx_noise_k")),
                 source(receiver, "rx_noise_k"), asked.of("system noise"))  # fmt: skip
    gt = total("G/T", "dB/K", [gain, off, line], [noise])
    power = total("Pt/N0", "dB-Hz", [eirp, *path, gt], [boltzmann()])
    signal, margins = telemetry_rows(sender, power, asked)
    return LinkBudget(
        title=f"{sender.name} to {receiver.name} along the ground, {sender.band} band",
        direction="surface",
        rows=(*sent, *path, gain, off, line, noise, gt, power, *signal),
        margins=margins,
        sigmas=asked.settings.down_sigmas,
        required_margin_db=asked.settings.required_margin_db,
        notes=("line of sight over terrain is not tested here",),
    )


def surface_reach_m(
    sender: Radio, receiver: Radio, conditions: LinkConditions | None = None, limit_m: float = 20_000.0
) -> float:
    """Distance up to which the link closes at every shorter one from 10 m (m); 0: it never does; at most the limit.

    Args:
        sender, receiver: the two radios.
        conditions: rate and tolerances; None for the defaults of [link].
        limit_m: longest distance tried.
    """
    distance = np.geomspace(10.0, limit_m, 2000)
    budget = surface_link(sender, receiver, distance, conditions)
    failed = ~np.broadcast_to(budget.closes, distance.shape)
    if not failed.any():
        return limit_m
    first = int(np.argmax(failed))
    return float(distance[first - 1]) if first else 0.0


def _polarisation(sender: Radio, receiver: Radio) -> Row:
    ratios = [
        LINEAR_AXIAL_RATIO_DB if one.polarisation == "linear" else one.axial_ratio_db for one in (sender, receiver)
    ]
    if sender.polarisation == receiver.polarisation == "linear":
        return part("polarisation", "dB", 0.0, "both linear and upright")
    return part("polarisation", "dB", -polarisation_loss_db(*ratios)[0], "axial ratios, tilt unknown")
