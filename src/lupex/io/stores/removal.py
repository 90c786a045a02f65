"""Starting afresh without destroying what is not ours."""

import os
from collections.abc import Callable
from pathlib import Path

from lupex.base.errors import StoreError
from lupex.io.atomic import store_error


def remove_own(folder: Path, is_own: Callable[[str, Path], bool], tolerant: bool = False) -> None:
    """Remove a folder that holds nothing but files of ours.

    Args:
        folder: of a store.
        is_own: tells by the name within the folder ('a/b.npy') and by content whether a file was made by the store.
        tolerant: leave other files where they are; without it nothing is removed when there is one.

    Raises StoreError that names the first foreign file, before anything is removed; or when the disk refuses.
    """
    try:
        files, folders = _content(folder)
        own = [path for path in files if not path.is_symlink() and is_own(path.relative_to(folder).as_posix(), path)]
        foreign = sorted(set(files) - set(own))
        if foreign and not tolerant:
            raise StoreError(
                f"{folder}: {foreign[0].relative_to(folder)} in it was not made by lupex, so nothing is removed",
                "choose another folder, or move it away",
            )
        for path in own:
            path.unlink()
        for path in sorted(folders, reverse=True):
            if not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise store_error(folder, error) from error


def _content(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files (links to whatever among them) and folders, the folder itself included."""
    files: list[Path] = []
    folders = [folder]
    for place, below, names in os.walk(folder, followlinks=False):
        for name in below:
            path = Path(place, name)
            (files if path.is_symlink() else folders).append(path)
        files += [Path(place, name) for name in names]
    return files, folders
