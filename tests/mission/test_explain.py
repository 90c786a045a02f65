"""Every setting explains itself."""

import json

from lupex.mission import explain, load_mission, mission_dict
from lupex.mission.mission import SETTINGS
from lupex.model.settings.setting import settings_fields


def test_every_setting_and_fact_has_one_row_with_meaning_and_source():
    mission = load_mission(None)
    rows = explain(mission)
    settings = sum(len(settings_fields(kind)) for kind in SETTINGS.values())
    names = [(row.table, row.key) for row in rows]
    assert len(set(names)) == len(names)
    assert len(rows) == 4 + len(mission.lander) + len(mission.rover) + settings
    assert all(row.meaning and row.source for row in rows)


def test_a_row_tells_what_the_file_said_and_what_would_hold_without_it(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text("[sites]\nmax_slope_deg = 7\n[rover]\nbattery_wh = 5000\ndata_rate_bps = 2e6\n")
    rows = {(row.table, row.key): row for row in explain(load_mission(path))}
    slope = rows["sites", "max_slope_deg"]
    assert (slope.value, slope.default, slope.unit, slope.given_by_file) == (7.0, 10.0, "degrees", True)
    battery = rows["rover", "battery_wh"]
    assert (battery.value, battery.default, battery.unit, battery.given_by_file) == (5000.0, 7000.0, "watt-hours", True)
    assert rows["rover", "data_rate_bps"].default is None
    assert not rows["sites", "count"].given_by_file


def test_units_are_said_in_words():
    units = {row.key: row.unit for row in explain(load_mission(None))}
    assert units["speed_m_s"] == "metres per second"
    assert units["fine_size_km"] == "kilometres"
    assert units["solar_array_area_m2"] == "square metres"
    assert units["start_utc"] == "UTC"
    assert units["azimuths"] == ""


def test_the_mission_as_a_dictionary_survives_json():
    plain = mission_dict(load_mission(None))
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["sites"]["max_slope_deg"] == 10.0
    assert plain["rover"][0]["key"] == "mass_kg"
