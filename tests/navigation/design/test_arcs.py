import numpy as np
import pytest
from tests.navigation.design.test_budget import RADIO, TWO, scene

from lupex.base.errors import InputError
from lupex.navigation.design.arcs import arc_rows
from lupex.navigation.design.budget import position_budget

THREE = (*RADIO, "orbiter_range")


def test_put_together_from_parts_is_what_one_fit_of_all_gives() -> None:
    rows = arc_rows(scene(*TWO, days=1.0), (1.0,), THREE)
    assert len(rows) == 7
    for row in rows:
        whole = position_budget(scene(*TWO, days=1.0), 1.0, row.methods.split("+"))
        assert row.data == whole.data
        for name in ("sigma_east_m", "sigma_north_m", "sigma_up_m", "sigma_me_x_m"):
            assert getattr(row, name) == pytest.approx(getattr(whole, name), rel=1e-6)


def test_leaving_a_method_out_never_helps() -> None:
    rows = {row.methods: row.sigma_horizontal_m for row in arc_rows(scene(*TWO, days=3.0), (3.0,), THREE)}
    best = rows["+".join(THREE)]
    assert all(best <= sigma * (1.0 + 1e-9) for sigma in rows.values())


def test_passes_of_a_contact_plan_are_all_that_is_used() -> None:
    free = scene(*TWO, days=1.0)
    start = free.start_tdb_s
    hour = np.array([[start + 3600.0, start + 7200.0]])
    booked = scene(*TWO, days=1.0, windows=(hour, np.zeros((0, 2))))
    # Every 300 s, both ends of the pass included: 13 ranges and 13 rates, though the other antenna sees the Moon, too.
    assert [row.data for row in arc_rows(booked, (1.0,), RADIO)] == [13, 13, 26]


def test_passes_of_another_number_of_antennas_are_refused() -> None:
    with pytest.raises(InputError, match="passes of 1 antennas for 2"):
        scene(*TWO, days=1.0, windows=(np.zeros((0, 2)),))


def test_a_shift_of_all_satellites_alike_is_never_told_from_one_of_the_place() -> None:
    """Four orbits, each off by 5 m one sigma a day: their mean, 2.5 m in each axis, stays however much is measured."""
    row = position_budget(scene(*TWO, days=1.0), 1.0, ("lunar_satellites",))
    for sigma in (row.sigma_me_x_m, row.sigma_me_y_m, row.sigma_me_z_m):
        assert 2.5 <= sigma < 5.0
