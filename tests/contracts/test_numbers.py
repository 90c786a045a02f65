"""Whatever a Python caller gives for a number: text, None and truth values are refused by name, and 5.5 for a count."""

import dataclasses
import importlib
import warnings

import numpy as np
import pytest

from lupex.base.errors import LupexError
from lupex.model import Grid

ROOMS = (
    "lupex", "lupex.ephemeris", "lupex.ground", "lupex.illumination", "lupex.io", "lupex.mission", "lupex.model",
    "lupex.navigation", "lupex.signals", "lupex.sites", "lupex.terrain", "lupex.thermal", "lupex.traverse",
    "lupex.water", "lupex.model.settings", "lupex.base.running",
)  # fmt: skip


def settings() -> list[type]:
    """Public dataclasses that can be made without a word, of every room."""
    found = set()
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in getattr(module, "__all__", dir(module)):
            noun = getattr(module, name)
            if isinstance(noun, type) and dataclasses.is_dataclass(noun) and noun.__module__.startswith("lupex"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    try:
                        noun()
                    except TypeError:
                        continue
                found.add(noun)
    return sorted(found, key=lambda noun: noun.__qualname__)


@pytest.mark.parametrize("noun", settings(), ids=lambda noun: noun.__name__)
def test_what_is_no_number_is_refused_with_the_field(noun: type) -> None:
    fields = [f for f in dataclasses.fields(noun) if f.init and f.type in (int, float, "int", "float")]
    for field in fields:
        for wrong in [True, "5", None, *([5.5, np.float64(5.5)] if field.type in (int, "int") else [])]:
            with pytest.raises(LupexError, match=r"."):
                noun(**{field.name: wrong})


@pytest.mark.parametrize("wrong", [True, np.True_, 5.5, "12", None])
def test_a_grid_has_whole_numbers_of_cells(wrong: object) -> None:
    with pytest.raises(LupexError, match="Grid: rows"):
        Grid("south", wrong, 4, 20.0, 0.0, 0.0)  # type: ignore[arg-type]
    assert Grid("south", np.int32(4), 4, 20, 0.0, 0.0).shape == (4, 4)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [True, "20", None])
def test_a_cell_is_as_wide_as_a_number_says(wrong: object) -> None:
    with pytest.raises(LupexError, match="Grid: cell_m"):
        Grid("south", 4, 4, wrong, 0.0, 0.0)  # type: ignore[arg-type]
