"""The map in the browser: a study served on the user's own machine.

It asks the rooms below, and computes nothing itself.
"""

from lupex.web.app import make_app
from lupex.web.folder import StudyFolder, open_study
from lupex.web.follow import Followed, follow
from lupex.web.serving import serve

__all__ = ["Followed", "StudyFolder", "follow", "make_app", "open_study", "serve"]
