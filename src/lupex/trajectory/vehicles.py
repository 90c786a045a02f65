"""Launchers and landers with their engines, from the facts of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lupex.base.errors import InputError, UnpublishedError
from lupex.model.fact import Fact
from lupex.model.glance import Glance
from lupex.trajectory.conics import STANDARD_GRAVITY_M_S2


@dataclass(frozen=True, kw_only=True, repr=False)
class Launcher(Glance):
    """A launcher.

    Attributes:
        curve_c3_km2_s2, curve_mass_kg: performance: mass for twice the energy of the orbit it injects into, ascending.
        pad_lat_deg, pad_lon_deg, azimuth_min_deg, azimuth_max_deg: where and in which directions it may launch.
        sources: of what is stated, by key.
    """

    name: str
    curve_c3_km2_s2: tuple[float, ...]
    curve_mass_kg: tuple[float, ...]
    pad_lat_deg: float
    pad_lon_deg: float
    azimuth_min_deg: float
    azimuth_max_deg: float
    sources: tuple[tuple[str, str], ...] = ()

    def _facts(self) -> dict[str, str]:
        return {"name": self.name, "pad": f"{self.pad_lat_deg:g} N {self.pad_lon_deg:g} E",
                "curve": f"{self.curve_mass_kg[0]:g} to {self.curve_mass_kg[-1]:g} kg"}  # fmt: skip

    def c3_for(self, mass_kg: float) -> float:
        """Largest C3 (km2/s2) into which it injects a mass: linear between the points of its curve.

        Raises InputError for a mass above or below the curve: nothing is said outside it.
        """
        masses = np.array(self.curve_mass_kg)
        if not masses.min() <= mass_kg <= masses.max():
            raise InputError(
                f"launcher {self.name}: {mass_kg:g} kg lies outside its curve, {masses.min():g} to {masses.max():g} kg",
                "give a curve that covers it (curve_c3_km2_s2, curve_mass_kg in a launcher file), or another mass",
            )
        return float(np.interp(-mass_kg, -masses, np.array(self.curve_c3_km2_s2)))

    def mass_for(self, c3_km2_s2: float) -> float:
        """Mass (kg) it injects into a C3. Raises InputError for an energy the curve does not cover."""
        c3 = np.array(self.curve_c3_km2_s2)
        if not c3.min() <= c3_km2_s2 <= c3.max():
            raise InputError(
                f"launcher {self.name}: its curve, {c3.min():g} to {c3.max():g} km2/s2, does not cover {c3_km2_s2:g}",
                "give a curve that does (curve_c3_km2_s2, curve_mass_kg in a launcher file)",
            )
        return float(np.interp(c3_km2_s2, c3, np.array(self.curve_mass_kg)))


@dataclass(frozen=True, kw_only=True, repr=False)
class Propulsion(Glance):
    """Engines of a lander.

    Attributes:
        wet_mass_kg: at injection. dry_mass_kg, payload_mass_kg: 0 where unpublished.
        thrust_n: of all engines of the descent together. isp_s: theirs. throttle_min_fraction: of that thrust.
        orbit_isp_s: of the burns before the descent.
        stage_mass_kg: wet mass of a propulsion module that makes the burns before the descent and is left behind, 0
            for none.
    """

    name: str
    wet_mass_kg: float
    dry_mass_kg: float = 0.0
    payload_mass_kg: float = 0.0
    thrust_n: float
    isp_s: float
    throttle_min_fraction: float
    orbit_isp_s: float
    stage_mass_kg: float = 0.0

    def _facts(self) -> dict[str, str]:
        return {"name": self.name, "mass": f"{self.wet_mass_kg:g} kg", "thrust": f"{self.thrust_n:g} N",
                "isp": f"{self.isp_s:g} s"}  # fmt: skip

    @property
    def exhaust_m_s(self) -> float:
        """Exhaust speed of the descent engines."""
        return self.isp_s * STANDARD_GRAVITY_M_S2


@dataclass(frozen=True, kw_only=True)
class Vehicles:
    """Launcher and lander of a mission."""

    launcher: Launcher
    propulsion: Propulsion


def launcher_of(name: str, facts: Sequence[Fact]) -> Launcher:
    """The launcher its facts describe.

    Args:
        name: for messages. facts: of its entry in the catalogue.

    Raises UnpublishedError where pad, azimuths or curve are missing, InputError for a curve that is none.
    """
    held = {fact.key: fact.value for fact in facts}
    needed = ("pad_lat_deg", "pad_lon_deg", "azimuth_min_deg", "azimuth_max_deg", "curve_c3_km2_s2", "curve_mass_kg")
    _need(f"launcher {name}", held, needed)
    c3, mass = tuple(held["curve_c3_km2_s2"]), tuple(held["curve_mass_kg"])
    if len(c3) != len(mass) or len(c3) < 2 or np.any(np.diff(c3) <= 0.0) or np.any(np.diff(mass) >= 0.0):
        raise InputError(
            f"launcher {name}: curve_c3_km2_s2 {list(c3)} and curve_mass_kg {list(mass)} are no curve",
            "give as many masses as energies, energies rising, masses falling, all of positive mass",
        )
    if min(mass) <= 0.0:
        raise InputError(f"launcher {name}: a mass of its curve is {min(mass):g} kg", "give positive masses")
    if held["azimuth_min_deg"] >= held["azimuth_max_deg"]:
        raise InputError(f"launcher {name}: azimuth_min_deg does not lie below azimuth_max_deg", "exchange them")
    return Launcher(
        name=name, curve_c3_km2_s2=c3, curve_mass_kg=mass, **{key: float(held[key]) for key in needed[:4]},
        sources=tuple((fact.key, fact.source) for fact in facts),
    )  # fmt: skip


def propulsion_of(name: str, facts: Sequence[Fact]) -> Propulsion:
    """The propulsion of a lander its facts describe.

    Args:
        name: for messages. facts: of its entry in the catalogue, or of a mission.

    Raises UnpublishedError where thrust, specific impulse or mass are missing, InputError for masses that cannot be.
    """
    held = {fact.key: fact.value for fact in facts}
    _need(f"lander {name}", held, ("wet_mass_kg", "engine_thrust_n", "engine_isp_s", "throttle_min_fraction"))
    made = Propulsion(
        name=name,
        wet_mass_kg=float(held["wet_mass_kg"]),
        dry_mass_kg=float(held.get("dry_mass_kg", 0.0)),
        payload_mass_kg=float(held.get("payload_mass_kg", 0.0)),
        thrust_n=float(held["engine_thrust_n"]),
        isp_s=float(held["engine_isp_s"]),
        throttle_min_fraction=float(held["throttle_min_fraction"]),
        orbit_isp_s=float(held.get("orbit_isp_s", held["engine_isp_s"])),
        stage_mass_kg=float(held.get("stage_mass_kg", 0.0)),
    )
    if made.wet_mass_kg <= 0.0 or made.dry_mass_kg + made.payload_mass_kg >= made.wet_mass_kg:
        raise InputError(
            f"lander {name}: dry mass {made.dry_mass_kg:g} kg and payload {made.payload_mass_kg:g} kg leave no "
            f"propellant of {made.wet_mass_kg:g} kg",
            "correct dry_mass_kg, payload_mass_kg or wet_mass_kg",
        )
    if made.thrust_n <= 0.0 or made.isp_s <= 0.0 or made.orbit_isp_s <= 0.0:
        raise InputError(f"lander {name}: thrust and specific impulse must be above 0", "correct its facts")
    return made


def _need(what: str, held: Mapping[str, Any], keys: Sequence[str]) -> None:
    missing = [key for key in keys if key not in held]
    if missing:
        raise UnpublishedError(f"{what}: {', '.join(missing)} not stated", "state them in a file of the catalogue")
