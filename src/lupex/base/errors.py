"""Errors that say what was attempted, what was found and what to do.

Every error a user can cause derives from `LupexError`; the command line prints it in one
line and exits with code 2.
"""


class LupexError(Exception):
    """Base of every error a user can meet.

    Args:
        what: what was attempted and what was found, naming the place (file, table, key).
        fix: what to do about it; empty when there is nothing to add.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}" if fix else what)


class InputError(LupexError):
    """A file or value brought by the user cannot be used."""


class MissionError(InputError):
    """The mission file or the catalogue says something that cannot be."""


class UnpublishedError(InputError):
    """A number is needed that nobody has published and the user has not stated."""


class NothingLeftError(InputError):
    """A choice is empty: no place, pass or drive fulfils everything asked for."""


class SpanError(InputError):
    """Times asked for lie outside what the kernels or the table cover."""


class LayerError(InputError, KeyError):
    """A map has no layer of this name; also a KeyError, as a mapping raises."""

    def __str__(self) -> str:
        return str(self.args[0])


class GridError(InputError):
    """Maps that ought to share a grid do not, or a place lies off the grid."""


class NoRouteError(LupexError):
    """No way leads there, or none within the limits."""


class DownloadError(LupexError):
    """A product could not be fetched or did not match its checksum."""


class StoreError(LupexError):
    """A store on disk is damaged, full, or belongs to other inputs."""


class ClusterError(LupexError):
    """Workers keep dying, or their scheduler cannot be reached."""


class LupexWarning(UserWarning):
    """Something the user should know, in one line, that stops nothing."""
