"""Nouns at a glance: short lines, HTML that interprets nothing, pictures that any reader opens."""

import base64
import dataclasses
import inspect
import io
import types
import typing
from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from PIL import Image
from tests.report.made_up_study import made_up_study

import lupex
from lupex.base.errors import InputError
from lupex.model import ContactPlan, Grid, HorizonMap, LightMap, SkyTable, Terrain, Windows
from lupex.model.glance import Glance, card, spot, strips, thumbnail, trace

GRID = Grid.centred("south", 0.0, 0.0, 400, 20.0)


def test_a_thumbnail_is_a_small_png_with_white_where_nothing_is_known() -> None:
    values = np.tile(np.arange(400.0), (400, 1))
    values[:, :40] = np.nan
    image = Image.open(io.BytesIO(base64.b64decode(thumbnail(values))))
    pixels = np.asarray(image)
    assert max(image.size) <= 160 and image.mode == "L"
    assert (pixels[:, 0] == 255).all() and pixels[0, -1] == 235 and pixels[0, 20] < pixels[0, 60]


def test_texts_of_a_card_are_not_interpreted() -> None:
    assert "<b>" not in card("T", {"name": "<b>x</b>"})


def test_nouns_say_in_one_line_what_they_are() -> None:
    terrain = Terrain(GRID, np.zeros(GRID.shape, np.float32), synthetic_below_m=1600.0)
    assert repr(terrain) == "Terrain(400 x 400 cells of 20 m, south, 0 to 0 m, synthetic below 1600 m)"
    study = made_up_study(24, 16, 2)
    assert repr(study).startswith("StudyResult(lupex, sites S1, S2, season 2028-10-12 to 2029-01-25, 24 x 24 cells")
    for noun in (terrain, study, study.maps, study.sites[0]):
        assert len(repr(noun)) < 220 and "\n" not in repr(noun)
        assert "data:image/png;base64," in noun._repr_html_()


def test_a_light_map_is_a_mapping_that_names_the_nearest_layer() -> None:
    layer = np.ones(GRID.shape, np.float32)
    maps = LightMap(grid=GRID, layers={"slope_deg": layer}, meanings={"slope_deg": "slope"}, span_utc=("a", "b"),
                    observer_height_m=0.0)  # fmt: skip
    assert dict(maps).keys() == {"slope_deg"} and "slope_deg" in maps and len(maps) == 1
    assert maps.get("no_such") is None
    with pytest.raises(KeyError):
        maps["no_such"]
    with pytest.raises(InputError, match="did you mean 'slope_deg'"):
        maps["slop_deg"]


def _classes(hint: object) -> Iterator[type]:
    if inspect.isclass(hint) and not typing.get_origin(hint):
        yield hint
    for inner in typing.get_args(hint):
        yield from _classes(inner)


def _public_nouns() -> set[type]:
    """Every dataclass of ours that a public name is, returns or holds."""
    values = [getattr(lupex, name) for name in lupex.__all__ if name not in ("__version__", "as_xarray")]
    waiting: list[type] = [value for value in values if inspect.isclass(value)]
    for function in (value for value in values if isinstance(value, types.FunctionType)):
        waiting += _classes(typing.get_type_hints(function).get("return"))
    found: set[type] = set()
    while waiting:
        one = waiting.pop()
        if one not in found and dataclasses.is_dataclass(one) and one.__module__.startswith("lupex"):
            found.add(one)
            hints = typing.get_type_hints(one)
            waiting += [inner for spec in dataclasses.fields(one) for inner in _classes(hints[spec.name])]
    return found


def test_no_public_noun_prints_its_arrays_or_other_nouns_that_do() -> None:
    nouns = _public_nouns()
    assert len(nouns) > 60
    long = {kind for kind in nouns if any("ndarray" in str(hint) for hint in typing.get_type_hints(kind).values())}
    for _ in range(5):  # what holds one that prints much, prints much
        long |= {kind for kind in nouns if any(set(_classes(h)) & long for h in typing.get_type_hints(kind).values())}
    settings = {kind for kind in long if kind.__name__.endswith("Settings")}
    assert sorted(kind.__name__ for kind in long - settings if not issubclass(kind, Glance)) == []


def _all_nouns(value: object) -> Iterator[Glance]:
    if isinstance(value, Glance):
        yield value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for spec in dataclasses.fields(value):
            yield from _all_nouns(getattr(value, spec.name))
    elif isinstance(value, tuple):
        for inner in value[:3]:
            yield from _all_nouns(inner)


def test_every_noun_inside_a_study_says_itself_in_one_short_line_and_one_card() -> None:
    seen = {type(noun).__name__: noun for noun in _all_nouns(made_up_study(24, 16, 2))}
    assert {"Site", "ContactPlan", "Traverse", "Ranking", "DateTable", "Mission", "Station", "Schedule"} <= set(seen)
    for name, noun in seen.items():
        assert repr(noun).startswith(f"{name}(") and len(repr(noun)) < 260 and "\n" not in repr(noun), repr(noun)
        assert noun._repr_html_().startswith("<div>")
    for name in ("Site", "Candidate", "ContactPlan", "Traverse", "Schedule", "DateTable"):
        assert "data:image/png;base64," in seen[name]._repr_html_(), name


def test_a_horizon_map_shows_where_the_skyline_is_high() -> None:
    counts = np.zeros((8, 400, 400), np.int16)
    counts[3, 100:200, :] = 10_000
    counts[:, :, :30] = HorizonMap.NODATA
    noun = HorizonMap(grid=GRID, azimuths_pencil_deg=np.arange(8) * 45.0, counts=counts, observer_height_m=2.0,
                      search_radius_m=250e3)  # fmt: skip
    assert repr(noun).startswith("HorizonMap(8 azimuths, 400 x 400 cells of 20 m, south, eye 2 m")
    image = np.asarray(Image.open(io.BytesIO(base64.b64decode(noun._repr_html_().split("base64,")[1].split('"')[0]))))
    assert image[50, 80] == 235 and image[100, 80] == 0 and image[50, 3] == 255


def test_tables_of_time_say_their_span_to_the_minute() -> None:
    times = np.array([883_569_669.184, 883_573_269.184])
    sky = SkyTable(times, np.ones((2, 3)), np.ones((2, 3)), {"usuda": np.ones((2, 3))})
    assert repr(sky) == "SkyTable(2 times every 3600 s, 2028-01-01 00:00 to 2028-01-01 01:00, with usuda)"
    lit = Windows(times[:1], times[1:], (times[0], times[1]))
    assert repr(lit) == "Windows(1 window, 1.0 h in all, 2028-01-01 00:00 to 2028-01-01 01:00)"


def test_pictures_of_time_and_place_are_dark_where_something_is() -> None:
    assert strips([[(0.0, 50.0)], []], (0.0, 100.0)).sum(axis=0)[[10, 150]].tolist() == [14.0, 24.0]
    assert trace([0.0, 10.0], [0.0, 10.0])[[152, 8], [8, 152]].tolist() == [0.0, 0.0]
    assert trace([], []).min() == 1.0
    assert spot(152_000.0, 0.0)[80, 80 + int(80 / 2.2)] == 0.0 and spot(0.0, 0.0)[80, 80] == 0.0


def test_plans_and_studies_are_mappings_that_name_the_nearest() -> None:
    study = made_up_study(24, 16, 2)
    assert list(study) == ["S1", "S2"] and study["S2"].site.rank == 2 and "S9" not in study
    with pytest.raises(InputError, match="no site 'S11'; did you mean 'S1'"):
        study["S11"]
    contacts = study["S1"].contacts
    assert contacts is not None and isinstance(contacts.plan, Mapping)
    plan = contacts.plan
    assert sum(len(passes) for passes in plan.values()) == len(plan.passes) and set(plan.windows) <= set(plan)
    with pytest.raises(KeyError, match="did you mean"):
        plan[[*plan][0] + "x"]
    empty = ContactPlan(spacecraft="x", span_tdb_s=(0.0, 1.0), passes=(), windows={})
    assert empty and not len(empty) and "0 passes of 0 stations" in repr(empty) and empty._repr_html_()
