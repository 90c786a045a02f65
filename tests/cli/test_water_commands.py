"""lupex water: numbers scripts rely on, and what is answered to bad input."""

import json

import pytest
from tests.cli.command import lupex, refused

from lupex.cli.main import main


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
    assert answered("invert", "nss", "--rate", 31)["water_mass_fraction"] == 0.0  # half of dry samples lie above


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


BAD = {
    "negative counts": ("counts = 21000", "counts = -5", "counts -5 lies outside"),
    "counts that are a rate": ("counts = 21000", "counts = 23.3", "counts 23.3 is no whole number"),
    "rate above the dry rate": ("counts = 21000", "counts = 40000", "above the dry rate"),
    "missing dead time": ("dead_time_s = 1e-6", "", "dead_time_s is missing"),
    "dead time that fills the time": ("dead_time_s = 1e-6", "dead_time_s = 0.5", "fills the counting time"),
    "unknown instrument": ('channel = "adore"', 'channel = "adoor"', "unknown instrument 'adoor'"),
    "not a number": ("water_wt_percent = 1.3", "water_wt_percent = nan", "no finite number"),
    "saturated spectrum": (
        'channel = "ltga"\ndepth_m = 0.4\nmass_loss_g = 0.017',
        'channel = "alis"\nband_depths = [0.2, 0.99, 0.4]',
        "saturated",
    ),
    "broken spectrum": (
        'channel = "ltga"\ndepth_m = 0.4\nmass_loss_g = 0.017',
        'channel = "alis"\nband_depths = [0.2, nan, 0.4]',
        "leave a broken spectrum out",
    ),
    "temperature outside the law": (
        'channel = "ltga"\ndepth_m = 0.4\nmass_loss_g = 0.017',
        'channel = "thermal_probe"\ndepth_m = 0.4\nconductivity_w_m_k = 0.01\ntemperature_k = 700.0',
        "outside the law's 20 .. 400 K",
    ),
    "prior that excludes everything": (
        'name = "A"',
        'name = "A"\nice_probability = 0.0',
        "excludes whatever is measured",
    ),
    "prior that excludes the data": (
        'name = "A"',
        'name = "A"\n[prior]\nice_probability = 1e-13\nhydration_ln_sigma = 0.05',
        "the prior excludes the data",
    ),
    "prior without room for water": (
        'name = "A"',
        'name = "A"\n[prior]\nice_ln_sigma = 0.05\nice_median = 1e-4',
        "the prior gives water at the level no chance at all",
    ),
    "hydrogen in another unit": (
        'channel = "ltga"\ndepth_m = 0.4\nmass_loss_g = 0.017',
        'channel = "lend"\nhydrogen_wt_percent = 120.0',
        "state the unit of the map",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_is_one_line_and_leaves_the_evidence_alone(evidence, kind, capsys):
    good, bad, said = BAD[kind]
    evidence.write_text(EVIDENCE.replace(good, bad, 1), encoding="utf-8")
    before = evidence.read_bytes()
    assert main(["water", "decide", str(evidence)]) == 2
    out, line = capsys.readouterr()
    assert out == "" and line.startswith("lupex: error: ") and line.count("\n") == 1
    assert said in line
    assert evidence.read_bytes() == before
    assert [path.name for path in evidence.parent.iterdir()] == [evidence.name]


def test_a_survey_off_the_map_is_one_line_and_writes_nothing(tmp_path, capsys):
    assert main(["water", "survey", "--at", "-10,0", "--out", str(tmp_path / "survey")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "survey").exists()


def test_two_files_for_one_hole_are_refused(evidence):
    other = evidence.with_name("other.toml")
    other.write_text(EVIDENCE, encoding="utf-8")
    assert "two files for one hole" in refused("water", "decide", evidence, other)


def test_counting_says_wet_dry_or_go_on():
    assert answered("count", "--counts", 1500, "--time-s", 60)["answer"] == "wet"
    assert answered("count", "--counts", 3100, "--time-s", 100)["answer"] == "dry"
    assert answered("count", "--counts", 27, "--time-s", 1)["answer"] == "go on"
    assert "-5 counts" in refused("water", "count", "--counts", "-5", "--time-s", "60")
