"""The page as its user meets it. Truth comes from the files and from the rooms of lupex, not from the server."""

import json
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect
from tests.web.made_study import write_relay

from browser.conftest import NO_GL, Looked, Served, launched, looked_at, served
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import lat_lon_deg, unit_vectors
from lupex.catalogue import station
from lupex.cli.main import build_parser
from lupex.ephemeris import earth_moon_series, sky_table, utc_to_tdb_s
from lupex.illumination import HorizonLight, disc_series
from lupex.io import read_map
from lupex.model import SkyTable
from lupex.navigation import grid_place
from lupex.signals.geometry.orbit import in_moon_me
from lupex.web import open_study, read_relay
from lupex.web.ground import Ground
from lupex.web.toward import sky_bytes

AXE = Path(__file__).resolve().parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
UTC = ("2028-09-01T00:00:00Z", "2028-09-04T07:20:00Z")


def ms(utc: str) -> int:
    return int(np.datetime64(utc.rstrip("Z"), "ms").astype(np.int64))


def go(look: Looked, x_m: float, y_m: float, resolution: float) -> None:
    look.page.evaluate(
        "([x, y, r]) => new Promise((done) => { const v = lupex.map.getView(); v.setCenter([x, y]); v.setResolution(r);"
        " lupex.map.once('rendercomplete', () => done(1)); lupex.map.render(); })",
        [x_m, y_m, resolution],
    )


def click_at(look: Looked, x_m: float, y_m: float, count: int = 1) -> None:
    x, y = look.page.evaluate("(p) => lupex.map.getPixelFromCoordinate(p)", [x_m, y_m])
    look.page.locator("#map").click(position={"x": x, "y": y}, click_count=count)


def test_every_layer_can_be_shown_with_its_legend(look: Looked) -> None:
    look.shot("region")
    for layer in look.page.locator("#list input").all():
        name = layer.get_attribute("value")
        shown = f"/api/tiles/{name}/"
        if name in ("hillshade", "lit_fraction_any"):  # on the map from the beginning
            layer.check()
        else:
            with look.page.expect_response(lambda r, shown=shown: shown in r.url and r.status == 200):
                layer.check()
        assert look.page.inner_text("#legend-title")
        assert look.page.inner_text("#low")


def test_a_click_shows_the_numbers_of_the_files(look: Looked, folder: Path) -> None:
    study = open_study(folder)
    file, values = read_map(study.source("slope_deg", "S1").file.path)
    row, col = 12, 20
    x = file.grid.left_m + (col + 0.5) * file.grid.cell_m
    y = file.grid.top_m - (row + 0.5) * file.grid.cell_m
    look.page.locator("#list input[value=slope_deg]").check()
    go(look, x, y, 8.0)
    click_at(look, x, y)
    line = look.page.locator("#values tr[data-name=slope_deg]")
    expect(line).to_be_visible(timeout=30_000)
    assert float(line.get_attribute("data-value") or "nan") == float(values[row, col])
    expect(look.page.locator("#values tr[data-name=elevation_m]")).to_contain_text("S1, 100 m")
    expect(look.page.get_by_text("Share of each day")).to_be_visible(timeout=30_000)
    look.shot("place")


@pytest.mark.parametrize(("x_m", "y_m", "resolution"), [(0.0, 0.0, 200.0), (-29600.0, -2400.0, 12.0), (3e4, 3e4, 60.0)])
def test_the_scale_bar_is_right_within_a_hundredth(look: Looked, x_m: float, y_m: float, resolution: float) -> None:
    go(look, x_m, y_m, resolution)
    look.page.wait_for_timeout(300)
    words = look.page.inner_text("#bar-text").split()
    said_m = float(words[0]) * {"km": 1000.0, "m": 1.0}[words[1]]
    width = look.page.evaluate("() => document.getElementById('bar').getBoundingClientRect().width")
    ends = np.array([[x_m - 0.5 * width * resolution, y_m], [x_m + 0.5 * width * resolution, y_m]])
    a, b = unit_vectors(ends[:, 0], ends[:, 1])
    assert said_m == pytest.approx(MOON_RADIUS_M * np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b), rel=0.01)


@pytest.mark.parametrize(
    "corners",
    [
        [[-1e5, -1e5], [1e5, -1e5], [1e5, 1e5], [-1e5, 1e5]],  # round the pole
        [[-2e4, -2.1e5], [3e4, -2.1e5], [3e4, -1.6e5], [-2e4, -1.6e5]],  # over the meridian of 180 degrees
        [[2e5, 2e5], [2.8e5, 2e5], [2.8e5, 2.8e5], [2e5, 2.8e5]],  # off both
    ],
)
def test_areas_are_right_within_a_thousandth(look: Looked, corners: list[list[float]]) -> None:
    found = look.page.evaluate("(ring) => lupex.geo.area(ring)", corners)
    (left, bottom), (right, top) = corners[0], corners[2]
    n = 800
    x = left + (np.arange(n) + 0.5) * (right - left) / n
    y = bottom + (np.arange(n) + 0.5) * (top - bottom) / n
    stretch = 1.0 + (x[None, :] ** 2 + y[:, None] ** 2) / (4.0 * MOON_RADIUS_M**2)
    assert found == pytest.approx(float((1.0 / stretch**2).mean()) * (right - left) * (top - bottom), rel=1e-3)


def test_lengths_and_places_hold_at_the_pole_and_over_180(look: Looked) -> None:
    for x, y in ((0.0, 0.0), (0.0, -5e4), (-1.0, -5e4), (7e4, 3e4)):
        lat, lon = look.page.evaluate("([x, y]) => lupex.geo.latLon(x, y, 'south')", [x, y])
        want = [float(v) for v in lat_lon_deg(x, y, "south")]
        assert (lat, lon % 360.0) == pytest.approx((want[0], want[1] % 360.0), abs=1e-9)
        back = look.page.evaluate("([a, b]) => lupex.geo.mapXY(a, b, 'south')", [lat, lon])
        assert back == pytest.approx([x, y], abs=1e-3)
    for lat in (-90.0, -89.9999999):
        assert np.isfinite(look.page.evaluate("(a) => lupex.geo.mapXY(a, 17, 'south')", lat)).all()
    across = look.page.evaluate("() => lupex.geo.distance([-3e4, 0], [3e4, 0])")
    assert across == pytest.approx(4.0 * MOON_RADIUS_M * np.arctan(3e4 / (2.0 * MOON_RADIUS_M)), rel=1e-9)


def shadow_differences(look: Looked, folder: Path) -> list[np.ndarray]:
    """By how much (255ths) the page's light differs from that of the rooms, at each time."""
    ground = Ground(open_study(folder)).lit("S1")
    look.page.locator("#light-part").select_option("S1")
    look.page.locator("#light-go").click()
    expect(look.page.locator("#light-go")).to_have_text("Hide light", timeout=120_000)
    differences = []
    for utc in UTC:
        page = np.array(look.page.evaluate("(t) => lupex.shares(t)", ms(utc)), np.float64)
        ours = disc_series(ground.terrain, ground.horizons, sky_table(utc_to_tdb_s(utc)))[0].ravel()
        assert 0.02 < (ours > 0).mean() < 0.999  # both light and shadow are compared
        differences.append(np.abs(page - ours))
    return differences


def test_the_shadow_of_the_slider_is_the_light_of_the_rooms(look: Looked, folder: Path) -> None:
    for difference in shadow_differences(look, folder):
        assert difference.max() <= 4.0  # the shader's angles are good to 1e-5 degrees, 0.004 of the disc's count
        assert (difference > 1.0).mean() < 0.01
    assert look.page.evaluate("() => lupex.kind()") == "webgl2"
    look.page.locator("#time").fill(str(ms(UTC[1])))
    look.shot("light")
    look.page.locator("#play").click()
    before = look.page.inner_text("#now")
    look.page.wait_for_timeout(700)
    assert look.page.inner_text("#now") != before


def test_without_webgl_the_same_light_comes_from_plain_numbers(
    playwright: Playwright, server: Served, folder: Path
) -> None:
    browser = launched(playwright, *NO_GL)
    try:
        look = looked_at(browser, server.address)
        for difference in shadow_differences(look, folder):
            assert difference.max() <= 1.0
        assert look.page.evaluate("() => lupex.kind()") == "numbers"
        assert look.complaints == []
    finally:
        browser.close()


@pytest.mark.parametrize("toward", ["misasa", "relay"])
def test_the_view_of_an_antenna_and_of_a_relay_is_that_of_the_rooms(
    browser: Browser, folder: Path, tmp_path: Path, toward: str
) -> None:
    study, utc = open_study(folder), "2028-09-04T07:20:00Z"
    relay = tmp_path / "relay.oem"
    write_relay(relay)
    if toward == "misasa":  # an instant at which the Moon stands above its horizon
        told = np.frombuffer(sky_bytes(study, ("2028-09-04", "2028-09-05"), 600.0, toward), "<f8").reshape(-1, 8)
        utc = f"{np.datetime64(int(told[told[:, 7] > 0.5][10, 0]), 'ms').astype('datetime64[s]')}Z"
    running = served(folder, "--relay", str(relay))
    try:
        look = looked_at(browser, running.address)
        look.page.locator("#time").fill(str(ms(utc)))
        look.page.locator("#light-part").select_option("S1")
        look.page.locator("#light-body").select_option(toward)
        look.page.locator("#light-go").click()
        expect(look.page.locator("#light-go")).to_have_text("Hide light", timeout=120_000)
        page = np.array(look.page.evaluate("(t) => lupex.seen(t)", ms(utc)), bool)
        if toward == "misasa":  # half a day later the Moon is down there: nothing is in view
            assert not any(look.page.evaluate("(t) => lupex.seen(t)", ms(utc) + 43_200_000))
        look.shot(f"seen_{toward}")
        assert look.complaints == []
        look.page.close()
    finally:
        running.process.terminate()
        running.process.wait(30)
    ground = Ground(study).lit("S1")
    times = utc_to_tdb_s(utc)
    if toward == "relay":
        series = earth_moon_series(float(times[0]) - 10.0, float(times[0]) + 10.0)
        at = in_moon_me(read_relay(relay), times, series)[0]
    else:
        at = sky_table(times, stations={"misasa": np.array(station("misasa").itrf_m)}).stations_me_m["misasa"]
    two, there = np.array([times[0], times[0] + 1.0]), np.repeat(at, 2, axis=0)
    light = HorizonLight(ground.terrain, ground.horizons, SkyTable(two, there, there))
    seen = light.read(0, 1)[1][0].ravel() > 0
    assert 0.0 < seen.mean() < 1.0
    assert (page != seen).mean() < 0.002  # cells within the shader's 1e-5 degrees of their skyline


def test_rings_are_circles_on_the_ground_at_the_pole_too(look: Looked) -> None:
    for middle in ([0.0, 0.0], [-29600.0, -2400.0], [2e5, -1e5]):
        ring = np.array(look.page.evaluate("([x, y]) => lupex.circle(x, y, 50000)", middle))
        centre = unit_vectors(*np.array(middle)[:, None])[0]
        edge = unit_vectors(ring[:, 0], ring[:, 1])
        angles = np.arctan2(np.linalg.norm(np.cross(edge, centre), axis=1), edge @ centre)
        assert MOON_RADIUS_M * angles == pytest.approx(np.full(angles.size, 50_000.0), abs=0.01)
    go(look, -29600.0, -2400.0, 20.0)
    look.page.locator("#rings").fill("1 -2")
    look.page.locator("#measure-rings").click()
    expect(look.page.locator("#measured")).to_contain_text("give one to twelve distances")
    look.page.locator("#rings").fill("0.5 1")
    look.page.locator("#measure-rings").click()
    click_at(look, -29600.0, -2400.0)
    expect(look.page.locator("#measured")).to_contain_text("rings round")


def test_the_grid_reference_under_the_cursor_is_that_of_the_navigation(look: Looked) -> None:
    rng = np.random.default_rng(3)
    for pole in ("south", "north"):
        points = np.vstack([rng.uniform(-2.9e5, 2.9e5, (300, 2)), [[0.0, 0.0], [-0.4, 0.4], [25_000 / 0.994, 0.0]]])
        points = points[np.hypot(points[:, 0], points[:, 1]) < 3.0e5]
        page = look.page.evaluate(
            "([p, pole]) => p.map(([x, y]) => lupex.geo.lunarGrid(x, y, pole))", [points.tolist(), pole]
        )
        for (x, y), (full, condensed) in zip(points, page, strict=True):
            place = grid_place(*(float(v) for v in lat_lon_deg(x, y, pole)))
            apart = abs(int(full[-5:]) - int(place.text[-5:])) + abs(int(full[-10:-5]) - int(place.text[-10:-5]))
            assert full[:3] == place.text[:3] and condensed[:3] == full[:3]
            assert apart <= 1, (full, place.text)  # cut to the metre: rounding of the way there and back
            if full == place.text:
                assert condensed == place.condensed
    go(look, -29600.0, -2400.0, 4.0)
    px, py = look.page.evaluate("(p) => lupex.map.getPixelFromCoordinate(p)", [-29600.0, -2400.0])
    look.page.locator("#map").hover(position={"x": px, "y": py})
    assert re.search(r"LGRS A[A-Z]{2}\d{10} \(A[A-Z]{2}", look.page.inner_text("#cursor"))
    assert look.page.evaluate("() => lupex.geo.gridWords(4e5, 0, 'south')") == ""  # other grids below 80 degrees


def test_a_drawn_drive_is_checked_and_shown(look: Looked) -> None:
    x, y = -29600.0, -2400.0
    go(look, x, y, 4.0)
    look.page.locator("#tab-2").click()
    look.page.locator("#draw").click()
    click_at(look, x, y)
    look.page.wait_for_timeout(400)  # two clicks at once would end the drawing
    click_at(look, x + 300.0, y)
    look.page.wait_for_timeout(400)
    click_at(look, x + 300.0, y + 300.0, count=2)
    verdict = look.page.locator("#verdict")
    expect(verdict).to_be_visible(timeout=120_000)
    assert "limit" in verdict.inner_text()
    expect(look.page.locator("#drive")).to_contain_text("0.60 km")
    look.shot("drive")


def test_weights_turn_the_ranks_on_table_and_map(look: Looked) -> None:
    look.page.locator("#tab-1").click()
    first = look.page.locator("#ranks [data-rank]").first
    expect(first).to_have_attribute("data-rank", "S1")
    look.page.locator("#weights input").nth(0).fill("0.01")
    look.page.locator("#weights input").nth(1).fill("1")
    expect(first).to_have_attribute("data-rank", "S2", timeout=10_000)
    look.shot("sites")
    look.page.locator("#sites button", has_text="S2").click()
    expect(look.page.locator("tr[data-site=S2]")).to_have_class("pick on")


def test_passes_and_the_link_margin_of_one_on_click(look: Looked) -> None:
    look.page.locator("#tab-3").click()
    look.page.locator("#pass").click()
    expect(look.page.locator("#now")).to_contain_text("2028-08-29")
    canvas = look.page.locator("#passes")
    box = canvas.bounding_box()
    assert box is not None
    # The slider stands at the begin of the pass, in the middle of ten days.
    left = 85.0
    middle = left + 0.5 * (box["width"] - left - 5.0)
    canvas.click(position={"x": middle + 4.0, "y": 8.0})
    expect(look.page.get_by_text("misasa: 2028-08-29")).to_be_visible(timeout=30_000)
    look.shot("contacts")


def test_a_link_of_the_page_leads_back_to_the_same_view(look: Looked, server: Served) -> None:
    look.page.locator("#list input[value=elevation_m]").check()
    go(look, 4000.0, 9600.0, 40.0)
    look.page.wait_for_timeout(300)
    link = look.page.url
    assert "layer=elevation_m" in link
    assert "token" not in link
    look.page.goto("about:blank")
    look.page.goto(link)
    look.page.wait_for_selector("body[data-ready]")
    assert look.page.evaluate("() => lupex.map.getView().getCenter()") == pytest.approx([4000.0, 9600.0], abs=0.2)
    assert look.page.locator("#list input[value=elevation_m]").is_checked()


def test_keys_move_time_and_panels(look: Looked) -> None:
    look.page.locator("body").press(".")
    assert look.page.inner_text("#now") == "2028-08-26 01:00 UTC"
    look.page.locator("body").press("3")
    assert look.page.locator("#tab-2").get_attribute("aria-selected") == "true"
    look.page.locator("body").press("?")
    expect(look.page.locator("#help-text")).to_be_visible()
    look.page.locator("#help-text").press("Escape")
    expect(look.page.locator("#help-text")).to_be_hidden()


def test_what_is_copied_from_every_panel_is_a_command_and_python(look: Looked) -> None:
    x, y = -29600.0, -2400.0
    go(look, x, y, 4.0)
    click_at(look, x, y)
    expect(look.page.locator("#page-0 details pre").first).to_be_attached(timeout=60_000)
    look.page.locator("#tab-3").click()
    look.page.locator("#pass").click()
    said = look.page.eval_on_selector_all(
        "details", "all => all.map((d) => Array.from(d.querySelectorAll('pre'), (p) => p.textContent))"
    )
    pairs = [one for one in said if len(one) == 2]
    for panel in ("#layers", "#page-0", "#page-1", "#page-2", "#page-3"):
        assert look.page.locator(f"{panel} details pre").count() >= 2, panel
    for command, python in pairs:
        compile(python, "copied", "exec")
        words = shlex.split(command, comments=True)
        assert words[0] == "lupex"
        build_parser().parse_args(words[1:])


def test_charts_have_gaps_where_a_value_is_not_finite(look: Looked) -> None:
    given = "[NaN, 1, -Infinity, Infinity, null, true, 2]"
    assert look.page.evaluate(f"() => lupex.gaps({given})") == [None, 1, None, None, None, 1, 2]


def test_no_serious_finding_of_accessibility(look: Looked) -> None:
    look.page.evaluate(AXE.read_text(encoding="utf-8"))
    for tab in range(4):
        look.page.locator(f"#tab-{tab}").click()
        found = look.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        serious = [
            (one["id"], [node["html"][:120] for node in one["nodes"]][:3])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], json.dumps(serious, indent=1)


def test_a_server_that_stopped_and_a_broken_study_are_said_and_the_page_goes_on(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "study"))
    (copy / "maps" / "region_slope_deg.tif").write_bytes(b"II*\0broken")
    (copy / "study.json").write_text("{}", encoding="utf-8")
    running = served(copy)
    try:
        look = looked_at(browser, running.address)
        expect(look.page.locator("#problems")).to_contain_text("not shown")
        assert look.complaints == []
    finally:
        running.process.terminate()
        running.process.wait(30)
    go(look, 0.0, 0.0, 100.0)
    click_at(look, 0.0, 0.0)
    expect(look.page.locator("#page-0")).to_contain_text("the server does not answer", timeout=20_000)
    look.shot("stopped")
    look.page.close()


def test_the_north_has_its_own_map(browser: Browser, tmp_path: Path) -> None:
    from tests.web.made_study import made_study

    running = served(made_study(tmp_path / "north", "north"))
    try:
        look = looked_at(browser, running.address)
        lat, lon = look.page.evaluate("() => lupex.geo.latLon(1e4, 2e4, 'north')")
        want = [float(v) for v in lat_lon_deg(1e4, 2e4, "north")]
        assert (lat, lon) == pytest.approx((want[0], want[1] % 360.0), abs=1e-9)
        look.shot("north")
        assert look.complaints == []
        look.page.close()
    finally:
        running.process.terminate()
        running.process.wait(30)
