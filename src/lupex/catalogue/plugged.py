"""Where entries of the catalogue stand: in the package, and in packages that add to it (group ``lupex.catalogue``).

Such a package names one of its packages of data, with folders called as ours: ``stations/``, ``rovers/`` ...
"""

from importlib import resources
from importlib.resources.abc import Traversable
from types import ModuleType

from lupex.base.errors import MissionError
from lupex.base.plugins import Offer, Plugin, named, offers
from lupex.catalogue.kinds import KINDS

GROUP = "lupex.catalogue"


def entry_files(folder: str) -> dict[str, tuple[str, Traversable]]:
    """Name -> (label for messages, file) of every entry of one folder, those of the package first.

    Args:
        folder: of a kind, as 'stations'.

    Raises MissionError for a name that two of them hold.
    """
    own = resources.files("lupex").joinpath("catalogue", folder)
    found = {name: (f"catalogue/{folder}/{name}.toml", file) for name, file in _entries(own).items()}
    for plugin, root in _roots():
        for name, file in _entries(root.joinpath(folder)).items():
            if name in found:
                raise MissionError(
                    f"plug-in {named(plugin)}: {folder}/{name}.toml takes a name that {found[name][0]} has",
                    f"rename it, or uninstall {plugin.package}",
                )
            found[name] = (f"{plugin.package}/{folder}/{name}.toml", file)
    return found


def plugged_names() -> tuple[str, ...]:
    """Folder and name of every entry other packages add, as 'stations/goonhilly'. Raises as `entry_files`."""
    return tuple(
        f"{kind.folder}/{name}"
        for kind in KINDS
        for name, (label, _) in entry_files(kind.folder).items()
        if not label.startswith("catalogue/")
    )


def folder_problem(offer: Offer) -> str:
    """Why an offer cannot be a folder of the catalogue; '' when it can."""
    if offer.problem:
        return offer.problem
    if not isinstance(offer.row, ModuleType) or not hasattr(offer.row, "__path__"):
        return "it is no package that holds a catalogue"
    root = resources.files(offer.row)
    if not any(root.joinpath(kind.folder).is_dir() for kind in KINDS):
        return f"it holds none of the folders {', '.join(kind.folder for kind in KINDS)}"
    return ""


def _roots() -> list[tuple[Plugin, Traversable]]:
    return [(offer.plugin, resources.files(offer.row)) for offer in offers(GROUP) if not folder_problem(offer)]


def _entries(folder: Traversable) -> dict[str, Traversable]:
    if not folder.is_dir():
        return {}
    found = {item.name.removesuffix(".toml"): item for item in folder.iterdir() if item.name.endswith(".toml")}
    return dict(sorted(found.items()))
