"""Displays: a table for each packet, and what has limits; the server itself opens them in end_to_end."""

import json

from lupex.catalogue.telemetry import dictionary
from lupex.ops.yamcs.displays import display_files

LUPEX = dictionary("lupex")


def test_every_parameter_of_a_packet_is_shown_and_no_header() -> None:
    files = {name: json.loads(text)["parameters"] for name, text in display_files(LUPEX).items()}
    assert files["displays/rover_nav.par"][:2] == ["/lupex/rover_x_m", "/lupex/rover_y_m"]
    shown = {name.removeprefix("/lupex/") for names in files.values() for name in names}
    assert shown <= set(LUPEX.parameters)
    assert {name for name in LUPEX.parameters if name.startswith(("rover_", "drill_", "neutron_", "lander_"))} <= shown
    assert not [name for name in shown if name.startswith(("ccsds_", "pus_"))]
    watched = {f"/lupex/{name}" for name, one in LUPEX.parameters.items() if one.type.limits.any}
    assert {*files["displays/overview.par"]} == watched
