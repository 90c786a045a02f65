from dataclasses import replace

import numpy as np
import pytest
from tests.ground.scenes_passes import AZIMUTHS, START, STOP, dense_edges, rough_place

from lupex.base.errors import InputError, SpanError
from lupex.base.running import Running
from lupex.catalogue import station, stations
from lupex.ephemeris import earth_moon_series, utc_to_tdb_s
from lupex.ground import PassSettings, contact_plan, contact_plans, paired
from lupex.ground.passes.search import slew_elevation_deg
from lupex.model import LunarPlace
from lupex.signals import track

SPAN = (START, STOP)
FLAT = LunarPlace(name="summit", lat_deg=-89.45, lon_deg=222.7, height_m=1800.0)


def edges_of(plan, name: str) -> np.ndarray:  # noqa: ANN001
    windows = plan.windows[name]
    inner = np.sort(np.concatenate([windows.start_tdb_s, windows.stop_tdb_s]))
    return inner[(inner > SPAN[0]) & (inner < SPAN[1])]


@pytest.mark.parametrize("name", ["misasa", "dss34", "byalalu32"])
def test_aos_and_los_agree_with_samples_a_second_apart(name: str) -> None:
    place, dish = rough_place(), station(name)
    found = edges_of(contact_plan([dish], place, SPAN), name)
    dense = dense_edges(dish, place, *SPAN)
    assert found.size == dense.size >= 8
    assert np.abs(found - dense).max() < 1.0


def test_a_jagged_mask_of_the_antenna_cuts_passes_where_dense_samples_do() -> None:
    rng = np.random.default_rng(8)
    dish = replace(
        station("usuda"),
        mask_azimuth_deg=tuple(float(a) for a in range(360)),
        mask_elevation_deg=tuple((12.0 + 10.0 * rng.random(360)).tolist()),
    )
    found = edges_of(contact_plan([dish], FLAT, SPAN), "usuda")
    dense = dense_edges(dish, FLAT, *SPAN)
    # A dip shorter than a second may be in one and not the other: none here.
    assert found.size == dense.size > 20
    assert np.abs(found - dense).max() < 1.0
    words = {one.limited_by_aos for one in contact_plan([dish], FLAT, SPAN).passes}
    assert words <= {"mask", "span"} and "mask" in words


def test_a_pass_of_one_minute_between_coarse_samples_is_found() -> None:
    dish = station("misasa")
    times = np.arange(START, START + 86_400.0, 1.0)
    elevation = track(dish, FLAT, times).elevation_deg
    top = int(np.argmax(elevation))
    grazing = replace(dish, min_elevation_deg=float(elevation[top - 30]))
    (one,) = contact_plan([grazing], FLAT, (START, START + 86_400.0)).passes
    assert one.duration_s == pytest.approx(60.0, abs=3.0)
    assert one.max_elevation_deg == pytest.approx(elevation[top], abs=1e-6)


def test_a_narrow_notch_of_the_skyline_lets_a_short_pass_through() -> None:
    dish = station("misasa")
    seen = track(dish, FLAT, np.array([START + 40_000.0]))
    azimuth = float(seen.place_azimuth_true_deg[0])
    wall = np.array([0.0, azimuth - 0.004, azimuth, azimuth + 0.004])
    notched = LunarPlace(
        name="slit",
        lat_deg=-89.45,
        lon_deg=222.7,
        height_m=1800.0,
        skyline_azimuth_true_deg=wall,
        skyline_elevation_deg=np.array([60.0, 60.0, -60.0, 60.0]),
    )
    lowered = replace(dish, min_elevation_deg=-5.0)
    span = (START + 30_000.0, START + 50_000.0)
    found = contact_plan([lowered], notched, span).windows["misasa"]
    dense = dense_edges(lowered, notched, *span)
    assert 2 * len(found) == dense.size == 2
    assert found.total_s < 600.0
    assert np.abs(np.array([found.start_tdb_s[0], found.stop_tdb_s[0]]) - dense).max() < 1.0


def test_facts_of_a_pass_are_those_of_its_track() -> None:
    dish = station("dss34")
    for one in contact_plan([dish], rough_place(), SPAN).of("dss34"):
        seen = track(dish, rough_place(), np.linspace(one.aos_tdb_s, one.los_tdb_s, 2001))
        assert one.max_elevation_deg == pytest.approx(seen.elevation_deg.max(), abs=1e-4)
        assert one.min_range_m == pytest.approx(seen.range_m.min(), abs=20.0)
        assert one.max_range_m == pytest.approx(seen.range_m.max(), abs=20.0)
        assert one.min_range_rate_m_s == pytest.approx(seen.range_rate_m_s.min(), abs=0.01)
        assert one.max_range_rate_m_s == pytest.approx(seen.range_rate_m_s.max(), abs=0.01)
        assert one.min_sun_angle_deg == pytest.approx(seen.sun_angle_deg.min(), abs=1e-3)
        assert one.aos_azimuth_true_deg == pytest.approx(seen.azimuth_true_deg[0], abs=1e-6)
        assert one.los_elevation_deg == pytest.approx(seen.elevation_deg[-1], abs=1e-6)
        assert 1.2 < one.one_way_light_time_s < 1.36


def test_the_limit_that_ends_a_pass_is_named() -> None:
    dish = replace(station("misasa"), keyhole_elevation_deg=30.0)
    words = [(one.limited_by_aos, one.limited_by_los) for one in contact_plan([dish], FLAT, SPAN).passes]
    assert ("min_elevation", "keyhole") in words and ("keyhole", "min_elevation") in words
    rough = contact_plan([station("misasa")], rough_place(), SPAN).passes
    assert "terrain" in {one.limited_by_aos for one in rough}


def test_a_slow_azimuth_axis_is_a_keyhole_about_the_zenith() -> None:
    dish = replace(station("misasa"), slew_deg_s=15.041 / 3600.0 / np.cos(np.radians(50.0)))
    assert slew_elevation_deg(dish) == pytest.approx(50.0, abs=1e-6)
    plan = contact_plan([dish], FLAT, SPAN)
    assert max(one.max_elevation_deg for one in plan.passes) <= 50.0 + 1e-3
    assert "slew" in {one.limited_by_los for one in plan.passes}


def test_no_contact_while_the_sun_is_nearer_than_asked() -> None:
    new_moon = tuple(float(t) for t in utc_to_tdb_s(["2028-02-22", "2028-02-29"]))
    free = contact_plan([station("misasa")], FLAT, new_moon)
    kept = contact_plan([station("misasa")], FLAT, new_moon, PassSettings(sun_exclusion_deg=15.0))
    assert min(one.min_sun_angle_deg for one in kept.passes) >= 15.0 - 1e-3
    assert kept.windows["misasa"].total_s < free.windows["misasa"].total_s - 3600.0
    assert "exclusion" in {word for one in kept.passes for word in (one.limited_by_aos, one.limited_by_los)}


def test_refraction_lengthens_passes_by_less_than_a_few_minutes() -> None:
    plain = contact_plan([station("misasa")], FLAT, SPAN).windows["misasa"].total_s
    bent = contact_plan([station("misasa")], FLAT, SPAN, PassSettings(refractivity_n_units=315.0)).windows["misasa"]
    assert 5.0 < (bent.total_s - plain) / (2 * len(bent)) < 60.0


def test_an_empty_plan_says_why() -> None:
    walls = LunarPlace(
        name="pit",
        lat_deg=-89.45,
        lon_deg=222.7,
        height_m=0.0,
        skyline_azimuth_true_deg=AZIMUTHS,
        skyline_elevation_deg=np.full(720, 30.0),
    )
    far = LunarPlace(name="far side", lat_deg=0.0, lon_deg=180.0)
    masked = replace(station("misasa"), mask_azimuth_deg=(0.0,), mask_elevation_deg=(89.0,))
    high = replace(station("misasa"), min_elevation_deg=88.0)
    blind = PassSettings(sun_exclusion_deg=179.9)
    for dish, place, settings, why in (
        (station("misasa"), walls, PassSettings(), "terrain: the skyline of pit hides misasa throughout"),
        (station("misasa"), far, PassSettings(), "geometry: far side never faces the Earth"),
        (masked, FLAT, PassSettings(), "mask: summit never stands above the mask of misasa"),
        (high, FLAT, PassSettings(), "geometry: summit never stands above 88 deg at misasa, at most"),
        (station("misasa"), FLAT, blind, "exclusion: the Sun is too near"),
    ):
        plan = contact_plan([dish], place, SPAN, settings)
        assert plan.passes == () and len(plan.windows["misasa"]) == 0
        assert why in plan.reasons["misasa"]


def test_predicted_earth_orientation_and_unsurveyed_positions_are_said() -> None:
    notes = " ".join(contact_plan(stations(["byalalu32", "misasa"]), FLAT, SPAN).notes)
    assert "long-term prediction" in notes
    assert "byalalu32 is known to 1000 m only" in notes and "misasa" not in notes
    past = tuple(float(t) for t in utc_to_tdb_s(["2024-03-01", "2024-03-02"]))
    assert contact_plan([station("misasa")], FLAT, past).notes == ()


def test_many_places_give_what_each_alone_gives() -> None:
    dishes, places = stations(["misasa", "dss14"]), [rough_place(1), rough_place(2)]
    together = contact_plans(dishes, places, SPAN, running=Running(2))
    for plan, place in zip(together, places, strict=True):
        assert plan.passes == contact_plan(dishes, place, SPAN).passes


def test_uplink_and_downlink_from_two_stations_need_both() -> None:
    plan = contact_plan(stations(["misasa", "byalalu32", "dss14"]), FLAT, SPAN)
    both = paired(plan, "misasa", "byalalu32")
    assert 0.0 < both.total_s < min(plan.windows["misasa"].total_s, plan.windows["byalalu32"].total_s)
    assert paired(plan, "misasa", "misasa").total_s == plan.windows["misasa"].total_s
    with pytest.raises(InputError, match="no station 'usuda'"):
        paired(plan, "misasa", "usuda")


def test_bad_spans_stations_and_places_are_refused() -> None:
    dish = station("misasa")
    with pytest.raises(SpanError, match="span is empty"):
        contact_plan([dish], FLAT, (STOP, START))
    with pytest.raises(SpanError, match="lie outside the kernels"):
        contact_plan([dish], FLAT, tuple(float(t) for t in utc_to_tdb_s(["2200-01-01", "2200-01-02"])))
    with pytest.raises(InputError, match="two stations have one name"):
        contact_plan([dish, dish], FLAT, SPAN)
    with pytest.raises(InputError, match="latitude first"):
        contact_plan([dish], LunarPlace(name="nowhere", lat_deg=222.7, lon_deg=-89.45), SPAN)
    with pytest.raises(InputError, match="no station or no place"):
        contact_plan([], FLAT, SPAN)
    with pytest.raises(InputError, match="out of bounds"):
        PassSettings(sun_exclusion_deg=-1.0)


def test_the_series_covers_whole_days() -> None:
    series = earth_moon_series(START, STOP)
    assert series.series.shape == (11, 20, 36)
    assert series.first_tdb_s <= START
