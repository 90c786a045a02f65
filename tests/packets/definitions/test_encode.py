"""Commands and packets to the bit, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.catalogue.telemetry import dictionary
from lupex.packets.coding.checks import crc16_of
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import command_arguments, encode_command, encode_packet
from lupex.packets.streams.batch import batch_of

LUPEX = dictionary("lupex")


def test_the_drive_command_has_the_bits_yamcs_sends() -> None:
    octets = encode_command(LUPEX, "drive", {"distance_m": "1.5", "heading_deg": "90"}, 1)
    assert octets.hex() == "1864c00100102f0801000000013fc0000042b4000084ce"
    assert crc16_of(octets) == 0


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("drve", {}, "did you mean 'drive'"),
        ("drive", {"distance": 1.0}, "did you mean 'distance_m'"),
        ("drive", {"distance_m": 1.0}, "missing heading_deg"),
        ("drive", {"distance_m": 10.5, "heading_deg": 0.0}, "outside -10 .. 10"),
        ("drive", {"distance_m": math.nan, "heading_deg": 0.0}, "not finite"),
        ("drive", {"distance_m": "1e400", "heading_deg": 0.0}, "not finite"),
        ("measure_neutrons", {"interval_s": 1.5}, "not a whole number"),
        ("measure_neutrons", {"interval_s": 65536}, "outside 1 .. 36000"),
        ("set_mode", {"mode": "FLY"}, "labels: SAFE, IDLE"),
        ("set_heater", {"heater": 2}, "is no label"),
        ("pus_tc", {}, "abstract"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(name: str, given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        encode_command(LUPEX, name, given)


def test_arguments_that_bases_assign_are_not_asked_for() -> None:
    assert list(command_arguments(LUPEX, "drive")) == ["distance_m", "heading_deg"]


@given(
    raw=st.integers(0, 65535),
    mode=st.sampled_from(["SAFE", "IDLE", "DRIVE", "SLEEP"]),
    kelvin=st.integers(-32768, 32767),
    heater=st.booleans(),
)
def test_engineering_values_come_back_as_they_went_in(raw: int, mode: str, kelvin: int, heater: bool) -> None:
    given = {
        "rover_battery_v": raw * 0.01, "rover_mode": mode, "rover_heater": heater,
        "rover_battery_k": kelvin * 0.01 + 273.15,
    }  # fmt: skip
    table = decode(LUPEX, batch_of([encode_packet(LUPEX, "rover_hk", given, 5)])).tables["rover_hk"]
    assert table.raw("rover_battery_v")[0] == raw
    assert table.raw("rover_battery_k")[0] == kelvin
    assert (table.values("rover_mode")[0], bool(table.values("rover_heater")[0])) == (mode, heater)
    assert table.raw("ccsds_count")[0] == 5


def test_a_telemetry_value_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit 16 bits"):
        encode_packet(LUPEX, "rover_hk", {"rover_battery_v": 656.0})
    with pytest.raises(InputError, match="no parameter"):
        encode_packet(LUPEX, "rover_hk", {"rover_volts": 6.0})


def test_positions_keep_every_bit() -> None:
    given = {"rover_x_m": -89.4567890123, "rover_y_m": np.nextafter(1e5, 2e5).item()}
    table = decode(LUPEX, batch_of([encode_packet(LUPEX, "rover_nav", given)])).tables["rover_nav"]
    assert [table.values(name)[0] for name in given] == list(given.values())


@pytest.mark.parametrize("count", [-1, 16384])
def test_a_sequence_count_that_does_not_fit_is_refused(count: int) -> None:
    with pytest.raises(InputError, match="sequence count"):
        encode_command(dictionary("lupex"), "ping", {}, count)
