import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.base.frames import convergence_deg
from lupex.navigation.estimate.consistency import consistency, normalised_squares
from lupex.navigation.surface.crater_match import CraterFix, Craters, CraterSettings, crater_fix

SIDE_M = 8000.0
CORNER = np.array([12_000.0, -30_000.0])
SETTINGS = CraterSettings(map_sigma_m=0.0)


def catalogue(seed: int = 1, count: int = 900) -> Craters:
    """Craters (synthetic) of cumulative numbers falling as diameter to the -2, from 40 m on."""
    rng = np.random.default_rng(seed)
    return Craters(CORNER + rng.uniform(0.0, SIDE_M, (count, 2)), 40.0 * rng.uniform(0.0, 1.0, count) ** -0.5)


def image(known: Craters, seed: int, false: int = 6, most: int = 14) -> tuple[Craters, np.ndarray, float]:
    """What a camera sees within 700 m of a random place, noise and false craters among it; place and true yaw."""
    rng = np.random.default_rng(seed)
    place = CORNER + rng.uniform(0.15, 0.85, 2) * SIDE_M
    near = np.flatnonzero(np.max(np.abs(known.xy_m - place), axis=1) < 700.0)
    near = rng.permutation(near)[:most]
    grid = rng.uniform(0.0, 2.0 * np.pi)
    x, y = (known.xy_m[near] - place).T
    scale = 1.0 + SETTINGS.scale_sigma * rng.normal()
    seen = np.stack([x * np.cos(grid) - y * np.sin(grid), x * np.sin(grid) + y * np.cos(grid)], axis=1) / scale
    seen += SETTINGS.sigma_m * rng.normal(size=seen.shape)
    size = known.diameter_m[near] * np.exp(SETTINGS.size_sigma * rng.normal(size=near.size)) / scale
    wrong = rng.uniform(-700.0, 700.0, (false, 2))
    xy = np.concatenate([seen, wrong])
    sizes = np.concatenate([size, 40.0 * rng.uniform(0.0, 1.0, false) ** -0.5])
    yaw = np.degrees(grid) - float(convergence_deg(*place, "south"))
    return Craters(xy, sizes), place, yaw


def test_an_image_finds_its_place_and_yaw_and_false_craters_are_left_out() -> None:
    known = catalogue()
    errors, spreads, wrong = [], [], 0
    for seed in range(24):
        seen, place, yaw = image(known, seed)
        fix = crater_fix(seen, known, "south", SETTINGS)
        best = fix.modes[0]
        off = np.array([best.x_m, best.y_m]) - place
        assert best.probability > 0.99
        assert np.hypot(*off) < 20.0
        assert abs((best.yaw_deg - yaw + 180.0) % 360.0 - 180.0) < 3.0
        errors.append(off)
        spreads.append(best.covariance_m2)
        wrong += int(np.sum(best.pairs[:, 0] >= seen.diameter_m.size - 6))
        assert len(best.pairs) >= seen.diameter_m.size - 6 - 3
    assert wrong <= 3  # of 144 false ones; a few do lie on a crater
    assert consistency(normalised_squares(np.array(errors), np.array(spreads)), 2, 0.9999).consistent


def test_a_pattern_that_is_nowhere_is_refused_and_not_placed() -> None:
    known = catalogue()
    for seed in range(5):
        seen, *_ = image(catalogue(77), seed)
        with pytest.raises(InputError, match="better than chance"):
            crater_fix(seen, known, "south", SETTINGS)


def test_twin_patterns_are_two_places_of_the_same_probability_until_the_yaw_is_known() -> None:
    known = catalogue()
    middle = CORNER + 0.5 * SIDE_M
    mine = known.xy_m[np.max(np.abs(known.xy_m - middle), axis=1) < 900.0]
    sizes = known.diameter_m[np.max(np.abs(known.xy_m - middle), axis=1) < 900.0]
    away = np.array([40_000.0, 0.0])
    twin = np.stack([-(mine - middle)[:, 0], -(mine - middle)[:, 1]], axis=1) + middle + away  # turned by half a circle
    both = Craters(np.concatenate([known.xy_m, twin]), np.concatenate([known.diameter_m, sizes]))
    seen = Craters((mine - middle)[:18], sizes[:18])
    fix = crater_fix(seen, both, "south", SETTINGS)
    assert [round(one.probability, 1) for one in fix.modes[:2]] == [0.5, 0.5]
    yaw = -float(convergence_deg(*middle, "south"))
    known_yaw = crater_fix(seen, both, "south", CraterSettings(map_sigma_m=0.0, yaw_deg=yaw))
    assert known_yaw.modes[0].probability > 0.99
    assert np.hypot(known_yaw.modes[0].x_m - middle[0], known_yaw.modes[0].y_m - middle[1]) < 1.0


def test_the_map_tie_is_in_the_covariance_and_probabilities_add_up() -> None:
    known = catalogue()
    seen, *_ = image(known, 3)
    bare, tied = (crater_fix(seen, known, "south", CraterSettings(map_sigma_m=tie)) for tie in (0.0, 5.0))
    assert np.allclose(tied.modes[0].covariance_m2 - bare.modes[0].covariance_m2, 25.0 * np.eye(2))
    assert isinstance(bare, CraterFix)
    assert sum(one.probability for one in bare.modes) + bare.elsewhere == pytest.approx(1.0)


def test_what_cannot_be_matched_is_refused() -> None:
    known = catalogue()
    with pytest.raises(InputError, match="3 in the image"):
        crater_fix(Craters(np.zeros((3, 2)), np.ones(3)), known, "south")
    with pytest.raises(InputError, match="a diameter of 0 m"):
        Craters(np.zeros((1, 2)), np.zeros(1))
    with pytest.raises(InputError, match="do not match"):
        Craters(np.zeros((2, 2)), np.ones(3))
    with pytest.raises(InputError, match="false_fraction"):
        CraterSettings(false_fraction=1.0)
    with pytest.raises(InputError, match="better than chance"):
        crater_fix(Craters(np.zeros((5, 2)), np.ones(5)), known, "south")
