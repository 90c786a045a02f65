"""The report as a whole: what it writes, what it says, and that it says nothing of its own."""

import json
import re
import shutil
import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from tests.report.made_up_study import made_up_mission, made_up_study, spelled_high, spelled_low

from lupex.base.digest import file_sha256
from lupex.base.errors import StoreError
from lupex.report import CHAPTERS, write_report
from lupex.report.background import settings_tables
from lupex.report.drawing import draw
from lupex.report.overview import _fewer
from lupex.report.paper import style
from lupex.report.paper.document import Document, as_data
from lupex.report.paper.references import REFERENCES
from lupex.report.write import report_document
from lupex.results import StudyResult
from lupex.sites.landing_ground import HIGH, LOW

NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
HOSTILE = '<script>alert("x")</script> & #let x = [*_$`\\"] {{ 7*7 }} {% raw %} ] ) // \u202e 月 \x07'


class Visible(HTMLParser):
    """The text a reader sees, alternative texts included; style sheets and pictures left out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hidden += tag == "style"
        self.words += [value or "" for name, value in attrs if name in ("alt", "title")]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def visible(html: str) -> str:
    reader = Visible()
    reader.feed(html)
    return " ".join(reader.words)


def strings(data: object) -> list[str]:
    """Every text in a document's data except file names and anchors."""
    if isinstance(data, dict):
        return [t for k, v in data.items() if k not in ("file", "anchor", "type", "kind") for t in strings(v)]
    if isinstance(data, list):
        return [t for item in data for t in strings(item)]
    return [data] if isinstance(data, str) else []


@pytest.fixture(scope="module", autouse=True)
def coarse_pictures():
    """Figures of few dots: the same drawing, in half the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "DPI", 40)
        yield


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study()


@pytest.fixture(scope="module")
def small() -> StudyResult:
    return made_up_study(32, 24, 1)


@pytest.fixture(scope="module")
def written(study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "out"
    write_report(study, folder)
    return folder


def document_of(result: StudyResult, folder: Path) -> Document:
    folder.mkdir()
    chapters = [chapter for chapter in CHAPTERS if chapter.applies(result)]
    return report_document(result, draw(result, folder, chapters), chapters)


def allowed_numbers() -> set[str]:
    """Numbers that may stand in any report: years and pages of references, words of the settings, their keys."""
    texts = [*REFERENCES, *(work for chapter in CHAPTERS for work in chapter.references)]
    for name, settings in settings_tables(made_up_mission()):
        texts += [f"{name} {f.metadata.get('meaning')} {f.metadata.get('source')} {f.name}" for f in fields(settings)]
    percentiles = {f"{100.0 * q:g}" for q in (LOW, HIGH)}  # that describe the landing ellipse
    constants = {"2015", *percentiles}  # IAU_2015, the authority of the map's CRS
    return constants | {n for text in texts for n in NUMBER.findall(text)}


def test_the_report_has_no_numbers_of_its_own(study, tmp_path):
    texts = []
    for name, result in (("low", spelled_low(study)), ("high", spelled_high(study))):
        folder = tmp_path / name
        write_report(result, folder)
        texts.append(visible((folder / "report.html").read_text(encoding="utf-8")))
    low, high = (set(NUMBER.findall(text)) - allowed_numbers() for text in texts)
    assert len(low) > 150
    assert len(high) > 150
    assert low & high == set()


def test_html_and_pdf_say_the_same(study, written, tmp_path):
    document = as_data(document_of(study, tmp_path / "figures"))
    page = re.sub(r"\s+", " ", visible((written / "report.html").read_text(encoding="utf-8")))
    for text in strings(document):
        assert re.sub(r"\s+", " ", text).strip() in page


def test_the_pdf_is_a_pdf_with_a_page_for_each_site(study, written):
    content = (written / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") + content.count(b"/Type/Page/") >= 8


def test_two_runs_give_equal_bytes(study, written, tmp_path):
    again = tmp_path / "elsewhere"
    write_report(study, again)
    first = {p.relative_to(written): file_sha256(p) for p in written.rglob("*") if p.is_file()}
    second = {p.relative_to(again): file_sha256(p) for p in again.rglob("*") if p.is_file()}
    assert len(first) > 60
    assert first == second


def test_every_promised_file_is_there(written):
    names = {p.relative_to(written).as_posix() for p in written.rglob("*") if p.is_file()}
    expected = {
        "report.html", "report.pdf", "study.json", "sites.gpkg", "sites.geojson", "sites.czml", "psr.gpkg",
        "drives/site_S1_drive_synthetic_below_1600m.czml", "tables/candidates.csv",
        "tables/sites.csv", "tables/psr_regions.csv", "tables/psr_area_by_latitude.csv", "tables/constraints.csv",
        "tables/season.csv", "figures/region_sites.png", "figures/region_four.png", "figures/season_search.png",
        "figures/psr_area_by_latitude.png", "figures/site_S1_light_synthetic_below_1600m.png",
        "figures/site_S1_skyline_synthetic_below_1600m.png", "figures/site_S2_calendar_synthetic_below_1600m.png",
        "maps/region_lit_fraction_any.tif", "maps/site_S1_slope_deg_synthetic_below_1600m.tif",
        "figures/comparison_ranking_synthetic_below_1600m.png", "figures/landing_dates_synthetic_below_1600m.png",
        "figures/site_S1_touchdown_synthetic_below_1600m.png", "tables/criteria.csv", "tables/ranking.csv",
        "tables/dates_longest_dark_hours.csv", "tables/date_windows.csv",
        "maps/site_S1_touchdown_probability_synthetic_below_1600m.tif",
        "figures/site_S1_drive_map_synthetic_below_1600m.png",
        "figures/site_S1_drive_profile_synthetic_below_1600m.png",
        "drives/site_S1_drive_synthetic_below_1600m.geojson", "drives/site_S1_drive_synthetic_below_1600m.gpkg",
        "drives/site_S1_drive_synthetic_below_1600m.csv", "drives/site_S1_drive_synthetic_below_1600m_activities.csv",
        "tables/site_S1_havens_synthetic_below_1600m.csv",
        "figures/site_S1_contact_timeline_synthetic_below_1600m.png",
        "figures/site_S2_contact_pass_synthetic_below_1600m.png",
        "tables/site_S1_passes_synthetic_below_1600m.csv", "tables/site_S1_contact_stations_synthetic_below_1600m.csv",
        "tables/site_S1_contact_days_synthetic_below_1600m.csv", "tables/site_S1_booked_synthetic_below_1600m.csv",
        "tables/site_S1_pass_series_synthetic_below_1600m.csv",
        "contacts/site_S1_passes_synthetic_below_1600m.ics", "contacts/site_S1_passes_synthetic_below_1600m.xml",
        "contacts/site_S1_booked_synthetic_below_1600m.ics", "contacts/site_S1_booked_synthetic_below_1600m.xml",
        "tables/water.csv", "tables/water_rule.csv", "figures/water_rule.png",
        "figures/site_S1_water_synthetic_below_1600m.png", "maps/site_S1_water_probability_synthetic_below_1600m.tif",
        "tables/site_S1_water_places_synthetic_below_1600m.csv", "water/site_S1_water_stops_synthetic_below_1600m.csv",
        "water/site_S2_water_stations_synthetic_below_1600m.geojson",
        "water/site_S2_water_stations_synthetic_below_1600m.gpkg",
        "tables/site_S1_skyline_synthetic_below_1600m.csv", "tables/site_S2_calendar_synthetic_below_1600m.csv",
    }  # fmt: skip
    assert expected <= names


def test_everything_from_made_up_relief_says_so_in_its_name(written):
    for path in written.rglob("*"):
        if path.is_file() and path.name.startswith("site_"):
            assert "synthetic_below_1600m" in path.name
        if path.name.startswith("region_"):
            assert "synthetic" not in path.name


def test_a_measured_site_carries_no_synthetic_label(tmp_path):
    write_report(made_up_study(48, 32, 1, label_m=None), tmp_path / "out")
    assert not [p for p in (tmp_path / "out").rglob("*") if "synthetic" in p.name]
    assert "made up from published" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_the_page_needs_nothing_but_itself(written):
    html = (written / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!data:image/png;base64,|#|figures/)', html) == []
    assert "http" not in re.sub(r"base64,[^\"]*", "", html)
    assert html.count("data:image/png;base64,") >= 12


def test_every_picture_leads_to_its_file_of_full_size(written):
    html = (written / "report.html").read_text(encoding="utf-8")
    linked = re.findall(r'<a href="(figures/[^"]+)"><img src="data:image/png', html)
    assert len(linked) == html.count("<img ")
    assert all((written / name).is_file() for name in linked)


def test_cells_of_a_table_carry_their_heading_for_narrow_screens(written):
    html = (written / "report.html").read_text(encoding="utf-8")
    assert '<td data-label="1. S1" class="n warn">slope (21.4' in html
    assert "@media (max-width: 40rem)" in html


def test_contents_lead_to_headings_that_exist_once(written):
    html = (written / "report.html").read_text(encoding="utf-8")
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) >= 10
    for target in targets:
        assert html.count(f'id="{target}"') == 1


def test_the_study_json_lists_every_other_file_with_its_digest(written):
    data = json.loads((written / "study.json").read_text(encoding="utf-8"))
    others = {p.relative_to(written).as_posix() for p in written.rglob("*") if p.is_file()} - {"study.json"}
    assert set(data["files"]) == others
    for name, digest in data["files"].items():
        assert file_sha256(written / name) == digest


def test_the_study_json_holds_the_numbers_and_only_digests_of_rasters(study, written):
    data = json.loads((written / "study.json").read_text(encoding="utf-8"))
    site = data["sites"][0]
    assert site["site"]["fine"]["slope_deg"] == study.sites[0].site.fine["slope_deg"]
    np.testing.assert_array_equal(site["skyline_elevation_deg"], study.sites[0].skyline_elevation_deg)
    raster = data["maps"]["layers"]["lit_fraction_any"]
    assert set(raster) == {"shape", "dtype", "min", "max", "sha256"}
    assert raster["max"] == float(study.maps["lit_fraction_any"].max())
    assert data["provenance"]["seed"] == 2028


def test_hostile_names_are_printed_not_obeyed(small, tmp_path):
    site = small.sites[0]
    candidate = replace(site.site.candidate, name=HOSTILE)
    hostile_site = replace(site, site=replace(site.site, candidate=candidate, reasons=(HOSTILE,)))
    mission = replace(small.mission, title=HOSTILE, lander=(replace(small.mission.lander[0], value=HOSTILE),))
    write_report(replace(small, sites=(hostile_site,), candidates=(candidate,), mission=mission), tmp_path / "out")
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    reader = Visible()
    reader.feed(html)
    assert "script" not in reader.tags
    assert '<script>alert("x")</script> & #let x = [*_$`\\"] {{ 7*7 }} {% raw %}' in visible(html)
    assert (tmp_path / "out" / "report.pdf").stat().st_size > 50_000
    for path in (tmp_path / "out").rglob("*"):
        assert re.fullmatch(r"[\w.\-]+", path.name)


@pytest.mark.parametrize("name", ["../../evil", "/abs", ".", "", "a" * 300, "two words"])
def test_a_site_name_never_leaves_the_folder(study, tmp_path, name):
    from lupex.report.paper.names import site_stem
    from lupex.report.paper.style import file_stem

    site = replace(study.sites[0], site=replace(study.sites[0].site, candidate=replace(study.candidates[0], name=name)))
    stem = file_stem(site_stem(site), "")
    assert (tmp_path / f"{stem}.png").resolve().parent == tmp_path.resolve()
    assert len(stem) <= 60


def test_sites_of_one_name_keep_their_own_files(study, tmp_path):
    twins = tuple(
        replace(s, site=replace(s.site, candidate=replace(s.site.candidate, name="twin"))) for s in study.sites
    )
    write_report(replace(study, sites=twins), tmp_path / "out")
    pictures = sorted(p.name for p in (tmp_path / "out" / "figures").glob("site_*_skyline_*"))
    assert len(pictures) == 2


def test_missing_optional_layers_and_empty_results_are_no_crash(study, tmp_path):
    bare_maps = replace(study.maps, layers={"hillshade": study.maps["hillshade"]})
    site = study.sites[0]
    empty = np.array([])
    track = replace(site.sun, times_tdb_s=empty, azimuth_true_deg=empty, elevation_deg=empty, radius_deg=empty)
    bare_site = replace(
        site, maps=replace(site.maps, layers={}), sun=track, earth=track, summary={}, lit_windows_utc=(),
        dark_windows_utc=(), calendar_days_utc=(), calendar_lit_fraction=empty, calendar_earth_fraction=empty,
        calendar_both_fraction=empty, skyline_azimuth_true_deg=empty, skyline_elevation_deg=empty,
        site=replace(site.site, fine={}, reasons=()), touchdown=None, reach=None, drive=None,
        contacts=None,
    )  # fmt: skip
    bare = replace(
        study, maps=bare_maps, sites=(bare_site,), psr_area_by_latitude=(), psr_regions=(), constraints=(),
        candidates=(), sky_numbers={}, season=replace(study.season, starts_utc=(), lit_fraction=()),
        ranking=None, dates=None,
    )  # fmt: skip
    write_report(bare, tmp_path / "one")
    write_report(replace(bare, sites=(), maps=replace(bare_maps, layers={})), tmp_path / "none")
    text = visible((tmp_path / "none" / "report.html").read_text(encoding="utf-8"))
    assert "No place in the region met every constraint" in text


def test_nan_is_printed_as_a_dash_and_drawn_as_no_data(small, tmp_path):
    layers = {name: np.full_like(layer, np.nan) for name, layer in small.maps.layers.items()}
    site = small.sites[0]
    fine = dict.fromkeys(site.site.fine, float("nan"))
    hollow = replace(site, site=replace(site.site, fine=fine), maps=replace(site.maps, layers=dict(site.maps.layers)))
    write_report(replace(small, maps=replace(small.maps, layers=layers), sites=(hollow,)), tmp_path / "out")
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "nan" not in visible(html).lower().split()
    assert "–" in visible(html)


def test_a_second_report_drops_the_pages_of_sites_that_are_gone(study, written, tmp_path):
    folder = tmp_path / "out"
    shutil.copytree(written, folder)
    (folder / "figures" / "mine.png").write_bytes(b"keep me")
    write_report(replace(study, sites=(replace(study.sites[0], drive=None),)), folder)
    assert not list(folder.rglob("site_S2*"))
    assert not list(folder.rglob("*_drive*"))
    assert (folder / "figures" / "mine.png").read_bytes() == b"keep me"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_made_is_one_clear_line(study, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"file/out: cannot write the report"):
        write_report(study, tmp_path / "file" / "out")


def test_a_failure_leaves_nothing_behind(study, tmp_path, monkeypatch):
    import lupex.report.write as write

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "draw", full)
    with pytest.raises(StoreError, match="no space left"):
        write_report(study, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_assumptions_are_marked(written):
    html = (written / "report.html").read_text(encoding="utf-8")
    row = re.search(r"<tr>(?:(?!</tr>).)*Antenna gain(?:(?!</tr>).)*</tr>", html, re.DOTALL)
    assert row is not None
    assert '<span class="mark">assumption</span>' in row[0]


def test_the_constraint_that_nearly_all_cells_fail_is_not_printed_as_all(written):
    html = (written / "report.html").read_text(encoding="utf-8")
    row = re.search(r"<tr>(?:(?!</tr>).)*fine print(?:(?!</tr>).)*</tr>", html, re.DOTALL)
    assert row is not None
    assert "99.999" in row[0]
    assert "100.0" not in row[0]


def test_fewer_sites_than_asked_for_are_said_so(study, written):
    assert study.mission.sites.count == 5
    assert "The mission asks for 5 sites; no more were found" in (written / "report.html").read_text(encoding="utf-8")
    enough = replace(study.mission, sites=replace(study.mission.sites, count=2))
    assert _fewer(replace(study, mission=enough)) == []


def test_reasons_of_rejected_neighbours_are_a_list(study, written):
    html = (written / "report.html").read_text(encoding="utf-8")
    for reason in study.sites[0].site.reasons:
        assert f"<li>{reason[0].upper()}{reason[1:]}.</li>" in html


@pytest.mark.parametrize(("name", "layer"), [("sites.gpkg", "sites"), ("psr.gpkg", "permanent_shadow")])
def test_geopackages_open_in_qgis_with_a_style_of_their_own(written, name, layer):
    with closing(sqlite3.connect(written / name)) as book:
        rows = book.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        column = book.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()[0]
    assert [(row[0], row[1], row[3]) for row in rows] == [(layer, column, 1)]
    root = ElementTree.fromstring(rows[0][2])
    assert root.tag == "qgis"
    assert root.find("renderer-v2/symbols/symbol") is not None
    colours = {p.attrib["v"] for p in root.iter("prop") if p.attrib["k"] == "color"}
    assert colours == ({"209,34,107,255", "217,163,0,255"} if layer == "sites" else {"11,42,107,140"})


def test_regions_of_permanent_shadow_carry_names_areas_and_heights_into_qgis(study, written):
    with closing(sqlite3.connect(written / "psr.gpkg")) as book:
        rows = book.execute("SELECT label, name, area_km2, mean_elevation_m FROM permanent_shadow").fetchall()
    assert all(row[2] > 0.0 for row in rows)
    total = float(study.maps.grid.cell_area_m2()[study.maps["permanent_shadow"] == 1].sum() / 1e6)
    assert sum(row[2] for row in rows) == pytest.approx(total, rel=1e-9)
    listed = {row[0]: row for row in rows if row[0] is not None}
    for region in study.psr_regions:
        if region.label in listed:
            assert listed[region.label][1] == region.name
            assert listed[region.label][3] == region.mean_elevation_m


def test_the_qgis_project_opens_every_map_and_every_vector_layer(written):
    root = ElementTree.fromstring((written / "study.qgs").read_text(encoding="utf-8").split("\n", 1)[1])
    sources = {(m.findtext("datasource") or "").split("|")[0] for m in root.findall("projectlayers/maplayer")}
    files = {f"./{p.relative_to(written).as_posix()}" for p in written.rglob("*") if p.suffix in (".tif", ".gpkg")}
    assert sources == files
    ramps = root.findall("projectlayers/maplayer/pipe/rasterrenderer")
    assert len(ramps) == sum(name.endswith(".tif") for name in files)


def test_the_study_json_holds_the_whole_comparison(study, written):
    data = json.loads((written / "study.json").read_text(encoding="utf-8"))
    np.testing.assert_array_equal(data["dates"]["values"]["lit_fraction"], study.dates.values["lit_fraction"])
    np.testing.assert_array_equal(data["ranking"]["table"]["value"], study.ranking.table.value)
    np.testing.assert_array_equal(data["ranking"]["rank_acceptability"], study.ranking.rank_acceptability)
    assert data["sites"][0]["touchdown"]["probability"] == study.sites[0].touchdown.probability
    assert data["sites"][0]["reach"]["limits"]["range"] == study.sites[0].reach.limits["range"]
