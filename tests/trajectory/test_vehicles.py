import pytest

from lupex.base.errors import InputError, UnpublishedError
from lupex.catalogue import catalogue_entry, catalogue_names
from lupex.model.fact import Fact
from lupex.trajectory import launcher_of, propulsion_of


def facts_of(name: str, **changed: object) -> list[Fact]:
    held = {fact.key: fact for fact in catalogue_entry("launcher", name).facts}
    for key, value in changed.items():
        held[key] = Fact(key=key, value=value, source="test", meaning="test")
    return list(held.values())


def test_every_launcher_and_lander_of_the_catalogue_can_fly() -> None:
    assert set(catalogue_names("launcher")) >= {"h3_24l", "lvm3"}
    for name in catalogue_names("launcher"):
        assert launcher_of(name, catalogue_entry("launcher", name).facts).sources
    for name in ("lupex", "chandrayaan3"):
        assert propulsion_of(name, catalogue_entry("lander", name).facts).thrust_n > 0.0


def test_a_launcher_says_its_energy_for_a_mass_and_nothing_outside_its_curve() -> None:
    launcher = launcher_of("h3", facts_of("h3_24l", curve_c3_km2_s2=(-16.0, -6.0, -2.0), curve_mass_kg=(8e3, 7e3, 6e3)))
    assert launcher.c3_for(7500.0) == pytest.approx(-11.0)
    assert launcher.mass_for(-4.0) == pytest.approx(6500.0)
    for mass in (5999.0, 8001.0):
        with pytest.raises(InputError, match="outside its curve"):
            launcher.c3_for(mass)
    with pytest.raises(InputError, match="does not cover"):
        launcher.mass_for(-1.0)


@pytest.mark.parametrize(
    "c3, mass",
    [((-16.0,), (8e3,)), ((-2.0, -16.0), (8e3, 6e3)), ((-16.0, -2.0), (6e3, 8e3)), ((-16.0, -2.0), (8e3, 0.0))],
)
def test_a_curve_that_is_none_is_refused(c3: tuple[float, ...], mass: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="curve"):
        launcher_of("mine", facts_of("h3_24l", curve_c3_km2_s2=c3, curve_mass_kg=mass))


def test_masses_that_leave_no_propellant_and_engines_nobody_stated_are_refused() -> None:
    lander = {fact.key: fact for fact in catalogue_entry("lander", "lupex").facts}
    heavy = Fact(key="dry_mass_kg", value=6200.0, source="test", meaning="test")
    with pytest.raises(InputError, match="leave no propellant"):
        propulsion_of("lupex", [*lander.values(), heavy])
    with pytest.raises(UnpublishedError, match="engine_isp_s"):
        propulsion_of("lupex", [fact for key, fact in lander.items() if key != "engine_isp_s"])
