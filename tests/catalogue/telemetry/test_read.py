"""Dictionaries of telemetry and commands from TOML: the catalogue's, and what is refused by name."""

from pathlib import Path

import pytest

from lupex.base.errors import MissionError
from lupex.catalogue.telemetry import dictionary, dictionary_names, event_texts

SMALL = """
name = "a"
source = "a paper"
[types.t]
encoding = "u8"
[[packets]]
name = "p"
apid = 1
service = 3
subservice = 25
structure = 1
parameters = [{ name = "x", type = "t" }]
[[commands]]
name = "go"
apid = 1
service = 8
subservice = 1
arguments = [{ name = "n", type = "t", minimum = 1, maximum = 9 }]
"""


def test_the_catalogue_holds_lander_rover_and_instruments() -> None:
    known = dictionary("lupex")
    assert "lupex" in dictionary_names()
    assert {"rover_hk", "rover_nav", "lander_hk", "neutron_counts", "drill_hk"} <= set(known.containers)
    assert known.source.startswith("assumption")
    assert event_texts("lupex")[6] == "restart of the computer"
    for command in known.commands.values():
        for argument in command.arguments:
            assert argument.type.valid is not None or argument.type.labels or command.abstract


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(SMALL)
    assert dictionary(str(tmp_path / "m.toml")).commands["go"].arguments[0].type.valid == (1, 9)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"u8"', '"u99"', "cannot be read"),
        ('"u8"', '"byte"', "is unknown"),
        ('type = "t" }]\n[[c', 'type = "tt" }]\n[[c', "did you mean 't'"),
        ("maximum = 9", "maximum = 300", "does not fit its encoding"),
        ("structure = 1", "", "structure is missing"),
        ("apid = 1\nservice = 3", "apid = 5000\nservice = 3", "give 0 to 2046"),
        ('name = "x"', 'name = "ccsds_apid"', "given twice"),
        ("subservice = 25", "subsrvice = 25", "did you mean 'subservice'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SMALL
    (tmp_path / "m.toml").write_text(SMALL.replace(old, new, 1))
    with pytest.raises(MissionError, match=said):
        dictionary(str(tmp_path / "m.toml"))
