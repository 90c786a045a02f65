"""Settings of [link]: how a link budget is computed and when a link counts as closed."""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting

ATMOSPHERES = ("table", "itur", "none")


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class LinkSettings:
    """[link]: weather, noise, losses, thresholds and the margin asked for."""

    atmosphere: str = setting(
        "table",
        "'table' (ITU-R attenuation of eight sites), 'itur' (ITU-R at the station, needs the package itur) or 'none'",
        "docs/theory/link_budget.md",
        choices=ATMOSPHERES,
    )
    availability_percent: float = setting(
        90.0, "share of the year in which the weather is no worse than assumed", minimum=50.0, maximum=99.0
    )
    station_pointing_error_deg: float = setting(
        0.003, "how far the station's beam is off the target", minimum=0.0, maximum=5.0
    )
    station_axial_ratio_db: float = setting(
        0.7, "axial ratio of the station's circular feed", minimum=0.0, maximum=40.0
    )
    dish_efficiency_fraction: float = setting(
        0.6, "aperture efficiency of a station whose gain is unpublished", minimum=0.1, maximum=1.0
    )
    moon_noise: bool = setting(True, "add the noise of the Moon's disc in the station's beam", "physics of the link")
    moon_offset_fraction: float = setting(
        1.0,
        "where the target stands on the disc seen from the Earth: 0 its centre, 1 its limb",
        "a place at a pole stands within 0.8 percent of the limb",
        minimum=0.0,
        maximum=1.5,
    )
    implementation_loss_db: float = setting(
        1.0, "loss of demodulator and synchroniser beside the code's theory", minimum=0.0, maximum=10.0
    )
    error_rate: float = setting(
        1e-4, "frames (of codes with frames) or bits lost at the threshold of a code", minimum=1e-7, maximum=1e-1
    )
    loop_snr_db: float = setting(10.0, "SNR the carrier loop needs with a residual carrier", minimum=0.0, maximum=40.0)
    suppressed_loop_snr_db: float = setting(
        17.0, "SNR the carrier loop needs with a suppressed carrier", minimum=0.0, maximum=40.0
    )
    ranging_snr_db_hz: float = setting(
        20.0, "ranging power over noise density the ranging receiver needs", minimum=-30.0, maximum=80.0
    )
    down_sigmas: float = setting(
        2.0, "the downlink must close at its mean less this many standard deviations", minimum=0.0, maximum=6.0
    )
    up_sigmas: float = setting(
        3.0, "the uplink must close at its mean less this many standard deviations", minimum=0.0, maximum=6.0
    )
    required_margin_db: float = setting(3.0, "margin asked of the design value", minimum=0.0, maximum=30.0)
