"""States of orbits a user brings, OEM and OPM, against each other and against the sights they stand for."""

from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError, LupexError
from lupex.ephemeris import barycentric_series, tdb_s_to_utc, utc_to_tdb_s
from lupex.io.messages.oem import OemHeader, write_oem
from lupex.io.messages.opm_states import KnownState, write_opm
from lupex.model import OrbitTable
from lupex.navigation.orbit.propagate import propagated
from lupex.study.position.known_orbits import read_orbits, states_me
from lupex.study.position.made_up_sights import made_up_sights
from lupex.study.questions.solution import SolveAsked, solved_position

EPOCH = "2026-03-01T00:00:00.000"
STATE = np.array([1_837_400.0, 0.0, 0.0, 0.0, 20.0, 1633.5])
HEAD = OemHeader("TEST", EPOCH)
PLACE = (-89.45, 222.69, 1200.0)


def _table(epochs: tuple[str, ...], states: np.ndarray) -> OrbitTable:
    return OrbitTable(
        name="ORB", center="MOON", frame="EME2000", time_system="UTC", epochs=epochs, position_m=states[:, :3],
        velocity_m_s=states[:, 3:],
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same two hours of orbit as OPM and as OEM, every 30 s."""
    folder = tmp_path_factory.mktemp("orbits")
    opm, oem = folder / "a.opm", folder / "b.oem"
    write_opm(
        opm, KnownState(name="ORB", center="MOON", frame="EME2000", time_system="UTC", epoch=EPOCH, state=STATE), HEAD
    )
    start = float(utc_to_tdb_s([EPOCH])[0])
    after = np.arange(0.0, 7201.0, 30.0)
    states = propagated(STATE, start, after, barycentric_series(start - 300.0, start + 7500.0))
    epochs = tuple(text.removesuffix("Z") for text in tdb_s_to_utc(start + after, 6))
    write_oem(oem, [_table(epochs, states)], HEAD)
    return opm, oem


def test_an_opm_is_carried_to_the_states_of_its_oem(files: tuple[Path, Path]) -> None:
    times = utc_to_tdb_s([EPOCH]) + np.array([0.0, 40.0, 3000.0, 7100.0])
    (at, going), (place, velocity) = (states_me(read_orbits([one])["ORB"], times) for one in files)
    assert np.abs(at - place).max() < 0.01
    assert np.abs(going - velocity).max() < 1e-4
    back = states_me(read_orbits([files[0]])["ORB"], times - 1000.0)[0]
    assert np.all(np.abs(np.linalg.norm(back, axis=1) - 1.8374e6) < 5e4)


def test_made_up_sights_by_orbit_lead_back_to_the_place(files: tuple[Path, Path], tmp_path: Path) -> None:
    rows = [f"orbiter_range,1,2026-03-01T00:{m:02d}:00Z,ORB" for m in range(20, 45)]
    rows += [f"orbiter_range,1,2026-03-01T01:{m:02d}:00Z,ORB" for m in range(20, 58, 2)]
    template, made = tmp_path / "template.csv", tmp_path / "sights.csv"
    template.write_text("method,sigma,utc,name\n" + "\n".join(rows) + "\n", encoding="utf-8")
    places, read = tmp_path / "places.csv", tmp_path / "read.csv"
    places.write_text("method,sigma_m\nimage,12\ncraters,5\nstar_tilt,80\n", encoding="utf-8")
    truth = made_up_sights(template, made, PLACE, 3, [files[0]])
    made_up_sights(places, read, PLACE, 4)
    assert truth["lat_deg"] == PLACE[0]
    found = solved_position([made, read], SolveAsked(prior=(-89.4, 222.0, 0.0)))
    off = found.fix.position_me_m - np.asarray(_me(PLACE))
    assert off @ np.linalg.solve(found.fix.covariance_me_m2, off) < 16.0
    assert found.fix.sigma_horizontal_m < 20.0
    # The states need not stand in the table: the orbit gives them to the solution as well.
    bare = tmp_path / "bare.csv"
    lines = made.read_text(encoding="utf-8").splitlines()
    bare.write_text("\n".join(",".join(line.split(",")[:5]) for line in lines) + "\n", encoding="utf-8")
    again = solved_position([bare, read], SolveAsked(prior=(-89.4, 222.0, 0.0), orbits=(files[1],)))
    assert np.linalg.norm(again.fix.position_me_m - found.fix.position_me_m) < 0.05


def _me(place: tuple[float, float, float]) -> np.ndarray:
    from lupex.model.position.fix import place_me_m

    return place_me_m(*place)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("orbiter_range,1,2026-03-01T00:20:00Z,OTHER", "no orbit of 'OTHER'"),
        ("orbiter_range,1,,ORB", "needs a time"),
        ("orbiter_range,1,2026-03-09T00:20:00Z,ORB", "8.0 days from its state"),
        ("orbiter_range,-1,2026-03-01T00:20:00Z,ORB", "sigma"),
        ("smell,1,2026-03-01T00:20:00Z,ORB", "method 'smell'"),
    ],
)
def test_what_cannot_be_made_up_is_refused_by_line_and_nothing_written(
    files: tuple[Path, Path], tmp_path: Path, row: str, said: str
) -> None:
    template, out = tmp_path / "template.csv", tmp_path / "out.csv"
    template.write_text(f"method,sigma,utc,name\n{row}\n", encoding="utf-8")
    with pytest.raises(LupexError, match=f"line 2.*{said}"):
        made_up_sights(template, out, PLACE, 1, [files[0]])
    assert not out.exists()


def test_orbits_that_do_not_fit_are_refused_by_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has an orbit already"):
        read_orbits(files)
    other = tmp_path / "other.opm"
    for old, new, said in (
        ("= MOON", "= EARTH", "centre is EARTH"),
        ("= EME2000", "= MARS_FIXED", "MARS_FIXED is unknown"),
        ("= EME2000", "= MOON_ME", "MOON_ME turns"),
        ("= UTC", "= BDT", "time system BDT"),
        ("CCSDS_OPM_VERS", "CCSDS_XPM_VERS", "does not begin with CCSDS_OEM_VERS"),
    ):
        other.write_text(files[0].read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        with pytest.raises(LupexError, match=said) as caught:
            read_orbits([other])
        assert "other.opm" in str(caught.value)
