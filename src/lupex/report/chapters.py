"""The chapters of the report, in order: one row each.

To add a chapter, write its functions in a folder beside this file (they may use `paper` only) and add a row.
"""

from pathlib import Path

from lupex.base.plugins import plugged
from lupex.report.background import background_blocks
from lupex.report.contact.contact_figures import contact_figures
from lupex.report.contact.contact_files import write_contacts
from lupex.report.contact.contact_pages import comparison_of_contacts, contact_blocks, contact_method
from lupex.report.contact.contact_reading import contact_row
from lupex.report.drive.drive_figures import drive_figures
from lupex.report.drive.drive_files import write_drives
from lupex.report.drive.drive_pages import comparison_of_drives, drive_blocks, drive_method
from lupex.report.drive.drive_spells import drive_row
from lupex.report.overview import sites_blocks
from lupex.report.own.own_pages import own_blocks, write_own
from lupex.report.paper.chapter import Chapter, Figures
from lupex.report.payload.payload_files import write_payload
from lupex.report.payload.payload_pages import payload_blocks, payload_method
from lupex.report.position.position_figures import site_position_figure
from lupex.report.position.position_files import write_position
from lupex.report.position.position_pages import (
    POSITION_REFERENCES,
    has_position,
    position_blocks,
    position_method,
    position_row,
    site_position_blocks,
)
from lupex.report.ranking.comparison import comparison_blocks, comparison_method
from lupex.report.ranking.comparison_figure import ranking_figure
from lupex.report.ranking.date_figure import dates_figure
from lupex.report.ranking.dates import date_blocks, date_method
from lupex.report.ranking.decision_tables import ground_row, safety_row, write_dates, write_ranking
from lupex.report.region.dem_pages import dem_blocks, has_own_dems
from lupex.report.region.region_figures import region_figures, shadow_figure, sites_figure
from lupex.report.region.region_pages import constraint_blocks, region_blocks, season_blocks, shadow_blocks
from lupex.report.region.season_figures import area_figure, season_figure
from lupex.report.site.safety_figure import safety_figure
from lupex.report.site.safety_pages import reasons_blocks, safety_blocks, safety_method
from lupex.report.site.site_figures import site_figures
from lupex.report.site.site_pages import site_blocks
from lupex.report.thermal.thermal_figures import site_thermal_figure, thermal_figure
from lupex.report.thermal.thermal_pages import (
    THERMAL_REFERENCES,
    site_thermal_blocks,
    thermal_blocks,
    thermal_method,
    thermal_row,
    write_thermal,
)
from lupex.report.trajectory.launch_figures import launch_figures
from lupex.report.trajectory.launch_files import write_launches
from lupex.report.trajectory.launch_pages import LAUNCH_REFERENCES, has_launches, launch_blocks, launch_method
from lupex.report.water.water_figures import site_water_figure, water_figure
from lupex.report.water.water_files import FOLDER as WATER_FOLDER
from lupex.report.water.water_files import write_water
from lupex.report.water.water_pages import WATER_REFERENCES, site_water_blocks, water_blocks, water_method, water_row
from lupex.results import StudyResult


def _shadow(result: StudyResult, folder: Path) -> Figures:
    return shadow_figure(result, folder) | area_figure(result, folder)


def all_chapters() -> tuple[Chapter, ...]:
    """Every chapter: those of `CHAPTERS`, then those of other packages (group ``lupex.chapters``).

    Raises InputError when one of them takes a name that exists.
    """
    return CHAPTERS + plugged("lupex.chapters", Chapter, [chapter.name for chapter in CHAPTERS], tells=True)


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(name="sites", figures=sites_figure, front=sites_blocks, columns=ground_row),
    Chapter(name="site", site_figures=site_figures, page=site_blocks),
    Chapter(
        name="comparison",
        applies=lambda result: result.ranking is not None,
        figures=ranking_figure,
        front=comparison_blocks,
        method=comparison_method,
        files=write_ranking,
    ),
    Chapter(
        name="touchdown",
        site_figures=safety_figure,
        page=safety_blocks,
        method=safety_method,
        columns=safety_row,
    ),
    Chapter(name="remarks", page=reasons_blocks),
    Chapter(
        name="drive",
        applies=lambda result: any(site.drive is not None for site in result.sites),
        site_figures=drive_figures,
        front=comparison_of_drives,
        page=drive_blocks,
        method=drive_method,
        columns=drive_row,
        files=write_drives,
        folders=("drives",),
    ),
    Chapter(
        name="contact",
        site_figures=contact_figures,
        front=comparison_of_contacts,
        page=contact_blocks,
        method=contact_method,
        columns=contact_row,
        files=write_contacts,
        folders=("contacts",),
    ),
    Chapter(
        name="position",
        applies=has_position,
        site_figures=site_position_figure,
        front=position_blocks,
        page=site_position_blocks,
        method=position_method,
        references=POSITION_REFERENCES,
        columns=position_row,
        files=write_position,
    ),
    Chapter(name="season", figures=season_figure, front=season_blocks),
    Chapter(name="constraints", front=constraint_blocks),
    Chapter(
        name="dates",
        applies=lambda result: result.dates is not None,
        figures=dates_figure,
        front=date_blocks,
        method=date_method,
        files=write_dates,
    ),
    Chapter(
        name="launch",
        applies=has_launches,
        figures=launch_figures,
        front=launch_blocks,
        method=launch_method,
        references=LAUNCH_REFERENCES,
        files=write_launches,
    ),
    Chapter(name="region", figures=region_figures, front=region_blocks),
    Chapter(name="shadow", figures=_shadow, front=shadow_blocks),
    Chapter(
        name="thermal",
        applies=lambda result: result.thermal is not None,
        figures=thermal_figure,
        site_figures=site_thermal_figure,
        front=thermal_blocks,
        page=site_thermal_blocks,
        method=thermal_method,
        references=THERMAL_REFERENCES,
        columns=thermal_row,
        files=write_thermal,
    ),
    Chapter(
        name="water",
        applies=lambda result: result.water is not None,
        figures=water_figure,
        site_figures=site_water_figure,
        front=water_blocks,
        page=site_water_blocks,
        method=water_method,
        references=WATER_REFERENCES,
        columns=water_row,
        files=write_water,
        folders=(WATER_FOLDER,),
    ),
    Chapter(
        name="layers",
        applies=lambda result: bool(result.layers),
        front=own_blocks,
        files=write_own,
        folders=("layers",),
    ),
    Chapter(name="dem", applies=has_own_dems, front=dem_blocks),
    Chapter(
        name="payload",
        applies=lambda result: result.payload is not None,
        front=payload_blocks,
        method=payload_method,
        files=write_payload,
    ),
    Chapter(name="background", back=background_blocks),
)
