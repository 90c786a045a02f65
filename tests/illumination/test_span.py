"""A span is cut to or refused; it is never only a label."""

import numpy as np
import pytest
from tests.illumination.scenes import ground, years

from lupex.base.errors import SpanError
from lupex.illumination import light_statistics, long_term_light
from lupex.illumination.span import within

YEAR = ("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z")


def test_the_whole_table_is_its_own_span():
    sky = years(*YEAR, 3600.0)
    assert within(sky, None)[0] is sky
    assert within(sky, YEAR) == (sky, YEAR)
    assert within(sky, None)[1] == ("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z")


def test_a_part_of_the_table_is_cut_out():
    sky = years(*YEAR, 3600.0)
    part, span = within(sky, ("2028-03-01", "2028-03-11T06:00:00Z"))
    alone = years("2028-03-01", "2028-03-11T06:00:00Z", 3600.0)
    assert len(part) == len(alone) == 246
    assert np.allclose(part.times_tdb_s, alone.times_tdb_s, atol=1e-3)
    assert part.kernels == sky.kernels and span == ("2028-03-01T00:00:00Z", "2028-03-11T06:00:00Z")


@pytest.mark.parametrize(
    "span",
    [
        ("2030-01-01", "2031-01-01"),
        ("2027-12-31", "2028-06-01"),
        ("2028-06-01", "2029-01-01T02:00:00Z"),
        ("2028-06-01", "2028-06-01"),
        ("2028-07-01", "2028-06-01"),
    ],
)
def test_a_span_the_table_does_not_hold_is_refused(span):
    with pytest.raises(SpanError, match="the sky table holds 2028-01-01T00:00:00Z to 2029-01-01T00:00:00Z"):
        within(years(*YEAR, 3600.0), span)


def test_a_span_between_two_times_is_refused():
    with pytest.raises(SpanError, match="no time of the sky table"):
        within(years(*YEAR, 3600.0), ("2028-03-01T00:10:00Z", "2028-03-01T00:20:00Z"))


def test_statistics_of_a_part_are_those_of_a_table_of_that_part():
    scene, part = ground(-89.0, 30.0, 1.0), ("2028-05-01T00:00:00Z", "2028-08-01T00:00:00Z")
    cut = light_statistics(*scene, years(*YEAR, 3600.0), part)
    alone = light_statistics(*scene, years(*part, 3600.0))
    assert cut.span_utc == part
    for name in cut.layers:
        np.testing.assert_array_equal(cut[name], alone[name], err_msg=name)


@pytest.mark.parametrize(("function", "step_s"), [(light_statistics, 3600.0), (long_term_light, 600.0)])
def test_data_of_2028_are_never_titled_2030(function, step_s):
    scene, sky = ground(-89.0, 30.0), years(*YEAR, step_s)
    with pytest.raises(SpanError, match="span 2030-01-01T00:00:00Z to 2031-01-01T00:00:00Z"):
        function(*scene, sky, ("2030-01-01", "2031-01-01"))
    assert function(*scene, sky).span_utc == ("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z")
