import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from lupex.base.frames import map_xy_m
from lupex.ephemeris import sky_table, utc_to_tdb_s
from lupex.io import read_map
from lupex.model.settings.own_layer import MissionLayer
from lupex.study import light_series_at
from lupex.web import StudyFolder, make_app, records
from lupex.web.drives import BusyError, Jobs

TOKEN = "a-token-of-the-tests"


@pytest.fixture(scope="module")
def client(study: StudyFolder) -> Iterator[TestClient]:
    with TestClient(
        make_app(study, TOKEN), base_url="http://127.0.0.1:8000", headers={"authorization": f"Bearer {TOKEN}"}
    ) as client:
        yield client


def ok(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_overview_holds_layers_sites_and_a_point_to_check_the_projection_by(client: TestClient) -> None:
    found = ok(client, "/api/study")
    assert {"elevation_m", "lit_fraction_any", "hillshade"} <= {layer["name"] for layer in found["layers"]}
    assert [site["name"] for site in found["sites"]] == ["S1", "S2"]
    assert "+x_0=0 +y_0=0" in found["projection"]["proj"]
    assert "+units=m" in found["projection"]["proj"]
    probe = found["projection"]["probe"]
    assert np.hypot(probe["x_m"], probe["y_m"]) == pytest.approx(2 * 1737400 * np.tan(np.radians(1.5)), abs=1e-3)
    assert found["problems"] == []


def test_a_place_has_the_values_of_the_files(client: TestClient, study: StudyFolder) -> None:
    site = ok(client, "/api/study")["sites"][0]
    found = ok(client, "/api/place", lat_deg=site["lat_deg"], lon_deg=site["lon_deg"])
    file, values = read_map(study.source("elevation_m", "S1").file.path)
    row = next(row for row in found["rows"] if row["name"] == "elevation_m")
    assert row["value"] == float(values[file.grid.cell_of(found["x_m"], found["y_m"])])
    assert (row["part"], row["unit"], row["synthetic"]) == ("S1", "m", "below 1600 m")


def test_a_place_off_the_maps_and_on_the_other_half_is_refused_in_one_line(client: TestClient) -> None:
    for lat in (-60.0, 89.0):
        answer = client.get("/api/place", params={"lat_deg": lat, "lon_deg": 0.0})
        assert answer.status_code == 400
        assert "lies o" in answer.json()["error"]


def test_the_pole_itself_is_a_place(client: TestClient) -> None:
    found = ok(client, "/api/place/skyline", lat_deg=-90.0, lon_deg=0.0, start_utc="2028-09-01", days=1.0)
    assert len(found["sun"]["elevation_deg"]) == 24
    assert abs(found["sun"]["elevation_deg"][0]) < 2.0


def test_the_track_of_the_sun_is_that_of_the_rooms_below(client: TestClient, study: StudyFolder) -> None:
    site = ok(client, "/api/study")["sites"][1]
    place = {"lat_deg": site["lat_deg"], "lon_deg": site["lon_deg"]}
    found = ok(client, "/api/place/skyline", **place, start_utc="2028-09-01T00:00:00Z", days=0.5, height_m=2.0)
    from lupex.web.ground import Ground

    terrain = Ground(study).terrain("S2")
    sky = sky_table(utc_to_tdb_s("2028-09-01T03:00:00Z"))
    series = light_series_at(terrain, site["lat_deg"], site["lon_deg"], sky, 2.0)
    assert found["sun"]["elevation_deg"][3] == pytest.approx(float(series["sun_elevation_deg"][0]), abs=1e-6)
    assert found["sun"]["disc_fraction"][3] == pytest.approx(float(series["sun_disc_fraction"][0]), abs=1e-3)


def test_a_calendar_has_a_share_for_every_day_of_the_span(client: TestClient) -> None:
    site = ok(client, "/api/study")["sites"][0]
    days = ok(client, "/api/place/calendar", lat_deg=site["lat_deg"], lon_deg=site["lon_deg"])
    assert len(days["days_ms"]) == len(days["lit_fraction"]) == 1096
    assert np.diff(days["days_ms"]).min() > 86_399_000


def test_light_of_the_page_begins_with_the_skylines_of_every_cell(client: TestClient) -> None:
    head = ok(client, "/api/light/S1")
    cells = head["grid"]["rows"] * head["grid"]["cols"]
    assert len(client.get("/api/light/S1/horizons").content) == 2 * cells * head["azimuths"]
    assert len(client.get("/api/light/S1/elevation").content) == 4 * cells
    shares = client.get("/api/light/S1/disc", params={"utc": "2028-09-01T00:00:00Z"}).content
    assert len(shares) == cells


def test_sun_and_earth_come_as_rows_of_the_map_frame(client: TestClient) -> None:
    answer = client.get("/api/sky", params={"start_utc": "2028-09-01", "stop_utc": "2028-09-02", "step_s": 3600})
    rows = np.frombuffer(answer.content, "<f8").reshape(-1, 8)
    assert rows.shape == (24, 8)
    assert rows[0, 0] == 1_851_379_200_000.0  # 2028-09-01T00:00:00Z, as browsers count
    assert 0.98 < np.linalg.norm(rows[0, 1:4]) / 1.495978707e11 < 1.02
    assert 3.5e8 < np.linalg.norm(rows[0, 4:7]) < 4.1e8


def test_other_weights_turn_the_order(client: TestClient) -> None:
    flat = client.post("/api/ranking", json={"weights": {"slope_deg": 1.0, "season_lit_fraction": 0.01}}).json()
    lit = client.post("/api/ranking", json={"weights": {"slope_deg": 0.01, "season_lit_fraction": 1.0}}).json()
    assert (flat["order"], lit["order"]) == (["S1", "S2"], ["S2", "S1"])
    assert sum(flat["rank_acceptability"][0]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ranking", '{"weights": {"slope_deg": NaN}}'),
        ("/api/ranking", '{"weights": {"slope_deg": Infinity}}'),
        ("/api/ranking", '{"weights": {"slope_deg": 1e400}}'),
        ("/api/ranking", '{"weights": {"slope_deg": true}}'),
        ("/api/ranking", '{"weights": {"slope_deg": "1"}}'),
        ("/api/ranking", '{"weights": {}}'),
        ("/api/ranking", '{"weights": {"slope_deg": 1.0}, "more": 1}'),
        ("/api/drive/check", '{"waypoints": [{"lat_deg": -89.0, "lon_deg": 1.0}]}'),
        ("/api/drive/check", '{"waypoints": [{"lat_deg": -99.0, "lon_deg": 1.0}, {"lat_deg": -89.0, "lon_deg": 1.0}]}'),
        ("/api/drive/check", '{"waypoints": [{"lat_deg": false, "lon_deg": 1.0}, {"lat_deg": -89.0, "lon_deg": 1.0}]}'),
        ("/api/link", '{"station": "../../etc/passwd", "range_m": 4e8, "elevation_deg": 30.0}'),
    ],
)
def test_what_is_no_number_and_no_name_is_not_understood_and_never_a_fault(
    client: TestClient, path: str, body: str
) -> None:
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert all(set(one) == {"type", "loc", "msg"} for one in answer.json()["detail"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "true", ""])
def test_a_query_that_is_no_number_is_not_understood(client: TestClient, number: str) -> None:
    assert client.get("/api/place", params={"lat_deg": number, "lon_deg": "0"}).status_code == 422


def test_thousands_of_waypoints_are_refused_before_anything_is_computed(client: TestClient) -> None:
    many = [{"lat_deg": -89.0, "lon_deg": 0.01 * k} for k in range(5000)]
    assert client.post("/api/drive/check", json={"waypoints": many}).status_code == 422


def test_a_drawn_drive_is_checked(client: TestClient) -> None:
    site = ok(client, "/api/study")["sites"][0]
    way = [{"lat_deg": site["lat_deg"] + 0.005 * k, "lon_deg": site["lon_deg"]} for k in range(3)]
    asked = client.post("/api/drive/check", json={"waypoints": way, "begin_utc": "2028-09-01T00:00:00Z"})
    assert asked.status_code == 202
    for _ in range(600):
        state = ok(client, f"/api/jobs/{asked.json()['job']}")
        if state["state"] in ("done", "failed"):
            break
        time.sleep(0.1)
    assert state["state"] == "done", state
    found = state["result"]
    assert found["line"]["distance_m"][-1] == pytest.approx(303.2, abs=30.0)  # 0.01 deg of latitude
    assert isinstance(found["ok"], bool)
    assert found["slack_wh"] > 0.0


def test_work_ends_at_its_next_report_once_the_server_was_told_to_stop() -> None:
    jobs = Jobs()
    jobs.close()
    with pytest.raises(BusyError, match="was stopped"):
        jobs.running.progress(1, 10, "horizons")


def test_a_problem_is_told_once_however_often_it_is_met(study: StudyFolder, client: TestClient) -> None:
    before = list(study.problems)
    study.note("made up")
    study.note("made up")
    assert ok(client, "/api/study")["problems"] == [*before, "made up"]
    study.problems.remove("made up")


def test_a_job_that_is_not_there_is_refused(client: TestClient) -> None:
    assert client.get("/api/jobs/999").status_code == 400


def test_contacts_carry_milliseconds_and_gaps_as_null(client: TestClient) -> None:
    found = ok(client, "/api/contacts/S1")
    assert found["passes"][0]["los_ms"] - found["passes"][0]["aos_ms"] == pytest.approx(3e7, abs=1.0)
    assert found["series"]["margin_db"] == [None, 3.0, 4.0]


def test_a_link_is_budgeted_with_the_radio_of_the_mission(client: TestClient) -> None:
    asked = {"station": "misasa", "range_m": 3.9e8, "elevation_deg": 30.0}
    found = client.post("/api/link", json=asked).json()
    assert found["direction"] == "down"
    assert found["margins"]


@pytest.mark.parametrize("path", ["/api/water", "/api/payload", "/api/contacts/S9", "/api/tiles/none/0/0/0.png"])
def test_what_the_study_does_not_hold_is_said_in_one_line(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "\n" not in answer.json()["error"]


def test_a_position_budget_is_told_where_the_study_has_one(client: TestClient, study: StudyFolder) -> None:
    assert ok(client, "/api/position/S1") == {"site": "S1", "rows": []}
    assert client.get("/api/position/S9").status_code == 400
    row = {"methods": "range+doppler", "days": 1.0, "sigma_east_m": 2.0, "sigma_north_m": 3.0, "sigma_up_m": None}
    site = study.sites["S1"]
    site["position"] = {"wanted_m": 50.0, "wanted_days": 0.25, "rows": [row | {"data": 4}, "no row"], "notes": []}
    try:
        assert ok(client, "/api/position/S1")["rows"] == [row]
    finally:
        del site["position"]


def test_the_layers_of_the_mission_come_in_map_metres_and_those_that_are_gone_are_noted(
    study: StudyFolder, tmp_path: Path
) -> None:
    file = tmp_path / "places.csv"
    file.write_text("name,lat_deg,lon_deg\nHere,-89.0,90.0\n", encoding="utf-8")
    layers = [
        MissionLayer(name=name, kind="names", file=str(path)) for name, path in (("mine", file), ("gone", "no.csv"))
    ]
    shown = replace(study, problems=[])
    shown.__dict__["mission"] = replace(study.mission, layers=tuple(layers))
    (layer,) = records.own(shown)
    assert layer["name"] == "mine"
    x, y = map_xy_m(-89.0, 90.0, "south")
    assert layer["features"][0]["name"] == "Here"
    assert layer["features"][0]["parts"][0][0].tolist() == pytest.approx([float(x), float(y)], abs=0.01)
    assert any("no.csv" in problem for problem in shown.problems)


def test_no_path_of_a_user_reaches_the_disk(client: TestClient) -> None:
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/tiles/..%2f..%2fetc/0/0/0.png", "/main.js%00"):
        answer = client.get(path)
        assert answer.status_code in (400, 404, 422), path
        assert "root:" not in answer.text
