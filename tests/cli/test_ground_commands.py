"""lupex contacts, lupex link: passes and budgets, and what is answered to bad input."""

import csv
import io
import json

import pytest
from tests.cli.command import lupex, refused

PLACE = ["-89.5", "222.7"]
SPAN = ["--start", "2028-05-13", "--stop", "2028-05-15"]
AT = ["contacts", *PLACE, *SPAN]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def passes() -> list[dict[str, str]]:
    done = lupex(*AT, "--stations", "misasa,usuda,dss43")
    assert done.returncode == 0, done.stderr
    return rows(done.stdout)


def test_passes_are_rows_by_aos_with_both_horizons_named(passes):
    assert [row["station"] for row in passes] == ["dss43", "dss43", "misasa", "usuda"]
    assert [row["aos_utc"] for row in passes] == sorted(row["aos_utc"] for row in passes)
    misasa = passes[2]
    assert (misasa["limited_by_aos"], misasa["limited_by_los"]) == ("min_elevation", "span")
    assert misasa["aos_utc"][:15] == "2028-05-14T15:2"
    assert float(misasa["aos_elevation_deg"]) == pytest.approx(7.0, abs=0.01)
    assert 390_000e3 < float(misasa["min_range_m"]) < 400_000e3
    assert 14.0 < float(misasa["worst_margin_db"]) < 15.5


def test_what_is_not_published_is_an_empty_column(passes):
    usuda = passes[3]
    assert usuda["worst_margin_db"] == usuda["volume_bits"] == usuda["up_margin_db"] == ""
    assert float(usuda["duration_s"]) > 8.0 * 3600.0


def test_json_holds_summary_stations_gaps_and_passes():
    done = lupex(*AT, "--stations", "misasa,dss43", "--json")
    found = json.loads(done.stdout)
    assert found["radio"] == "lupex_rover_hga"
    assert [one["station"] for one in found["stations"]] == ["misasa", "dss43"]
    gaps = sum(gap["hours"] for gap in found["gaps"])
    assert gaps + found["summary"]["contact_hours"] == pytest.approx(48.0, abs=0.01)
    assert len(found["passes"]) == found["summary"]["passes"] == 3
    assert any("prediction" in note for note in found["notes"])
    assert "long-term prediction" in done.stderr


def test_the_past_has_final_earth_orientation_and_nothing_to_say():
    done = lupex("contacts", *PLACE, "--start", "2010-07-03", "--stop", "2010-07-05", "--stations", "misasa", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["notes"] == []


def test_one_pass_sample_by_sample_has_doppler_and_margin():
    samples = rows(lupex(*AT, "--stations", "misasa", "--pass", "1", "--step", "3600").stdout)
    assert len(samples) == 10
    for row in samples:
        assert float(row["doppler_hz"]) == pytest.approx(
            -float(row["range_rate_m_s"]) / 299_792_458.0 * 8.45e9, abs=0.01
        )
        assert float(row["place_elevation_deg"]) > float(row["place_skyline_deg"])
        assert 14.0 < float(row["margin_db"]) < 17.0


def test_no_pass_prints_the_header_and_says_why():
    done = lupex("contacts", *PLACE, "--start", "2028-05-03", "--stop", "2028-05-04", "--stations", "misasa")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("number,station,site,spacecraft,band,state,aos_utc")
    assert len(done.stdout.splitlines()) == 1
    assert "misasa has no pass: geometry: place never faces the Earth" in done.stderr


def test_a_radio_and_a_mission_of_ones_own_are_used(tmp_path):
    (tmp_path / "weak.toml").write_text('like = "lupex_rover_hga"\n[facts]\ntx_power_w = 0.001\n')
    (tmp_path / "mine.toml").write_text('[ground]\nstations = "dss43"\nradio = "weak.toml"\n')
    stations = rows(lupex(*AT, "--mission", tmp_path / "mine.toml", "--summary").stdout)
    assert [row["station"] for row in stations] == ["dss43"]
    assert float(stations[0]["worst_margin_db"]) < -15.0
    assert 0.0 < float(stations[0]["highest_rate_bps"]) < 4194304.0


def test_a_schedule_books_the_hours_asked_for_at_a_proven_cost(tmp_path):
    (tmp_path / "mine.toml").write_text("[ground]\ncontact_hours_per_day = 2\nschedule_days = 1\n")
    asked = ["contacts", *PLACE, "--start", "2028-05-14", "--stop", "2028-05-16", "--mission", tmp_path / "mine.toml"]
    done = lupex(*asked, "--stations", "misasa,dss43", "--schedule", "--json")
    plan = json.loads(done.stdout)
    assert plan["status"] == "optimal" and plan["unmet"] == {}
    assert sum(plan["antenna_hours"].values()) == pytest.approx(2.0, abs=0.01)
    assert plan["cost"] == pytest.approx(3.0, abs=0.01)  # two hours, 45 minutes before and 15 after
    lost = lupex(*asked, "--stations", "misasa,dss43", "--schedule", "--lost", "dss43")
    assert [row["station"] for row in rows(lost.stdout)] == ["misasa"]
    said = [line for line in lost.stderr.splitlines() if "without dss43" in line or "the cost by" in line]
    assert said[0].endswith("without dss43 everything that was met is met still")
    assert said[1].endswith("booked hours change by +0.00, the cost by +0.00")
    none = lupex(*asked, "--stations", "misasa,dss43", "--schedule", "--lost", "misasa, canberra", "--json")
    left = json.loads(none.stdout)
    assert left["booked"] == [] and left["lost"] == ["misasa", "dss43"]
    assert sum(left["unmet_change"].values()) == pytest.approx(2.0, abs=0.01) and left["cost_change"] < 0.0


def test_files_other_programs_read_hold_the_same_passes(tmp_path):
    from lupex.io import read_calendar, read_simple_schedule, read_tdm

    done = lupex(*AT, "--stations", "misasa,dss43", "--out", tmp_path, "--name", "rover", "--step", "600")
    printed = rows(done.stdout)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "passes.csv", "passes.ics", "passes.xml", "tracking.tdm", "looks_misasa.txt", "looks_dss43.txt",
        "sub_points_earth.geojson", "sub_points_moon.geojson", "place.oem", "skyline.aem",
    }  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "written" in line].__len__() == 10
    _, booked = read_simple_schedule(tmp_path / "passes.xml")
    assert [row.station for row in booked] == [row["station"] for row in printed]
    assert [row.start_utc[:17] for row in read_calendar(tmp_path / "passes.ics")] == [
        row["aos_utc"][:17] for row in printed
    ]
    _, segments = read_tdm(tmp_path / "tracking.tdm")
    assert [one.participants for one in segments] == [("rover", row["station"]) for row in printed]
    assert segments[0].range_m.min() == pytest.approx(float(printed[0]["min_range_m"]), abs=5000.0)
    assert (tmp_path / "passes.csv").read_text() == done.stdout
    moon = json.loads((tmp_path / "sub_points_moon.geojson").read_text())
    latitudes = [f["geometry"]["coordinates"][1] for f in moon["features"] if f["geometry"]["type"] == "Point"]
    assert len(latitudes) == 48 and max(abs(lat) for lat in latitudes) < 8.0


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([*AT, "--lost", "misasa"], "--lost goes with --schedule"),
        ([*AT, "--schedule", "--lost-from", "2028-05-14"], "--lost-from and --lost-until go with --lost"),
        ([*AT, "--stations", "misasa,dss43", "--schedule", "--lost", "dss14"], "station 'dss14' cannot be lost"),
        (["contacts", *PLACE, "--start", "2028-05-03", "--stop", "2028-05-04", "--schedule"], "No pass to book"),
        ([*AT, "--stations", "misasa,usudo"], "unknown station 'usudo'; did you mean 'usuda'?"),
        ([*AT, "--radio", "lupex_hga"], "unknown radio 'lupex_hga'; did you mean 'lupex_rover_hga'?"),
        (["contacts", "222.7", "-89.5", *SPAN], "argument LAT: latitude 222.7 lies outside -90 .. 90"),
        (["contacts", *PLACE, "--start", "2028-05-15", "--stop", "2028-05-13"], "does not come after --start"),
        (["contacts", *PLACE, "--start", "2020-01-01", "--stop", "2040-01-01"], "more than 4000"),
        (["contacts", *PLACE, "--start", "2130-01-01", "--stop", "2130-01-03"], "outside"),
        ([*AT, "--stations", "misasa", "--pass", "9"], "no pass 9, there are 1; count from 1"),
        ([*AT, "--stations", "none"], "no stations asked for"),
        (["contacts", *PLACE], "the following arguments are required: --start, --stop"),
        (["link", "usuda", "lupex_rover_hga"], "station usuda: g_t_db_k and rx_gain_dbi and system_noise_k of band X "
         "not published, the link needs it; state x_g_t_db_k in a station file of your own with like = 'usuda'"),
        (["link", "misasa", "slim"], "station misasa has no band S, which radio slim needs"),
        (["link", "misasa", "lupex_rover_hga", "--rate", "-1"], "rate -1 lies outside"),
        (["link", "misasa", "lupex_rover_hga", "--elevation", "0"], "elevation 0 lies outside"),
        (["link", "misasa"], "the following arguments are required: RADIO"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_one_line(words, answer):
    assert answer in refused(*words)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('like = "misasa"\n[facts]\nx_rx_max_hz = 8.3e9\n', "bandwidth of rx is -1e+08 Hz"),
        ('like = "misasa"\n[facts]\nlat_deg = 138.35\nlon_deg = 36.14\nheight_m = 1656.0\n', "the two look swapped"),
        ('like = "misasa"\n[facts]\nx_g_t_db = 53.8\n', "did you mean 'x_g_t_db_k'?"),
    ],
)
def test_a_station_file_with_a_mistake_names_it(tmp_path, text, answer):
    (tmp_path / "own.toml").write_text(text)
    assert answer in refused(*AT, "--stations", tmp_path / "own.toml")


def test_the_budget_is_a_table_that_adds_up():
    table = {
        row["parameter"]: float(row["value"])
        for row in rows(lupex("link", "misasa", "lupex_rover_hga", "--csv").stdout)
    }
    assert table["free space"] == pytest.approx(-222.68, abs=0.01)
    power = table["EIRP"] + table["free space"] + table["atmosphere"] + table["polarisation"] + table["G/T"] + 228.599
    assert table["Pt/N0"] == pytest.approx(power, abs=0.01)


def test_the_budget_as_text_says_whether_it_closes():
    assert lupex("link", "misasa", "lupex_rover_hga").stdout.endswith("the link closes\n")
    far = lupex("link", "misasa", "lupex_rover_lga", "--rate", "1e6", "--range", "405500", "--elevation", "8").stdout
    assert far.endswith("the link does not close\n")


def test_json_gives_every_margin_up_and_down():
    down = json.loads(lupex("link", "misasa", "lupex_rover_hga", "--rate", "1e6", "--json").stdout)
    assert down["closes"] is True and down["direction"] == "down"
    assert set(down["margins"]) == {"carrier margin", "telemetry margin"}
    up = json.loads(lupex("link", "misasa", "lupex_rover_hga", "--up", "--ranging", "--json").stdout)
    assert set(up["margins"]) == {"carrier margin", "command margin", "ranging margin"}
    margin = down["margins"]["telemetry margin"]
    assert margin["worst_db"] < margin["mean_db"] <= margin["design_db"] + 1e-9


def test_a_lower_rate_has_more_margin_by_ten_log_of_the_ratio():
    def margin(rate: str) -> float:
        done = lupex("link", "misasa", "lupex_rover_hga", "--rate", rate, "--json")
        return json.loads(done.stdout)["margins"]["telemetry margin"]["design_db"]

    assert margin("1e5") - margin("1e6") == pytest.approx(10.0, abs=1e-3)
