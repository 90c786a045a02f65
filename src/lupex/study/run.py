"""The straight line: mission, terrain, sky, horizons, light, sites, result."""

from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.digest import file_sha256
from lupex.base.errors import InputError
from lupex.base.running import Running, takes_running
from lupex.catalogue import is_published
from lupex.ephemeris import earth_orientation_kernels, kernel_digests, sky_span, subpoint_lat_lon_deg
from lupex.illumination import area_by_latitude
from lupex.mission import Mission
from lupex.model import Site, Terrain
from lupex.model.settings.ground import NO_STATIONS
from lupex.navigation.orbit.landing import landing_parts
from lupex.results import DriveScene, Provenance, SiteResult, SiteStudy, StudyResult
from lupex.sites import rerank
from lupex.study.contacts.antenna_files import antenna_files
from lupex.study.fresh import code_sha256, package_versions
from lupex.study.ground import dem_agreements, own_dems, region_terrain
from lupex.study.questions.payload import payload_study
from lupex.study.questions.position import site_position
from lupex.study.site_grounds import over_grounds
from lupex.study.stages.calendar import landing_dates
from lupex.study.stages.comparison import compare, in_order
from lupex.study.stages.drive import site_drive, site_scene
from lupex.study.stages.landing import land, with_landing_ellipse
from lupex.study.stages.layers import all_layers
from lupex.study.stages.own_layers import near_features, own_layers
from lupex.study.stages.region import Region, Skies, examine_region, known_criteria, skies
from lupex.study.stages.site import look_closer, seen_from_panel, site_result
from lupex.study.stages.thermal import region_thermal, site_thermal
from lupex.study.stages.water import site_water, water_trials
from lupex.study.steps import Kept
from lupex.study.trajectory.launches import launch_study
from lupex.thermal import ThermalMap

LONG_RECORD_UTC = ("1950-01-01T00:00:00Z", "2100-01-01T00:00:00Z")
LONG_RECORD_STEP_S = 21_600.0


@takes_running
def run_study(mission: Mission, running: Running = Running(), kept: Kept = Kept()) -> StudyResult:
    """Everything from one mission: regional maps, landing season, ranked sites looked at on fine ground.

    Args:
        mission: the settings.
        running: threads and progress.
        kept: steps that an earlier run of equal inputs finished, and where those of this one are kept.

    Raises LupexError subclasses for input that cannot be used, with what to do.
    """
    running, mission = running.or_workers(mission.study.workers), with_landing_ellipse(mission)
    all_layers()  # a plug-in that takes a name is refused before anything is computed
    terrain = region_terrain(mission.terrain)
    layers = own_layers(mission, terrain.grid.pole)
    dems = kept.step("DEM check", lambda: dem_agreements(mission)) if own_dems(mission) else ()
    sky = skies(mission.light)
    region = kept.step("region", lambda: examine_region(mission, terrain, sky, running), _levels(terrain))
    heat = kept.step("region temperature", lambda: region_thermal(mission, terrain, running), _levels(terrain))
    studies = _studies(mission, region, sky, heat, running, kept)
    trials = kept.step("simulated holes", lambda: water_trials(mission, running))
    studies = [replace(study, water=site_water(mission, study, trials)) for study in studies]
    ranking = kept.step("ranking", lambda: compare(mission, studies, running))
    ranked = in_order(_by_score(studies), ranking)
    by_name = {study.name: study for study in studies}
    running.progress(0, 1, "contacts and positions")
    sites = tuple(_result(mission, region, by_name[site.candidate.name], site, kept) for site in ranked)
    in_rank = [by_name[site.candidate.name] for site in ranked]
    dates = kept.step("dates", lambda: landing_dates(mission, in_rank))
    payload = payload_study(mission, sites)
    return StudyResult(
        mission=mission,
        region=terrain,
        maps=region.maps,
        season=region.season,
        sky_numbers=sky_numbers(sky),
        psr_area_by_latitude=area_by_latitude(region.maps, _first_band_deg(mission, terrain)),
        psr_regions=region.psr_regions,
        constraints=region.constraints,
        candidates=region.candidates,
        sites=sites,
        provenance=provenance(mission, terrain, sky),
        ranking=ranking,
        dates=dates,
        thermal=heat,
        water=trials,
        dems=dems,
        payload=payload,
        launches=launch_study(mission, in_rank, payload),
        layers=layers,
        near=near_features(layers, ranked, terrain.grid.pole),
        ellipse_parts=landing_parts(mission.ellipse, mission.descent)[2],
    )


@takes_running
def sites_table(mission: Mission, running: Running = Running()) -> list[dict[str, Any]]:
    """Candidates of the regional map, best first, as plain rows; without the fine look.

    Args:
        mission: the settings.
    """
    region = regional_part(mission, running)
    return [
        {
            "rank": c.rank,
            "name": c.name,
            "lat_deg": c.lat_deg,
            "lon_deg": c.lon_deg,
            "score": c.score,
            **c.criteria,
        }
        for c in region.candidates
    ]


def regional_part(mission: Mission, running: Running = Running()) -> Region:
    """Only the regional part of a study."""
    running = running.or_workers(mission.study.workers)
    terrain = region_terrain(mission.terrain)
    return examine_region(mission, terrain, skies(mission.light), running)


def sky_numbers(sky: Skies) -> dict[str, float]:
    """What Sun and Earth reach in the long-term cycle, and how that compares with 150 years.

    Args:
        sky: sky tables of span and cycle.
    """
    cycle = subpoint_lat_lon_deg(sky.cycle.sun_me_m)[0]
    earth_lat, earth_lon = subpoint_lat_lon_deg(sky.cycle.earth_me_m)
    earth_lon = (earth_lon + 180.0) % 360.0 - 180.0
    record = subpoint_lat_lon_deg(sky_span(*LONG_RECORD_UTC, LONG_RECORD_STEP_S).sun_me_m)[0]
    return {
        "cycle_sub_solar_latitude_min_deg": float(cycle.min()),
        "cycle_sub_solar_latitude_max_deg": float(cycle.max()),
        "record_1950_2100_sub_solar_latitude_min_deg": float(record.min()),
        "record_1950_2100_sub_solar_latitude_max_deg": float(record.max()),
        "cycle_sub_earth_latitude_min_deg": float(earth_lat.min()),
        "cycle_sub_earth_latitude_max_deg": float(earth_lat.max()),
        "cycle_sub_earth_longitude_min_deg": float(earth_lon.min()),
        "cycle_sub_earth_longitude_max_deg": float(earth_lon.max()),
    }


def provenance(mission: Mission, terrain: Terrain, sky: Skies) -> Provenance:
    """Versions, inputs, kernels and seed of a run.

    Args:
        mission: the settings.
        terrain: the region.
        sky: sky tables of span and cycle.
    """
    from lupex.base.version import __version__
    from lupex.mission import mission_dict

    inputs = [(level.source, level.sha256) for level in terrain.levels()]
    inputs += [(path.name, file_sha256(path)) for path in antenna_files(mission)]
    inputs += [(f"layer {layer.name}", file_sha256(Path(layer.file))) for layer in mission.layers]
    inputs += [(f"mission {mission.name}", mission.text_sha256), ("lupex source code", code_sha256())]
    settings = {k: v for k, v in mission_dict(mission).items() if k != "path"}
    return Provenance(
        lupex_version=__version__,
        package_versions=package_versions() | {one.package: one.version for one in mission.plugins},
        inputs=tuple(dict.fromkeys(inputs)),
        kernels=_kernels(mission, sky),
        seed=mission.study.seed,
        settings=settings,
    )


def _kernels(mission: Mission, sky: Skies) -> tuple[tuple[str, str], ...]:
    """Kernels of Sun, Earth and Moon, and of the Earth's turn where antennas are asked for."""
    if mission.ground.stations == NO_STATIONS and mission.traverse.station == "earth":
        return sky.cycle.kernels
    return (*sky.cycle.kernels, *kernel_digests(earth_orientation_kernels()))


def _first_band_deg(mission: Mission, terrain: Terrain) -> float:
    if mission.terrain.dem == "default" or is_published(mission.terrain.dem):
        return mission.terrain.equatorward_limit_deg
    return float(np.floor(np.abs(terrain.grid.lat_lon_deg()[0]).min()))


@takes_running
def compared_places(mission: Mission, running: Running = Running()) -> list[dict[str, Any]]:
    """The places of a mission compared with each other, best first, as plain rows; nothing is picked.

    Args:
        mission: with two places or more.
        running: threads and progress.

    Returns: name, position, rank, share of first ranks, and value and sigma of every criterion with weight.
    Raises as `run_study`; InputError for fewer than two places.
    """
    if len(mission.places) < 2:
        raise InputError(f"compare: {len(mission.places)} places", "give two or more")
    running, mission = running.or_workers(mission.study.workers), with_landing_ellipse(mission)
    sky = skies(mission.light)
    region = examine_region(mission, region_terrain(mission.terrain), sky, running)
    region = replace(region, candidates=region.candidates[-len(mission.places) :])
    heat = region_thermal(mission, region.terrain, running)
    studies = {study.name: study for study in _studies(mission, region, sky, heat, running, Kept())}
    ranking = compare(mission, list(studies.values()), running)
    assert ranking is not None
    table, rows = ranking.table, []
    for rank, name in enumerate(ranking.order, 1):
        row = table.alternatives.index(name)
        place = studies[name].place
        values = {c: float(v) for c, v in zip(table.criteria, table.value[row], strict=True)}
        sigmas = {f"{c}_sigma": float(v) for c, v in zip(table.criteria, table.sigma[row], strict=True)}
        rows.append(
            {
                "rank": rank,
                "name": name,
                "lat_deg": place.lat_deg,
                "lon_deg": place.lon_deg,
                "first_rank_share": float(ranking.rank_acceptability[row, 0]),
                "breaks": "; ".join(place.broken),
                **{key: value for pair in zip(values.items(), sigmas.items(), strict=True) for key, value in pair},
            }
        )
    return rows


def _studies(
    mission: Mission, region: Region, sky: Skies, heat: ThermalMap | None, running: Running, kept: Kept
) -> list[SiteStudy]:
    """Every candidate on its fine ground, with touchdown, reach, drive and the view from its panel."""
    count = len(region.candidates)
    levels = _levels(region.terrain)
    looks = []
    for number, candidate in enumerate(region.candidates, 1):
        closer = partial(look_closer, mission, region, candidate, sky, _numbered(running, number, count))
        looks.append(kept.step(f"{candidate.name} light", closer, levels))
    studies = []
    for number, look in enumerate(looks, 1):
        landed = _landed(mission, region, look, heat, _numbered(running, number, count), kept)
        studies.append(kept.step(f"{look.name} panel", partial(seen_from_panel, mission, region, landed, sky),
                                 levels | _parts(landed)))  # fmt: skip
        if mission.terrain.grounds:
            seen, told = studies[-1], _numbered(running, number, count)
            over = partial(over_grounds, mission, region, seen, sky, told)
            studies[-1] = kept.step(f"{look.name} grounds", over, levels | _parts(seen))
    return studies


def _landed(
    mission: Mission, region: Region, look: SiteStudy, heat: ThermalMap | None, told: Running, kept: Kept
) -> SiteStudy:
    """A site with touchdown, reach, temperatures and drive."""

    @cache
    def scene() -> DriveScene:
        """Made only where a step asks for it, and gone with this site: its light over time is large."""
        return site_scene(mission, region, look, told)

    known = _levels(region.terrain) | _parts(look)
    study = kept.step(f"{look.name} landing", lambda: land(mission, look, scene(), told), known)
    thermal = kept.step(f"{look.name} temperature", lambda: site_thermal(mission, look.terrain, heat, told), known)
    drive = kept.step(f"{look.name} drive", lambda: site_drive(mission, study, scene(), told))
    return replace(study, thermal=thermal, drive=drive)


def _result(mission: Mission, region: Region, study: SiteStudy, site: Site, kept: Kept) -> SiteResult:
    known = _levels(region.terrain) | _parts(study) | {"site": site}
    result = kept.step(f"{study.name} contacts", lambda: site_result(mission, region, study, site), known)
    where = kept.step(f"{study.name} position", lambda: site_position(mission, region, study, result.contacts), known)
    return replace(result, position=where)


def _levels(terrain: Terrain) -> dict[str, object]:
    """The terrains of a region by name: every run has them before its first step."""
    return {f"region {number}": level for number, level in enumerate(terrain.levels())}


def _parts(study: SiteStudy) -> dict[str, object]:
    """What is known of a site so far, by name, so that later steps need not hold it again."""
    parts = {spec.name: getattr(study, spec.name) for spec in fields(study)}
    layers = {f"layer {name}": layer for name, layer in study.maps.items()}
    return layers | {name: part for name, part in parts.items() if is_dataclass(part)}


def _by_score(looks: list[SiteStudy]) -> list[Site]:
    """The sites by their score on the fine map, with the numbers a table shows."""
    ranked = rerank(
        [look.candidate for look in looks],
        [look.place for look in looks],
        [look.terrain.synthetic_below_m for look in looks],
    )
    return [replace(site, fine=known_criteria(site.fine)) for site in ranked]


def _numbered(running: Running, number: int, count: int) -> Running:
    return running.labelled(lambda label: f"site {number}/{count}: {label}")
