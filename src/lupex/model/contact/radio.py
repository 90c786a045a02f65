"""A spacecraft terminal: what it sends and receives in one band, through one antenna."""

import math
from dataclasses import dataclass, field

from lupex.base.errors import InputError
from lupex.model.contact.station import BAND_NAMES
from lupex.model.fact import Fact
from lupex.model.glance import Glance

POLARISATIONS = ("RHCP", "LHCP", "linear")
PATTERNS = ("isotropic", "gaussian", "parabolic")
"""Antenna patterns: equal everywhere; gaussian main lobe; aperture lit evenly (with side lobes)."""

MODULATIONS = ("residual", "bpsk", "qpsk")
"""Residual carrier with phase-modulated telemetry; suppressed carrier BPSK; suppressed carrier (O)QPSK."""

_POSITIVE = ("frequency_down_hz", "frequency_up_hz", "tx_power_w", "rx_noise_k", "beamwidth_deg", "command_rate_bps",
             "down_loop_hz", "up_loop_hz")  # fmt: skip
_AT_LEAST_ZERO = ("tx_loss_db", "rx_loss_db", "pointing_error_deg", "axial_ratio_db", "height_m", "telemetry_index_rad",
                  "ranging_index_rad", "command_index_rad", "ranging_up_index_rad")  # fmt: skip


@dataclass(frozen=True, kw_only=True, repr=False)
class Radio(Glance):
    """A terminal of a rover, lander or orbiter; None is not known, and a link that needs it says so by name.

    Attributes:
        name, title: as in the catalogue, and as people say it. band: 'UHF', 'S', 'X' or 'Ka'.
        frequency_down_hz: carrier it sends. frequency_up_hz: carrier it receives.
        tx_power_w: power at the transmitter's output. tx_gain_dbi, rx_gain_dbi: gains at boresight.
        tx_loss_db, rx_loss_db: lines and filters between transmitter, receiver and antenna.
        rx_noise_k: noise temperature of the receiving system at the antenna's port, with what the antenna sees.
        pattern: one of PATTERNS. beamwidth_deg: full width between the -3 dB directions.
        pointing_error_deg: how far off boresight the other end stands, when a call does not say.
        polarisation: one of POLARISATIONS. axial_ratio_db: of its circular polarisation, 0 perfect.
        modulation: one of MODULATIONS. telemetry_index_rad: phase deviation of telemetry (square wave).
        ranging_index_rad, ranging_up_index_rad: peak phase deviation of the ranging tone down and up.
        command_index_rad: peak phase deviation of the command subcarrier on the uplink.
        coding, command_coding: names of codes, see lupex.signals.budgets.coding.
        data_rates_bps: rates of telemetry it can be switched to, information bits per second.
        command_rate_bps: rate of commands. down_loop_hz, up_loop_hz: one-sided bandwidths of the carrier loops
            at the station (for this signal) and in the terminal.
        height_m: antenna above the ground.
        facts: every number with its source. unpublished: key -> meaning of what nobody published.
    """

    name: str
    title: str
    band: str
    frequency_down_hz: float | None = None
    frequency_up_hz: float | None = None
    tx_power_w: float | None = None
    tx_gain_dbi: float | None = None
    tx_loss_db: float = 0.0
    rx_gain_dbi: float | None = None
    rx_loss_db: float = 0.0
    rx_noise_k: float | None = None
    pattern: str = "isotropic"
    beamwidth_deg: float | None = None
    pointing_error_deg: float = 0.0
    polarisation: str = "RHCP"
    axial_ratio_db: float = 0.0
    modulation: str = "residual"
    telemetry_index_rad: float | None = None
    ranging_index_rad: float | None = None
    command_index_rad: float | None = None
    ranging_up_index_rad: float | None = None
    coding: str | None = None
    command_coding: str | None = None
    data_rates_bps: tuple[float, ...] = ()
    command_rate_bps: float | None = None
    down_loop_hz: float | None = None
    up_loop_hz: float | None = None
    height_m: float | None = None
    facts: tuple[Fact, ...] = ()
    unpublished: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, names in (
            ("band", BAND_NAMES),
            ("polarisation", POLARISATIONS),
            ("pattern", PATTERNS),
            ("modulation", MODULATIONS),
        ):
            if getattr(self, key) not in names:
                raise InputError(
                    f"radio {self.name}: {key} '{getattr(self, key)}' is unknown", f"known: {', '.join(names)}"
                )
        for key in _POSITIVE:
            self._check(key, above_zero=True)
        for key in _AT_LEAST_ZERO:
            self._check(key, above_zero=False)
        if self.pattern != "isotropic" and self.beamwidth_deg is None:
            raise InputError(f"radio {self.name}: pattern '{self.pattern}' has no beamwidth_deg", "give it in degrees")
        rates = self.data_rates_bps
        if any(not 0.0 < rate < math.inf for rate in rates) or list(rates) != sorted(set(rates)):
            raise InputError(f"radio {self.name}: data_rates_bps do not rise from above 0", "sort them")

    def _check(self, key: str, above_zero: bool) -> None:
        value = getattr(self, key)
        if value is None:
            return
        if not math.isfinite(value) or value < 0.0 or (above_zero and value == 0.0):
            fix = "give a positive number or leave it out" if above_zero else "give 0 or more"
            raise InputError(f"radio {self.name}: {key} = {value:g}", fix)

    def _facts(self) -> dict[str, str]:
        down = "" if self.frequency_down_hz is None else f"down {self.frequency_down_hz / 1e6:g} MHz"
        up = "" if self.frequency_up_hz is None else f"up {self.frequency_up_hz / 1e6:g} MHz"
        missing = f"{len(self.unpublished)} unpublished" if self.unpublished else ""
        return {"name": self.name, "band": f"band {self.band}", "down": down, "up": up, "missing": missing}

    def _details(self) -> dict[str, str]:
        return self._facts() | {fact.key: f"{fact.value} ({fact.source})" for fact in self.facts} | self.unpublished
