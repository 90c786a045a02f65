"""Touchdown and drive of a site: the ellipse on the map, the words, the columns of the tables."""

from dataclasses import replace

import numpy as np
import pytest
from tests.report.made_up_study import made_up_study

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import map_xy_m
from lupex.model import DispersionSettings, StudyResult
from lupex.report.decision_tables import safety_row
from lupex.report.document import Items, Paragraph, Table
from lupex.report.safety_figure import close_up, ellipse_km
from lupex.report.safety_pages import safety_blocks


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 128, 2)


def with_track(study: StudyResult, azimuth_true_deg: float) -> StudyResult:
    dispersion = DispersionSettings(along_sigma_m=400.0, cross_sigma_m=100.0, track_azimuth_true_deg=azimuth_true_deg)
    return replace(study, mission=replace(study.mission, dispersion=dispersion))


def test_a_track_to_the_north_stretches_the_ellipse_away_from_the_south_pole(study: StudyResult) -> None:
    site = study.sites[0]
    outline = 1000.0 * ellipse_km(with_track(study, 0.0), site, 2.0)
    centre = np.array([site.site.x_m, site.site.y_m])
    away = centre / np.hypot(*centre)
    scale = 1.0 + float(centre @ centre) / (4.0 * MOON_RADIUS_M**2)
    offset = outline - centre
    along = offset @ away
    assert along.max() == pytest.approx(800.0 * scale, rel=1e-6)
    assert np.hypot(*offset.T).min() == pytest.approx(200.0 * scale, rel=1e-3)
    north = np.array(map_xy_m(site.site.lat_deg + 0.01, site.site.lon_deg, "south")) - centre
    assert north @ away > 0.0


def test_a_track_to_the_east_lies_along_the_circle_of_latitude(study: StudyResult) -> None:
    site = study.sites[0]
    outline = 1000.0 * ellipse_km(with_track(study, 90.0), site, 1.0)
    centre = np.array([site.site.x_m, site.site.y_m])
    east = np.array(map_xy_m(site.site.lat_deg, site.site.lon_deg + 0.01, "south")) - centre
    east /= np.hypot(*east)
    farthest = (outline - centre)[np.argmax((outline - centre) @ east)]
    assert farthest @ east == pytest.approx(np.hypot(*farthest), rel=1e-5)


def test_the_close_up_holds_the_whole_dispersion_and_the_search(study: StudyResult) -> None:
    site = study.sites[0]
    near = close_up(study, site)
    assert near.grid.cols < site.maps.grid.cols
    outline = 1000.0 * ellipse_km(study, site, 3.0)
    assert all(near.grid.contains(x, y) for x, y in outline)
    search_m = study.mission.dispersion.aim_search_m
    assert near.grid.contains(site.site.x_m - search_m, site.site.y_m + search_m)
    place = site.site.lat_deg, site.site.lon_deg
    here, there = near.grid.row_col(*place), site.maps.grid.row_col(*place)
    assert near["hazard_probability"][here] == site.maps["hazard_probability"][there]


def test_a_close_up_at_the_edge_stays_on_the_map(study: StudyResult) -> None:
    site = study.sites[0]
    grid = site.maps.grid
    lat, lon = (float(v[0, 0]) for v in grid.lat_lon_deg())
    edge = replace(site, site=replace(site.site, fine={"lat_deg": lat, "lon_deg": lon}))
    near = close_up(study, edge).grid
    assert (near.left_m, near.top_m) == (grid.left_m, grid.top_m)


def test_the_words_hold_the_probabilities_and_the_costliest_limit(study: StudyResult) -> None:
    words = next(b.text for b in safety_blocks(study.sites[0], "S1", "x", {}) if isinstance(b, Paragraph))
    assert "safely with a probability of 92.9\u00a0%" in words
    assert "without hazard avoidance with 83.7\u00a0%" in words
    assert "shadow with a probability of 81.1\u00a0%" in words
    assert "What costs most: slope." in words


def test_nothing_computed_and_nothing_mapped_is_no_page(study: StudyResult) -> None:
    bare = replace(study.sites[0], touchdown=None, reach=None)
    assert safety_blocks(bare, "S1", "x", {}) == []
    assert safety_row(bare) == {}


def test_touchdown_without_reach_still_has_a_page(study: StudyResult) -> None:
    blocks = safety_blocks(replace(study.sites[0], reach=None), "S1", "x", {})
    captions = [b.caption for b in blocks if isinstance(b, Table)]
    assert captions == ["Safe touchdown over the landing dispersion", "Hazard by cause, before avoidance"]
    assert [b.texts[0] for b in blocks if isinstance(b, Items)] == ["Best of the places within 3200 m."]


def test_columns_of_the_tables_carry_the_numbers_unrounded(study: StudyResult) -> None:
    site = study.sites[1]
    assert site.touchdown is not None and site.reach is not None
    row = safety_row(site)
    assert row["touchdown_probability"] == site.touchdown.probability
    assert row["reach_and_back_probability"] == site.reach.and_back
    assert row["lost_energy"] == site.reach.limits["energy"]
