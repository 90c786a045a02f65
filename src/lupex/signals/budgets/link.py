"""Link budgets between a station on the Earth and a radio on the Moon, down and up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.model.contact.radio import Radio
from lupex.model.contact.station import Band, Station
from lupex.signals.budgets.antennas import (
    dish_beamwidth_deg,
    dish_gain_dbi,
    free_space_loss_db,
    pattern_loss_db,
    polarisation_loss_db,
)
from lupex.signals.budgets.atmosphere import attenuation_db, sky_noise_k, zenith_attenuation_db
from lupex.signals.budgets.budget import LinkBudget, Row, part, total
from lupex.signals.budgets.conditions import LinkConditions
from lupex.signals.budgets.known import band_of, check_frequency, needed, source, unpublished
from lupex.signals.budgets.noise import BOLTZMANN_DBW_K_HZ, moon_noise_k
from lupex.signals.budgets.rows import command_rows, telemetry_rows
from lupex.signals.budgets.tolerances import FIXED, Tolerance

LINEAR_AXIAL_RATIO_DB = 200.0
"""Stands for the infinite axial ratio of a linear antenna."""

_CLEAR_SKY_PERCENT = 50.0


def downlink(
    station: Station,
    radio: Radio,
    range_m: ArrayLike,
    elevation_deg: ArrayLike,
    conditions: LinkConditions | None = None,
) -> LinkBudget:
    """Budget of radio to station: EIRP, path, G/T, carrier, telemetry and ranging margins.

    Args:
        station, radio: the two ends.
        conditions: weather, Moon, rate and tolerances; None for the defaults of [link].
        range_m, elevation_deg: of the radio as seen from the station; numbers, or arrays along a pass (n,).
            The rows of the budget have their shape.

    Raises: InputError, naming it, for a number that is not known but needed, a frequency outside the station's
        band, a range of 0 or below, a target below the horizon, a rate of 0 or below.
    """
    asked = conditions or LinkConditions()
    band = band_of(station, radio)
    frequency_hz = needed(radio, "frequency_down_hz")
    check_frequency(station, band, radio, frequency_hz, "rx")
    path = _Path(station, radio, band, frequency_hz, np.asarray(range_m), np.asarray(elevation_deg), asked)
    sent, eirp = radio_eirp(radio, asked)
    losses = [path.space(), path.atmosphere(), path.polarisation()]
    received, gt = _station_gt(path)
    power = total("Pt/N0", "dB-Hz", [eirp, *losses, gt], [boltzmann()])
    signal, margins = telemetry_rows(radio, power, asked)
    return LinkBudget(
        title=f"{radio.name} to {station.name}, {radio.band} band",
        direction="down",
        rows=(*sent, *losses, *received, gt, power, *signal),
        margins=margins,
        sigmas=asked.settings.down_sigmas,
        required_margin_db=asked.settings.required_margin_db,
        notes=path.notes(),
    )


def uplink(
    station: Station,
    radio: Radio,
    range_m: ArrayLike,
    elevation_deg: ArrayLike,
    conditions: LinkConditions | None = None,
) -> LinkBudget:
    """Budget of station to radio: EIRP, path, G/T of the radio, carrier and command margins.

    Arguments and errors as `downlink`; ``rate_bps`` is the command rate here.

    Args:
        station, radio: the two ends.
        range_m, elevation_deg: of the radio as seen from the station; numbers or arrays (n,).
        conditions: weather, Moon, rate and tolerances; None for the defaults of [link].
    """
    asked = conditions or LinkConditions()
    band = band_of(station, radio)
    frequency_hz = needed(radio, "frequency_up_hz")
    check_frequency(station, band, radio, frequency_hz, "tx")
    path = _Path(station, radio, band, frequency_hz, np.asarray(range_m), np.asarray(elevation_deg), asked)
    sent, eirp = _station_eirp(path)
    losses = [path.space(), path.atmosphere(), path.polarisation()]
    gain = part("receive gain", "dBi", needed(radio, "rx_gain_dbi"), source(radio, "rx_gain_dbi"),
                asked.of("receive gain"))  # fmt: skip
    off = off_axis(radio, "receive pointing", asked)
    line = part("receive loss", "dB", -radio.rx_loss_db, source(radio, "rx_loss_db"), asked.of("receive loss"))
    noise_k = needed(radio, "rx_noise_k")
    noise = part("system noise", "dB-K", 10.0 * np.log10(noise_k), source(radio, "rx_noise_k"),
                 asked.of("system noise"))  # fmt: skip
    gt = total("G/T", "dB/K", [gain, off, line], [noise])
    power = total("Pt/N0", "dB-Hz", [eirp, *losses, gt], [boltzmann()])
    signal, margins = command_rows(radio, power, asked)
    return LinkBudget(
        title=f"{station.name} to {radio.name}, {radio.band} band",
        direction="up",
        rows=(*sent, *losses, gain, off, line, noise, gt, power, *signal),
        margins=margins,
        sigmas=asked.settings.up_sigmas,
        required_margin_db=asked.settings.required_margin_db,
        notes=("noise the Moon and Earth add to the radio's antenna is part of rx_noise_k",),
    )


@dataclass(frozen=True)
class _Path:
    """One end, the other end and what lies between."""

    station: Station
    radio: Radio
    band: Band
    frequency_hz: float
    range_m: F64
    elevation_deg: F64
    asked: LinkConditions

    def space(self) -> Row:
        return part("free space", "dB", -free_space_loss_db(self.range_m, self.frequency_hz), "4 pi d f / c")

    def attenuation(self) -> tuple[F64, str]:
        settings = self.asked.settings
        return attenuation_db(self.station, self.radio.band, self.frequency_hz, self.elevation_deg,
                              settings.availability_percent, settings.atmosphere)  # fmt: skip

    def atmosphere(self) -> Row:
        loss, source = self.attenuation()
        return part("atmosphere", "dB", -loss, source, self.asked.of("atmosphere"))

    def polarisation(self) -> Row:
        linear = self.radio.polarisation == "linear"
        ratio = LINEAR_AXIAL_RATIO_DB if linear else self.radio.axial_ratio_db
        mean, least, greatest = polarisation_loss_db(ratio, self.asked.settings.station_axial_ratio_db)
        spread = Tolerance(mean - least, mean - greatest, "uniform") if greatest > least else FIXED
        return part("polarisation", "dB", -mean, "axial ratios, tilt unknown", spread)

    def pointing(self, name: str) -> Row:
        width = dish_beamwidth_deg(self.station.dish_m, self.frequency_hz)
        loss = pattern_loss_db("gaussian", self.asked.settings.station_pointing_error_deg, width)
        return part(name, "dB", -loss, "gaussian lobe of the dish", self.asked.of(name))

    def noise_rise_db(self, noise_k: float) -> F64:
        """Rise of the system noise over a clear zenith: weather along the path and the Moon in the beam."""
        settings = self.asked.settings
        extra = np.zeros(np.broadcast_shapes(self.range_m.shape, self.elevation_deg.shape))
        if settings.atmosphere != "none":
            clear, _ = zenith_attenuation_db(self.station, self.radio.band, _CLEAR_SKY_PERCENT)
            extra = extra + np.maximum(sky_noise_k(self.attenuation()[0]) - sky_noise_k(clear), 0.0)
        if settings.moon_noise:
            width = dish_beamwidth_deg(self.station.dish_m, self.frequency_hz)
            extra = extra + moon_noise_k(self.radio.band, self.range_m, settings.moon_offset_fraction, width)
        return np.asarray(10.0 * np.log10(1.0 + extra / noise_k))

    def notes(self) -> tuple[str, ...]:
        notes = ["noise of the station holds for the zenith under a clear sky; weather and Moon come on top"]
        if self.band.system_noise_k is None and self.band.rx_gain_dbi is None:
            notes.append(
                f"noise of {self.station.name} taken from its G/T and a dish efficiency of "
                f"{self.asked.settings.dish_efficiency_fraction:g} (assumption); it only weighs the noise added"
            )
        return tuple(notes)


def off_axis(radio: Radio, name: str, asked: LinkConditions) -> Row:
    """Loss of the radio's antenna off its boresight."""
    angle = radio.pointing_error_deg if asked.off_axis_deg is None else asked.off_axis_deg
    loss = pattern_loss_db(radio.pattern, angle, radio.beamwidth_deg)
    return part(name, "dB", -loss, f"{radio.pattern} pattern, {angle:g} deg off", asked.of(name))


def radio_eirp(radio: Radio, asked: LinkConditions) -> tuple[list[Row], Row]:
    """Rows that make the EIRP of a radio, its total last, and that total."""
    power = part("transmitter power", "dBW", 10.0 * np.log10(needed(radio, "tx_power_w")),
                 source(radio, "tx_power_w"), asked.of("transmitter power"))  # fmt: skip
    line = part("transmit loss", "dB", -radio.tx_loss_db, source(radio, "tx_loss_db"), asked.of("transmit loss"))
    gain = part("transmit gain", "dBi", needed(radio, "tx_gain_dbi"), source(radio, "tx_gain_dbi"),
                asked.of("transmit gain"))  # fmt: skip
    off = off_axis(radio, "transmit pointing", asked)
    eirp = total("EIRP", "dBW", [power, line, gain, off])
    return [power, line, gain, off, eirp], eirp


def _station_eirp(path: _Path) -> tuple[list[Row], Row]:
    station, band, asked = path.station, path.band, path.asked
    off = path.pointing("transmit pointing")
    if band.eirp_dbw is not None:
        stated = part("station EIRP", "dBW", band.eirp_dbw, source(station, "eirp_dbw", band), asked.of("EIRP"))
        eirp = total("EIRP", "dBW", [stated, off])
        return [stated, off, eirp], eirp
    if band.tx_power_w is None or band.tx_gain_dbi is None:
        lacking = [key for key in ("tx_power_w", "tx_gain_dbi") if getattr(band, key) is None]
        unpublished(station, band, ("eirp_dbw", *lacking))
    power = part("transmitter power", "dBW", 10.0 * np.log10(band.tx_power_w),
                 source(station, "tx_power_w", band), asked.of("transmitter power"))  # fmt: skip
    gain = part("transmit gain", "dBi", band.tx_gain_dbi, source(station, "tx_gain_dbi", band),
                asked.of("transmit gain"))  # fmt: skip
    eirp = total("EIRP", "dBW", [power, gain, off])
    return [power, gain, off, eirp], eirp


def _station_gt(path: _Path) -> tuple[list[Row], Row]:
    """Rows that make the station's G/T, and that total."""
    station, band, asked = path.station, path.band, path.asked
    off = path.pointing("receive pointing")
    if band.rx_gain_dbi is not None and band.system_noise_k is not None:
        gain = part("receive gain", "dBi", band.rx_gain_dbi, source(station, "rx_gain_dbi", band),
                    asked.of("receive gain"))  # fmt: skip
        noise = part("system noise", "dB-K", 10.0 * np.log10(band.system_noise_k),
                     source(station, "system_noise_k", band), asked.of("system noise"))  # fmt: skip
        rows, less, noise_k = [gain], [noise], band.system_noise_k
    elif band.g_t_db_k is not None:
        rows = [part("station G/T", "dB/K", band.g_t_db_k, source(station, "g_t_db_k", band), asked.of("G/T"))]
        less = []
        gain_dbi = band.rx_gain_dbi
        if gain_dbi is None:
            gain_dbi = dish_gain_dbi(station.dish_m, path.frequency_hz, asked.settings.dish_efficiency_fraction)
        noise_k = band.system_noise_k or 10.0 ** ((gain_dbi - band.g_t_db_k) / 10.0)
    else:
        lacking = [key for key in ("rx_gain_dbi", "system_noise_k") if getattr(band, key) is None]
        unpublished(station, band, ("g_t_db_k", *lacking))
    rise = part("noise added", "dB", -path.noise_rise_db(noise_k), "weather and Moon in the beam")
    rows += [rise, off]
    return [*less, *rows], total("G/T", "dB/K", rows, less)


def boltzmann() -> Row:
    """The row of the Boltzmann constant."""
    return part("Boltzmann constant", "dBW/K/Hz", BOLTZMANN_DBW_K_HZ, "SI 2019")
