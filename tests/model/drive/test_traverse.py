"""A drive's arrays fit together, or it is refused."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import Traverse

NUMBERS = np.array([0.0, 1.0, 2.0])
DRIVE = Traverse(
    name="d",
    pole="south",
    times_tdb_s=NUMBERS,
    x_m=NUMBERS,
    y_m=NUMBERS,
    activity=("drive", "wait", "end"),
    labels=("start", "", "end"),
    distance_m=NUMBERS,
    energy_wh=NUMBERS,
    battery_wh=NUMBERS,
    disc_fraction=NUMBERS,
    earth_in_view=np.ones(3, bool),
    dark_hours=NUMBERS,
    slope_deg=NUMBERS,
    slack={"battery_wh": NUMBERS},
)


def test_waypoints_are_counted_and_arrays_cannot_be_changed():
    assert len(DRIVE) == 3
    with pytest.raises(ValueError, match="read-only"):
        DRIVE.battery_wh[0] = 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x_m": NUMBERS[:2]}, "x_m has 2 entries for 3 waypoints"),
        ({"activity": ("drive", "end", "wait")}, "the last one 'end'"),
        ({"activity": ("fly", "wait", "end")}, "known words"),
        ({"times_tdb_s": NUMBERS[::-1]}, "times do not ascend"),
        ({"slack": {"battery_wh": NUMBERS[:1]}}, "slack has another number"),
    ],
)
def test_what_does_not_fit_is_refused(change, said):
    with pytest.raises(InputError, match=said):
        replace(DRIVE, **change)
