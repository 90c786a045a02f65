"""Frames of an animated drive: where the rover is, where the Sun stands, how full the battery is.

The maps of light are no part of a study's result, so a frame shows the Sun's direction and not the shadows of
its instant.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.cache import clear_stale, partial_path
from lupex.base.constants import HOUR_S
from lupex.base.errors import InputError, StoreError
from lupex.base.frames import Pole, convergence_deg
from lupex.io.atomic import sync_file, sync_folder
from lupex.model import SiteDrive, Traverse
from lupex.report.drive.drive_map import TRACK, close_to, draw_ground, draw_marks, draw_track, drive_note
from lupex.report.drive.drive_pages import drive_name
from lupex.report.drive.drive_profile import ACTIVITY_COLOURS
from lupex.report.paper.names import synthetic_label
from lupex.report.paper.panels import inches
from lupex.report.paper.style import (
    GOLD,
    HAIR,
    INK,
    MARK,
    QUIET,
    RC,
    STAMP,
    footnote,
    footnote_height_in,
    new_figure,
    save,
    stamp,
    title,
)
from lupex.report.paper.times import minute, utc_texts
from lupex.report.paper.words import number, quantity, tidy
from lupex.results import SiteResult, Track

MOST_FRAMES = 5000
FRAME_MS = 120
WIDE_IN, SIDE_IN = 6.4, 4.2


def drive_frames(site: SiteResult, folder: str | Path, every_hours: float, animation: bool = True) -> list[Path]:
    """Write one PNG for every ``every_hours`` of a site's drive into ``folder``, and a GIF of them all.

    Args:
        site: a site with a drive.
        folder: made when missing; files site_<name>_drive_frame_<number>.png and site_<name>_drive.gif.
        every_hours: time from one frame to the next; the last frame is the end of the drive.
        animation: whether to write the GIF.

    Returns:
        Paths written, the GIF last.

    Raises:
        InputError: the site has no drive, or ``every_hours`` gives no or too many frames.
        StoreError: the folder cannot be written.
    """
    import matplotlib

    if site.drive is None or site.drive.traverse is None:
        reason = "" if site.drive is None else f" ({tidy(site.drive.reason)})"
        raise InputError(f"site {tidy(site.site.candidate.name)} has no drive to draw{reason}")
    times = frame_times_tdb_s(site.drive.traverse, every_hours)
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear_stale(folder)
        partial = partial_path(folder / "frames")
        partial.mkdir()
        try:
            with matplotlib.rc_context(RC):  # type: ignore[arg-type]
                made = _draw_all(site, site.drive, times, partial)
            if animation:
                made.append(_animation(made, partial / f"{drive_name(site)}.gif"))
            for path in made:
                sync_file(path)
                os.replace(path, folder / path.name)
            sync_folder(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(
            f"{folder}: cannot write the frames ({reason})", "make room or choose another folder"
        ) from error
    return [folder / path.name for path in made]


def frame_times_tdb_s(traverse: Traverse, every_hours: float) -> Any:
    """Instants of the frames (frame,): evenly from the beginning, and the end.

    Raises InputError when ``every_hours`` is not positive or gives more frames than anyone would look at.
    """
    first, last = float(traverse.times_tdb_s[0]), float(traverse.times_tdb_s[-1])
    if not (np.isfinite(every_hours) and every_hours > 0.0):
        raise InputError(f"frames: every {every_hours} hours", "give a positive number of hours")
    count = (last - first) / HOUR_S / every_hours
    if count > MOST_FRAMES:
        raise InputError(f"frames: every {every_hours:g} hours is {count:.0f} frames", "give more hours")
    return np.append(first + np.arange(np.ceil(count - 1e-9)) * every_hours * HOUR_S, last)


def _draw_all(site: SiteResult, drive: SiteDrive, times_tdb_s: Any, folder: Path) -> list[Path]:
    traverse = drive.traverse
    assert traverse is not None
    figure, axes, gauge = _stage(site, drive, traverse)
    made, stem = [], drive_name(site)
    texts, clocks = utc_texts(times_tdb_s), len(str(times_tdb_s.size))
    for index, (time, utc) in enumerate(zip(times_tdb_s, texts, strict=True)):
        moving = [*_rover(axes, site, traverse, time), *_gauge(gauge, drive, traverse, time, minute(utc))]
        made.append(save(figure, folder / f"{stem}_frame_{index:0{clocks}d}.png", (TRACK,)))
        for artist in moving:
            artist.remove()
    return made


def _stage(site: SiteResult, drive: SiteDrive, traverse: Traverse) -> tuple[Any, Any, Any]:
    """Figure, map and panel of what does not change from frame to frame."""
    note = drive_note(site, "")
    floor = footnote_height_in(WIDE_IN, note) + 0.22
    figure = new_figure(WIDE_IN, floor + SIDE_IN + 0.5)
    axes = figure.add_axes(inches(figure, 0.48, floor, SIDE_IN))
    draw_ground(axes, close_to(site, traverse))
    draw_track(axes, traverse)
    draw_marks(axes, drive, traverse)
    gauge = figure.add_axes(inches(figure, 5.1, floor, 1.2, SIDE_IN))
    gauge.set_xlim(0.0, 1.0)
    gauge.set_ylim(0.0, 1.0)
    gauge.axis("off")
    title(figure, f"Site {tidy(site.site.candidate.name)[:40]}: drive")
    stamp(figure, synthetic_label(site))
    footnote(figure, note)
    return figure, axes, gauge


def place_km(traverse: Traverse, time_tdb_s: float) -> tuple[float, float]:
    """Map kilometres of the rover at an instant, straight between waypoints."""
    t = traverse.times_tdb_s
    x, y = (float(np.interp(time_tdb_s, t, values)) / 1000.0 for values in (traverse.x_m, traverse.y_m))
    return x, y


def sun_at(sun: Track, time_tdb_s: float) -> tuple[float, float] | None:
    """True azimuth and elevation (deg) of the Sun at an instant; None outside the track."""
    t = sun.times_tdb_s
    if t.size < 2 or not t[0] <= time_tdb_s <= t[-1]:
        return None
    turned = np.degrees(np.unwrap(np.radians(sun.azimuth_true_deg)))
    azimuth, elevation = (float(np.interp(time_tdb_s, t, values)) for values in (turned, sun.elevation_deg))
    return azimuth % 360.0, elevation


def _rover(axes: Any, site: SiteResult, traverse: Traverse, time_tdb_s: float) -> list[Any]:
    """The rover, and an arrow towards the Sun (its head at the Sun's end), pale where that is below the horizontal."""
    from matplotlib.patheffects import withStroke

    x, y = place_km(traverse, time_tdb_s)
    artists = axes.plot(x, y, marker="o", ms=9, mfc=MARK, mec="white", mew=1.6, ls="none", zorder=12)
    sun = sun_at(site.sun, time_tdb_s)
    if sun is None:
        return list(artists)
    way = towards(sun[0], 1000.0 * x, 1000.0 * y, traverse.pole)
    tip, name = (46.0 * way[0], 46.0 * way[1]), (58.0 * way[0], 58.0 * way[1])
    style = {
        "arrowstyle": "<|-", "color": GOLD, "lw": 2.4, "alpha": 1.0 if sun[1] > 0.0 else 0.45, "shrinkA": 0.0,
        "shrinkB": 6.0, "mutation_scale": 11.0, "path_effects": [withStroke(linewidth=4.4, foreground="white")],
    }  # fmt: skip
    artists.append(axes.annotate("", (x, y), xytext=tip, textcoords="offset points", zorder=11, arrowprops=style))
    artists.append(
        axes.annotate(
            "Sun", (x, y), xytext=name, textcoords="offset points", ha="center", va="center", fontsize=7.0,
            weight="bold", zorder=12, path_effects=[withStroke(linewidth=1.8, foreground="white")],
        )
    )  # fmt: skip
    return list(artists)


def towards(azimuth_true_deg: float, x_m: float, y_m: float, pole: Pole) -> tuple[float, float]:
    """Unit step on the map, right and up, towards a true azimuth at map point x, y."""
    azimuth = np.radians(azimuth_true_deg + float(convergence_deg(x_m, y_m, pole)))
    return float(np.sin(azimuth)), float(np.cos(azimuth))


def _gauge(axes: Any, drive: SiteDrive, traverse: Traverse, time_tdb_s: float, utc: str) -> list[Any]:
    """UTC, activity, battery, Sun and Earth of an instant."""
    from matplotlib.patches import Rectangle

    t = traverse.times_tdb_s
    at = min(int(np.searchsorted(t, time_tdb_s, side="right")) - 1, len(traverse) - 1)
    charge = float(np.interp(time_tdb_s, t, traverse.battery_wh))
    driven = float(np.interp(time_tdb_s, t, traverse.distance_m)) / 1000.0
    full = max(drive.rover.full_battery_wh, float(np.nanmax(traverse.battery_wh)))
    share, least = charge / full, drive.rover.least_battery_wh / full
    does = traverse.activity[at]
    known = traverse.disc_fraction[at]
    artists: list[Any] = []

    def write(y: float, text: str, **style: Any) -> None:
        artists.append(axes.text(style.pop("x", 0.0), y, text, **({"fontsize": 8.0, "va": "top"} | style)))

    write(1.0, utc[:10], weight="bold", fontsize=9.5)
    write(0.95, f"{utc[11:]} UTC", weight="bold", fontsize=9.5)
    artists.append(axes.add_patch(Rectangle((0.0, 0.85), 0.1, 0.03, fc=ACTIVITY_COLOURS.get(does, QUIET), lw=0)))
    write(0.885, does, x=0.16)
    write(0.80, f"driven {quantity('driven_km', driven)}")
    write(0.74, f"Sun in view {number(100.0 * known, 0)}\u00a0%")
    write(0.68, "Earth in view" if traverse.earth_in_view[at] else "Earth out of view")
    for fill, height in (("white", 1.0), (STAMP if share <= least else ACTIVITY_COLOURS["measure"], max(0.0, share))):
        artists.append(axes.add_patch(Rectangle((0.0, 0.12), 0.3, 0.44 * height, fc=fill, ec=INK, lw=0.8)))
    artists += axes.plot([-0.03, 0.33], [0.12 + 0.44 * least] * 2, color=STAMP, lw=1.0)
    write(0.12 + 0.44 * least, "least", x=0.37, va="center", fontsize=6.5, color=STAMP)
    write(0.095, f"battery {quantity('battery_wh', charge)}", fontsize=7.5)
    artists += axes.plot([0.0, 1.0], [0.62, 0.62], color=HAIR, lw=0.6)
    return artists


def _animation(frames: list[Path], path: Path) -> Path:
    from PIL import Image

    images = [Image.open(frame) for frame in frames]
    images[0].save(
        path, format="GIF", save_all=True, append_images=images[1:], duration=FRAME_MS, loop=0, optimize=False
    )
    for image in images:
        image.close()
    return path
