"""The antennas a mission asks for, and what counts as contact with them."""

from dataclasses import replace

from lupex.base.errors import InputError
from lupex.catalogue import radio, station
from lupex.ground import PassSettings
from lupex.model import GroundSettings, Radio, Station
from lupex.model.settings.ground import NO_STATIONS


def asked_stations(ground: GroundSettings) -> list[Station]:
    """The stations of [ground], with its lowest elevation where it states one; none for 'none'.

    Raises InputError for an unknown name (with the nearest right one), a faulty file, two stations of one name.
    """
    names = ground.stations
    if names == NO_STATIONS:
        return []
    found = [asked_station(name, ground) for name in names]
    seen: dict[str, str] = {}
    for name, one in zip(names, found, strict=True):
        if one.name in seen:
            raise InputError(f"stations '{seen[one.name]}' and '{name}' are both named {one.name}",
                             "give one of the files another name = ...")  # fmt: skip
        seen[one.name] = name
    return found


def asked_station(name: str, ground: GroundSettings) -> Station:
    """One station of the catalogue or a file, with the lowest elevation of [ground] where it states one."""
    one = station(name)
    if ground.min_elevation_deg > 0.0:
        one = replace(one, min_elevation_deg=ground.min_elevation_deg)
    return one


def pass_settings(ground: GroundSettings) -> PassSettings:
    """What counts as contact, from [ground]."""
    return PassSettings(
        sun_exclusion_deg=ground.sun_exclusion_deg,
        refractivity_n_units=ground.refractivity_n_units,
        skyline_margin_deg=ground.skyline_margin_deg,
        shortest_s=60.0 * ground.shortest_minutes,
    )


def asked_radio(ground: GroundSettings) -> Radio:
    """The radio of [ground]. Raises InputError as `lupex.catalogue.radio`."""
    return radio(ground.radio)
