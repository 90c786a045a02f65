"""Files of the chapter on water: stations for planners and maps, places, the prior as a map, rates of the rule."""

from pathlib import Path

from lupex.io import ranked_points_qml, write_cog, write_csv, write_points_geojson, write_points_gpkg
from lupex.model.quantities import udunits_of
from lupex.report.paper.names import ranked, site_stem, site_title, synthetic_label
from lupex.report.paper.style import GOLD, MARK, file_stem
from lupex.report.water.rows import PLACE_COLUMNS, STOP_COLUMNS, place_rows, station_rows, stop_rows
from lupex.report.water.water_pages import water_row
from lupex.results import SiteResult, StudyResult
from lupex.water.field.trials import KINDS, Variant
from lupex.water.inference.decision import ABSENT, CONFIRMED, UNDECIDED

RATE_COLUMNS = ("input", "value", "ground", "prior_probability", "holes", "confirmed", "absent", "undecided")
FOLDER = "water"


def write_water(result: StudyResult, folder: Path) -> None:
    """Write tables/water.csv and tables/water_rule.csv; of each site with a survey its stations as stops of a campaign,
    GeoJSON and GeoPackage in water/, the places considered in tables/, the prior as a map in maps/.

    Args:
        result: of the study. folder: of the report.
    """
    if result.water is None:
        return
    trials = result.water
    rows = [{"site": site_title(site), **water_row(site)} for site in ranked(result)]
    header = list(dict.fromkeys(key for row in rows for key in row)) or ["site"]
    write_csv(folder / "tables" / "water.csv", header, [[row.get(key) for key in header] for row in rows])
    whole = Variant(name="as registered", value=float("nan"), rates=trials.chosen.rates, weights=trials.weights)
    rates = [row for one in (whole, *trials.variants) for row in _rate_rows(one)]
    write_csv(folder / "tables" / "water_rule.csv", RATE_COLUMNS, rates)
    for site in result.sites:
        _write_site(site, folder)


def _rate_rows(one: Variant) -> list[list[str | float | int | None]]:
    value = None if one.value != one.value else one.value
    return [
        [one.name, value, kind, one.weights[kind], one.rates.worlds[kind],
         *(one.rates.share((kind,), answer)[0] for answer in (CONFIRMED, ABSENT, UNDECIDED))]
        for kind in KINDS
    ]  # fmt: skip


def _write_site(site: SiteResult, folder: Path) -> None:
    found = site.water
    if found is None:
        return

    def named(kind: str) -> str:
        return file_stem(f"{site_stem(site)}_{kind}", synthetic_label(site))

    write_csv(folder / "tables" / f"{named('water_places')}.csv", PLACE_COLUMNS, place_rows(found))
    if found.maps is not None:
        name = "water_probability"
        write_cog(
            folder / "maps" / f"{named(name)}.tif", found.maps.grid, found.maps[name], name=name, unit=udunits_of(name),
            meaning=found.maps.meanings[name], synthetic_below_m=found.maps.synthetic_below_m,
        )  # fmt: skip
    if not found.survey.stations:
        return
    (folder / FOLDER).mkdir(exist_ok=True)
    stops = [[row[name] for name in STOP_COLUMNS] for row in stop_rows(found)]
    write_csv(folder / FOLDER / f"{named('water_stops')}.csv", STOP_COLUMNS, stops)
    pole, stations = found.terrain.grid.pole, station_rows(found)
    stem = folder / FOLDER / named("water_stations")
    write_points_geojson(stem.with_suffix(".geojson"), stations, pole, "water_stations")
    write_points_gpkg(stem.with_suffix(".gpkg"), stations, pole, "water_stations", ranked_points_qml(MARK, GOLD))
