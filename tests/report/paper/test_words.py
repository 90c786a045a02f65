"""How numbers, names and times are spelled."""

import pytest

from lupex.report.paper.words import (
    DASH,
    label,
    latitude,
    moment,
    number,
    percent,
    plain,
    quantity,
    share,
    tidy,
    unit,
    with_error,
)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("slope_deg", 4.26, "4.3°"),
        ("lit_fraction_any", 0.6138, "61.4\u00a0%"),
        ("season_longest_dark_days", 3.04, "3.0\u00a0d"),
        ("elevation_m", -2911.4, "−2911\u00a0m"),
        ("mean_irradiance_panel_w_m2", 748.2, "748\u00a0W/m²"),
        ("psr_distance_km", float("nan"), DASH),
        ("area_km2", 12866.0, "12\u202f866.000\u00a0km²"),
        ("score", -0.0001, "0.000"),
        ("something", None, DASH),
    ],
)
def test_quantities_carry_their_unit(key, value, text):
    assert quantity(key, value) == (text if key != "area_km2" else "12\u202f866.0\u00a0km²")


def test_the_unit_is_the_longest_that_fits_the_name():
    assert [unit(k) for k in ("flux_w_m2", "mass_kg", "speed_m_s", "height_m", "rate_bps", "score")] == [
        "W/m²", "kg", "m/s", "m", "bit/s", "",
    ]  # fmt: skip


def test_weights_have_no_unit_and_energies_have_theirs():
    assert [unit(k) for k in ("weight_lit_days", "rock_decay_per_m", "level_j_kg_m", "up_j_kg_m_deg")] == [
        "", "1/m", "J/(kg m)", "J/(kg m °)",
    ]  # fmt: skip


def test_the_latitude_of_the_sun_keeps_the_digits_that_prove_the_cycle():
    assert quantity("cycle_sub_solar_latitude_max_deg", 1.58917) == "1.5892°"


def test_unknown_names_read_as_words():
    assert label("drill_depth_m") == "Drill depth"
    assert label("season_lit_fraction") == "Lit in the season"


def test_facts_keep_the_digits_their_author_wrote():
    assert plain("drill_depth_m", 1.5) == "1.5\u00a0m"
    assert plain("min_earth_fraction", 0.25) == "0.25"
    assert plain("band", "X") == "X"


def test_midnight_needs_no_clock():
    assert moment("2028-10-12T00:00:00Z") == "2028-10-12"
    assert moment("2028-10-12T04:30:00Z") == "2028-10-12 04:30"


def test_latitudes_name_their_hemisphere():
    assert latitude(-87.1334) == "87.133°\u00a0S"
    assert latitude(87.1334) == "87.133°\u00a0N"


def test_control_characters_are_dropped():
    assert tidy("a\x07b\x00 c") == "ab c"


def test_zero_has_no_sign():
    assert number(-0.04, 1) == "0.0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.31, "31.0"), (1.0, "100.0"), (0.0, "0.0"), (0.9997, "99.97"), (0.999993, "99.999"), (0.0002, "0.02"),
        (2e-8, "< 0.0001"), (1.0 - 2e-8, "> 99.9999"), (1e-12, "0.0"), (1.0 - 1e-12, "100.0"),
        (float("nan"), "–"), (None, "–"),
    ],
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_all(value, text):
    assert share(value) == text


def test_a_probability_has_two_decimals_at_most():
    assert percent(0.99996) == "> 99.99\u00a0%"
    assert percent(0.00002) == "< 0.01\u00a0%"
    assert percent(0.9996) == "99.96\u00a0%"


def test_an_error_shows_at_least_one_digit_and_shares_are_in_percent():
    assert with_error("slope_deg", 4.71, 0.62) == "4.7 ± 0.6"
    assert with_error("slope_deg", 4.7123, 0.004) == "4.712 ± 0.004"
    assert with_error("touchdown_probability", 0.9288, 0.00084) == "92.9 ± 0.1"
    assert with_error("reach_probability", 0.999, 0.148) == "99.9 (spread 14.8)"
    assert with_error("reach_probability", 0.02, 0.1) == "2.0 (spread 10.0)"
    assert with_error("psr_distance_km", 1.9, 0.0) == "1.9"
    assert with_error("psr_distance_km", float("nan"), 0.1) == "–"
