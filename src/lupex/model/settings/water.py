"""Settings of the question whether there is water: [water], [water_rule], [water_prior]."""

from dataclasses import dataclass, fields

from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting

LAYER_M = 0.1
"""A layer thinner than one sample of the auger is not looked for."""


@dataclass(frozen=True, kw_only=True)
class WaterSettings:
    """[water]: the survey before landing, the field that ties places together, and what a wrong answer costs."""

    in_study: bool = setting(True, "simulated holes and a survey around every site in the study and its report")
    lat_deg: float = setting(-89.45, "middle of a survey asked for by itself: latitude", minimum=-90.0, maximum=90.0)
    lon_deg: float = setting(222.69, "and east longitude", minimum=-360.0, maximum=360.0)
    radius_km: float = setting(
        1.5, "how far from there or from a site a station may lie", "1 x 1 km: ISRO/SAC (secondary)", 0.05, 20.0
    )
    spacing_m: float = setting(500.0, "distance between places considered", minimum=10.0, maximum=5000.0)
    stations: int = setting(5, "most stations of a survey", "drill at several sites: JAXA LUPEX page", 1, 50)
    holes_deepest_m: float = setting(1.4, "deepest sample", "1.5 m earth auger: JAXA LUPEX page", 0.1, 10.0)
    most_samples: int = setting(4, "most samples of one hole", minimum=1, maximum=12)
    counting_s: float = setting(900.0, "time of one neutron count", minimum=1.0, maximum=1e6)
    worlds: int = setting(60, "simulated worlds per kind of ground", minimum=10, maximum=100_000)
    unstable_probability: float = setting(
        0.02, "probability of ice where none is stable within reach of the auger", minimum=1e-6, maximum=0.99
    )
    hydrogen_map: str = setting(
        "none", "raster of hydrogen from orbit (LPNS, LEND), read at the places and taken into the prior",
        path=True, words=("none",),
    )  # fmt: skip
    hydrogen_unit: str = setting(
        "none", "unit of hydrogen_map: wt_percent (water-equivalent), ppm (hydrogen by mass) or fraction",
        choices=("none", "wt_percent", "ppm", "fraction"),
    )  # fmt: skip
    surface_ice_map: str = setting(
        "none", "raster of ice seen at the surface (M3): 1 seen, 0 not seen, no data elsewhere",
        path=True, words=("none",),
    )  # fmt: skip
    length_m: float = setting(150.0, "distance over which ice stays alike", minimum=0.1, maximum=1e6)
    temperature_scale_k: float = setting(15.0, "difference of annual maximum that makes places strangers", minimum=0.1)
    slope_scale_deg: float = setting(10.0, "difference of slope that does", minimum=0.1)
    sigma: float = setting(2.0, "standard deviation of the latent score of ice, in probits", minimum=0.01, maximum=10.0)
    false_yes_loss: float = setting(20.0, "loss of a wrong yes; that of no answer is 1", minimum=0.0)
    missed_loss: float = setting(5.0, "loss of a wrong no", minimum=0.0)
    max_slope_deg: float = setting(15.0, "steepest ground for a hole", minimum=0.0, maximum=90.0)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class RuleSettings:
    """[water_rule]: parameters of the decision, registered before the first measurement."""

    level_wt_percent: float = setting(
        0.5, "water ice of this weight per cent or more is asked for", "VIPER NSS: 0.5 wt% or more (PDS)", 0.02, 20.0
    )
    depth_m: float = setting(1.5, "down to this depth", "auger of 1.5 m: JAXA LUPEX page", 0.2, 3.0)
    confirm: float = setting(0.99, "least probability of water for a yes", minimum=0.5, maximum=0.99999)
    absent: float = setting(0.95, "least probability of its absence for a no", minimum=0.5, maximum=0.99999)
    false_alarm: float = setting(
        0.01, "largest share of dry places, of whatever family, that may be confirmed", minimum=1e-5, maximum=0.2
    )
    missed: float = setting(
        0.05, "largest share of wet places, however deep, that may be called absent", minimum=1e-5, maximum=0.5
    )
    bayes_factor: float = setting(
        20.0, "least Bayes factor of one channel that sees the molecule", minimum=1.0, maximum=1e6
    )
    specific: str = setting(
        "triton, adore, nir_cuttings, nir_surface", "channels that see the molecule; one must reach the Bayes factor"
    )
    with_ltga: bool = setting(True, "triton and adore count only beside thermogravimetry of the same sample")
    dry_rate_shift: float = setting(
        0.05, "the answer must survive a dry rate wrong by this, either way", minimum=0.0, maximum=0.2
    )
    terrain_shift: float = setting(
        0.01, "and a rate wrong by this for the shape of the ground",
        "topography changes the rate by about 1 %: Eke et al. 2015", 0.0, 0.2
    )  # fmt: skip
    blank_sigmas: float = setting(3.0, "a blank this far above its calibration has failed", minimum=1.0, maximum=10.0)

    def __post_init__(self) -> None:
        for spec in fields(self):
            value, facts = getattr(self, spec.name), spec.metadata
            if facts["minimum"] is not None and not facts["minimum"] <= value <= facts["maximum"]:
                raise InputError(
                    f"rule {spec.name} {value:g} lies outside {facts['minimum']:g} .. {facts['maximum']:g}",
                    "correct it",
                )

    @property
    def level(self) -> float:
        """The level as a mass fraction."""
        return self.level_wt_percent / 100.0

    @property
    def reach_m(self) -> float:
        """A cover may be this thick: one layer must lie above the depth asked for."""
        return self.depth_m - LAYER_M

    @property
    def specific_channels(self) -> tuple[str, ...]:
        """Names of the channels that see the molecule."""
        return tuple(name.strip() for name in self.specific.split(",") if name.strip())


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class PriorSettings:
    """[water_prior]: beliefs about the ground of a place: is there ice, how much, how deep; what imitates it."""

    ice_probability: float = setting(
        0.3, "probability that there is ice in the ground here", "assumption: 24 % of cold traps by peak temperature "
        "stay cold by time-averaged loss (Schorghofer and Williams 2020)", 0.0, 1.0
    )  # fmt: skip
    ice_median: float = setting(
        0.015, "mass fraction of ice where there is any, median",
        "between LPNS, at most 1 wt% (Eke 2009), and LCROSS, 5.6 wt% (Colaprete 2010)", 1e-4, 0.3
    )  # fmt: skip
    ice_ln_sigma: float = setting(1.0, "spread of that, in ln: covers LPNS and LCROSS", minimum=0.05, maximum=3.0)
    cover_median_m: float = setting(
        0.3,
        "thickness of the dry cover, median; the depth to stability where known",
        minimum=1e-3,
        maximum=5.0,
    )
    cover_ln_sigma: float = setting(
        1.0, "spread of that, in ln", "laws of sublimation differ by 4.5 in rate: Watson 8, Bryson 36 m/Gyr at 120 K",
        0.05, 3.0
    )  # fmt: skip
    open_share: float = setting(
        0.05, "share of the places with ice where it lies open", "3.5 % of cold traps show ice: Li 2018", 0.0, 1.0
    )
    hydration_median: float = setting(
        5e-4, "hydrogen that is no ice, as mass fraction of water, median",
        "adsorbed: at most a few hundred ppm (Schorghofer and Taylor 2007)", 1e-6, 0.05
    )  # fmt: skip
    hydration_ln_sigma: float = setting(0.7, "spread of that, in ln", minimum=0.05, maximum=2.0)
    stone_mean: float = setting(0.03, "share of stones of ordinary ground, mean", minimum=1e-3, maximum=0.2)
    blocky_share: float = setting(0.15, "share of places that are blocky (stones 5 to 40 %)", minimum=0.0, maximum=0.9)

    def __post_init__(self) -> None:
        for spec in fields(self):
            value, facts = getattr(self, spec.name), spec.metadata
            if not facts["minimum"] <= value <= facts["maximum"]:
                raise InputError(
                    f"prior {spec.name} {value:g} lies outside {facts['minimum']:g} .. {facts['maximum']:g}",
                    "correct it",
                )
        if not 0.0 < self.ice_probability < 1.0:
            raise InputError(
                f"prior ice_probability {self.ice_probability:g} excludes whatever is measured",
                "give more than 0 and less than 1",
            )
