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


EVIDENCE = """
[evidence]
name = "trial"
synthetic = true

[[places]]
name = "A"

[[measurements]]
channel = "nss"
counts = 21000
time_s = 900
dead_time_s = 1e-6

[[measurements]]
channel = "adore"
blank = true
water_wt_percent = 0.02

[[measurements]]
channel = "adore"
depth_m = 0.4
water_wt_percent = 1.3

[[measurements]]
channel = "ltga"
depth_m = 0.4
mass_loss_g = 0.017
"""


@pytest.fixture
def evidence(tmp_path):
    path = tmp_path / "evidence.toml"
    path.write_text(EVIDENCE, encoding="utf-8")
    return path


def test_decide_gives_decision_probability_evidence_per_channel_and_what_is_missing(evidence):
    found = answered("decide", evidence)
    assert (found["decision"], found["missing"], found["synthetic"]) == ("confirmed", [], True)
    assert found["probability_present"] > 0.999
    assert set(found["log_bayes_factor"]) == {"nss", "adore", "ltga"}
    assert "kept_mean" in found["assumptions"]["ltga"]
    less = answered("decide", evidence, "--without", "adore")
    assert less["decision"] == "undecided" and less["missing"]
    assert found["sensitivity"]["without"]["adore"]["decision"] == "undecided"


def test_infer_gives_water_by_depth_with_quantiles(evidence):
    found = answered("infer", evidence)["places"]["A"]
    assert found["depth_m"][0] == 0.0 and len(found["ice_mean"]) == len(found["ice_p95"]) == len(found["depth_m"])
    deepest = {key: found[f"ice_{key}"][-1] for key in ("p05", "p50", "p95")}
    assert 0.005 < deepest["p05"] < deepest["p50"] < deepest["p95"] < 0.06
    assert sum(found["families"].values()) == pytest.approx(1.0)


def test_records_are_sealed_and_bad_ones_leave_the_file_alone(evidence):
    done = lupex("water", "record", evidence, "A", "dfsar", "cpr=0.9", "dop=0.4")
    assert done.returncode == 0, done.stderr
    assert "5 measurements, 1 sealed" in done.stderr
    before = evidence.read_bytes()
    assert "cpr -1 lies outside" in refused("water", "record", evidence, "A", "dfsar", "cpr=-1.0")
    assert "is no NAME=VALUE" in refused("water", "record", evidence, "A", "dfsar", "cpr")
    assert evidence.read_bytes() == before


def test_two_files_for_one_hole_are_refused(evidence):
    other = evidence.with_name("other.toml")
    other.write_text(EVIDENCE, encoding="utf-8")
    assert "two files for one hole" in refused("water", "decide", evidence, other)


def test_counting_says_wet_dry_or_go_on():
    assert answered("count", "--counts", 1500, "--time-s", 60)["answer"] == "wet"
    assert answered("count", "--counts", 3100, "--time-s", 100)["answer"] == "dry"
    assert answered("count", "--counts", 27, "--time-s", 1)["answer"] == "go on"
    assert "-5 counts" in refused("water", "count", "--counts", "-5", "--time-s", "60")
