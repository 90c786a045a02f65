import numpy as np
import pytest
from tests.navigation.scenes_radio import PLACE, START, antennas, series

from lupex.base.errors import InputError
from lupex.navigation.estimate.batch import BatchSettings, Observations, Prior, batch_fit, information_covariance
from lupex.navigation.estimate.consistency import consistency, normalised_squares
from lupex.navigation.radio.paths import Receptions, light_paths
from lupex.navigation.radio.ranges import RangeModel, doppler, two_way

STATIONS = ("misasa", "byalalu32")


def three_days(every_s: float = 300.0) -> tuple[Receptions, RangeModel]:
    """From both antennas above 10 deg, every 5 min as in the published budget or at other steps."""
    held = series(3)
    times = START + np.arange(0.0, 3 * 86_400.0, every_s)
    found = Receptions.of(np.repeat(times, 2), np.tile([0, 1], times.size))
    rx, _ = light_paths(held, antennas(*STATIONS), PLACE, found).elevations_deg
    keep = rx > 10.0
    chosen = Receptions(*(getattr(found, name)[keep] for name in ("whole_tdb_s", "rest_s", "rx", "tx")))
    return chosen, RangeModel(series=held, antennas=antennas(*STATIONS), terms=())


def observations(truth: np.ndarray, rng: np.random.Generator, every_s: float = 300.0) -> list[Observations]:
    """Ranges with a bias of each station and Doppler; the state is the place and two biases."""
    receptions, model = three_days(every_s)
    n = receptions.rx.size
    by_bias = np.zeros((n, 2))
    by_bias[np.arange(n), receptions.rx] = 1.0

    def ranges(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, by = two_way(model, state[:3], receptions)
        return values + by_bias @ state[3:], np.concatenate([by, by_bias], axis=1)

    def rates(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, by = doppler(model, state[:3], receptions, 60.0)
        return values, np.concatenate([by, np.zeros((n, 2))], axis=1)

    return [
        Observations(method=name, values=f(truth)[0] + sigma * rng.normal(size=n), sigma=np.full(n, sigma), predict=f)
        for name, f, sigma in (("range", ranges, 1.0), ("doppler", rates, 1e-4))
    ]


PRIOR = np.diag([1e6, 1e6, 1e6, 25.0, 25.0])


def test_sixty_fits_of_three_days_have_the_errors_their_covariance_says() -> None:
    """In `benchmarks/consistency_navigation.py` 500 runs with four times the data; here every 20 min."""
    rng = np.random.default_rng(13)
    errors, covariances, warned, left = [], [], 0, 0.0
    for _ in range(60):
        truth = np.concatenate([PLACE, 5.0 * rng.normal(size=2)])
        start = np.concatenate([truth[:3] + 300.0 * rng.normal(size=3), np.zeros(2)])
        # The prior is drawn around the truth, so that it belongs to the statistics.
        data = observations(truth, rng, 1200.0)
        fit = batch_fit(data, Prior(state=start, covariance=PRIOR), BatchSettings(reject_sigma=0.0))
        errors.append(fit.state[:3] - truth[:3])
        covariances.append(fit.covariance[:3, :3])
        warned += len(fit.notes)
        left += sum(float(np.sum(r**2)) for r in fit.residuals.values()) - fit.data + sum(fit.leverages.values())
    found = consistency(normalised_squares(np.array(errors), np.array(covariances)), 3)
    assert found.consistent, found.words
    assert abs(left) < 3.3 * np.sqrt(2.0 * 60 * fit.data)  # residuals: chi-squared of what the fits left, at 0.999
    assert warned <= 2  # 120 checks at 0.999 each


def test_the_published_sigmas_of_three_days() -> None:
    """Published: 1626 data; 3.5, 2.9, 1.4 m."""
    rng = np.random.default_rng(14)
    truth = np.concatenate([PLACE, np.zeros(2)])
    fit = batch_fit(observations(truth, rng), Prior(state=truth, covariance=PRIOR), BatchSettings(reject_sigma=0.0))
    assert fit.data == 2 * 813
    assert np.sqrt(np.diag(fit.covariance[:3, :3])) == pytest.approx([3.5, 2.9, 1.4], abs=0.06)


def test_noise_that_is_not_what_was_said_is_warned_of_by_method() -> None:
    rng = np.random.default_rng(15)
    truth = np.concatenate([PLACE, np.zeros(2)])
    data = observations(truth, rng, 1200.0)
    loud = Observations(method="range", values=data[0].values, sigma=0.7 * data[0].sigma, predict=data[0].predict)
    fit = batch_fit([loud, data[1]], Prior(state=truth, covariance=PRIOR), BatchSettings(reject_sigma=0.0))
    assert [words.split(":")[0] for words in fit.notes] == ["range"]


def test_wild_data_are_left_out_and_good_ones_kept() -> None:
    rng = np.random.default_rng(4)
    truth = np.concatenate([PLACE, np.zeros(2)])
    data = observations(truth, rng)
    wild = data[0].values.copy()
    wild[[3, 50, 51, 200]] += [40.0, -3000.0, -3000.0, 12.0]
    data[0] = Observations(method="range", values=wild, sigma=data[0].sigma, predict=data[0].predict)
    fit = batch_fit(data, Prior(state=truth + np.array([200.0, -100, 50, 0, 0]), covariance=PRIOR))
    assert set(np.flatnonzero(~fit.used["range"])) == {3, 50, 51, 200}
    assert np.linalg.norm(fit.state[:3] - truth[:3]) < 15.0


def test_cycles_of_an_ambiguous_range_fall_out() -> None:
    rng = np.random.default_rng(5)
    truth = np.concatenate([PLACE, np.zeros(2)])
    data = observations(truth, rng)
    folded = Observations(
        method="range", values=data[0].values % 1e6, sigma=data[0].sigma, predict=data[0].predict, modulus=1e6
    )
    prior = Prior(state=truth + np.array([300.0, 0, 0, 0, 0]), covariance=PRIOR)
    whole, cut = batch_fit(data, prior), batch_fit([folded, data[1]], prior)
    assert cut.state == pytest.approx(whole.state, abs=1e-3)


def test_a_considered_bias_widens_the_covariance_as_an_estimated_one_does() -> None:
    """A bias whose prior is what its data say in the limit: with one datum, consider equals estimate."""
    column = np.array([[1.0]])
    plain = Observations(
        method="a", values=np.zeros(1), sigma=np.ones(1), predict=lambda s: (s[:1], column), considered=column
    )
    prior = Prior(state=np.zeros(1), covariance=np.array([[1e8]]), considered=np.array([[4.0]]))
    fit = batch_fit([plain], prior)
    assert fit.covariance[0, 0] == pytest.approx(5.0, rel=1e-6)
    assert fit.noise_covariance[0, 0] == pytest.approx(1.0, rel=1e-6)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="not positive definite"):
        Prior(state=np.zeros(2), covariance=np.array([[1.0, 2.0], [2.0, 1.0]]))
    with pytest.raises(InputError, match="not symmetric"):
        Prior(state=np.zeros(2), covariance=np.array([[1.0, 0.5], [0.0, 1.0]]))
    with pytest.raises(InputError, match="not finite"):
        Observations(method="range", values=np.array([np.nan]), sigma=1.0, predict=lambda s: (s, s))
    with pytest.raises(InputError, match="sigma is not positive"):
        Observations(method="range", values=np.zeros(2), sigma=np.array([1.0, 0.0]), predict=lambda s: (s, s))


def test_an_inconsistent_prior_is_told() -> None:
    datum = Observations(
        method="a", values=np.array([30.0]), sigma=np.ones(1), predict=lambda s: (s[:1], np.ones((1, 1)))
    )
    prior = Prior(state=np.zeros(1), covariance=np.array([[16.0]]))
    fit = batch_fit([datum], prior, BatchSettings(reject_sigma=0.0))
    assert any("sigma from the prior" in note for note in fit.notes)


def test_design_covariance_equals_that_of_a_fit() -> None:
    rng = np.random.default_rng(7)
    truth = np.concatenate([PLACE, np.zeros(2)])
    data = observations(truth, rng)
    fit = batch_fit(data, Prior(state=truth, covariance=PRIOR), BatchSettings(reject_sigma=0.0))
    design = information_covariance([(one.predict(truth)[1], one.sigma) for one in data], PRIOR)
    assert np.allclose(design, fit.covariance, rtol=1e-3)
