"""The folder of a trajectory: events, mass, orbits as CCSDS messages, ground track, figures."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.ephemeris import SpkOrbit, moon_table, tdb_s_to_utc, write_spk
from lupex.io import OemHeader, write_csv, write_json, write_oem
from lupex.io.atomic import store_error
from lupex.io.messages.opm_states import KnownState, write_opm
from lupex.model.fields.orbit import OrbitTable
from lupex.report.trajectory.design_figures import design_figures
from lupex.results.design import Design

ORIGINATOR = "LUPEX"
COMMENTS = ("predicted, not measured", "axes of J2000 (EME2000); DE440, GRGM1200A, solar pressure")
TRACK_LAST_S = 86_400.0


def write_design(design: Design, folder: Path, spk: int = 0) -> list[Path]:
    """Write a design into a folder and return what was written: tables, summary, messages, figures.

    The summary goes first and comes last: a folder without it is of a run that was stopped, and may hold two designs.

    Args:
        design: of a study. folder: is made. spk: NAIF number (negative) under which an SPK is written; 0 for none.

    Raises StoreError when something cannot be written.
    """
    summary = folder / "design.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        summary.unlink(missing_ok=True)
    except OSError as error:
        raise store_error(summary, error) from error
    flight, launch = design.flight, tdb_s_to_utc(design.windows.launch_tdb_s[[design.row]])[0]
    header = OemHeader(ORIGINATOR, launch, COMMENTS)
    events = event_rows(design)
    write_csv(folder / "events.csv", list(events[0]), [list(row.values()) for row in events])
    mass = [asdict(row) for row in design.mass.rows]
    write_csv(folder / "mass.csv", list(mass[0]), [list(row.values()) for row in mass])
    write_oem(folder / "transfer.oem", [_orbit("EARTH", flight.cruise_tdb_s, flight.cruise)], header)
    write_oem(folder / "lunar_orbit.oem", [_orbit("MOON", flight.orbit_tdb_s, flight.orbit)], header)
    utc = tdb_s_to_utc(flight.cruise_tdb_s[[0]], 3)[0]
    state = KnownState(
        name="LUPEX", center="EARTH", frame="EME2000", time_system="UTC", epoch=utc.removesuffix("Z"),
        state=flight.transfer.start,
    )  # fmt: skip
    mass_note = f"after the burn towards the Moon, {design.mass.rows[0].after_kg:.1f} kg"
    write_opm(folder / "translunar.opm", state, OemHeader(ORIGINATOR, launch, (*COMMENTS, mass_note)))
    track = ground_track(design)
    write_csv(folder / "ground_track.csv", list(track), zip(*track.values(), strict=True))
    names = ("events.csv", "mass.csv", "transfer.oem", "lunar_orbit.oem", "translunar.opm", "ground_track.csv")
    made = [folder / name for name in names]
    if spk:
        orbits = [SpkOrbit(center="EARTH", times_tdb_s=flight.cruise_tdb_s, states=flight.cruise)]
        orbits += [SpkOrbit(center="MOON", times_tdb_s=times, states=states) for times, states in flight.arcs]
        made.append(folder / "trajectory.bsp")
        write_spk(made[-1], orbits, spk)
    figures = design_figures(design, track, folder)
    write_json(summary, design_summary(design))
    return [*made, *figures, summary]


def event_rows(design: Design) -> list[dict[str, Any]]:
    """A row for each event from launch to touchdown: UTC, event, delta-v (m/s), note."""
    windows, row = design.windows, design.row
    launch, landing = (float(x[row]) for x in (windows.launch_tdb_s, windows.landing_tdb_s))
    launcher = design.vehicles.launcher
    rows = [("launch", launch, 0.0, f"{launcher.name}, azimuth {windows.azimuth_deg[row]:.1f} deg")]
    for event in design.flight.events:
        if event.name == "translunar burn":
            note = f"{windows.tli_m_s[row]:.1f} m/s from the parking orbit, of it by the lander {{:.1f}} m/s"
            part = float(windows.lander_tli_m_s[row])
            rows.append((event.name, event.tdb_s, part, note.format(part)))
        else:
            rows.append((event.name, event.tdb_s, event.delta_v_m_s, event.note))
    mid = design.corrections
    for k, tdb_s in enumerate(mid.times_tdb_s.tolist()):
        note = f"expected {mid.mean_m_s[k]:.1f} m/s, 99 % below {mid.p99_m_s[k]:.1f} m/s; in the budget of corrections"
        rows.append((f"correction {k + 1}", tdb_s, 0.0, note))
    rows.sort(key=lambda one: one[1])
    braking = design.flight.events[-1].tdb_s
    powered = design.descent.powered_m_s
    touchdown = braking + float(design.descent.notes[5])
    sun = f"lit {windows.lit_days[row]:.1f} days from then, Sun {windows.sun_elevation_deg[row]:.1f} deg"
    rows.append(("touchdown", touchdown, powered, f"{sun}; asked for {abs(touchdown - landing) / 60.0:.0f} min apart"))
    utc = tdb_s_to_utc([time for _, time, _, _ in rows])
    return [
        {"utc": when, "event": name, "delta_v_m_s": float(delta_v), "note": note}
        for when, (name, _, delta_v, note) in zip(utc, rows, strict=True)
    ]


def design_summary(design: Design) -> dict[str, Any]:
    """What `lupex trajectory design --json` prints."""
    windows, row, flight, mid = design.windows, design.row, design.flight, design.corrections
    utc = tdb_s_to_utc([windows.launch_tdb_s[row], windows.landing_tdb_s[row]])
    return {
        "site": list(design.site),
        "launch_utc": utc[0],
        "landing_utc": utc[1],
        "tli_m_s": float(windows.tli_m_s[row]),
        "loi_m_s": float(windows.loi_m_s[row]),
        "integrated_burns_at_moon_m_s": flight.delta_v_m_s,
        "descent_m_s": design.descent.total_m_s,
        "v_infinity_m_s": flight.transfer.v_infinity_m_s,
        "perilune_km": float(np.linalg.norm(flight.transfer.perilune[:3]) - MOON_RADIUS_M) / 1e3,
        "corrector_residuals_m_m_s": flight.transfer.residuals,
        "corrections": {
            "mean_m_s": mid.mean_m_s,
            "p99_m_s": mid.p99_m_s,
            "total_mean_m_s": mid.total_mean_m_s,
            "total_p99_m_s": mid.total_p99_m_s,
            "left_b_m": mid.sigma_b_m,
            "left_time_s": mid.sigma_time_s,
            "uncorrected_b_m": mid.uncorrected_b_m,
            "draws": len(mid.draws),
        },
        "waiting_orbit_km": list(flight.heights_km),
        "plane_offset_deg": flight.plane_offset_deg,
        "landed_mass_kg": design.mass.landed_kg,
        "mass_margin_kg": design.mass.margin_kg,
        "launcher_sources": dict(design.vehicles.launcher.sources),
        "not_flown": "loops about the Earth, the burn of the plane, the powered descent (guided, not in these axes)",
        "events": event_rows(design),
    }


def ground_track(design: Design) -> dict[str, F64]:
    """Columns of the ground track over the last day before braking: time, latitude, longitude (MOON_ME), height."""
    times, states = design.flight.orbit_tdb_s, design.flight.orbit
    last = times >= times[-1] - TRACK_LAST_S
    table = moon_table(times[last])
    places = np.einsum("nji,nj->ni", table.axes, states[last, :3])
    distance = np.linalg.norm(places, axis=1)
    return {
        "tdb_s": times[last],
        "lat_deg": np.degrees(np.arcsin(places[:, 2] / distance)),
        "lon_deg": np.degrees(np.arctan2(places[:, 1], places[:, 0])) % 360.0,
        "height_m": distance - MOON_RADIUS_M,
    }


def _orbit(center: str, times: F64, states: F64) -> OrbitTable:
    return OrbitTable(
        name="LUPEX", center=center, frame="EME2000", time_system="UTC", epochs=tuple(
            text.removesuffix("Z") for text in tdb_s_to_utc(times, 3)
        ), position_m=states[:, :3], velocity_m_s=states[:, 3:],
    )  # fmt: skip
