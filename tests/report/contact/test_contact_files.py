"""Files of the contacts: what stands in the tables, and that calendars and schedules read back."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.made_up_contacts import empty_contacts
from tests.report.made_up_study import made_up_study

from lupex.io import read_calendar, read_simple_schedule
from lupex.report.contact.contact_files import write_contacts
from lupex.report.contact.contact_reading import contact_row
from lupex.report.site.tables import site_rows, study_data
from lupex.results import StudyResult


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 32, 2, label_m=None)


@pytest.fixture(scope="module")
def written(study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contacts")
    (folder / "tables").mkdir()
    write_contacts(study, folder)
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_pass_is_a_row_with_its_link_or_the_reason(written: Path) -> None:
    rows = table(written / "tables" / "site_S1_passes.csv")
    assert len(rows) == 150
    assert [row["station"] for row in rows[:3]] == ["misasa", "goldstone", "madrid"]
    assert rows[1]["aos_utc"] == "2028-10-12T09:18:00Z"
    assert float(rows[1]["duration_s"]) == 30960.0
    assert float(rows[1]["worst_margin_db"]) == 4.31
    assert rows[2]["worst_margin_db"] == ""
    assert "g_t_db_k" in rows[2]["down_reason"]


def test_days_hold_hours_of_every_antenna_bookings_and_light(written: Path, study: StudyResult) -> None:
    rows = table(written / "tables" / "site_S1_contact_days.csv")
    assert len(rows) == 105
    assert float(rows[0]["goldstone_hours"]) == pytest.approx(8.6)
    assert float(rows[0]["booked_hours"]) == pytest.approx(8.6)
    assert float(rows[0]["lit_fraction"]) == pytest.approx(study.sites[0].calendar_lit_fraction[285])
    assert "booked_hours" not in table(written / "tables" / "site_S2_contact_days.csv")[0]


def test_the_representative_pass_and_the_totals_are_written(written: Path) -> None:
    series = table(written / "tables" / "site_S1_pass_series.csv")
    assert len(series) == 121
    assert (series[0]["time_utc"], series[-1]["time_utc"]) == ("2028-10-12T09:18:00Z", "2028-10-12T17:54:00Z")
    totals = {row["station"]: row for row in table(written / "tables" / "site_S1_contact_stations.csv")}
    assert float(totals["goldstone"]["mean_max_elevation_deg"]) == pytest.approx(61.3 + 0.4 * 2.02)
    assert totals["usuda"]["reason"] == "the place never rises above its mask"


def test_calendars_and_schedules_read_back(written: Path) -> None:
    for kind, count in (("passes", 150), ("booked", 50)):
        rows = read_calendar(written / "contacts" / f"site_S1_{kind}.ics")
        header, again = read_simple_schedule(written / "contacts" / f"site_S1_{kind}.xml")
        assert len(rows) == len(again) == count
        assert {row.state for row in rows} == {"tentative"}
        assert again[0].start_utc[:16] == rows[0].start_utc[:16]
        assert header.organization == "lupex"
    assert not (written / "contacts" / "site_S2_booked.ics").exists()


def test_names_with_control_characters_do_no_harm(study: StudyResult, tmp_path: Path) -> None:
    site = study.sites[0]
    assert site.contacts is not None
    passes = tuple(replace(one, spacecraft='<a & "b">\x07\n') for one in site.contacts.plan.passes)
    plan = replace(site.contacts.plan, passes=passes)
    (tmp_path / "tables").mkdir()
    write_contacts(replace(study, sites=(replace(site, contacts=replace(site.contacts, plan=plan)),)), tmp_path)
    _, rows = read_simple_schedule(tmp_path / "contacts" / "site_S1_passes.xml")
    assert rows[0].spacecraft == '<a & "b">_'


def test_without_passes_there_are_tables_but_nothing_to_exchange(study: StudyResult, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    write_contacts(replace(study, sites=(replace(study.sites[0], contacts=empty_contacts()),)), tmp_path)
    assert table(tmp_path / "tables" / "site_S1_passes.csv") == []
    assert len(table(tmp_path / "tables" / "site_S1_contact_stations.csv")) == 4
    assert not (tmp_path / "contacts").exists()


def test_sites_and_study_json_hold_the_contacts(study: StudyResult, tmp_path: Path) -> None:
    from lupex.io import write_json

    row = site_rows(study, [contact_row])[0]
    assert row["contact_hours"] == pytest.approx(1185.0)
    assert (row["contact_longest_gap_hours"], row["contact_volume_gbit"]) == (313.4, 2187.6)
    write_json(tmp_path / "study.json", study_data(study, tmp_path))
    data = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))["sites"][0]["contacts"]
    assert len(data["plan"]["passes"]) == 150
    assert data["links"][2]["volume_bits"] is None
    assert data["schedule"]["bound"] == pytest.approx(480.0)
