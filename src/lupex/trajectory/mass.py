"""The staged mass budget: from the mass injected to what stands on the ground."""

from dataclasses import dataclass

from lupex.base.errors import InputError
from lupex.model.glance import Glance
from lupex.trajectory.conics import propellant_kg
from lupex.trajectory.vehicles import Propulsion


@dataclass(frozen=True, kw_only=True)
class Burn:
    """A burn of the budget: its name, delta-v without margin (m/s), and whether the descent engines make it."""

    name: str
    delta_v_m_s: float
    descent: bool = False


@dataclass(frozen=True, kw_only=True)
class MassRow:
    """One line of the budget: delta-v with margin (m/s), specific impulse (s), mass before, burnt or dropped, after."""

    name: str
    delta_v_m_s: float
    margined_m_s: float
    isp_s: float
    before_kg: float
    spent_kg: float
    after_kg: float


@dataclass(frozen=True, kw_only=True, repr=False)
class MassBudget(Glance):
    """Lines of the budget in order; landed_kg: on the ground; margin_kg: over what must land, NaN where unpublished."""

    rows: tuple[MassRow, ...]
    landed_kg: float
    margin_kg: float

    def _facts(self) -> dict[str, str]:
        return {"landed": f"{self.landed_kg:.0f} kg", "margin": f"margin {self.margin_kg:.0f} kg"}


def mass_budget(
    propulsion: Propulsion, injected_kg: float, burns: tuple[Burn, ...], margin_fraction: float, least_kg: float = 0.0
) -> MassBudget:
    """What each burn leaves, with a margin on every delta-v; a propulsion module is dropped before the descent.

    Args:
        propulsion: engines and masses. injected_kg: by the launcher, with a propulsion module where there is one.
        burns: in order. margin_fraction: on each. least_kg: that must land; 0: dry mass and payload where stated.

    Raises InputError for masses that cannot be.
    """
    if not injected_kg > propulsion.stage_mass_kg:
        raise InputError(
            f"mass budget: {injected_kg:g} kg injected, {propulsion.stage_mass_kg:g} kg in the propulsion module alone",
            "give a larger mass",
        )
    mass, rows, dropped = injected_kg, [], propulsion.stage_mass_kg == 0.0
    burnt = 0.0
    for burn in burns:
        if burn.descent and not dropped:
            rest = propulsion.stage_mass_kg - burnt
            if rest <= 0.0:
                raise InputError(
                    f"mass budget: the burns before the descent take {burnt:.0f} kg, the propulsion module has "
                    f"{propulsion.stage_mass_kg:g} kg in all",
                    "lower the burns or give a larger module",
                )
            rows.append(MassRow(name="module left behind", delta_v_m_s=0.0, margined_m_s=0.0, isp_s=0.0,
                                before_kg=mass, spent_kg=rest, after_kg=mass - rest))  # fmt: skip
            mass, dropped = mass - rest, True
        isp = propulsion.isp_s if burn.descent else propulsion.orbit_isp_s
        margined = burn.delta_v_m_s * (1.0 + margin_fraction)
        spent = propellant_kg(mass, margined, isp)
        burnt += 0.0 if burn.descent else spent
        rows.append(MassRow(name=burn.name, delta_v_m_s=burn.delta_v_m_s, margined_m_s=margined, isp_s=isp,
                            before_kg=mass, spent_kg=spent, after_kg=mass - spent))  # fmt: skip
        mass -= spent
    needed = least_kg or (propulsion.dry_mass_kg + propulsion.payload_mass_kg if propulsion.dry_mass_kg else 0.0)
    return MassBudget(rows=tuple(rows), landed_kg=mass, margin_kg=mass - needed if needed else float("nan"))
