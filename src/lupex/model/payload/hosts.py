"""Hosts of instruments, their mounts, and the policy of margins."""

from dataclasses import dataclass

PHASES = ("sun", "shadow", "night")
"""At work in the light; at work on battery in shadow; waiting through the lunar night."""
MATURITIES = ("off_the_shelf", "modified", "new")
"""Classes of a margin policy, least margin first."""


@dataclass(frozen=True, kw_only=True)
class Host:
    """A vehicle and what it keeps for instruments; limits hold for instruments together, margins included.

    Attributes:
        name, title: of the catalogue. vehicle: 'lander' or 'rover'.
        instrument_mass_kg, instrument_volume_m3: kept for instruments.
        power_w: by phase of `PHASES`; a phase that is missing does not exist for this host. heat_w: what the radiators
            take.
        energy_day_wh: of 24 h. energy_night_wh: of one lunar night of ``night_hours``; None where it has no night.
        data_day_mbit: to the ground in 24 h.
        solids_m: boxes (x from, to, y from, to, z from, to) of the body.
        assumptions: keys of numbers nobody has published.
    """

    name: str
    title: str
    vehicle: str
    instrument_mass_kg: float
    instrument_volume_m3: float
    power_w: dict[str, float]
    heat_w: float
    energy_day_wh: float
    energy_night_wh: float | None
    night_hours: float
    data_day_mbit: float
    solids_m: tuple[tuple[float, ...], ...]
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A place on a host.

    Attributes:
        name, title: of the catalogue. host: its name. places: instruments it takes.
        position_m, boresight: (3,) in the axes of the host's solids. envelope_m: (3,) largest length, width, height.
        max_mass_kg: of each instrument, margin included. harness_kg: added to each instrument here.
    """

    name: str
    title: str
    host: str
    position_m: tuple[float, ...]
    boresight: tuple[float, ...]
    envelope_m: tuple[float, ...]
    max_mass_kg: float
    places: int
    harness_kg: float


@dataclass(frozen=True)
class MarginPolicy:
    """Margins by maturity, and of the system. Fractions of the basic value; ``source`` by key."""

    name: str
    title: str
    fraction: dict[str, float]
    system_fraction: float
    source: dict[str, str]

    def margined(self, basic: float, maturity: str) -> float:
        """The value with the margin of its maturity, without that of the system."""
        return basic * (1.0 + self.fraction[maturity])
