import numpy as np
import pytest
from scipy import stats

from lupex.base.errors import InputError
from lupex.navigation.estimate.consistency import consistency, normalised_squares
from lupex.navigation.estimate.drive import DriveFix, DriveNoise, Legs, Sighting, drive_fix, simulated_drive

START = np.diag([1.0, 1.0]) * 0.01
NOISE = DriveNoise()
LEGS, LENGTH = 60, 5.0
HEADINGS = np.radians(40.0 + 50.0 * np.sin(np.arange(LEGS) / 8.0))


def run(seed: int, **use: bool) -> tuple[DriveFix, np.ndarray]:
    """One drive of 300 m with the methods named, and its true places."""
    rng = np.random.default_rng(seed)
    legs, truth = simulated_drive(HEADINGS, LENGTH, rng, NOISE)
    first = truth[0] + np.sqrt(START[0, 0]) * rng.normal(size=2)
    truth = truth - first
    lander = (float(-first[0] + 3.0), float(-first[1] + 4.0))
    bias = float(legs.heading_rad.mean() - HEADINGS.mean())  # only the white part differs from the drawn bias
    sightings, spread = [], np.eye(1) * np.radians(0.5) ** 2
    for k in range(0, LEGS + 1, 6):
        to = np.array(lander) - truth[k]
        ranged = np.hypot(*to) + 1.0 * rng.normal()
        pointed = np.arctan2(*to) + bias + np.radians(0.5) * rng.normal()
        placed = truth[k] + 6.0 * rng.normal(size=2)
        if use.get("radio"):
            sightings.append(
                Sighting(after=k, kind="range", value=np.array([ranged]), covariance=np.eye(1), beacon_m=lander)
            )
            sightings.append(
                Sighting(after=k, kind="bearing", value=np.array([pointed]), covariance=spread, beacon_m=lander)
            )
        if use.get("skyline") and k % 30 == 0:
            sightings.append(Sighting(after=k, kind="place", value=placed, covariance=36.0 * np.eye(2)))
    return drive_fix(legs, sightings, START, NOISE, vision=use.get("vision", False)), truth


def end_errors(**use: bool) -> np.ndarray:
    found = [run(seed, **use) for seed in range(40)]
    return np.array([fix.states[-1, :2] - truth[-1] for fix, truth in found])


def rms(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.sum(errors**2, axis=1))))


def test_all_methods_together_beat_each_alone() -> None:
    together = rms(end_errors(vision=True, radio=True, skyline=True))
    alone = {name: rms(end_errors(**{name: True})) for name in ("vision", "radio", "skyline")}
    alone["wheels"] = rms(end_errors())
    assert together < 0.9 * min(alone.values()), (together, alone)
    assert alone["vision"] < alone["wheels"]


@pytest.mark.parametrize(
    "use", [{}, {"vision": True}, {"vision": True, "radio": True, "skyline": True}], ids=["wheels", "vision", "all"]
)
def test_errors_are_what_the_covariance_says_filtered_and_smoothed(use: dict[str, bool]) -> None:
    found = [run(seed, **use) for seed in range(100, 200)]
    for name in ("states", "smoothed"):
        p = "covariances" if name == "states" else "smoothed_covariances"
        for k in (20, 40, LEGS):
            errors = np.array([getattr(fix, name)[k, :2] - truth[k] for fix, truth in found])
            spreads = np.array([getattr(fix, p)[k, :2, :2] for fix, _ in found])
            told = consistency(normalised_squares(errors, spreads), 2, 0.9999)
            assert told.consistent, (name, k, told.words)
    if use:
        squares = np.concatenate([fix.nis for fix, _ in found])
        degrees = np.concatenate([fix.nis_degrees for fix, _ in found])
        if squares.size:
            low, high = stats.chi2.ppf([5e-5, 1.0 - 5e-5], degrees.sum())
            assert low < squares.sum() < high
            assert sum(fix.warning != "" for fix, _ in found) <= 2  # at 0.999 each


def test_a_filter_told_of_too_little_noise_says_so() -> None:
    legs, truth = simulated_drive(HEADINGS, LENGTH, np.random.default_rng(3), NOISE)
    rng = np.random.default_rng(4)
    seen = [
        Sighting(after=k, kind="place", value=truth[k] + 6.0 * rng.normal(size=2), covariance=4.0 * np.eye(2))
        for k in range(0, LEGS + 1, 2)
    ]
    assert "it is too small" in drive_fix(legs, seen, START, NOISE).warning
    assert drive_fix(legs, [], START, NOISE).warning == ""


def test_a_smoothed_place_is_never_worse_than_the_filtered_one() -> None:
    fix, _ = run(7, vision=True, radio=True, skyline=True)
    filtered = np.trace(fix.covariances[:, :2, :2], axis1=1, axis2=2)
    smoothed = np.trace(fix.smoothed_covariances[:, :2, :2], axis1=1, axis2=2)
    assert np.all(smoothed <= filtered + 1e-9)
    assert smoothed[30] < 0.9 * filtered[30]


def test_a_wild_sighting_is_left_out_by_name() -> None:
    legs, truth = simulated_drive(HEADINGS, LENGTH, np.random.default_rng(1), NOISE)
    wild = Sighting(after=30, kind="place", value=truth[30] + 500.0, covariance=25.0 * np.eye(2))
    fix = drive_fix(legs, [wild], START)
    assert len(fix.rejected) == 1
    assert fix.rejected[0].startswith("place after leg 30")
    assert np.allclose(fix.states, drive_fix(legs, [], START).states)


def test_vision_may_have_gaps_and_wheels_may_not() -> None:
    legs, _ = simulated_drive(HEADINGS, LENGTH, np.random.default_rng(2), NOISE)
    dark = legs.visual_m.copy()
    dark[10:30] = np.nan
    half = drive_fix(Legs(legs.wheel_m, legs.heading_rad, dark), [], START)
    whole, none = drive_fix(legs, [], START), drive_fix(legs, [], START, vision=False)
    size = [np.trace(fix.covariances[-1, :2, :2]) for fix in (whole, half, none)]
    assert size[0] < size[1] < size[2]
    with pytest.raises(InputError, match="only vision"):
        Legs(np.array([1.0, np.nan]), np.zeros(2), np.zeros(2))


def test_an_inertial_unit_sharpens_wheels_and_stays_consistent() -> None:
    rng = np.random.default_rng(11)
    errors: dict[str, list[np.ndarray]] = {"wheels": [], "unit": []}
    squares = []
    for seed in range(60):
        legs, truth = simulated_drive(HEADINGS, LENGTH, np.random.default_rng(seed), NOISE)
        unit = LENGTH + NOISE.inertial_sigma_m * rng.normal(size=LEGS)
        for name, inertial in (("wheels", None), ("unit", unit)):
            fix = drive_fix(Legs(legs.wheel_m, legs.heading_rad, legs.visual_m, inertial), [], START, vision=False)
            errors[name].append(fix.states[-1, :2] - truth[-1])
        squares.append(normalised_squares(errors["unit"][-1], fix.covariances[-1, :2, :2] - START)[0])
    assert rms(np.array(errors["unit"])) < 0.8 * rms(np.array(errors["wheels"]))
    assert consistency(np.array(squares), 2, 0.9999).consistent


def test_what_cannot_be_is_refused() -> None:
    legs = Legs(np.ones(3), np.zeros(3), np.ones(3))
    with pytest.raises(InputError, match="after leg 9 of 3"):
        drive_fix(legs, [Sighting(after=9, kind="place", value=np.zeros(2), covariance=np.eye(2))], START)
    with pytest.raises(InputError, match="no sighting of kind 'smell'"):
        drive_fix(
            legs, [Sighting(after=1, kind="smell", value=np.zeros(1), covariance=np.eye(1), beacon_m=(9.0, 9.0))], START
        )
    with pytest.raises(InputError, match="not positive definite"):
        drive_fix(legs, [], np.array([[1.0, 2.0], [2.0, 1.0]]))
