"""Tables out and in: what comes back is what went out, what differs is taken over, what is wrong is named."""

from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.catalogue import catalogue_entry
from lupex.io import read_workbook, write_workbook
from lupex.model.settings.payload import PayloadSettings
from lupex.payload import changes_of, engineering_model, entry_text, hosts, items, mounts, tables

FILES = Path(__file__).parent / "files"
NAMES = ("nss", "ems_l")
SETTINGS = PayloadSettings(instruments=NAMES)
ENTRIES = {name: catalogue_entry("instrument", name) for name in NAMES}


def test_a_workbook_that_comes_back_unchanged_changes_nothing(tmp_path):
    write_workbook(tmp_path / "i.xlsx", tables(items(SETTINGS)))
    assert changes_of(read_workbook(tmp_path / "i.xlsx"), ENTRIES, "i.xlsx") == {}


def test_a_workbook_saved_by_libreoffice_with_a_column_moved_tells_its_change(tmp_path):
    changes = changes_of(read_workbook(FILES / "instruments_by_libreoffice.xlsx"), ENTRIES, "mailed.xlsx")
    assert changes == {"nss": {"mass_kg": {"value": 2.75, "source": "letter of 2027-02-01 (synthetic, for a test)"}}}
    path = tmp_path / "nss.toml"
    path.write_text(entry_text("nss", changes["nss"]), encoding="utf-8")
    (made,) = items(PayloadSettings(instruments=(str(path),)))
    assert made.mass_kg == 2.75
    assert made.trl == items(SETTINGS)[0].trl


def rows(**cells):
    return {"instruments": [["instrument", *cells], ["nss", *cells.values()]]}


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"other": []}, "no sheet 'instruments'; there are other"),
        ({"instruments": [["name"], ["nss"]]}, "the first row has no column 'instrument'"),
        ({"instruments": [["instrument", "trl", "trl"], ["nss", 1, 2]]}, "two columns 'trl'"),
        ({"instruments": [["instrument"], ["nss"], ["nss"]]}, "row 3: a second row of 'nss'"),
        ({"instruments": [["instrument"], ["nssx"]]}, "row 2: no instrument 'nssx'; did you mean 'nss'"),
        ({"instruments": [["instrument"], ["nss", 3.0]]}, "row 2: a value stands in a column without a name"),
        ({"instruments": [["instrument", "trl"], [None, 3]]}, "row 2: no instrument is named"),
        (rows(mass_kg="about 3"), "row 2 column 'mass_kg': 'about 3' is text where a number stands"),
        (rows(trl=6.5), "row 2 column 'trl': 6.5 is no whole number"),
        (rows(mass_kg=-3.0), "below the smallest allowed value"),
        (rows(mass_kgs=3.0), "unknown name 'mass_kgs'; did you mean 'mass_kg'"),
    ],
)
def test_a_wrong_table_is_refused_with_row_and_column(sheets, said):
    with pytest.raises(InputError, match=said):
        changes_of(sheets, ENTRIES, "mailed.xlsx")


def test_the_engineering_model_nests_definitions_and_usages():
    model = engineering_model(items(SETTINGS), hosts(SETTINGS), mounts(SETTINGS), date="2026-11-30")
    first = model["iteration"]["element"][0]
    assert (first["shortName"], first["owner"]) == ("nss", "NASA")
    mass = next(one for one in first["parameter"] if one["parameterType"] == "mass_kg")
    assert mass["valueSet"][0]["manual"] == 2.5
    assert "assumption" in mass["valueSet"][0]["reference"]
    names = [element["name"] for element in model["iteration"]["topElement"]["containedElement"]]
    assert names == ["lupex_rover", "lupex_lander"]
