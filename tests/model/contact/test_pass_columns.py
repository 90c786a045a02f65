"""One vocabulary of a pass: names carry unit and frame, and a name stands once."""

import re
from dataclasses import fields

from lupex.model import BookedPass, Pass, PassLink, PassSeries
from lupex.model.contact.pass_columns import BOOKED_TABLE, PASS_COLUMNS, PASS_TABLE, SERIES_TABLE

NAMES = [column.name for column in PASS_COLUMNS]
SUFFIX = {"deg": "_deg", "m": "_m", "m/s": "_m_s", "s": "_s", "Hz": "_hz", "dB": "_db", "bit/s": "_bps",
          "bit": "_bits", "UTC": "_utc"}  # fmt: skip


def test_every_table_is_made_of_columns_that_stand_once() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for table in (PASS_TABLE, BOOKED_TABLE, SERIES_TABLE):
        assert len(set(table)) == len(table) and set(table) <= set(NAMES)
    assert set(NAMES) == {*PASS_TABLE, *BOOKED_TABLE, *SERIES_TABLE}


def test_the_name_of_a_column_ends_in_its_unit_and_every_azimuth_says_which() -> None:
    for column in PASS_COLUMNS:
        if column.unit in SUFFIX:
            assert column.name.endswith(SUFFIX[column.unit]), column.name
        if "azimuth" in column.name:
            assert column.name.endswith("azimuth_true_deg") and "true north" in column.frame
        assert (column.frame != "") == bool(re.search(r"_deg$|range", column.name)) or "sun_angle" in column.name
        assert column.label and column.sentence


def test_a_column_is_named_as_the_attribute_it_holds() -> None:
    for noun in (Pass, BookedPass, PassLink, PassSeries):
        for name in (spec.name for spec in fields(noun)):
            shown = f"{name.removesuffix('s_tdb_s' if name == 'times_tdb_s' else '_tdb_s')}_utc"
            assert name in NAMES or (name.endswith("_tdb_s") and shown in NAMES), name
