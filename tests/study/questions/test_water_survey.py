"""A survey on the default mission's ground inside Shackleton: cold enough for ice, and files a campaign can read."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.io import read_stops
from lupex.mission import load_mission
from lupex.report import survey_summary, write_survey
from lupex.study import water_survey
from lupex.water import read_evidence

MISSION = load_mission(None)
SMALL = replace(MISSION.water, radius_km=0.5, spacing_m=400.0, worlds=10, most_samples=1, stations=2)
SHACKLETON = (-89.67, 130.0)


@pytest.fixture(scope="module")
def found():
    return water_survey(replace(MISSION, water=SMALL), SHACKLETON, name="shackleton")


def test_permanent_shadow_keeps_ice_at_every_place(found):
    assert (found.places.stability_depth_m <= 1.4).all()
    assert found.places.max_k.max() < 110.0
    assert (found.places.present > 0.2).all()
    assert found.drift_k_per_year < 0.1
    assert any("synthetic" in note for note in found.notes)


def test_files_are_read_by_campaign_and_decision_and_evidence_is_never_overwritten(found, tmp_path):
    mission = replace(MISSION, water=SMALL)
    written = write_survey(tmp_path, found, mission)
    assert [path.name for path in written] == ["survey.json", "places.csv", "stops.csv", "evidence.toml"]
    stops = read_stops(tmp_path / "stops.csv", "south")
    assert [stop.label for stop in stops] == ["shackleton-1", "shackleton-2"]
    summary = survey_summary(found, mission)
    assert stops[0].dwell_s == pytest.approx(3600.0 * summary["chosen"]["hours"], rel=1e-3)
    assert sum(summary["expected"].values()) == pytest.approx(1.0)
    evidence = read_evidence(tmp_path / "evidence.toml")
    assert evidence.synthetic and evidence.rule == mission.water_rule
    assert [place.name for place in evidence.places] == ["shackleton-1", "shackleton-2"]
    before = (tmp_path / "evidence.toml").read_bytes() + b"# measured\n"
    (tmp_path / "evidence.toml").write_bytes(before)
    assert [path.name for path in write_survey(tmp_path, found, mission)] == ["survey.json", "places.csv", "stops.csv"]
    assert (tmp_path / "evidence.toml").read_bytes() == before


def test_ground_too_steep_everywhere_is_said():
    steep = replace(MISSION, water=replace(SMALL, max_slope_deg=0.0))
    with pytest.raises(InputError, match="no ground flatter than 0 deg within 0.5 km"):
        water_survey(steep, SHACKLETON)


def test_places_are_inside_the_radius(found):
    x, y = found.places.x_m, found.places.y_m
    assert np.hypot(x - x.mean(), y - y.mean()).max() <= 1000.0 * SMALL.radius_km + 1e-6
