"""Lunar polar mission studies: light, shadow, landing sites, drives and ground contacts from real terrain.

>>> import lupex
>>> terrain = lupex.default_terrain("south")

The names in the stub beside this file (``__init__.pyi``) are the package's public interface. Each is fetched from its
room when first used, so that ``import lupex`` and ``lupex --help`` stay quick: numpy, numba, rasterio and the rest load
only when something computes.
"""

from typing import Any

import lazy_loader

from lupex.base.version import __version__, renamed

_fetch, _, _names = lazy_loader.attach_stub(__name__, __file__)

__all__ = ["__version__", *_names]
_RENAMED = {"Errand": "Task"}
"""Old public name, kept for one release -> the new one."""


def __dir__() -> list[str]:
    """Every public name, fetched or not."""
    return list(__all__)


def __getattr__(name: str) -> Any:
    """Fetch a public name from its room on first use (PEP 562).

    Raises AttributeError for a name that is not public, ImportError when a package the room needs is not installed.
    """
    if name in _RENAMED:
        return renamed(__name__, name, {name: _fetch(_RENAMED[name])})
    if name not in __all__:
        raise AttributeError(f"module 'lupex' has no attribute '{name}'")
    try:
        return _fetch(name)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"lupex.{name} needs '{error.name}', which is not installed; install it with: pip install lupex",
            name=error.name,
        ) from error
