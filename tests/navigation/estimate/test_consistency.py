import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.navigation.estimate.consistency import consistency, disagreement, normalised_squares, residual_checks

P = np.array([[4.0, 1.0], [1.0, 9.0]])


def squares(factor: float) -> np.ndarray:
    errors = np.random.default_rng(2).multivariate_normal(np.zeros(2), P, size=500)
    return normalised_squares(errors, factor * P)


def test_a_right_covariance_passes_and_wrong_ones_are_told_which_way() -> None:
    assert consistency(squares(1.0), 2).consistent
    small, large = consistency(squares(0.5), 2), consistency(squares(2.0), 2)
    assert "smaller than the errors" in small.words
    assert "larger than the errors" in large.words
    assert consistency(squares(1.0), 2).mean == pytest.approx(2.0, abs=0.3)


def test_the_interval_is_that_of_tables() -> None:
    """Bar-Shalom et al. (2001): 50 runs of 2 degrees, 95 %: 1.48 to 2.59."""
    found = consistency(np.full(50, 2.0), 2, 0.95)
    assert (found.low, found.high) == (pytest.approx(1.48, abs=0.01), pytest.approx(2.59, abs=0.01))


def test_two_fixes_that_contradict_each_other_are_found() -> None:
    assert disagreement(np.array([2.0, 3.0]), P)[0] is False
    wrong, words = disagreement(np.array([20.0, 3.0]), P)
    assert wrong
    assert "one of them is wrong" in words


def test_no_run_is_no_test() -> None:
    with pytest.raises(InputError, match="no run"):
        consistency(np.zeros(0), 2)


def test_residuals_that_do_not_fit_their_noise_are_told_by_method() -> None:
    rng = np.random.default_rng(2)
    fine, loud, still = rng.normal(size=400), 1.4 * rng.normal(size=400), 0.7 * rng.normal(size=400)
    said = residual_checks({"fine": fine, "loud": loud, "still": still}, {"fine": 3.0})
    assert [words.split(":")[0] for words in said] == ["loud", "still"]
    assert "noise or model is wrong" in said[0] and "less than stated" in said[1]


def test_two_data_that_fix_the_state_themselves_prove_nothing() -> None:
    assert residual_checks({"image": np.array([1e-9, 0.0])}, {"image": 2.0}) == ()


def test_a_place_on_a_map_that_contradicts_the_rest_is_told_though_it_is_not_rejected() -> None:
    """Chi-squared at 0.999 for two data whose fit took almost nothing: 4 sigma each is too much, 1 sigma is not."""
    assert residual_checks({"image": np.array([4.0, -3.0])}, {"image": 0.05}) != ()
    assert residual_checks({"image": np.array([1.0, -1.0])}, {"image": 0.05}) == ()
