"""Settings of the comparison of candidates: [ranking]."""

from dataclasses import dataclass, fields

from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import setting


def _weight(default: float, what: str) -> float:
    weight: float = setting(default, f"weight of {what}; 0 leaves it out", minimum=0.0, maximum=1.0)
    return weight


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class RankingSettings:
    """[ranking]: how candidates are compared; the weights sum to 1."""

    method: str = setting(
        "acceptability",
        "what orders the candidates: share of first ranks under uncertainty, weighted sum, or TOPSIS",
        "Lahdelma & Salminen 2001; Hwang & Yoon 1981",
        choices=("acceptability", "weighted_sum", "topsis"),
    )
    draws: int = setting(20_000, "draws of weights and values", minimum=100, maximum=1_000_000)
    weights_uncertain: str = setting(
        "any",
        "'any': every set of weights alike; 'around': within weight_spread of those below; 'order': only their order",
        "SMAA-2 with no, interval or ordinal preferences: Lahdelma & Salminen 2001",
        choices=("any", "around", "order"),
    )
    weight_spread: float = setting(
        0.5, "with 'around': how far a weight may stray, as a share of itself", minimum=0.0, maximum=1.0
    )
    weight_touchdown: float = _weight(0.2, "the probability of a safe touchdown")
    weight_reach: float = _weight(0.2, "the probability of driving into permanent shadow and back to light")
    weight_slope: float = _weight(0.1, "gentle slopes where the lander may come down")
    weight_roughness: float = _weight(0.0, "smooth ground where the lander may come down")
    weight_hazard: float = _weight(0.0, "little hazardous ground where the lander may come down")
    weight_lit_fraction: float = _weight(0.1, "the lit fraction of the landing season")
    weight_lit_days: float = _weight(0.1, "the longest unbroken light of the landing season")
    weight_dark_days: float = _weight(0.1, "a short longest darkness in the landing season")
    weight_earth: float = _weight(0.1, "the Earth view of the landing season")
    weight_earth_gap: float = _weight(0.0, "a short longest time without the Earth")
    weight_sun_and_earth: float = _weight(0.0, "the time with Sun and Earth together")
    weight_psr: float = _weight(0.1, "nearness to permanent shadow")
    weight_drive: float = _weight(0.0, "a short drive to permanent shadow")
    weight_ice: float = _weight(0.0, "shallow stable ice within reach, by the maps of [thermal] or ice_depth_map")
    weight_lit_area: float = _weight(0.0, "much well lit ground around the site")
    weight_approach: float = _weight(0.0, "clearance above the terrain on the approach")
    ice_depth_map: str = setting(
        "none",
        "map of the depth in metres at which ice is stable, any readable raster; 'none': that of [thermal]",
        "assumption",
        path=True,
        words=("none",),
    )
    lit_area_radius_km: float = setting(2.0, "well lit ground is counted this far around the site", minimum=0.05)
    lit_area_fraction: float = setting(
        0.5, "ground is well lit from this lit fraction of the season on", minimum=0.0, maximum=1.0
    )
    approach_length_km: float = setting(10.0, "length of the straight approach path that is checked", minimum=0.1)
    approach_glide_deg: float = setting(15.0, "its angle above the horizontal", minimum=0.5, maximum=90.0)
    approach_gate_m: float = setting(
        100.0, "height above the site where it ends and the vertical descent begins", minimum=0.0
    )
    plugin_weights: tuple[tuple[str, float], ...] = ()
    """Weights of criteria that other packages add: name of the weight and its value."""

    def weight(self, name: str) -> float:
        """The weight called ``name`` ('weight_slope'), of ours or of a plug-in; 0 where the mission gives none."""
        given = dict(self.plugin_weights).get(name)
        return float(getattr(self, name, 0.0) if given is None else given)


WEIGHT_NAMES = tuple(
    spec.name for spec in fields(RankingSettings) if spec.name.startswith("weight_") and spec.name != "weight_spread"
)
"""Settings that are weights of criteria."""
