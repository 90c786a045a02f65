"""A chapter of the report: what the local relief at each site is."""

from lupex.report.paper.chapter import Chapter
from lupex.report.paper.document import Block, Heading, Paragraph
from lupex.results import SiteResult, StudyResult


def relief_page(result: StudyResult, site: SiteResult, title: str, anchor: str, figures: object) -> list[Block]:
    """One paragraph with the local relief at a site."""
    maps, place = site.maps, site.site
    row, col = maps.grid.row_col(place.lat_deg, place.lon_deg)
    relief_m = float(maps["local_relief_m"][row, col])
    return [
        Heading(f"{title}: local relief", 2, f"{anchor}-relief"),
        Paragraph(f"The ground rises and falls by {relief_m:.0f} m within five cells of the site."),
    ]


CHAPTER = Chapter(name="relief", page=relief_page)
