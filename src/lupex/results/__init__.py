"""What a study or a day of operations found: nouns only, filled above, rendered beside."""

from lupex.results.drives import CampaignDrive, CheckedDrive, DriveScene, ReachedGround, StaticDrive
from lupex.results.labelled import as_xarray
from lupex.results.site_study import SiteStudy
from lupex.results.study import Provenance, Season, SiteResult, StudyResult, Track

__all__ = [
    "CampaignDrive",
    "CheckedDrive",
    "DriveScene",
    "Provenance",
    "ReachedGround",
    "Season",
    "SiteResult",
    "SiteStudy",
    "StaticDrive",
    "StudyResult",
    "Track",
    "as_xarray",
]
