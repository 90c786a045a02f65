"""lupex water: numbers scripts rely on, and what is answered to bad input."""

import json

import pytest
from tests.cli.command import lupex, refused


def answered(*words: object) -> dict:
    done = lupex("water", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_forward_gives_expected_unit_and_sigma():
    found = answered("forward", "nss", "--water-wt-percent", 0.5, "--time-s", 100)
    assert found["expected"] == pytest.approx(23.388, abs=1e-3)
    assert found["unit"] == "cps"
    assert found["sigma"] == pytest.approx((23.388 / 100.0) ** 0.5, abs=1e-4)
    assert "dry_rate_relative_sigma" in found["assumptions"]


def test_invert_is_the_published_formula():
    assert answered("invert", "nss", "--rate", 10)["water_mass_fraction"] == pytest.approx(0.0397245, abs=1e-6)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("forward", "adoor", "--water-wt-percent", "1"), "unknown instrument 'adoor'; did you mean 'adore'?"),
        (("forward", "nss", "--water-wt-percent", "-1"), "water -1 lies outside 0 .. 100"),
        (("invert", "nss", "--rate", "-5"), "not above 0"),
        (("invert", "nss", "--rate", "90"), "above the dry rate 30.75 cps by more than noise allows"),
        (("invert", "adore", "--rate", "9"), "only nss has an inverse of its own"),
    ],
)
def test_bad_input_is_one_line(words, said):
    assert said in refused("water", *words)
