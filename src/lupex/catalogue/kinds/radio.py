"""Radios: what their files may state, and the noun made of it. Keys are the attributes of `lupex.model.Radio`."""

from lupex.base.errors import InputError, MissionError
from lupex.catalogue.entry import Entry
from lupex.catalogue.keys import Key, Kind, number, text
from lupex.model.contact.radio import Radio

RADIO = Kind(
    noun="radio",
    folder="radios",
    keys={
        "band": text("radio band", needed=True),
        "frequency_down_hz": number("carrier it sends", 1e6, 1e12),
        "frequency_up_hz": number("carrier it receives", 1e6, 1e12),
        "tx_power_w": number("power at the transmitter's output", 1e-9, 1e7),
        "tx_gain_dbi": number("gain when sending, at boresight", -50.0, 100.0),
        "tx_loss_db": number("loss between transmitter and antenna", 0.0, 100.0),
        "rx_gain_dbi": number("gain when receiving, at boresight", -50.0, 100.0),
        "rx_loss_db": number("loss between antenna and receiver", 0.0, 100.0),
        "rx_noise_k": number("noise temperature of the receiving system, with what the antenna sees", 1e-9, 1e6),
        "pattern": text("antenna pattern"),
        "beamwidth_deg": number("full width of the beam at -3 dB", 1e-6, 360.0),
        "pointing_error_deg": number("how far off boresight the Earth stands", 0.0, 180.0),
        "polarisation": text("polarisation"),
        "axial_ratio_db": number("axial ratio of the circular polarisation", 0.0, 100.0),
        "modulation": text("modulation of the downlink"),
        "telemetry_index_rad": number("phase deviation of telemetry", 0.0, 10.0),
        "ranging_index_rad": number("peak phase deviation of ranging, downlink", 0.0, 10.0),
        "command_index_rad": number("peak phase deviation of the command subcarrier", 0.0, 10.0),
        "ranging_up_index_rad": number("peak phase deviation of ranging, uplink", 0.0, 10.0),
        "coding": text("code of telemetry"),
        "command_coding": text("code of commands"),
        "data_rates_bps": Key(
            kind="numbers", meaning="rates of telemetry it can be switched to", minimum=1e-3, maximum=1e12
        ),
        "command_rate_bps": number("rate of commands", 1e-3, 1e12),
        "down_loop_hz": number("one-sided bandwidth of the station's carrier loop", 1e-6, 1e9),
        "up_loop_hz": number("one-sided bandwidth of the terminal's carrier loop", 1e-6, 1e9),
        "height_m": number("antenna above the ground", 0.0, 1e6),
    },
)


def radio_of(label: str, entry: Entry) -> Radio:
    """The radio of an entry. Raises MissionError, which begins with ``label``, for values that do not go together."""
    try:
        return Radio(
            name=entry.name, title=entry.title, facts=entry.facts, unpublished=entry.unpublished, **entry.values
        )
    except InputError as error:
        raise MissionError(f"{label}: {error.what}", error.fix) from None
