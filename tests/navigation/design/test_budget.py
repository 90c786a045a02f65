import numpy as np
import pytest
from tests.navigation.scenes_radio import PLACE, START, antennas, series

from lupex.base.errors import InputError
from lupex.navigation.design.budget import BudgetScene, best_next, budget_covariance, budget_methods, position_budget

RADIO = ("range", "doppler")


def scene(*names: str, days: float = 14.0, **more: object) -> BudgetScene:
    return BudgetScene(
        place_me_m=PLACE, series=series(days), antennas=antennas(*names), lowest_deg=np.full(len(names), 10.0),
        start_tdb_s=START, **more,
    )  # fmt: skip


TWO = ("misasa", "byalalu32")
FOUR = (*TWO, "dss63", "dss14")


# The published formal budget: range 1 m every 5 min, station bias 5 m, Doppler 0.1 mm/s; antennas at 36.13, 12.90 N.
@pytest.mark.parametrize(
    ("days", "stations", "methods", "me", "horizontal"),
    [
        (1.0, TWO[:1], ("range",), (5.3, 44.0, 51.0), 44.0),
        (1.0, TWO, ("range",), (3.7, 28.0, 35.0), 28.0),
        (1.0, TWO, RADIO, (3.6, 14.0, 17.0), 14.0),
        (3.0, TWO, RADIO, (3.5, 2.9, 1.4), 4.6),
        (3.0, FOUR, RADIO, (2.5, 2.0, 1.0), 3.2),
        (14.0, TWO, RADIO, (3.5, 0.4, 0.4), 3.5),
    ],
)
def test_the_published_budget(
    days: float, stations: tuple[str, ...], methods: tuple[str, ...], me: tuple[float, ...], horizontal: float
) -> None:
    row = position_budget(scene(*stations), days, methods)
    assert (row.sigma_me_x_m, row.sigma_me_y_m, row.sigma_me_z_m) == pytest.approx(me, rel=0.05, abs=0.06)
    assert row.sigma_horizontal_m == pytest.approx(horizontal, rel=0.06)


def test_one_station_and_one_day_say_which_direction_is_weak() -> None:
    row = position_budget(scene("misasa"), 1.0, ("doppler",))
    assert any("towards the Earth" in words for words in row.unobserved)


def test_no_data_at_all_leave_every_direction_unobserved() -> None:
    hidden = scene(*TWO, horizon=lambda towards: np.zeros(towards.shape[0], bool))
    row = position_budget(hidden, 3.0, RADIO)
    assert row.data == 0
    assert len([words for words in row.unobserved if words.endswith("not observed")]) == 3


def test_terrain_can_only_take_away() -> None:
    half = scene(*TWO, horizon=lambda towards: towards[:, 1] > 0.0)
    free, cut = (budget_covariance(one, 14.0, RADIO)[0] for one in (scene(*TWO), half))
    assert np.all(np.linalg.eigvalsh(cut - free) > -1e-9)


@pytest.mark.parametrize("name", budget_methods())
def test_every_method_tells_something_and_never_more_days_less(name: str) -> None:
    held = scene(*TWO, days=3.0)
    before = budget_covariance(held, 1.0, (name,))[0]
    after = budget_covariance(held, 2.0, (name,))[0]
    assert np.trace(after) <= np.trace(before) * (1.0 + 1e-9)
    assert np.linalg.eigvalsh(before).min() < 1e8


def test_a_method_added_never_harms() -> None:
    held = scene(*TWO, days=1.0)
    radio = budget_covariance(held, 1.0, RADIO)[0]
    for name in ("delta_dor", "image", "dem_height", "orbiter_doppler"):
        more = budget_covariance(held, 1.0, (*RADIO, name))[0]
        assert np.linalg.eigvalsh(radio - more).min() > -1e-6


def test_the_error_of_a_map_does_not_average_out_but_noise_does() -> None:
    held = scene(*TWO, days=9.0)
    one, nine = (position_budget(held, days, ("image",)) for days in (1.0, 9.0))
    assert one.sigma_east_m == pytest.approx(np.hypot(12.0, 10.0), rel=1e-3)
    assert nine.sigma_east_m == pytest.approx(np.hypot(12.0 / 3.0, 10.0), rel=1e-3)


def test_the_best_next_measurement_comes_first() -> None:
    rows = best_next(scene(*TWO, days=1.0), 1.0, RADIO, ("star_tilt", "image", "craters"))
    assert rows[0].methods.endswith("craters")
    assert rows[-1].methods.endswith("star_tilt")


def test_what_tells_nothing_of_a_place_at_rest_is_refused() -> None:
    with pytest.raises(InputError, match="nothing of a place by itself"):
        position_budget(scene(*TWO), 1.0, ("odometry",))
    with pytest.raises(InputError, match="no method 'magic'"):
        position_budget(scene(*TWO), 1.0, ("magic",))
    with pytest.raises(InputError, match="two stations"):
        position_budget(scene("misasa"), 1.0, ("delta_dor",))
    with pytest.raises(InputError, match="positive number"):
        position_budget(scene(*TWO), 0.0, RADIO)
