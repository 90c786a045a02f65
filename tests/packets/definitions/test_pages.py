"""Pages of a dictionary: everything in it is on the page, and nothing on the page is markup of somebody else."""

from dataclasses import replace

from lupex.catalogue.telemetry import dictionary
from lupex.packets.definitions.pages import dictionary_page

LUPEX = dictionary("lupex")


def test_every_packet_field_command_argument_and_derived_value_is_on_the_page() -> None:
    for form in ("md", "html"):
        page = dictionary_page(LUPEX, form)
        names = [*LUPEX.containers, *LUPEX.commands, *LUPEX.parameters]
        names += [one.name for command in LUPEX.commands.values() for one in command.arguments]
        names += [one.name for one in LUPEX.derived]
        assert [name for name in names if name not in page] == []
        assert "warning 25 to 33; critical 24 to 34" in page
        assert "4 MEASURE" in page
        assert "0 + 0.01 x" in page


def test_words_of_a_dictionary_stay_words() -> None:
    odd = replace(LUPEX, source="<script>alert(1)</script> | x")
    assert "<script>" not in dictionary_page(odd, "html") + dictionary_page(odd)
    tables = [line for line in dictionary_page(LUPEX).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} <= {6, 7}
