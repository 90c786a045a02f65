"""Tables of the sky: exact, fast, cached, and right for an observer on the ground."""

import time

import numpy as np
import pytest
import spiceypy as spice

from lupex.base.digest import file_sha256
from lupex.base.errors import InputError, SpanError
from lupex.ephemeris import kernels, sky_kernels, sky_rows, sky_span, sky_table, tdb_s_to_utc, topocentric, utc_to_tdb_s
from lupex.ephemeris.files import earth_orientation_kernels

FRAME = "MOON_ME_DE440_ME421"
KEYS = [f"{body}_{what}" for body in ("sun", "earth") for what in ("azimuth_true_deg", "elevation_deg", "distance_km")]
MADRID = [4_849_092.6, -360_180.6, 4_115_109.3]


def angle_deg(a, b):
    """Angles between rows of two arrays of vectors."""
    cross = np.linalg.norm(np.cross(a, b), axis=-1)
    return np.degrees(np.arctan2(cross, np.sum(a * b, axis=-1)))


def random_times(count, start="1950-01-01", stop="2100-12-31", seed=5):
    return np.sort(np.random.default_rng(seed).uniform(*utc_to_tdb_s([start, stop]), count))


def test_a_table_names_its_kernels_with_their_hashes():
    table = sky_table([0.0])
    assert table.kernels == tuple((path.name, file_sha256(path)) for path in sky_kernels())
    assert len(table) == 1
    assert table.sun_me_m.shape == table.earth_me_m.shape == (1, 3)
    assert not table.sun_me_m.flags.writeable


def test_a_table_with_stations_names_the_earth_orientation_too():
    names = [name for name, _ in sky_table([0.0], {"madrid": MADRID}).kernels]
    assert names == [path.name for path in (*sky_kernels(), *earth_orientation_kernels())]


def test_a_station_is_on_the_earth_and_turns_with_it():
    times = utc_to_tdb_s("2028-06-01")[0] + np.arange(0, 86_400, 1800.0)
    table = sky_table(times, {"madrid": MADRID})
    away = table.stations_me_m["madrid"] - table.earth_me_m
    # Aberration turns the vectors of station and centre a little differently; 1e-4 of the radius.
    assert np.linalg.norm(away, axis=1) == pytest.approx(np.full(48, np.linalg.norm(MADRID)), rel=2e-4)
    turn = angle_deg(away[0], away[24])
    assert 90.0 < turn < 180.0


def test_a_station_agrees_with_two_steps_by_hand():
    times = random_times(40, "1970-01-01", "2100-01-01")
    table = sky_table(times, {"madrid": MADRID})
    with kernels((*sky_kernels(), *earth_orientation_kernels())):
        for t, found in zip(times, table.stations_me_m["madrid"], strict=True):
            moon = spice.spkssb(301, t, "J2000")
            sent = t
            for _ in range(4):
                place = spice.pxform("ITRF93", "J2000", sent) @ np.array(MADRID) / 1e3
                towards = spice.spkssb(399, sent, "J2000")[:3] + place - moon[:3]
                sent = t - np.linalg.norm(towards) / spice.clight()
            expected = spice.pxform("J2000", FRAME, t) @ spice.stelab(towards, moon[3:])
            assert np.linalg.norm(found - 1e3 * expected) < 10.0


def test_a_century_and_a_half_is_interpolated_to_a_metre(tmp_path):
    table = sky_span("1950-01-01", "2101-01-01", 86_400 * 0.3719, tmp_path)
    pick = np.random.default_rng(6).choice(len(table), 20_000, replace=False)
    pick.sort()
    exact = sky_table(table.times_tdb_s[pick])
    assert np.linalg.norm(table.sun_me_m[pick] - exact.sun_me_m, axis=1).max() < 1.0
    assert np.linalg.norm(table.earth_me_m[pick] - exact.earth_me_m, axis=1).max() < 0.05
    assert angle_deg(table.sun_me_m[pick], exact.sun_me_m).max() < 1e-9
    assert angle_deg(table.earth_me_m[pick], exact.earth_me_m).max() < 2e-8


def test_the_samples_of_a_span_begin_at_start_and_end_before_stop(tmp_path):
    table = sky_span("2028-01-01", "2028-01-02", 3600.0, tmp_path)
    texts = tdb_s_to_utc(table.times_tdb_s)
    assert (len(texts), texts[0], texts[-1]) == (24, "2028-01-01T00:00:00Z", "2028-01-01T23:00:00Z")
    assert table.kernels == sky_table([0.0]).kernels


def test_a_nodal_cycle_by_the_hour_takes_seconds_cold_and_nothing_from_the_cache(tmp_path):
    sky_span("2020-01-01", "2020-01-02", 3600, tmp_path)
    began = time.process_time()
    cold = sky_span("2020-01-01", "2038-09-13", 3600, tmp_path)
    between = time.process_time()
    warm = sky_span("2020-01-01", "2038-09-13", 3600, tmp_path)
    ended = time.process_time()
    assert len(cold) == 163_920
    assert between - began < 4.0
    assert ended - between < 0.5
    assert np.array_equal(cold.sun_me_m, warm.sun_me_m)
    assert np.array_equal(cold.earth_me_m, warm.earth_me_m)


def test_one_time_has_one_value_whatever_span_it_is_asked_in(tmp_path):
    long = sky_span("2028-01-01", "2029-01-01", 3600, tmp_path)
    short = sky_span("2028-03-01", "2028-05-01", 3600, tmp_path)
    first = int(np.searchsorted(long.times_tdb_s, short.times_tdb_s[0] - 1.0))
    assert np.array_equal(long.sun_me_m[first : first + len(short)], short.sun_me_m)


def test_spans_of_other_steps_or_stations_are_kept_apart(tmp_path):
    sky_span("2028-01-01", "2028-02-01", 3600, tmp_path)
    sky_span("2028-01-01", "2028-02-01", 7200, tmp_path)
    with_station = sky_span("2028-01-01", "2028-02-01", 7200, tmp_path, stations={"madrid": MADRID})
    moved = sky_span("2028-01-01", "2028-02-01", 7200, tmp_path, stations={"madrid": [6.4e6, 0.0, 0.0]})
    assert len(list(tmp_path.iterdir())) == 4
    again = sky_span("2028-01-01", "2028-02-01", 7200, tmp_path, stations={"madrid": MADRID})
    exact = sky_table(again.times_tdb_s, {"madrid": MADRID})
    assert np.array_equal(again.stations_me_m["madrid"], with_station.stations_me_m["madrid"])
    assert np.array_equal(again.stations_me_m["madrid"], exact.stations_me_m["madrid"])
    assert not np.array_equal(again.stations_me_m["madrid"], moved.stations_me_m["madrid"])


def test_the_users_cache_is_used_when_no_folder_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("LUPEX_CACHE_DIR", str(tmp_path / "cache"))
    sky_span("2028-01-01", "2028-01-02", 3600)
    assert len(list((tmp_path / "cache").glob("sky-*.npz"))) == 1


def test_the_rows_of_a_place_have_the_promised_columns():
    times = utc_to_tdb_s(["2028-01-02", "2028-01-01", "2028-01-01"])
    rows = sky_rows(-89.5, 222.7, times, height_m=10.0)
    assert list(rows) == KEYS
    assert all(column.shape == (3,) for column in rows.values())
    assert rows["sun_elevation_deg"][1] == rows["sun_elevation_deg"][2]
    table = sky_table(times[1::-1])
    azimuth, elevation, distance_m = topocentric(table.earth_me_m, -89.5, 222.7, 10.0)
    assert rows["earth_azimuth_true_deg"][1::-1] == pytest.approx(azimuth, abs=1e-12)
    assert rows["earth_elevation_deg"][1::-1] == pytest.approx(elevation, abs=1e-12)
    assert rows["earth_distance_km"][1::-1] == pytest.approx(distance_m / 1e3, rel=1e-12)


def test_the_rows_of_many_times_are_those_of_each():
    times = utc_to_tdb_s("2028-01-01") + 600.0 * np.arange(3000)
    many = sky_rows(-85.0, 30.0, times)
    one = sky_rows(-85.0, 30.0, times[1234])
    for key in KEYS:
        assert many[key][1234] == pytest.approx(one[key][0], rel=1e-9, abs=1e-8)


PLACES = [
    (-90.0, 0.0),
    (-89.99, 10.0),
    (-89.45, 222.69),
    (-85.0, 120.0),
    (-80.0, 300.0),
    (90.0, 77.0),
    (89.99, -50.0),
    (85.0, 222.69),
    (80.0, 0.0),
]


@pytest.mark.parametrize(("lat_deg", "lon_deg"), PLACES)
def test_directions_agree_with_spice_at_the_place_itself_from_1950_to_2100(lat_deg, lon_deg):
    """Light time and aberration of the observer on the ground, not of the Moon's centre.

    The Earth's elevation differs by up to 2.7e-5 deg: parallax (4.5e-3 rad) times aberration (1e-4).
    """
    times = random_times(500)
    rows = sky_rows(lat_deg, lon_deg, times, height_m=1000.0)
    lat, lon = np.radians([lat_deg, lon_deg])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    north = np.cross(up, east)
    for body, code, worst_azimuth, worst_elevation in (("sun", "10", 3e-7, 3e-8), ("earth", "399", 1e-6, 3e-5)):
        with kernels():
            seen = [spice.spkcpo(code, t, FRAME, "OBSERVER", "LT+S", up * 1738.4, "301", FRAME)[0][:3] for t in times]
        v = np.array(seen)
        azimuth = np.degrees(np.arctan2(v @ east, v @ north))
        elevation = np.degrees(np.arcsin(v @ up / np.linalg.norm(v, axis=1)))
        off = (rows[f"{body}_azimuth_true_deg"] - azimuth + 180.0) % 360.0 - 180.0
        assert np.abs(off).max() < worst_azimuth
        assert np.abs(rows[f"{body}_elevation_deg"] - elevation).max() < worst_elevation
        assert np.abs(rows[f"{body}_distance_km"] - np.linalg.norm(v, axis=1)).max() < 0.05


def test_times_that_do_not_ascend_are_refused():
    with pytest.raises(SpanError, match="ascend"):
        sky_table([1.0, 0.0])
    with pytest.raises(InputError, match="shape"):
        sky_table([[0.0, 1.0]])


@pytest.mark.parametrize("place", [[1.0, 2.0], [np.nan, 0.0, 0.0], 6.4e6])
def test_a_station_without_a_position_is_refused(place):
    with pytest.raises(InputError, match="station 'x'"):
        sky_table([0.0], {"x": place})


def test_a_table_of_no_times_is_empty():
    assert len(sky_table([])) == 0
    assert sky_rows(-89.0, 0.0, [])["sun_elevation_deg"].shape == (0,)
