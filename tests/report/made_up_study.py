"""A made-up StudyResult that looks like the real thing: every array here is synthetic and means nothing.

``made_up_study`` builds it; ``respelled`` returns a copy in which every number a report could print is
spelled with other digits, so that two copies share none.
"""

import re
from copy import copy
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from tests.report.made_up_contacts import made_up_contacts, respelled_contacts
from tests.report.made_up_drive import made_up_drive, respelled_drive
from tests.report.made_up_water import made_up_survey, made_up_trials, respelled_survey, respelled_trials

from lupex.base.frames import lat_lon_deg
from lupex.mission import Mission
from lupex.model import (
    BrokenRule,
    Candidate,
    ConstraintShare,
    CriteriaTable,
    DateTable,
    Fact,
    Grid,
    LandingGround,
    LightMap,
    Ranking,
    Reach,
    ShadowRegion,
    Site,
    SiteContacts,
    SiteDrive,
    Spread,
    Terrain,
    Touchdown,
)
from lupex.results import Provenance, Season, SiteResult, StudyResult, Track
from lupex.results.water import WaterSurvey
from lupex.water import HoleTrials

SPAN = ("2028-01-01T00:00:00Z", "2031-01-01T00:00:00Z")
SEASON = ("2028-10-12T00:00:00Z", "2029-01-25T00:00:00Z")
FINE_SOURCE = "LRO-L-LOLA-4-GDR-V1.0 LDEM_256 at 1600 m (made-up heights), refined to 50 m with made-up relief"
SEASON_START_TDB_S = 908_150_469.0
REGION_MEANINGS = {
    "hillshade": "relief lit from one side, for orientation only",
    "slope_deg": "slope of the best plane over the stated baseline",
    "lit_fraction_any": "share of the time with any part of the Sun's disc above the skyline",
    "lit_fraction_disc": "mean visible share of the Sun's disc",
    "mean_irradiance_surface_w_m2": "mean visible solar irradiance on level ground",
    "mean_irradiance_panel_w_m2": "mean visible solar irradiance on a panel that faces the Sun",
    "permanent_shadow": "no part of the Sun's disc ever visible",
    "earth_fraction": "share of the time with the Earth's centre above the skyline",
    "season_lit_fraction": "share of the landing season with any part of the Sun's disc visible",
    "season_longest_lit_days": "longest unbroken lit spell in the landing season",
    "season_longest_dark_days": "longest unbroken dark spell in the landing season",
    "season_earth_fraction": "share of the landing season with the Earth's centre above the skyline",
    "season_sun_and_earth_fraction": "share of the landing season with Sun and Earth in view together",
    "psr_distance_km": "distance to the nearest permanent shadow",
    "score": "weighted mean of the criteria",
    "admissible": "whether every constraint holds",
}
SAFETY_MEANINGS = {
    "hazard_probability": "probability of slope, step or rock beyond the lander's limits",
    "touchdown_probability": "probability of a safe touchdown when the lander aims at the cell",
    "start_need_wh": "least charge from which the rover can drive into permanent shadow and come back into light",
    "reachable": "1 where the rover reaches permanent shadow and returns to light within its limits",
    "distance_there_km": "shortest drivable way to the nearest permanent shadow",
}
CRITERIA = (
    ("touchdown_probability", True, 0.93, 0.02),
    ("reach_probability", True, 0.71, 0.05),
    ("slope_deg", False, 4.7, 0.6),
    ("season_lit_fraction", True, 0.85, 0.03),
    ("season_longest_lit_days", True, 60.0, 6.0),
    ("season_longest_dark_days", False, 3.4, 0.5),
    ("season_earth_fraction", True, 0.53, 0.0),
    ("psr_distance_km", False, 1.9, 0.2),
)
"""Name, whether more is better, a value and its sigma."""


def relief_m(size: int, cell_m: float, rng: np.random.Generator, amplitude_m: float, craters: int) -> np.ndarray:
    """Fractal relief with bowl craters, metres, (size, size)."""
    k = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    k[0, 0] = 1.0
    spectrum = (rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))) * k**-1.95
    spectrum[k < 1.5 / size] = 0.0
    z = np.real(np.fft.ifft2(spectrum))
    z *= amplitude_m / z.std()
    y, x = np.mgrid[:size, :size] * cell_m
    for _ in range(craters):
        radius = size * cell_m * 0.012 * rng.pareto(1.6) + 2 * cell_m
        if radius > 0.12 * size * cell_m:
            continue
        r = np.hypot(x - rng.uniform(0, size * cell_m), y - rng.uniform(0, size * cell_m)) / radius
        z += 0.16 * radius * np.where(r < 1, r**2 - 0.75, 0.25 * np.exp(-((r - 1) ** 2) / 0.15))
    return z.astype(np.float32)


def hillshade(z: np.ndarray, cell_m: float) -> np.ndarray:
    """Lambert shade, 0..1, light from the upper left at 35 degrees."""
    gy, gx = np.gradient(z, cell_m)
    light = np.array([-1.0, 1.0, 1.0])
    light /= np.linalg.norm(light)
    return np.clip((-gx * light[0] + gy * light[1] + light[2]) / np.sqrt(1 + gx**2 + gy**2), 0, 1)


def layers(z: np.ndarray, grid: Grid, fine: bool) -> dict[str, np.ndarray]:
    """Every layer name a study may hold, made from height and place alone."""
    gy, gx = np.gradient(z, grid.cell_m)
    lat, lon = grid.lat_lon_deg()
    smooth = z - z.mean() - 0.15 * np.abs(lat - lat.min())
    height = (smooth - np.quantile(smooth, 0.02)) / (np.quantile(smooth, 0.995) - np.quantile(smooth, 0.02))
    slope = np.degrees(np.arctan(np.hypot(gx, gy)))
    poleward = np.cos(np.radians(lon)) * gy - np.sin(np.radians(lon)) * gx
    lit = np.clip(0.1 + 0.65 * height - 1.2 * poleward * (0.3 if fine else 1.0), 0.0, 0.92)
    psr = (lit < 0.03).astype(float)
    earth = np.clip(0.45 + 0.5 * np.cos(np.radians(lon)) * np.clip((90 + lat) / 4, 0, 1) + 0.4 * (height - 0.5), 0, 1)
    rows, cols = np.nonzero(psr)
    distance = np.full(grid.shape, 40.0)
    if rows.size:
        from scipy.ndimage import distance_transform_edt

        distance = distance_transform_edt(psr == 0) * grid.cell_m / 1000
    season = np.clip(lit * 1.7, 0, 1)
    score = np.clip(0.4 * season + 0.3 * earth + 0.3 * np.exp(-slope / 8) - 0.02 * distance, 0, 1)
    made = {
        "hillshade": hillshade(z, grid.cell_m),
        "slope_deg": slope,
        "lit_fraction_any": lit,
        "lit_fraction_disc": 0.93 * lit,
        "mean_irradiance_surface_w_m2": 22 * lit,
        "mean_irradiance_panel_w_m2": 1361 * 0.93 * lit,
        "permanent_shadow": psr,
        "earth_fraction": earth,
        "season_lit_fraction": season,
        "season_longest_lit_days": 105 * season**3,
        "season_longest_dark_days": 105 * (1 - season) ** 2,
        "season_earth_fraction": np.clip(earth * 1.1, 0, 1),
        "season_sun_and_earth_fraction": season * earth,
        "psr_distance_km": distance,
        "score": score,
        "admissible": ((slope < 10) & (season > 0.5)).astype(float),
    }
    return {name: layer.astype(np.float32) for name, layer in made.items()}


def track(lat_deg: float, lon_deg: float, body: str, steps: int) -> Track:
    """A plausible Sun or Earth track over 105 days; not an ephemeris."""
    t = np.linspace(0.0, 105.0, steps)
    colatitude = 90 - abs(lat_deg)
    if body == "sun":
        azimuth = (40.0 - 360.0 * t / 29.5) % 360
        elevation = 1.5 * np.cos((t - 60) / 365.25 * 2 * np.pi) + colatitude * np.cos(np.radians(azimuth))
        radius = 0.267
    else:
        azimuth = (-lon_deg + 7.0 * np.sin(2 * np.pi * t / 27.55)) % 360
        elevation = 6.6 * np.sin(2 * np.pi * t / 27.21 + 0.8) + colatitude * np.cos(np.radians(lon_deg))
        radius = 0.95
    return Track(SEASON_START_TDB_S + t * 86400, azimuth, elevation, np.full(steps, radius))


def safety_layers(made: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Hazard, touchdown and drive made from slope and distance alone."""
    from scipy.ndimage import gaussian_filter

    hazard = np.clip((made["slope_deg"] - 4.0) / 18.0, 0.0, 1.0)
    way = np.where(made["slope_deg"] > 24.0, np.inf, 1.3 * made["psr_distance_km"] + 0.3)
    layers = {
        "hazard_probability": hazard,
        "touchdown_probability": 1.0 - 0.6 * gaussian_filter(hazard, 2.0),
        "start_need_wh": np.where(way < 6.0, 1400.0 + 900.0 * way, np.nan),
        "reachable": np.where(np.isfinite(way) & (way < 4.0), 1.0, 0.0),
        "distance_there_km": way,
    }
    return {name: layer.astype(np.float32) for name, layer in layers.items()}


def made_up_safety(rank: int) -> tuple[Touchdown, Reach]:
    """Touchdown and drive of the site of a rank."""
    loss = 0.04 + 0.031 * rank
    touchdown = Touchdown(
        probability=1.0 - loss,
        without_avoidance=1.0 - 2.3 * loss,
        monte_carlo=1.0 - 1.01 * loss,
        monte_carlo_error=0.00084,
        best_aim_probability=1.0 - 0.6 * loss,
        best_aim_offset_m=(118.0, -41.0 * rank),
        terms={"slope": 0.087, "step": 0.021, "rocks": 0.0042, "share_outside": 0.0},
    )
    limits = {"slope": 0.112, "range": 0.047, "energy": 0.021, "dark": 0.006, "target": 0.0, "outside": 0.0}
    reach = Reach(
        there=0.861 - 0.05 * rank,
        and_back=0.713 - 0.04 * rank,
        distance_km=2.71 + rank,
        straight_km=1.94 + 0.7 * rank,
        limits=limits,
        in_time=0.794 - 0.03 * rank,
        in_time_note="The rover's limit of time in the dark is left out of this.",
    )
    return touchdown, reach


def made_up_ranking(names: tuple[str, ...]) -> Ranking:
    """A ranking of the names in their order; shares fall off around each site's own rank."""
    rng, count = np.random.default_rng(5), len(names)
    worse = np.arange(count)[:, None] * np.array([-1.0 if more else 1.0 for _, more, _, _ in CRITERIA])
    sigma = np.tile([s for *_, s in CRITERIA], (count, 1))
    value = np.array([v for _, _, v, _ in CRITERIA]) * (1.0 + 0.07 * worse + 0.05 * rng.normal(size=worse.shape))
    table = CriteriaTable(
        names, tuple(c[0] for c in CRITERIA), tuple(c[1] for c in CRITERIA), np.minimum(value, 1e3), sigma
    )
    near = np.exp(-np.abs(np.arange(count)[:, None] - np.arange(count)[None, :]) / 0.8)
    acceptability = near / near.sum(axis=1, keepdims=True)
    central = rng.dirichlet(np.full(len(CRITERIA), 4.0), size=count)
    if count > 2:
        central[-1], acceptability[-1, 0] = np.nan, 0.0
    return Ranking(
        table=table,
        pareto=np.arange(count) < 2,
        rank_acceptability=acceptability,
        central_weights=central,
        confidence=acceptability[:, 0] * 1.05,
        weighted_sum=0.81 - 0.06 * np.arange(count),
        topsis=0.77 - 0.05 * np.roll(np.arange(count), 1),
        order=names,
        method="acceptability",
        deciding="season_lit_fraction",
        deciding_shift=0.0471,
        draws=20_000,
        weights=np.full(len(CRITERIA), 0.125),
        mean_rank=acceptability @ np.arange(1.0, count + 1.0),
    )


def made_up_dates(names: tuple[str, ...]) -> DateTable:
    """Landing dates every third day of the span in which a life of 105 days fits."""
    days = np.arange(0, 990, 3)
    dates = tuple((date(2028, 1, 1) + timedelta(days=int(d))).isoformat() + "T00:00:00Z" for d in days)
    phase = 0.35 * np.arange(len(names))[:, None]
    year = np.cos((days - 285) / 365.25 * 2 * np.pi + phase)
    month = np.cos(days / 29.5 * 2 * np.pi)
    lit = np.clip(0.5 + 0.4 * year + 0.1 * month, 0.0, 1.0)
    values = {
        "lit_days_after_landing": 105.0 * np.clip(year + 0.2 * month, 0.0, 1.0),
        "lit_fraction": lit,
        "earth_fraction": np.clip(0.5 + 0.1 * month + 0.0 * phase, 0.0, 1.0),
        "sun_and_earth_fraction": 0.55 * lit,
        "longest_dark_hours": 400.0 * (1.0 - lit),
        "first_dark_spell_hours": 90.0 * (1.0 - lit),
    }
    windows = (("2028-09-16T00:00:00Z", "2028-11-15T00:00:00Z"), ("2029-09-22T00:00:00Z", "2029-11-12T00:00:00Z"))
    best = tuple(windows[: 2 - i % 3] for i in range(len(names)))
    return DateTable(names, dates, values, best)


def made_up_site(
    place: Candidate, rank: int, rng: np.random.Generator, cells: int, label_m: float | None
) -> SiteResult:
    """One site with a fine map, skyline, tracks and calendar."""
    cell_m = 16000.0 / cells
    grid = Grid.centred("south", place.x_m, place.y_m, cells, cell_m)
    z = relief_m(cells, cell_m, rng, 180.0, 60) + np.float32(1200.0)
    made = layers(z, grid, True)
    maps = LightMap(
        grid=grid,
        layers=made | safety_layers(made),
        meanings=REGION_MEANINGS | SAFETY_MEANINGS,
        span_utc=SPAN,
        observer_height_m=0.0,
        synthetic_below_m=label_m,
    )
    azimuth = np.arange(720) / 2.0
    a = np.radians(azimuth)
    skyline = sum(rng.normal() * 1.6 / n * np.sin(n * a + rng.uniform(0, 6)) for n in range(1, 60)) + 0.3
    sun, earth = (track(place.lat_deg, place.lon_deg, body, 1260) for body in ("sun", "earth"))
    first = date(2028, 1, 1)
    days = tuple((first + timedelta(days=i)).isoformat() for i in range(1096))
    d = np.arange(1096)
    lit = np.clip(0.5 + 0.75 * np.cos((d - 330) / 365.25 * 2 * np.pi) + 0.5 * np.cos(d / 29.5 * 2 * np.pi), 0, 1)
    view = np.clip(0.5 + 2.5 * np.sin(d / 27.2 * 2 * np.pi), 0, 1)
    fine = {
        "elevation_m": float(z[cells // 2, cells // 2]),
        "slope_deg": 3.7 + rank,
        "season_lit_fraction": 0.9 - 0.05 * rank,
        "season_longest_lit_days": 61.3 - rank,
        "season_longest_dark_days": 2.4 + rank,
        "season_earth_fraction": 0.52 + 0.01 * rank,
        "season_sun_and_earth_fraction": 0.45 - 0.02 * rank,
        "psr_distance_km": 1.2 + 0.7 * rank,
    }
    summary = fine | {
        "lit_fraction_any": 0.61,
        "lit_fraction_disc": 0.55,
        "mean_irradiance_panel_w_m2": 748.2,
        "earth_fraction": 0.49,
        "longest_dark_hours": 312.0,
        "panel_height_m": 2.0,
    }
    site = Site(
        candidate=place,
        fine_grid=grid,
        fine=fine,
        rank_regional=place.rank,
        rank=rank,
        score=0.8 - 0.03 * rank,
        synthetic_below_m=label_m,
        reasons=(
            "best of the places within 3200 m",
            "a neighbour 1400 m east has more light but slopes of 12.1 deg (at most 10 deg)",
            "a neighbour 2100 m north sees the Earth for only 0.19 of the season",
        ),
    )
    spells = (("2028-11-03T04:00:00Z", "2028-12-20T18:00:00Z"), ("2029-01-02T06:00:00Z", "2029-01-24T00:00:00Z"))
    touchdown, reach = made_up_safety(rank)
    terrain = Terrain(grid, z, None, label_m, FINE_SOURCE, "0" * 64)
    return SiteResult(
        site=site,
        terrain=terrain,
        maps=maps,
        skyline_azimuth_true_deg=azimuth,
        skyline_elevation_deg=skyline,
        sun=sun,
        earth=earth,
        calendar_days_utc=days,
        calendar_lit_fraction=lit,
        calendar_earth_fraction=view,
        calendar_both_fraction=lit * view,
        summary=summary,
        lit_windows_utc=spells,
        dark_windows_utc=(("2028-10-28T02:00:00Z", "2028-10-31T10:00:00Z"),),
        touchdown=touchdown,
        reach=reach,
        drive=made_up_drive(grid, rank),
        contacts=made_up_contacts(rank),
        water=made_up_survey(place.name, terrain),
        ground=made_up_ground(fine),
    )


def made_up_ground(fine: dict[str, float]) -> LandingGround:
    """The ground around a best cell: a little worse, and one rule broken in a fifth of the landings."""
    worse = {name: Spread(1.1 * v, 0.08 * abs(v), 0.95 * v, 1.3 * v) for name, v in fine.items()}
    broken = (BrokenRule("slope", "slope at most 10 deg", 0.2137, True),
              BrokenRule("light", "lit without a break for at least 30 days", 0.0123, False))  # fmt: skip
    return LandingGround(worse, broken)


def made_up_mission() -> Mission:
    """The default settings with facts, some of them assumed."""
    lander = (
        Fact("landed_mass_kg", 6000, "Hoshino et al., IAC 2020 (secondary)", "mass at touch-down"),
        Fact("antenna_gain_dbi", 12.5, "assumption", "towards the Earth"),
    )
    rover = (
        Fact("mass_kg", 350, "JAXA LUPEX page", "with payload"),
        Fact("drill_depth_m", 1.5, "JAXA LUPEX page", "deepest sample"),
        Fact("band", "X", "assumption", "downlink band"),
        Fact("speed_m_s", 0.045, "assumption: unpublished", "driving speed on flat ground"),
    )
    return Mission(
        name="lupex",
        title="LUPEX (made-up arrays)",
        path="examples/lupex.toml",
        lander=lander,
        rover=rover,
        given=("light.start_utc",),
        text_sha256="c0ffee" + "5" * 58,
    )


def made_up_study(
    region_cells: int = 96,
    site_cells: int = 64,
    sites: int = 2,
    label_m: float | None = 1600.0,
    elevation_m: np.ndarray | None = None,
) -> StudyResult:
    """A StudyResult with ``sites`` sites on a region that reaches to 80 degrees south. All arrays are synthetic."""
    rng = np.random.default_rng(7)
    cell_m = 608_000.0 / region_cells
    grid = Grid.centred("south", 0.0, 0.0, region_cells, cell_m)
    z = relief_m(region_cells, cell_m, rng, 1500.0, 260) if elevation_m is None else elevation_m
    region = Terrain(grid, z, None, None, "LRO-L-LOLA-4-GDR-V1.0 LDEM_256 at 1600 m (made-up heights)", "ab" * 32)
    maps = LightMap(
        grid=grid,
        layers=layers(z, grid, False),
        meanings=dict(REGION_MEANINGS),
        span_utc=SPAN,
        observer_height_m=0.0,
        synthetic_below_m=None,
    )
    order = np.argsort(-maps["score"], axis=None)
    picked: list[Candidate] = []
    for index in order:
        row, col = divmod(int(index), region_cells)
        x, y = float(grid.x_m()[col]), float(grid.y_m()[row])
        if np.hypot(x, y) > 290e3 or any(np.hypot(x - c.x_m, y - c.y_m) < 25e3 for c in picked):
            continue
        lat, lon = (float(v) for v in lat_lon_deg(x, y, "south"))
        rank = len(picked) + 1
        criteria = {
            "elevation_m": float(z[row, col]),
            "slope_deg": float(maps["slope_deg"][row, col]),
            "season_lit_fraction": float(maps["season_lit_fraction"][row, col]),
            "season_earth_fraction": float(maps["season_earth_fraction"][row, col]),
            "psr_distance_km": float(maps["psr_distance_km"][row, col]),
        }
        scores = {"light": 0.91, "earth": 0.62, "slope": 0.71, "psr": 0.83}
        picked.append(
            Candidate(
                name=f"S{rank}",
                lat_deg=lat,
                lon_deg=lon,
                x_m=x,
                y_m=y,
                rank=rank,
                score=0.83 - 0.02 * rank,
                criteria=criteria,
                scores=scores,
            )
        )
        if len(picked) == max(sites + 3, 2):
            break
    chosen = [made_up_site(c, i + 1, rng, site_cells, label_m) for i, c in enumerate(picked[:sites])]
    days = tuple((date(2028, 1, 1) + timedelta(days=i)).isoformat() + "T00:00:00Z" for i in range(990))
    curve = tuple(float(v) for v in 0.4 + 0.25 * np.cos((np.arange(990) - 285) / 365.25 * 2 * np.pi))
    bands = tuple((float(a), a + 1.0, 5200.0 * 0.8 ** (90 - a) + 100, 40000.0 - 4000 * (a - 80)) for a in range(80, 90))
    regions = tuple(
        ShadowRegion(
            label=i + 1,
            name=("Shoemaker", "Haworth", "")[min(i, 2)],
            lat_deg=-88.0 + 0.31 * i,
            lon_deg=(45.0 + 47 * i) % 360,
            area_km2=1080.4 / (i + 1),
            mean_elevation_m=-2900.0 + 40 * i,
        )
        for i in range(30)
    )
    constraints = (
        ConstraintShare("slope", "slope over 3200 m at most 10 deg", 0.31, 0.04),
        ConstraintShare("fine print", "place on ground as good as the best", 0.999993, 0.000002),
        ConstraintShare("light", "longest run of lit days in the season at least 30", 0.72, 0.21),
        ConstraintShare("earth", "Earth in view at least 25 % of the season", 0.44, 0.02),
    )
    provenance = Provenance(
        lupex_version="0.1.0",
        package_versions={"numpy": "2.4.6", "numba": "0.68.1"},
        inputs=(("examples/lupex.toml", "c0" * 32), ("lola_south_1600m.tif", "ab" * 32)),
        kernels=(("de440s.bsp", "de" * 32), ("naif0012.tls", "1e" * 32)),
        seed=2028,
        settings={"threads_do_not_matter": True},
    )
    sky = {"subsolar_latitude_min_deg": -1.5881, "subsolar_latitude_max_deg": 1.5864, "sun_radius_max_deg": 0.2717}
    season = Season(*SEASON, 105.0, days, curve)
    names = tuple(site.site.candidate.name for site in chosen)
    return StudyResult(
        mission=made_up_mission(),
        region=region,
        maps=maps,
        season=season,
        sky_numbers=sky,
        psr_area_by_latitude=bands,
        psr_regions=regions,
        constraints=constraints,
        candidates=tuple(picked),
        sites=tuple(chosen),
        provenance=provenance,
        ranking=made_up_ranking(names),
        dates=made_up_dates(names),
        water=made_up_trials(),
    )


class Digits:
    """Numbers and texts spelled with ``alphabet`` only, whatever they are rounded to.

    With '1234' a rounding never carries, with '678' it yields a 9 at most: reports of results spelled
    in one and the other share no number.
    """

    def __init__(self, alphabet: str, year: str, months: tuple[str, ...]) -> None:
        self.alphabet, self.year, self.months = alphabet, year, months
        self.rng = np.random.default_rng(len(alphabet))

    def digits(self, count: int) -> str:
        return "".join(self.rng.choice(list(self.alphabet), size=count))

    def text(self, text: str) -> str:
        stamp = re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", text)
        if stamp:
            month, day, hour, minute = (str(self.rng.choice(self.months)) for _ in range(4))
            clock = f"T{hour}:{minute}:{minute}Z" if stamp[1] else ""
            return f"{self.year}-{month}-{day}{clock}"
        return re.sub(r"[0-9]", lambda _: self.digits(1), text)

    def value(self, value: Any) -> Any:
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            return int(self.digits(max(2, len(str(abs(value))))))
        if isinstance(value, float):
            whole = self.digits(len(str(int(abs(value))))) if abs(value) >= 1 else "0"
            return float(f"{'-' if value < 0 else ''}{whole}.{self.digits(8)}")
        if isinstance(value, tuple):
            return tuple(self.value(v) for v in value)
        if isinstance(value, dict):
            return {k: self.value(v) for k, v in value.items()}
        if isinstance(value, Grid):
            return replace(value, cell_m=self.value(value.cell_m), pole=value.pole if self.year < "19" else "north")
        return value

    def table(self, value: Any) -> Any:
        """Values of a comparison: arrays of numbers too, column names left alone, tables inside as well."""
        if isinstance(value, CriteriaTable):
            return respelled(value, self)
        if isinstance(value, dict):
            return {key: self.table(item) for key, item in value.items()}
        if not _is_array(value) or value.dtype == bool:
            return self.value(value)
        spelled = [self.value(float(v)) if np.isfinite(v) else float(v) for v in value.ravel()]
        return np.array(spelled).reshape(value.shape)


def respelled(noun: Any, digits: Digits) -> Any:
    """A copy of any result noun in which every scalar and text, and every number of the comparison's tables, is
    spelled with ``digits``; other arrays stay."""
    if isinstance(noun, (LightMap, Terrain)):
        grid = digits.value(noun.grid)
        changed = {
            f.name: digits.value(getattr(noun, f.name)) for f in fields(noun) if not _is_array(getattr(noun, f.name))
        }
        changed["grid"] = grid
        changed.pop("far", None)
        changed.pop("layers", None)
        return replace(noun, **changed)
    if isinstance(noun, (CriteriaTable, Ranking, DateTable)):
        return replace(noun, **{f.name: digits.table(getattr(noun, f.name)) for f in fields(noun)})
    if isinstance(noun, SiteDrive):
        return respelled_drive(noun, digits, respelled)
    if isinstance(noun, HoleTrials):
        return respelled_trials(noun, digits, respelled)
    if isinstance(noun, WaterSurvey):
        return respelled_survey(noun, digits, respelled)
    if isinstance(noun, SiteContacts):
        return respelled_contacts(noun, digits, respelled)
    if is_dataclass(noun) and not isinstance(noun, Grid):
        return _unchecked(noun, {f.name: respelled(getattr(noun, f.name), digits) for f in fields(noun) if f.init})
    if isinstance(noun, dict) and any(is_dataclass(v) for v in noun.values()):
        return {key: respelled(v, digits) for key, v in noun.items()}
    if isinstance(noun, tuple):
        return tuple(respelled(v, digits) for v in noun)
    return digits.value(noun)


def _unchecked(noun: Any, changes: dict[str, Any]) -> Any:
    """`replace` that also takes settings out of their bounds: respelled numbers mean nothing."""
    made = copy(noun)
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return made


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def spelled_low(result: StudyResult) -> StudyResult:
    """``respelled`` with the digits 1 to 4."""
    return respelled(result, Digits("1234", "1144", ("11", "12")))


def spelled_high(result: StudyResult) -> StudyResult:
    """``respelled`` with the digits 6 to 8."""
    return respelled(result, Digits("678", "2867"[::-1], ("06", "07", "08")))
