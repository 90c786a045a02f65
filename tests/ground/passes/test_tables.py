"""The rows people see: the same columns and the same numbers wherever a pass is printed or written."""

from dataclasses import replace

import numpy as np
import pytest
from tests.report.made_up_contacts import made_up_contacts

from lupex.ground import booked_table, pass_table, series_table
from lupex.model.contact.pass_columns import BOOKED_TABLE, PASS_TABLE, SERIES_TABLE

FOUND = made_up_contacts(1)


def test_a_row_holds_every_column_of_a_pass_in_order() -> None:
    rows = pass_table(FOUND)
    assert all(tuple(row) == PASS_TABLE for row in rows)
    first, one, link = rows[0], FOUND.plan.passes[0], FOUND.links[0]
    assert first["aos_azimuth_true_deg"] == one.aos_azimuth_true_deg
    assert (first["duration_s"], first["volume_bits"]) == (one.duration_s, link.volume_bits)
    assert first["activity_start_utc"] < first["aos_utc"] < first["max_elevation_utc"] < first["los_utc"]
    assert first["limited_by_aos"] == one.limited_by_aos


def test_receding_lowers_the_frequency_by_the_rate_over_the_speed_of_light() -> None:
    first, one = pass_table(FOUND)[0], FOUND.plan.passes[0]
    carrier_hz = FOUND.radio.frequency_down_hz
    assert first["min_doppler_hz"] == pytest.approx(-one.max_range_rate_m_s / 299_792_458.0 * carrier_hz)
    assert first["max_doppler_hz"] == pytest.approx(-one.min_range_rate_m_s / 299_792_458.0 * carrier_hz)
    silent = replace(FOUND, radio=replace(FOUND.radio, frequency_down_hz=None))
    assert np.isnan(pass_table(silent)[0]["min_doppler_hz"])


def test_bookings_and_samples_have_their_columns_too() -> None:
    rows = booked_table(FOUND.schedule, FOUND.stations, "X")
    assert tuple(rows[0]) == BOOKED_TABLE
    assert {row["site"] for row in rows} == {"goldstone"} and {row["band"] for row in rows} == {"X"}
    assert rows[0]["start_utc"] == rows[0]["aos_utc"] and rows[0]["purposes"] == "daily contact"
    columns = series_table(FOUND.series, 8.45e9)
    assert tuple(columns) == SERIES_TABLE and {len(column) for column in columns.values()} == {121}
