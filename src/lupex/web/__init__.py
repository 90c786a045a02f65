"""The map in the browser: a study served on the user's own machine.

It asks the rooms below, and computes nothing itself.
"""

from lupex.web.app import Beside, make_app, page_folder
from lupex.web.exporting import Copied, export_page
from lupex.web.folder import StudyFolder, open_study
from lupex.web.follow import Followed, follow
from lupex.web.serving import serve
from lupex.web.toward import read_relay

__all__ = [
    "Beside", "Copied", "Followed", "StudyFolder", "export_page", "follow", "make_app", "open_study", "page_folder",
    "read_relay", "serve",
]  # fmt: skip
