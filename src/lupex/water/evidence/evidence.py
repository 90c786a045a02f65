"""Evidence: a rule, a prior, places, and what was measured there in the order in which it was measured."""

from dataclasses import dataclass, replace

from lupex.base.errors import InputError
from lupex.base.frames import Pole, map_xy_m
from lupex.water.inference.prior import GroundPrior, nuisances, states
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import StationTables
from lupex.water.models.channels import channel
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Measurement

SAME_HOLE_M = 0.5
"""Two holes nearer than this are one."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Place:
    """A place where things were measured.

    Attributes:
        name: of the place. lat_deg, lon_deg: where, None when not told.
        temperature_k: of the ground at depth, for the thermal probe.
        prior: beliefs before anything was measured here.
    """

    name: str
    lat_deg: float | None
    lon_deg: float | None
    temperature_k: float
    prior: GroundPrior


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """All of it.

    Attributes:
        name, path: of the file. synthetic: whether any of it is simulated.
        rule: registered before. instruments: by name. places: in the order of the file.
        measurements: (place name, measurement) in the order in which they were taken.
        sealed: how many measurements carry a seal that was checked.
    """

    name: str
    path: str
    synthetic: bool
    rule: Rule
    instruments: dict[str, Instrument]
    places: tuple[Place, ...]
    measurements: tuple[tuple[str, Measurement], ...]
    sealed: int

    def without(self, names: tuple[str, ...]) -> "Evidence":
        """The same evidence with channels left out. Raises InputError for a channel that does not exist."""
        left = {channel(name).name for name in names}
        kept = tuple(pair for pair in self.measurements if pair[1].channel not in left)
        return replace(self, measurements=kept)

    def assumptions(self) -> dict[str, list[str]]:
        """Instrument -> its numbers nobody has published, of the instruments that were used."""
        used = {channel(one.channel).instrument for _, one in self.measurements}
        return {name: self.instruments[name].assumptions() for name in sorted(used)}

    def tables(self, depths_m: tuple[float, ...] = ()) -> list[StationTables]:
        """What was measured at each place, as likelihoods.

        Args:
            depths_m: depths that cells shall end at besides those of the measurements.

        Raises:
            InputError: a measurement that cannot be, naming file and entry; a prior that excludes the data, or knows
                no water at the level.
        """
        made = []
        for place in self.places:
            own = [one for name, one in self.measurements if name == place.name]
            depths = tuple(sorted({*depths_m, *(one.look.depth_m for one in own if one.look.depth_m > 0.0)}))
            nodes = nuisances(self.instruments, place.prior)
            table = StationTables(states(place.prior, self.rule, depths), nodes, self.instruments)
            for one in own:
                table.add(one)
            table.check_prior(f"{self.path}: {place.name}")
            made.append(table)
        return made


def merged(parts: list[Evidence]) -> Evidence:
    """Evidence of several files together.

    Args:
        parts: evidence of one file each, in order; one at least.

    Raises:
        InputError: two files that hold the same hole, or that follow different rules or instruments.
    """
    first = parts[0]
    places: dict[str, tuple[Evidence, Place]] = {}
    for part in parts:
        if part.rule != first.rule:
            raise InputError(f"{part.path}: its rule differs from that of {first.path}", "judge them one by one")
        for name, made in part.instruments.items():
            if made.numbers() != first.instruments[name].numbers():
                raise InputError(
                    f"{part.path}: its [instruments.{name}] differs from that of {first.path}",
                    "state the same facts in both: their calibration is one",
                )
        for place in part.places:
            for other, known in places.values():
                if other is not part and _same(place, known):
                    raise InputError(
                        f"{part.path}: {place.name} is {known.name} of {other.path}: two files for one hole",
                        "keep one file per hole",
                    )
            places[place.name] = (part, place)
    return replace(
        first,
        name=", ".join(part.name for part in parts),
        path=", ".join(part.path for part in parts),
        synthetic=any(part.synthetic for part in parts),
        places=tuple(place for part in parts for place in part.places),
        measurements=tuple(pair for part in parts for pair in part.measurements),
        sealed=sum(part.sealed for part in parts),
    )


def _same(one: Place, other: Place) -> bool:
    if one.name == other.name:
        return True
    if one.lat_deg is None or one.lon_deg is None or other.lat_deg is None or other.lon_deg is None:
        return False
    pole: Pole = "south" if one.lat_deg < 0.0 else "north"
    x, y = map_xy_m(one.lat_deg, one.lon_deg, pole)
    u, v = map_xy_m(other.lat_deg, other.lon_deg, pole)
    return bool((x - u) ** 2 + (y - v) ** 2 < SAME_HOLE_M**2)
