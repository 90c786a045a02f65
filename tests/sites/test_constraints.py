"""Constraints: what they remove, what they say, and what to do when nothing is left."""

from dataclasses import replace

import numpy as np
import pytest
from tests.sites.layers import region

from lupex.base.errors import InputError, NothingLeftError
from lupex.model import SiteSettings
from lupex.sites import CONSTRAINTS, constraint_mask, rules

SETTINGS = SiteSettings()


def test_good_ground_passes_and_nothing_is_removed():
    _, layers = region()
    mask, shares = constraint_mask(layers, SETTINGS)
    assert mask.all() and [s.name for s in shares] == ["slope", "light", "earth", "psr", "sunlit"]
    assert all(s.share_failing == 0.0 and s.share_failing_only_this == 0.0 for s in shares)


@pytest.mark.parametrize(
    ("layer", "passes", "fails", "name"),
    [
        ("slope_deg", 10.0, 10.01, "slope"),
        ("season_longest_lit_days", 30.0, 29.99, "light"),
        ("season_earth_fraction", 0.25, 0.2499, "earth"),
        ("psr_distance_km", 10.0, 10.01, "psr"),
        ("psr_distance_km", 0.0, np.inf, "psr"),
        ("permanent_shadow", 0.0, 1.0, "sunlit"),
    ],
)
def test_each_limit_is_inclusive_and_stops_what_lies_beyond(layer, passes, fails, name):
    _, layers = region()
    layers[layer][0, 0], layers[layer][0, 1] = passes, fails
    mask, shares = constraint_mask(layers, SETTINGS)
    assert np.argwhere(~mask).tolist() == [[0, 1]]
    assert {s.name: s.share_failing_only_this for s in shares if s.share_failing} == {name: pytest.approx(1 / 35)}


def test_shares_count_cells_that_fail_alone_and_together_among_known_cells():
    _, layers = region()
    layers["slope_deg"][0, :4] = 20.0
    layers["season_earth_fraction"][0, 3:5] = 0.0
    layers["psr_distance_km"][4, :] = np.nan
    mask, shares = constraint_mask(layers, SETTINGS)
    by_name = {s.name: (s.share_failing, s.share_failing_only_this) for s in shares}
    assert by_name["slope"] == (pytest.approx(4 / 28), pytest.approx(3 / 28))
    assert by_name["earth"] == (pytest.approx(2 / 28), pytest.approx(1 / 28))
    assert by_name["psr"] == (0.0, 0.0)
    assert mask.sum() == 23 and not mask[4].any()


def test_rules_are_words_with_the_numbers_of_the_settings():
    words = rules(replace(SETTINGS, max_slope_deg=12.5, min_lit_days=14.0))
    assert words["slope"] == "slope at most 12.5 deg"
    assert words["light"] == "lit without a break for at least 14 days in the landing season"
    assert list(words) == ["slope", "light", "earth", "psr", "sunlit"]
    assert set(words) < {c.name for c in CONSTRAINTS}


def test_when_nothing_is_left_the_hardest_rule_and_the_smallest_relaxation_are_named():
    _, layers = region()
    layers["slope_deg"][:] = 14.0
    layers["slope_deg"][2, 2] = 12.3456
    layers["season_longest_lit_days"][1:] = 10.0
    layers["season_longest_lit_days"][2, 2] = 40.0
    with pytest.raises(NothingLeftError) as error:
        constraint_mask(layers, SETTINGS)
    assert error.value.what == (
        "sites: no place fulfils every constraint; 'slope at most 10 deg' removes 100.0 %, "
        "'lit without a break for at least 30 days in the landing season' removes 77.1 %"
    )
    assert error.value.fix == "set [sites] max_slope_deg = 12.4 (now 10) to leave one"
    mask, _ = constraint_mask(layers, replace(SETTINGS, max_slope_deg=12.4))
    assert np.argwhere(mask).tolist() == [[2, 2]]


def test_the_relaxation_that_is_smallest_for_its_limit_is_chosen():
    _, layers = region()
    layers["slope_deg"][:, :3] = 20.0
    layers["season_longest_lit_days"][:, 3:] = 27.0
    with pytest.raises(InputError, match=r"set \[sites\] min_lit_days = 27 \(now 30\) to leave one"):
        constraint_mask(layers, SETTINGS)


def test_when_one_limit_is_not_enough_the_smallest_change_of_several_is_named():
    _, layers = region()
    layers["slope_deg"][:] = 20.0
    layers["season_earth_fraction"][:] = 0.0
    layers["season_earth_fraction"][1, 4] = 0.2
    layers["slope_deg"][3, 3] = 13.0
    with pytest.raises(InputError) as error:
        constraint_mask(layers, SETTINGS)
    # (3, 3): 0.3 + 1.0; (1, 4): 1.0 + 0.2
    assert error.value.fix == (
        "set [sites] max_slope_deg = 20 (now 10) and min_earth_fraction = 0.2 (now 0.25) to leave one"
    )
    mask, _ = constraint_mask(layers, replace(SETTINGS, max_slope_deg=20.0, min_earth_fraction=0.2))
    assert np.argwhere(mask).tolist() == [[1, 4]]


def test_when_no_relaxation_helps_it_says_so():
    _, layers = region()
    layers["psr_distance_km"][:] = np.inf
    with pytest.raises(InputError, match="no limit of .sites. leaves one when relaxed; choose another region"):
        constraint_mask(layers, SETTINGS)
    _, layers = region()
    layers["permanent_shadow"][:] = 1.0
    with pytest.raises(InputError, match="'not in permanent shadow itself' removes 100.0 %; no limit of"):
        constraint_mask(layers, SETTINGS)


def test_a_limit_that_is_switched_off_needs_no_layer_and_shows_no_share():
    _, layers = region()
    del layers["psr_distance_km"]
    layers["absolute_latitude_deg"] = np.full_like(layers["slope_deg"], 86.0)
    layers["absolute_latitude_deg"][0] = 83.0
    settings = replace(SETTINGS, max_psr_distance_km=10_000.0, min_abs_latitude_deg=84.0, min_lit_fraction=0.8)
    layers["season_lit_fraction"][1, 1] = 0.79
    layers["season_lit_fraction"][2:] = 0.81
    mask, shares = constraint_mask(layers, replace(settings, min_lit_fraction=0.795))
    assert [s.name for s in shares] == ["slope", "light", "earth", "lit_fraction", "latitude", "sunlit"]
    assert mask.sum() == 4 * 7 - 1


def test_a_limit_whose_map_is_missing_is_an_error():
    _, layers = region()
    with pytest.raises(InputError, match="layer 'absolute_latitude_deg' is missing"):
        constraint_mask(layers, replace(SETTINGS, min_abs_latitude_deg=84.0))


def test_a_map_without_any_known_cell_is_refused():
    _, layers = region()
    layers["slope_deg"][:] = np.nan
    with pytest.raises(InputError, match="no cell of the map is known"):
        constraint_mask(layers, SETTINGS)


def test_a_missing_layer_is_no_empty_choice():
    _, layers = region()
    del layers["slope_deg"]
    with pytest.raises(InputError) as error:
        constraint_mask(layers, SETTINGS)
    assert not isinstance(error.value, NothingLeftError)
