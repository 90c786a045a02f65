"""UTC in and out, against SPICE and at leap seconds."""

import datetime

import numpy as np
import pytest
import spiceypy as spice

from lupex.base.errors import InputError
from lupex.ephemeris import kernels, steps_tdb_s, tdb_s_to_datetime64, tdb_s_to_utc, utc_to_tdb_s
from lupex.ephemeris.times import leap_seconds, tai_to_tdb_s, tdb_to_tai_s


def test_utc_agrees_with_spice_from_1950_to_2100():
    rng = np.random.default_rng(1)
    days = np.datetime64("1950-01-01") + rng.integers(0, 150 * 365, 400)
    clocks = rng.integers(0, 86_400_000, 400).astype("timedelta64[ms]")
    texts = np.datetime_as_string(days.astype("datetime64[ms]") + clocks).tolist()
    with kernels():
        expected = np.array([spice.str2et(text) for text in texts])
    assert np.abs(utc_to_tdb_s(texts) - expected).max() < 1e-6


def test_written_utc_agrees_with_spice():
    tdb_s = np.random.default_rng(2).uniform(-1.5e9, 3.1e9, 400)
    with kernels():
        expected = [spice.et2utc(t, "ISOC", 3) + "Z" for t in tdb_s]
    assert tdb_s_to_utc(tdb_s, digits=3) == expected


def test_the_nominal_offset_of_today_is_37_leap_seconds_and_tt():
    utc = utc_to_tdb_s("2028-01-01T00:00:00Z")
    assert utc.shape == (1,)
    assert utc[0] == pytest.approx((10_227 - 0.5) * 86_400 + 37 + 32.184, abs=0.002)


@pytest.mark.parametrize(
    "text", ["2028-03-04", "2028-03-04T00:00", "2028-03-04T00:00Z", "2028-03-04T00:00:00", "2028-03-04T00:00:00.000Z"]
)
def test_every_accepted_spelling_is_the_same_instant(text):
    assert utc_to_tdb_s(text)[0] == utc_to_tdb_s("2028-03-04T00:00:00Z")[0]


def test_the_leap_second_of_2016_lasts_one_second():
    texts = ["2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "2017-01-01T00:00:01Z"]
    tdb_s = utc_to_tdb_s(texts)
    assert np.diff(tdb_s) == pytest.approx([1.0, 1.0, 1.0], abs=1e-6)
    assert tdb_s_to_utc(tdb_s) == texts


def test_inside_a_leap_second_the_fraction_is_kept():
    text = "2016-12-31T23:59:60.250Z"
    assert tdb_s_to_utc(utc_to_tdb_s(text), digits=3) == [text]
    assert tdb_s_to_utc(utc_to_tdb_s(text)) == ["2016-12-31T23:59:60Z"]


def test_rounding_carries_into_and_out_of_the_leap_second():
    into, out = utc_to_tdb_s(["2016-12-31T23:59:59.7Z", "2016-12-31T23:59:60.7Z"])
    assert tdb_s_to_utc([into, out]) == ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"]


def test_every_leap_second_there_was_can_be_written_and_read():
    table = leap_seconds()
    midnights = [str(np.datetime64("2000-01-01") + int(day)) for day in table.day[2:]]
    before = [str(np.datetime64(midnight) - 1) + "T23:59:60Z" for midnight in midnights]
    assert len(before) == 27
    assert tdb_s_to_utc(utc_to_tdb_s(before)) == before
    assert utc_to_tdb_s(midnights) - utc_to_tdb_s(before) == pytest.approx(np.ones(27), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2028-02-30", "calendar"),
        ("2027-02-29T00:00:00Z", "calendar"),
        ("2028-13-01", "calendar"),
        ("0000-01-01", "calendar"),
        ("2028-01-01T24:00:00Z", "calendar"),
        ("2028-01-01T12:60:00Z", "calendar"),
        ("9999-12-31T23:59:60Z", "calendar"),
        ("2028-01-01T23:59:60Z", "no leap second"),
        ("2028-01-01T00:00:00+09:00", "offset"),
        ("2028-01-01T00:00:00-00:30", "offset"),
        ("2028", "not a UTC time"),
        ("2028-1-1", "not a UTC time"),
        ("tomorrow", "not a UTC time"),
        ("", "not a UTC time"),
        ("nan", "not a UTC time"),
        ("٢٠٢٨-01-01", "not a UTC time"),
    ],
)
def test_what_is_no_utc_is_refused_by_name(text, word):
    with pytest.raises(InputError, match=word) as caught:
        utc_to_tdb_s(["2028-01-01", text])
    assert repr(text) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_number_is_not_utc_text():
    with pytest.raises(InputError, match="bare number"):
        utc_to_tdb_s([2028.0])


def test_times_of_python_and_numpy_are_taken_alone_and_in_rows():
    noon = utc_to_tdb_s("2028-03-04T12:00:00Z")[0]
    kolkata = datetime.timezone(datetime.timedelta(hours=5.5))
    for moment in (
        datetime.datetime(2028, 3, 4, 12),
        datetime.datetime(2028, 3, 4, 17, 30, tzinfo=kolkata),
        np.datetime64("2028-03-04T12"),
        np.array("2028-03-04T12:00:00", "datetime64[ns]"),
    ):
        assert utc_to_tdb_s(moment).tolist() == utc_to_tdb_s([moment]).tolist() == [noon]
    hours = np.arange("2028-03-04T11", "2028-03-04T14", dtype="datetime64[h]")
    assert np.allclose(utc_to_tdb_s(hours) - noon, [-3600.0, 0.0, 3600.0], atol=1e-3)
    assert utc_to_tdb_s(datetime.date(2028, 3, 4))[0] == utc_to_tdb_s("2028-03-04")[0]
    assert utc_to_tdb_s(hour for hour in hours).tolist() == utc_to_tdb_s(hours).tolist()


def test_numpy_times_agree_with_the_text_and_come_back():
    tdb_s = np.random.default_rng(3).uniform(-1.5e9, 3.1e9, (50, 2))
    stamps = tdb_s_to_datetime64(tdb_s)
    assert stamps.shape == (50, 2) and stamps.dtype == "datetime64[ns]"
    texts = [text.removesuffix("Z") for text in tdb_s_to_utc(tdb_s, digits=6)]
    assert np.datetime_as_string(stamps.ravel(), unit="us").tolist() == texts
    assert np.abs(utc_to_tdb_s(stamps.ravel()) - tdb_s.ravel()).max() < 2e-6


def test_inside_a_leap_second_numpy_repeats_the_second_before_and_beyond_its_years_it_refuses():
    leap = utc_to_tdb_s("2016-12-31T23:59:60.25Z")
    assert str(tdb_s_to_datetime64(leap)[0]) == "2016-12-31T23:59:59.250000000"
    with pytest.raises(InputError, match="1678 to 2261"):
        tdb_s_to_datetime64(9.5e9)


def test_no_times_in_gives_no_times_out():
    assert utc_to_tdb_s([]).shape == (0,)
    assert tdb_s_to_utc([]) == []


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e15, -1e15])
def test_times_without_a_date_cannot_be_written(value):
    with pytest.raises(InputError, match="years 1 to 9999"):
        tdb_s_to_utc([0.0, value])


def test_seven_decimals_are_more_than_a_time_holds():
    with pytest.raises(InputError, match="0 to 6"):
        tdb_s_to_utc(0.0, digits=7)


def test_a_minute_of_decimals_survives_the_round_trip():
    text = "2031-07-09T11:22:33.123456Z"
    assert tdb_s_to_utc(utc_to_tdb_s(text), digits=6) == [text]


def test_tai_and_tdb_are_inverse():
    tai_s = np.linspace(-1.6e9, 3.2e9, 1001)
    assert np.abs(tdb_to_tai_s(tai_to_tdb_s(tai_s)) - tai_s).max() < 1e-6


def test_steps_stop_before_the_stop():
    assert tdb_s_to_utc(steps_tdb_s("2028-01-01", "2028-01-01T03:00", 3600)) == [
        "2028-01-01T00:00:00Z",
        "2028-01-01T01:00:00Z",
        "2028-01-01T02:00:00Z",
    ]
    assert steps_tdb_s("2028-01-01", "2028-01-01T03:00:01Z", 3600).size == 4
    assert steps_tdb_s("2028-01-01", "2028-01-02", 1e9).size == 1


def test_ten_years_of_steps_end_on_the_second():
    texts = tdb_s_to_utc(steps_tdb_s("2020-01-01", "2030-01-01", 86_400), digits=3)
    assert {text[10:] for text in texts} == {"T00:00:00.000Z"}


def test_steps_are_elapsed_seconds_across_a_leap_second():
    texts = tdb_s_to_utc(steps_tdb_s("2016-12-31T23:00", "2017-01-01T02:00", 3600))
    assert texts == [
        "2016-12-31T23:00:00Z",
        "2016-12-31T23:59:60Z",
        "2017-01-01T00:59:59Z",
        "2017-01-01T01:59:59Z",
    ]


@pytest.mark.parametrize(
    ("start", "stop", "step", "word"),
    [
        ("2028-01-01", "2029-01-01", 0.0, "step"),
        ("2028-01-01", "2029-01-01", -60.0, "step"),
        ("2028-01-01", "2029-01-01", float("nan"), "step"),
        ("2028-01-01", "2028-01-01", 60.0, "not after"),
        ("2029-01-01", "2028-01-01", 60.0, "not after"),
        ("2028-01-01", "2048-01-01", 1.0, "use a longer step"),
    ],
)
def test_steps_that_make_no_sense_are_refused(start, stop, step, word):
    with pytest.raises(InputError, match=word):
        steps_tdb_s(start, stop, step)
