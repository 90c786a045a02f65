"""Layers a user brings: real tables, other projections, and files that cannot be one."""

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import CRS, Transformer
from tests.shared_data import shared

from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.io import read_own_layer, write_own_layers
from lupex.io.crs import crs_wkt, lonlat_wkt
from lupex.model.fields.own_layer import OwnLayer
from lupex.model.settings.own_layer import MissionLayer

REAL = {
    "names": ("data/nomenclature/iau_features_south_of_60S.csv", "names", {}, 489),
    "regions": ("data/artemis_regions/artemis3_2024_regions.csv", "regions", {"label": "region"}, 9),
    "craters": ("data/craters_south/craters_south_of_70S.csv", "craters", {}, 193),
    "cold traps": ("data/craters_south/cold_trap_crater_ages.csv", "craters", {}, 24),
    "scarps": ("data/scarps/lobate_scarp_segments.csv", "scarps", {"group": "segment"}, 704),
}


def read(file: Path, kind: str, **said: str) -> OwnLayer:
    return read_own_layer(MissionLayer(name="mine", file=str(file), kind=kind, **said), "south")


def test_real_tables_are_read_whole() -> None:
    for name, (file, kind, said, count) in REAL.items():
        path = shared(file)
        if path is None:  # a checkout without the shared data
            continue
        layer = read(path, kind, **said)
        assert len(layer.features) == count, name
        assert all(np.isfinite(part).all() for one in layer.features for part in one.parts), name
        named = {one.name: one for one in layer.features}
        if name == "regions":
            assert set(named) >= {"Nobile Rim 2", "Slater Plain", "Mons Mouton Plateau"}
            area_km2 = shapely.Polygon(named["Nobile Rim 2"].parts[0]).area / 1e6
            assert area_km2 == pytest.approx(400.0, rel=0.02)  # as published, on the map 0.6 % larger
        if name == "cold traps":
            assert named["Haworth"].diameter_m == 51_400.0
            assert named["Haworth"].middle_m == pytest.approx([float(v) for v in map_xy_m(-87.5, 354.8, "south")])
        if name == "scarps":
            length_km = sum(np.hypot(*np.diff(one.parts[0], axis=0).T).sum() for one in layer.features) / 1000.0
            assert length_km == pytest.approx(1134.0, rel=0.05)


def square(lat: float = -89.0) -> list[tuple[float, float]]:
    return [(10.0, lat), (20.0, lat), (20.0, lat + 0.5), (10.0, lat + 0.5), (10.0, lat)]


def on_the_map(lon_lat: list[tuple[float, float]]) -> np.ndarray:
    lon, lat = np.array(lon_lat).T
    return np.column_stack(map_xy_m(lat, lon, "south"))


@pytest.mark.parametrize("crs", ["ours", "degrees", "standard parallel", "turned", "no crs of its own"])
def test_a_region_comes_to_the_same_place_from_every_projection_of_the_moon(tmp_path: Path, crs: str) -> None:
    turned = "+proj=stere +lat_0=-90 +lon_0=90 +k=1 +x_0=1000 +R=1737400 +units=m +no_defs"
    scaled = "+proj=stere +lat_0=-90 +lat_ts=-70 +lon_0=0 +R=1737400 +units=m +no_defs"
    wkt = {"ours": crs_wkt("south"), "degrees": lonlat_wkt(), "standard parallel": CRS(scaled).to_wkt(),
           "turned": CRS(turned).to_wkt()}  # fmt: skip
    want, path = on_the_map(square()), tmp_path / "mine.gpkg"
    if crs == "no crs of its own":
        path = tmp_path / "mine.geojson"
        feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [square()]},
                   "properties": {"Region": "A"}}  # fmt: skip
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    else:
        known = CRS(wkt[crs])
        to = Transformer.from_crs(known.geodetic_crs, known, always_xy=True)
        corners = list(zip(*to.transform(*np.array(square()).T), strict=True))
        pyogrio.raw.write(
            path, geometry=shapely.to_wkb(np.array([shapely.Polygon(corners)])), field_data=[np.array(["A"], object)],
            fields=["Region"], layer="areas", driver="GPKG", geometry_type="Polygon", crs=wkt[crs],
        )  # fmt: skip
    (one,) = read(path, "regions").features
    assert one.name == "A"
    np.testing.assert_allclose(one.parts[0], want, atol=1e-3)


def test_a_layer_of_the_earth_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "earth.gpkg"
    pyogrio.raw.write(path, geometry=shapely.to_wkb(np.array([shapely.Point(1.0, 2.0)])), field_data=[], fields=[],
                      layer="a", driver="GPKG", geometry_type="Point", crs="EPSG:3031")  # fmt: skip
    with pytest.raises(InputError, match="not of the Moon"):
        read(path, "names")


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("name,lat_deg\nA,-89\n", "names", "no columns of latitude and east longitude"),
        ("name,lat_deg,lon_deg\nA,-89,x\n", "names", "line 2 lon_deg"),
        ("name,lat_deg,lon_deg\nA,-89,3\n", "craters", "no column 'diameter_km or diam_km' of diameters"),
        ("name,lat_deg,lon_deg\nA,-89,3\n", "scarps", "no column 'group' that tells whose corner"),
        ("name,lat_deg,lon_deg\nA,89,3\n", "names", "no feature of the layer 'mine' lies around the south pole"),
        ("part,lat_deg,lon_deg\n1,-89,3\n", "scarps", "1 corners"),
    ],
)
def test_a_table_that_is_no_layer_says_what_is_missing(tmp_path: Path, text: str, kind: str, said: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read(path, kind, group="part" if text.startswith("part") else "")


def test_another_geometry_than_the_kind_is_made_of_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.geojson"
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3, -89]}, "properties": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(InputError, match="feature 1: Point; regions are made of Polygon"):
        read(path, "regions")


def test_what_is_written_is_read_again_with_holes_and_circles(tmp_path: Path) -> None:
    hole = [(12.0, -88.9), (18.0, -88.9), (18.0, -88.7), (12.0, -88.7), (12.0, -88.9)]
    shape = {"type": "Polygon", "coordinates": [square(), hole]}
    content = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": shape, "properties": {"name": "A"}}
    ]}  # fmt: skip
    (tmp_path / "mine.geojson").write_text(json.dumps(content))
    (tmp_path / "craters.csv").write_text("name,lat_deg,lon_deg,diameter_km\nB,-89,40,10\n")
    layers = [read(tmp_path / "mine.geojson", "regions"), read(tmp_path / "craters.csv", "craters")]
    write_own_layers(tmp_path / "layers.gpkg", layers, "south")
    again = read(tmp_path / "layers.gpkg", "regions", layer="1 mine")
    area = [sum(shapely.Polygon(part).area for part in layer.features[0].parts[:1]) for layer in (layers[0], again)]
    assert area[0] == pytest.approx(area[1], rel=1e-9) and len(again.features[0].parts) == 2
    meta, _, shapes, fields = pyogrio.raw.read(tmp_path / "layers.gpkg", layer="2 mine")
    circle = shapely.from_wkb(shapes[0])
    assert np.sqrt(circle.area / np.pi) == pytest.approx(5000.0, rel=0.01)
    assert dict(zip(meta["fields"], (column[0] for column in fields), strict=True))["diameter_km"] == 10.0
