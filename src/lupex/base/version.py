"""The version of the package, and public names of the version before, which warn with the new one."""

import functools
import warnings
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

__version__ = "0.3.0"

P = ParamSpec("P")
R = TypeVar("R")


def renamed(module: str, name: str, now: Mapping[str, Any]) -> Any:
    """What an old name of a module stands for today, for the module's ``__getattr__``.

    Args:
        module: its ``__name__``. name: the attribute asked for.
        now: old name -> the object with its new name.

    Warns DeprecationWarning naming the new name; raises AttributeError for a name that never was.
    """
    if name not in now:
        raise AttributeError(f"module '{module}' has no attribute '{name}'")
    new = now[name]
    warnings.warn(
        f"{module}.{name} is going away in the next release; use {new.__name__}", DeprecationWarning, stacklevel=3
    )
    return new


def takes_renamed(**now: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator: the function also takes arguments by old names, ``takes_renamed(errands="tasks")``, and warns."""

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            for old in [name for name in kwargs if name in now]:
                warnings.warn(
                    f"{function.__name__}: argument '{old}' is going away in the next release; use '{now[old]}'",
                    DeprecationWarning,
                    stacklevel=2,
                )
                kwargs[now[old]] = kwargs.pop(old)
            return function(*args, **kwargs)

        return called

    return decorated
