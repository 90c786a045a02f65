"""Contacts as the files people exchange: CSV, calendar, Simple Schedule, predicted tracking, looks, sub-points."""

from pathlib import Path

import numpy as np

from lupex.base.gate import file_text
from lupex.ground import (
    booked_rows,
    booked_table,
    look_rows,
    pass_table,
    plan_rows,
    sub_points,
    tracking_segment,
)
from lupex.io import (
    OemHeader,
    ScheduleHeader,
    TdmHeader,
    write_calendar,
    write_csv,
    write_elevation_mask,
    write_looks,
    write_oem,
    write_simple_schedule,
    write_sub_points_geojson,
    write_tdm,
)
from lupex.io.text import file_stems
from lupex.model import GroundSettings, LunarPlace, Pass, Schedule, SiteContacts, Station
from lupex.model.contact.pass_columns import BOOKED_TABLE, PASS_TABLE
from lupex.signals import Track, place_orbit, track

SUB_POINT_STEP_S = 3600.0
STATE_STEP_S = 900.0
"""Between states of the place: with 7th degree Hermite interpolation they hold to a millimetre."""
ORGANIZATION = "LUPEX"
"""Issuer in the files: the mission; no one has been asked to book anything."""


def write_contacts(
    folder: Path, found: SiteContacts, ground: GroundSettings, step_s: float = 60.0, schedule: Schedule | None = None
) -> list[Path]:
    """Write contacts into a folder: passes.csv, passes.ics, passes.xml, tracking.tdm, looks_<station>.txt,
    place.oem, skyline.aem, sub_points_earth.geojson, sub_points_moon.geojson; of a schedule its bookings in place of
    all passes. A calendar already there is a former issue: its events keep their UIDs.

    Args:
        folder: made where it is not there. found: contacts of a place.
        ground: the settings they were made with. schedule: its bookings are written in place of all passes.
        step_s: farthest apart two samples of a track stand.

    Returns: the files written; those about tracks only where there are passes. No clock is read: the date of making
        in every file is the first instant of the span. Raises: StoreError when a file cannot be written.
    """
    band = found.radio.band
    names: tuple[str, ...] = PASS_TABLE
    table, rows = pass_table(found), plan_rows(found.plan, found.stations, band)
    if schedule is not None:
        names, table = BOOKED_TABLE, booked_table(schedule, found.stations, band)
        rows = booked_rows(schedule, found.stations, band, "tentative")
    made = found.span_utc[0]
    files = {name: folder / f"passes.{name}" for name in ("csv", "ics", "xml")}
    before = file_text(files["ics"]) if files["ics"].is_file() else ""
    write_calendar(files["ics"], rows, made, f"Contacts of {found.plan.spacecraft}", before)
    write_csv(files["csv"], names, ([row[name] for name in names] for row in table))
    write_simple_schedule(
        files["xml"],
        rows,
        ScheduleHeader(
            organization=ORGANIZATION,
            generation_utc=made,
            start_utc=found.span_utc[0],
            stop_utc=found.span_utc[1],
            status="TEST",
        ),
    )
    written = list(files.values())
    if found.plan.passes and found.place is not None:
        written += _tracks(folder, found, found.place, ground, step_s)
    return written


def _tracks(folder: Path, found: SiteContacts, place: LunarPlace, ground: GroundSettings, step_s: float) -> list[Path]:
    known = {one.name: one for one in found.stations}
    seen = [(one, _track(known[one.station], place, one, ground, step_s)) for one in found.plan.passes]
    made, about = found.span_utc[0], ("predicted, not measured", found.plan.earth_orientation)
    written = []
    frequency_hz = found.radio.frequency_down_hz
    if frequency_hz is not None:
        segments = [tracking_segment(along, frequency_hz, found.radio.band) for _, along in seen]
        written.append(folder / "tracking.tdm")
        write_tdm(written[-1], segments, TdmHeader(ORGANIZATION, made, comments=about))
    for name, stem in zip(known, file_stems(list(known)), strict=True):
        looks = [row for one, along in seen if one.station == name for row in look_rows(along)]
        if looks:
            written.append(folder / f"looks_{stem}.txt")
            write_looks(written[-1], looks, name, place.name)
    written.append(folder / "place.oem")
    states = place_orbit(place, np.append(np.arange(*found.plan.span_tdb_s, STATE_STEP_S), found.plan.span_tdb_s[1]))
    write_oem(written[-1], [states], OemHeader(ORGANIZATION, made))
    if place.skyline_azimuth_true_deg.size:
        written.append(folder / "skyline.aem")
        write_elevation_mask(written[-1], place.skyline_azimuth_true_deg, place.skyline_elevation_deg)
    station = known[found.plan.passes[0].station]
    hours = np.arange(*found.plan.span_tdb_s, SUB_POINT_STEP_S)
    points = sub_points(track(station, place, hours), station, place)
    for body in ("earth", "moon"):
        written.append(folder / f"sub_points_{body}.geojson")
        title = f"under {place.name}" if body == "earth" else f"under {station.name}"
        write_sub_points_geojson(written[-1], points, "earth" if body == "earth" else "moon", title)
    return written


def _track(station: Station, place: LunarPlace, one: Pass, ground: GroundSettings, step_s: float) -> Track:
    return track(station, place, one.sample_times_tdb_s(step_s), ground.refractivity_n_units)
