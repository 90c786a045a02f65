"""Words of the command line, one by one."""

import argparse

import pytest

from lupex.base.errors import InputError
from lupex.cli.arguments import number, shielded, times_in, utc, whole_number


def test_only_what_begins_like_a_negative_number_is_shielded():
    words = ["-89.5", "-.5", "-1e-3", "-inf", "-NaN", "--csv", "-h", "-", "89", "-89,5"]
    assert shielded(words) == [" -89.5", " -.5", " -1e-3", " -inf", " -NaN", "--csv", "-h", "-", "89", " -89,5"]


def test_a_number_is_read_between_its_bounds_inclusive():
    read = number("latitude", -90.0, 90.0)
    assert (read(" -90"), read("90.0"), read("1e1")) == (-90.0, 90.0, 10.0)
    for text in ("90.0001", "nan", "inf", "ten", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            read(text)


def test_a_whole_number_has_no_point():
    read = whole_number("azimuths", 8, 3600)
    assert read("360") == 360
    for text in ("360.0", "7", "3601", "x"):
        with pytest.raises(argparse.ArgumentTypeError):
            read(text)


def test_utc_is_brought_to_its_one_spelling():
    assert utc("2028-01-01") == "2028-01-01T00:00:00Z"
    with pytest.raises(argparse.ArgumentTypeError, match="not a UTC time"):
        utc("now")


def test_times_of_a_file_keep_their_order(tmp_path):
    path = tmp_path / "times.txt"
    path.write_text("2028-01-02 # second\n\n#\n2028-01-01T06:00\n")
    assert times_in(path) == ["2028-01-02T00:00:00Z", "2028-01-01T06:00:00Z"]
    path.write_text("2028-01-02\nnever\n")
    with pytest.raises(InputError, match="times.txt line 2"):
        times_in(path)
