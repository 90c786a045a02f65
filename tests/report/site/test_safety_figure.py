"""The ellipse of the landing dispersion on the map, and the close-up around the aim point."""

from dataclasses import replace

import numpy as np
import pytest
from tests.report.made_up_study import made_up_study

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import map_xy_m
from lupex.model import DispersionSettings
from lupex.report.site.ellipse import ellipse_km
from lupex.report.site.safety_figure import close_up
from lupex.results import StudyResult


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
