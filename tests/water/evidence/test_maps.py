"""Rasters that an evidence file names: radar, hydrogen and surface ice as readings, depth of ice as prior."""

import numpy as np
import pytest
from tests.water.evidence.test_file import HEAD

from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg
from lupex.io import write_cog
from lupex.model import Grid
from lupex.water import posterior_summary, read_evidence

GRID = Grid.centred("south", -9750.0, -11600.0, 40, 100.0)


@pytest.fixture
def written(tmp_path):
    def write(text: str, **maps: np.ndarray):
        for name, values in maps.items():
            write_cog(tmp_path / f"{name}.tif", GRID, values.astype(np.float32), name=name, unit="1", meaning=name)
        path = tmp_path / "evidence.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_radar_raster_is_read_at_the_places_and_a_place_off_it_is_refused(written):
    depth = np.full(GRID.shape, 0.25)
    depth[:20] = np.nan  # not stable in the northern half of this map
    maps = HEAD + '[maps]\ndfsar_cpr = "cpr.tif"\nstability_depth_m = "depth.tif"\n'
    found = read_evidence(written(maps, cpr=np.full(GRID.shape, 0.9), depth=depth))
    assert [(name, one.channel) for name, one in found.measurements] == [("hole 1", "dfsar"), ("hole 2", "dfsar")]
    assert found.measurements[0][1].values == {"cpr": pytest.approx(0.9, abs=1e-6)}
    for place in found.places:
        stable = place.prior.cover_median_m == pytest.approx(0.25)
        assert stable or place.prior.ice_probability <= 0.02
    lat, lon = lat_lon_deg(-20_000.0, -11_600.0, "south")
    far = HEAD.replace("-89.51", f"{float(lat):.4f}").replace(
        "lon_deg = 220.0\nice", f"lon_deg = {float(lon):.3f}\nice"
    )
    with pytest.raises(InputError, match="hole 2 at .* lies outside the map"):
        read_evidence(written(far + '[maps]\ndfsar_cpr = "cpr.tif"\n'))


def test_the_large_number_of_our_own_maps_means_that_ice_lasts_nowhere(written):
    maps = HEAD + '[maps]\nstability_depth_m = "depth.tif"\n'
    found = read_evidence(written(maps, depth=np.full(GRID.shape, 9990.0)))
    assert [place.prior.ice_probability for place in found.places] == [0.02, 0.02]
    assert found.places[0].prior.cover_median_m == 0.3


def test_hydrogen_and_surface_ice_move_the_posterior_and_impossible_pixels_are_refused(written):
    def present(hydrogen: float, seen: float) -> float:
        maps = HEAD + '[maps]\nhydrogen_wt_percent = "h.tif"\nsurface_ice = "m3.tif"\n'
        path = written(maps, h=np.full(GRID.shape, hydrogen), m3=np.full(GRID.shape, seen))
        return posterior_summary(read_evidence(path))["places"]["hole 1"]["probability_present"]

    dry, both = present(0.05, 0.0), present(0.8, 1.0)
    assert dry < 0.25 < both < 0.99
    with pytest.raises(InputError, match="state the unit of the map"):
        present(120.0, 0.0)
    with pytest.raises(InputError, match="ice seen is 0.5"):
        present(0.1, 0.5)
