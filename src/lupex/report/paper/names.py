"""Names on pages: of sites, of synthetic relief, of files."""

from lupex.report.paper.words import number, tidy
from lupex.results import SiteResult, StudyResult


def below_label(below_m: float | None) -> str:
    """'synthetic below 1600 m', or '' when nothing is synthetic (None)."""
    return "" if below_m is None else f"synthetic below {number(below_m, 0)} m"


def synthetic_label(site: SiteResult) -> str:
    """'synthetic below 1600 m' when the site's fine relief is made up, else ''."""
    below = site.site.synthetic_below_m if site.site.synthetic_below_m is not None else site.maps.synthetic_below_m
    return below_label(below)


def site_stem(site: SiteResult) -> str:
    """Start of a site's file names."""
    return f"site_{tidy(site.site.candidate.name)[:40]}"


def ranked(result: StudyResult) -> list[SiteResult]:
    """Sites by final rank."""
    return sorted(result.sites, key=lambda s: s.site.rank)


def site_title(site: SiteResult) -> str:
    """A site's name, or a stand-in when it has none."""
    return tidy(site.site.candidate.name)[:60] or "unnamed site"


def site_name(name: str) -> str:
    """A site's name as tables print it."""
    return tidy(name)[:40] or "unnamed site"


def station_name(station: str) -> str:
    """A station's name as figures and tables print it."""
    return tidy(station)[:16] or "unnamed"


def synthetic_of_study(result: StudyResult) -> str:
    """'synthetic below 1600 m' when any site's relief is made up, else ''."""
    return next((text for text in map(synthetic_label, result.sites) if text), "")
