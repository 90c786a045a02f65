"""A payload small enough to be worked out by hand."""

from dataclasses import replace
from typing import Any

from lupex.model.payload.hosts import Host, MarginPolicy, Mount
from lupex.model.payload.item import Item
from lupex.payload import Demands, Programme, programme

POLICY = MarginPolicy("test", "Test", {"off_the_shelf": 0.05, "modified": 0.10, "new": 0.20}, 0.0, {})
ITEM = Item(
    name="a", title="A", owner="JAXA", maturity="modified", trl=6, mass_kg=10.0, envelope_m=(0.2, 0.2, 0.2),
    standby_w=1.0, measuring_w=11.0, night_w=0.5, measurement_wh=20.0, measurement_mbit=30.0, per_day=2.0,
    view_half_angle_deg=0.0, failure_probability=0.01, mounts=("front", "deck"), facts={},
)  # fmt: skip
ROVER = Host(
    name="rover", title="Rover", vehicle="rover", instrument_mass_kg=30.0, instrument_volume_m3=1.0,
    power_w={"sun": 40.0, "shadow": 40.0, "night": 5.0}, heat_w=40.0, energy_day_wh=500.0, energy_night_wh=1000.0,
    night_hours=300.0, data_day_mbit=500.0, solids_m=((-1.0, 1.0, -1.0, 1.0, 0.0, 1.0),),
)  # fmt: skip
LANDER = replace(ROVER, name="lander", vehicle="lander", power_w={"sun": 40.0}, energy_night_wh=None, night_hours=0.0)
FRONT = Mount(
    name="front", title="Front", host="rover", position_m=(1.0, 0.0, 0.5), boresight=(1.0, 0.0, 0.0),
    envelope_m=(0.5, 0.5, 0.5), max_mass_kg=20.0, places=2, harness_kg=1.0,
)  # fmt: skip
DECK = replace(FRONT, name="deck", title="Deck", host="lander", position_m=(0.0, 0.0, 1.0), boresight=(0.0, 0.0, 1.0))


def item(name: str, **more: Any) -> Item:
    return replace(ITEM, name=name, **more)


def scene(*items: Item, worth: dict[str, float] | None = None, **demands: Any) -> Programme:
    """These items on a rover with two places in front and a lander with two on its deck."""
    worth = {one.name: 1.0 for one in items} if worth is None else worth
    return programme(items, (ROVER, LANDER), (FRONT, DECK), POLICY, worth, Demands(**demands))
