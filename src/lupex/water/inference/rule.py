"""The rule by which a campaign says yes, no or not yet: fixed before the first measurement."""

from dataclasses import dataclass, fields

from lupex.base.errors import InputError
from lupex.model.settings.setting import setting

LAYER_M = 0.1
"""A layer thinner than one sample of the auger is not looked for."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Parameters of the decision, registered before the first measurement."""

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
