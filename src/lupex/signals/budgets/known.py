"""What is known of a station and a radio; what is not is said by name."""

from typing import NoReturn

from lupex.base.errors import InputError, UnpublishedError
from lupex.model.contact.radio import Radio
from lupex.model.contact.station import Band, Station


def band_of(station: Station, radio: Radio) -> Band:
    """The station's radio in the band of this radio. Raises: InputError when it has none."""
    band = station.band(radio.band)
    if band is None:
        names = ", ".join(known.name for known in station.bands) or "none"
        raise InputError(
            f"station {station.name} has no band {radio.band}, which radio {radio.name} needs",
            f"bands of {station.name}: {names}",
        )
    return band


def check_frequency(station: Station, band: Band, radio: Radio, frequency_hz: float, side: str) -> None:
    """Nothing when the station takes this frequency ('rx' or 'tx'), or its edges are unknown. Raises: InputError.

    Args:
        band: of the station.
        radio: at the other end, named in the error.
        frequency_hz: of the carrier.
        side: 'rx' or 'tx', seen from the station.
    """
    low, high = getattr(band, f"{side}_min_hz"), getattr(band, f"{side}_max_hz")
    if (low is not None and frequency_hz < low) or (high is not None and frequency_hz > high):
        what = "receives" if side == "rx" else "sends"
        edges = [f"{edge / 1e6:g}" if edge is not None else "?" for edge in (low, high)]
        raise InputError(
            f"radio {radio.name}: {frequency_hz / 1e6:g} MHz lies outside band {band.name} of station "
            f"{station.name}, which {what} {edges[0]} to {edges[1]} MHz",
            "take another station or frequency",
        )


def needed(radio: Radio, key: str) -> float:
    """A number of the radio. Raises: UnpublishedError naming it when it is not known."""
    value = getattr(radio, key)
    if value is None:
        raise UnpublishedError(
            f"radio {radio.name}: {key} is not known, the link needs it",
            f"state it in a radio file of your own with like = '{radio.name}'",
        )
    return float(value)


def unpublished(station: Station, band: Band, keys: tuple[str, ...]) -> NoReturn:
    """Raises: UnpublishedError that names what nobody published of the station, and how to state it."""
    prefix = band.name.lower()
    raise UnpublishedError(
        f"station {station.name}: {' and '.join(keys)} of band {band.name} not published, the link needs it",
        f"state {prefix}_{keys[0]} in a station file of your own with like = '{station.name}'",
    )


def source(holder: Radio | Station, key: str, band: Band | None = None) -> str:
    """Where a number comes from, 'given' when its fact is not recorded."""
    name = key if band is None else f"{band.name.lower()}_{key}"
    return next((fact.source for fact in holder.facts if fact.key == name), "given")
