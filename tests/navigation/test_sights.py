from dataclasses import replace

import numpy as np
import pytest
from tests.navigation.scenes_radio import PLACE, START, antennas, series

from lupex.base.errors import InputError
from lupex.ephemeris import tdb_s_to_utc
from lupex.model.position.fix import enu_axes
from lupex.navigation.design.orbits import low_polar_orbit, orbiter_at, south_constellation
from lupex.navigation.estimate.batch import BatchSettings, Prior, batch_fit
from lupex.navigation.estimate.consistency import consistency, normalised_squares
from lupex.navigation.radio.ranges import RangeModel
from lupex.navigation.sights import SIGHTS, Sight, Surroundings, sight_observations, simulated_sights

AXES = enu_axes(-89.45, 222.69)
LANDER = tuple((PLACE + np.array([300.0, -200.0, 2.0]) @ AXES).tolist())
AROUND = Surroundings(
    series=series(2), model=RangeModel(series=series(2), antennas=antennas("misasa"), terms=())
)  # fmt: skip
UTC = [text for k in range(4) for text in tdb_s_to_utc([START + 3600.0 + 1800.0 * k])]


def orbit_sights(method: str, orbits, sigma: float, times=None) -> list[Sight]:
    tdb = START + 3600.0 + (1800.0 * np.arange(4) if times is None else times)
    utc = tdb_s_to_utc(tdb)
    found = []
    for number, one in enumerate(orbits):
        states = orbiter_at(one, series(2), START, tdb)
        found += [
            Sight(
                method=method,
                value=0.0,
                sigma=sigma,
                utc=u,
                name=f"sat{number}",
                place_m=tuple(p),
                velocity_m_s=tuple(v),
            )
            for u, p, v in zip(utc, states.place_me_m.tolist(), states.velocity_me_m_s.tolist(), strict=True)
        ]
    return found


def gnss_sights() -> list[Sight]:
    """Four satellites on circles of GPS size, somewhere in view of the Moon."""
    found = []
    for number, angle in enumerate((0.1, 1.7, 3.0, 4.4)):
        for utc in UTC:
            place = 26.56e6 * np.array([np.cos(angle), np.sin(angle), 0.7 * np.sin(2.0 * angle)])
            found.append(
                Sight(
                    method="earth_gnss", value=0.0, sigma=1.0, utc=utc, name=f"G{number}", place_m=tuple(place.tolist())
                )
            )
    return found


def every_kind() -> list[Sight]:
    near = np.array([0.0, 60.0, 120.0, 180.0])
    return [
        *orbit_sights("lunar_satellites", south_constellation(), 3.0),
        *orbit_sights("orbiter_range", low_polar_orbit(), 2.0, near),
        *orbit_sights("orbiter_doppler", low_polar_orbit(), 1e-3, near),
        *orbit_sights("reflector", low_polar_orbit(), 0.1, near),
        *gnss_sights(),
        Sight(method="lander_radio", value=0.0, sigma=1.0, place_m=LANDER),
        Sight(method="lander_bearing", value=0.0, sigma=0.5, place_m=LANDER),
        Sight(method="landmark_elevation", value=0.0, sigma=0.1, place_m=LANDER),
        *(Sight(method="same_beam", value=0.0, sigma=0.01, utc=u, place_m=LANDER, name="misasa") for u in UTC),
        Sight(method="dem_height", value=0.0, sigma=1.0),
    ]


def test_every_kind_is_simulated_and_explained_by_the_truth_to_its_noise() -> None:
    rng = np.random.default_rng(3)
    made = simulated_sights(every_kind(), PLACE, rng, AROUND)
    found = sight_observations(made, 3, AROUND)
    assert {one.method for one in found} == set(SIGHTS)
    for one in found:
        left, jacobian = one.residuals(PLACE)
        assert np.abs(left / one.sigma).max() < 4.5, one.method
        for k in range(3):
            move = np.zeros(3)
            move[k] = 1.0
            difference = (one.predict(PLACE + move)[0] - one.predict(PLACE - move)[0]) / 2.0
            assert difference == pytest.approx(jacobian[:, k], abs=2e-6 + 1e-6 * np.abs(jacobian).max()), one.method


def test_pseudoranges_with_a_clock_of_kilometres_give_places_their_covariance_describes() -> None:
    rng = np.random.default_rng(4)
    errors, covariances = [], []
    for _ in range(40):
        made = simulated_sights(orbit_sights("lunar_satellites", south_constellation(), 3.0), PLACE, rng)
        start = PLACE + 1000.0 * rng.normal(size=3)
        fit = batch_fit(
            sight_observations(made, 3), Prior(state=start, covariance=1e6 * np.eye(3)), BatchSettings(reject_sigma=0.0)
        )
        errors.append(fit.state - PLACE)
        covariances.append(fit.covariance)
    told = consistency(normalised_squares(np.array(errors), np.array(covariances)), 3)
    assert told.consistent, told.words
    assert np.sqrt(np.trace(covariances[0])) < 50.0


def test_an_earth_satellites_signal_is_late_by_the_light_time_of_the_barycentric_frame() -> None:
    """Against SPICE: the satellite beside the Earth where that was when the signal left."""
    import spiceypy as spice

    from lupex.ephemeris import earth_orientation_kernels, kernels, sky_kernels
    from lupex.navigation.radio.beams import gnss_path

    sent, now = np.array([20.0e6, -15.0e6, 8.0e6]), START + 7200.0
    with kernels((*sky_kernels(), *earth_orientation_kernels())):
        turn = spice.pxform("MOON_ME_DE440_ME421", "J2000", now)
        here, light = np.array(spice.spkssb(301, now, "J2000")[:3]) * 1e3 + turn @ PLACE, 1.3
        for _ in range(6):
            there = np.array(spice.spkssb(399, now - light, "J2000")[:3]) * 1e3 + sent
            light = float(np.linalg.norm(here - there)) / 299_792_458.0
    found, _ = gnss_path(series(2), PLACE, [now], [sent])
    assert found[0] == pytest.approx(299_792_458.0 * light, abs=3e-3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "smell"}, "method 'smell'.*lunar_satellites"),
        ({"sigma": 0.0}, "sigma above 0"),
        ({"value": float("nan")}, "finite"),
        ({"place_m": None}, "without the place"),
        ({"velocity_m_s": None}, "without a velocity"),
        ({"utc": "", "method": "lunar_satellites"}, "without a time"),
        ({"place_m": (1837.0, 0.0, 0.0)}, "give metres"),
        ({"method": "lander_radio", "place_m": (6.4e6, 0.0, 0.0)}, "give metres"),
    ],
)
def test_rows_that_cannot_be_are_refused(change: dict[str, object], words: str) -> None:
    good = orbit_sights("orbiter_range", low_polar_orbit(), 2.0)[0]
    with pytest.raises(InputError, match=words):
        replace(good, **change)


def test_pseudoranges_that_leave_nothing_but_the_clock_are_refused() -> None:
    one = orbit_sights("lunar_satellites", south_constellation()[:1], 3.0)
    with pytest.raises(InputError, match="two at one instant are needed"):
        sight_observations(one, 3)
    with pytest.raises(InputError, match="given twice"):
        sight_observations([one[0], one[0]], 3)
    with pytest.raises(InputError, match="not in Earth orbit"):
        sight_observations([replace(s, place_m=(26_560.0, 0.0, 0.0)) for s in gnss_sights()], 3, AROUND)[0].predict(
            PLACE
        )
    with pytest.raises(InputError, match="no series"):
        sight_observations(gnss_sights(), 3)
    with pytest.raises(InputError, match="antenna 'usuda' is not among"):
        beam = Sight(method="same_beam", value=0.0, sigma=0.01, utc=UTC[0], place_m=LANDER, name="usuda")
        sight_observations([beam], 3, AROUND)
