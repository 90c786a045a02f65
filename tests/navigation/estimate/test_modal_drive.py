import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.navigation.estimate.drive import DriveNoise, Legs, Sighting, drive_fix, simulated_drive
from lupex.navigation.estimate.modal_drive import ModalFix, PlaceModes, modal_drive

LEGS, LENGTH, SIDE_M = 30, 5.0, 2000.0
HEADINGS = np.radians(40.0 + 50.0 * np.sin(np.arange(LEGS) / 8.0))
SPREAD = 36.0 * np.eye(2)


def seen(truth: np.ndarray, after: int, rng: np.random.Generator, elsewhere: float = 0.1) -> PlaceModes:
    """Four modes with probabilities drawn, the truth one of them as often as they say, the others anywhere."""
    chances = (1.0 - elsewhere) * rng.dirichlet(np.ones(4))
    places = rng.uniform(-0.5 * SIDE_M, 0.5 * SIDE_M, (4, 2))
    which = rng.choice(5, p=np.append(chances, elsewhere))
    if which < 4:
        places[which] = truth + 6.0 * rng.normal(size=2)
    return PlaceModes(
        places_m=places, covariances_m2=np.broadcast_to(SPREAD, (4, 2, 2)), probabilities=chances,
        elsewhere=elsewhere, area_m2=SIDE_M**2, after=after,
    )  # fmt: skip


def driven(seed: int, stops: tuple[int, ...]) -> tuple[ModalFix, np.ndarray]:
    """A drive from a place drawn anywhere, panoramas before it and at the stops; the place it truly ends at."""
    rng = np.random.default_rng(seed)
    legs, path = simulated_drive(HEADINGS, LENGTH, rng)
    truth = path + rng.uniform(-0.4 * SIDE_M, 0.4 * SIDE_M, 2)
    sightings = [seen(truth[k], k, rng) for k in stops]
    return modal_drive(legs, seen(truth[0], 0, rng), sightings), truth[-1]


def near(fix: ModalFix, truth: np.ndarray) -> np.ndarray:
    """Which particles lie within four of their sigmas of a place."""
    off = truth - fix.states[:, :2]
    squares = np.einsum("ni,ni->n", off, np.linalg.solve(fix.covariances[:, :2, :2], off[..., None])[..., 0])
    return squares < 16.0


def test_where_one_mode_alone_goes_wrong_the_drive_finds_the_right_one() -> None:
    rng = np.random.default_rng(5)
    legs, path = simulated_drive(HEADINGS, LENGTH, rng)
    decoy = np.array([800.0, -300.0])
    start = PlaceModes(
        places_m=np.array([decoy, [0.0, 0.0]]), covariances_m2=np.array([SPREAD, SPREAD]),
        probabilities=np.array([0.6, 0.35]), elsewhere=0.05, area_m2=SIDE_M**2,
    )  # fmt: skip
    spots = [(k, path[k] + 6.0 * rng.normal(size=2)) for k in (15, 30)]
    sightings = [
        PlaceModes(
            places_m=np.array([place, rng.uniform(-900.0, 900.0, 2)]), covariances_m2=np.array([SPREAD, SPREAD]),
            probabilities=np.array([0.5, 0.4]), elsewhere=0.1, area_m2=SIDE_M**2, after=k,
        ) for k, place in spots
    ]  # fmt: skip
    fix = modal_drive(legs, start, sightings)
    assert fix.best[0] == pytest.approx(0.6)
    assert fix.decided_after == 15
    assert fix.weights[0] > 0.99
    off = fix.states[0, :2] - path[-1]
    assert off @ np.linalg.solve(fix.covariances[0, :2, :2], off) < 16.0
    # A filter that follows the best mode alone refuses the truth and stays sure of the wrong place.
    alone = drive_fix(
        legs, [Sighting(after=k, kind="place", value=place - decoy, covariance=SPREAD) for k, place in spots], SPREAD
    )
    assert len(alone.rejected) == 2
    assert np.hypot(*(alone.states[-1, :2] + decoy - path[-1])) > 800.0
    assert np.sqrt(np.trace(alone.covariances[-1, :2, :2])) < 30.0


def test_weights_are_the_frequencies_they_promise_and_grow_along_the_drive() -> None:
    early, late = ([driven(seed, stops) for seed in range(100)] for stops in ((), (10, 20, 30)))
    # Every hypothesis of the start, the flat one too: as many are right as their weights add up to.
    chance = np.concatenate([np.append(fix.weights, fix.elsewhere) for fix, _ in early])
    hit = np.concatenate([np.append(near(fix, truth), not near(fix, truth).any()) for fix, truth in early])
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 1.0)):
        some = (chance > low) & (chance <= high)
        assert some.sum() > 30
        assert abs(hit[some].sum() - chance[some].sum()) < 3.5 * np.sqrt(np.sum(chance[some] * (1.0 - chance[some])))
    # The heaviest one, before and after the drive: chances near one leave little room.
    for found in (early, late):
        best = np.array([fix.best[-1] for fix, _ in found])
        told = np.array([near(fix, truth)[0] for fix, truth in found])
        assert abs(told.sum() - best.sum()) < 3.5 * np.sqrt(np.sum(best * (1.0 - best))) + 1.0
    right = [np.mean([near(fix, truth)[0] for fix, truth in found]) for found in (early, late)]
    assert right[0] < 0.65
    assert right[1] > 0.9
    assert np.mean([fix.weights[0] > 0.99 for fix, _ in late]) > 0.6


def test_a_single_mode_is_the_ordinary_filter() -> None:
    legs, path = simulated_drive(HEADINGS, LENGTH, np.random.default_rng(1))
    one = PlaceModes(places_m=np.zeros((1, 2)), covariances_m2=SPREAD, probabilities=np.ones(1), elsewhere=0.0,
                     area_m2=1e6)  # fmt: skip
    sightings = [
        Sighting(after=9, kind="range", value=np.array([50.0]), covariance=np.eye(1), beacon_m=(0.0, 80.0)),
        Sighting(after=12, kind="bearing", value=np.array([0.3]), covariance=np.eye(1) * 0.01, beacon_m=(30.0, 900.0)),
        Sighting(after=20, kind="place", value=path[20], covariance=SPREAD),
    ]
    modal, plain = modal_drive(legs, one, sightings), drive_fix(legs, sightings, SPREAD)
    assert np.allclose(modal.states[0], plain.states[-1])
    assert np.allclose(modal.covariances[0], plain.covariances[-1])
    assert modal.weights.tolist() == [1.0]
    assert modal.decided_after == 0


def test_headings_from_true_north_are_turned_where_each_particle_is() -> None:
    legs = Legs(np.full(10, 5.0), np.zeros(10), np.full(10, 5.0))
    noise = DriveNoise(slip_mean=0.0)
    places = np.array([[16_000.0, 0.0], [0.0, 16_000.0]])
    start = PlaceModes(places_m=places, covariances_m2=np.array([SPREAD, SPREAD]), probabilities=np.array([0.5, 0.5]),
                       elsewhere=0.0, area_m2=1e9)  # fmt: skip
    fix = modal_drive(legs, start, noise=noise, pole="south")
    away = np.hypot(fix.states[:, 0], fix.states[:, 1]) - 16_000.0
    assert np.allclose(away, 50.0, atol=0.1)  # north is away from the south pole, at every longitude
    fix = modal_drive(legs, start, noise=noise, pole="north")
    assert np.allclose(np.hypot(fix.states[:, 0], fix.states[:, 1]) - 16_000.0, -50.0, atol=0.1)


def test_a_sighting_nobody_explains_is_left_out_by_name_and_bad_modes_are_refused() -> None:
    legs = Legs(np.full(3, 5.0), np.zeros(3), np.full(3, np.nan))
    one = PlaceModes(places_m=np.zeros((1, 2)), covariances_m2=SPREAD, probabilities=np.ones(1), elsewhere=0.0,
                     area_m2=1e6)  # fmt: skip
    wild = Sighting(after=2, kind="place", value=np.array([500.0, 0.0]), covariance=SPREAD)
    fix = modal_drive(legs, one, [wild])
    assert fix.rejected[0].startswith("place after leg 2")
    assert fix.weights.tolist() == [1.0]
    for change, words in (
        ({"probabilities": np.array([0.7])}, "add up to 0.7"),
        ({"covariances_m2": -SPREAD}, "not positive definite"),
        ({"area_m2": 0.0}, "no area"),
        ({"places_m": np.zeros((2, 2))}, "do not match"),
    ):
        given = {"places_m": np.zeros((1, 2)), "covariances_m2": SPREAD, "probabilities": np.ones(1), "elsewhere": 0.0,
                 "area_m2": 1e6} | change  # fmt: skip
        with pytest.raises(InputError, match=words):
            PlaceModes(**given)
    with pytest.raises(InputError, match="after leg 9 of 3"):
        modal_drive(legs, one, [Sighting(after=9, kind="place", value=np.zeros(2), covariance=SPREAD)])
