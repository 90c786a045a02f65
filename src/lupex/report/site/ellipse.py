"""The ellipse of the landing dispersion on a map."""

from typing import Any

import numpy as np

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import convergence_deg
from lupex.report.paper.style import INK
from lupex.results import SiteResult, StudyResult

SIGMAS = (1.0, 2.0, 3.0)


def ellipse_km(result: StudyResult, site: SiteResult, sigmas: float) -> Any:
    """Outline (point, 2) of the dispersion ellipse in map km, ``sigmas`` standard deviations from the aim point.

    The track's true azimuth is turned to the map and ground metres are stretched to map metres at the aim point.

    Args:
        result: of the study, for the settings of the dispersion.
        site: whose aim point is the middle.
    """
    d = result.mission.dispersion
    x, y = site.site.x_m, site.site.y_m
    azimuth = np.radians(d.track_azimuth_true_deg + float(convergence_deg(x, y, site.maps.grid.pole)))
    scale = sigmas * (1.0 + (x * x + y * y) / (4.0 * MOON_RADIUS_M**2)) / 1000.0
    turn = np.linspace(0.0, 2.0 * np.pi, 181)
    along, cross = scale * d.along_sigma_m * np.cos(turn), scale * d.cross_sigma_m * np.sin(turn)
    east = along * np.sin(azimuth) + cross * np.cos(azimuth)
    north = along * np.cos(azimuth) - cross * np.sin(azimuth)
    return np.column_stack([x / 1000.0 + east, y / 1000.0 + north])


def draw_ellipses(axes: Any, result: StudyResult, site: SiteResult) -> None:
    """Ellipses of one, two and three standard deviations of the landing error around the site."""
    for sigmas in SIGMAS:
        outline = ellipse_km(result, site, sigmas)
        axes.plot(*outline.T, color="white", lw=2.0, zorder=6)
        axes.plot(*outline.T, color=INK, lw=1.0 if sigmas == SIGMAS[0] else 0.7, zorder=7)
