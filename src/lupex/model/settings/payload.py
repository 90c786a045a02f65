"""Settings of the accommodation of instruments: [payload]."""

from dataclasses import dataclass

from lupex.model.settings.setting import setting

OBJECTIVES = ("worth", "mass", "risk", "balance")


@dataclass(frozen=True, kw_only=True)
class PayloadSettings:
    """[payload]: which instruments, where they may ride, and what the accommodation is to be best in."""

    in_study: bool = setting(True, "status and accommodation of the instruments in the study and its report")
    hosts: tuple[str, ...] = setting(
        ("lupex_rover", "lupex_lander"), "vehicles that carry instruments", catalogue="hosts", many=True
    )
    instruments: tuple[str, ...] = setting(
        ("auger", "ltga", "triton", "adore", "isap", "alis", "nss", "ems_l", "gpr", "mir", "prathima"),
        "instruments proposed",
        "JAXA LUPEX pages; press 2023 and 2025 (secondary)",
        catalogue="instruments",
        many=True,
    )
    mounts: tuple[str, ...] = setting((), "mounts beside those of the catalogue", catalogue="mounts", many=True)
    must_ride: tuple[str, ...] = setting((), "instruments that must be carried", many=True)
    margin_policy: str = setting("equipment_only", "margins asked for", catalogue="margin_policies")
    objectives: tuple[str, ...] = setting(
        ("worth", "risk", "mass"), "what to be best in, first things first: worth, mass, risk, balance", many=True
    )
    worth: tuple[str, ...] = setting(
        (), "worth of instruments as name=number; without it the expected weight of evidence about water", many=True
    )
    host_worth: tuple[str, ...] = setting(
        ("lupex_lander=0.2",), "worth of an instrument on a host as name=share of its own",
        "assumption: the lander measures at one place, a survey of the rover at five", many=True,
    )  # fmt: skip
    least_of_each_agency: int = setting(0, "least instruments of JAXA and of ISRO each", minimum=0, maximum=20)
    growth_draws: int = setting(20_000, "draws of how numbers grow", minimum=100, maximum=1_000_000)
    alternatives: int = setting(3, "other assignments to list", minimum=0, maximum=50)
    alternative_loss_fraction: float = setting(0.05, "loss of worth an alternative may have", minimum=0.0, maximum=1.0)
    changes: str = setting("lupex", "log of dated changes: lupex, or a TOML file", path=True, words=("lupex",))
