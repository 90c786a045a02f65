from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.navigation.sights import Sight, simulated_sights
from lupex.study.questions.solution import SolveAsked, simulated_files, solved_position

LAT, LON, HEIGHT = -89.45, 222.69, 1200.0
ASKED = SolveAsked(prior=(-89.4, 222.0, 0.0))
SPAN = ("2026-03-01T00:00:00Z", 2.0)


@pytest.fixture(scope="module")
def tdm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tdm") / "made_up.tdm"
    simulated_files(out, (LAT, LON, HEIGHT), ("misasa", "byalalu32"), SPAN, 600.0, 3)
    return out


def test_a_tdm_leads_back_to_the_place_it_was_made_for(tdm: Path) -> None:
    found = solved_position([tdm], ASKED)
    off = found.fix.position_me_m - place_me_m(LAT, LON, HEIGHT)
    assert off @ np.linalg.solve(found.fix.covariance_me_m2, off) < 16.0
    assert found.fix.residuals["chi2_per_datum"] == pytest.approx(1.0, abs=0.15)
    assert found.fix.sigma_horizontal_m < 15.0
    assert "synthetic" in tdm.read_text()


def test_an_image_adds_what_it_knows(tdm: Path, tmp_path: Path) -> None:
    table = tmp_path / "places.csv"
    table.write_text(f"method,lat_deg,lon_deg,sigma_m\nimage,{LAT},{LON},2\n")
    both, alone = solved_position([tdm, table], ASKED), solved_position([tdm], ASKED)
    assert both.fix.sigma_horizontal_m < min(alone.fix.sigma_horizontal_m, 2.0 * np.sqrt(2.0))


def test_cycle_slips_and_outliers_are_left_out_by_time(tdm: Path, tmp_path: Path) -> None:
    lines = tdm.read_text().splitlines()
    ranges = [k for k, line in enumerate(lines) if line.startswith("RANGE =")]
    key, time, value = lines[ranges[10]].replace("RANGE = ", "RANGE ").split()
    lines[ranges[10]] = f"{key} = {time} {float(value) + 2.0:.9f}"
    slipped = tmp_path / "slipped.tdm"
    slipped.write_text("\n".join(lines) + "\n")
    found = solved_position([slipped], ASKED)
    assert len(found.fix.rejected) == 1
    assert time in found.fix.rejected[0]


def test_one_image_alone_says_what_it_does_not_observe(tmp_path: Path) -> None:
    table = tmp_path / "places.csv"
    table.write_text(f"method;lat_deg;lon_deg;sigma_m\nimage;{str(LAT).replace('.', ',')};222,69;12\n")
    found = solved_position([table], ASKED)
    assert any("up-down: not observed" in words for words in found.fix.unobserved)
    axes = enu_axes(LAT, LON)
    assert np.abs((axes @ (found.fix.position_me_m - place_me_m(LAT, LON)))[:2]).max() < 1.0


def test_bad_data_are_refused_by_file_and_reason(tdm: Path, tmp_path: Path) -> None:
    text = tdm.read_text()
    line = next(one for one in text.splitlines() if one.startswith("RANGE ="))
    cases = {
        "given twice": text.replace(line, f"{line}\n{line}", 1),
        "no participant is a station": text.replace("misasa", "nowhere").replace("byalalu32", "elsewhere"),
        "TIME_SYSTEM is TAI": text.replace("TIME_SYSTEM = UTC", "TIME_SYSTEM = TAI"),
        "RANGE_UNITS is s": text.replace("RANGE_UNITS = km", "RANGE_UNITS = s"),
    }
    for said, body in cases.items():
        bad = tmp_path / "bad.tdm"
        bad.write_text(body)
        with pytest.raises(InputError, match=said):
            solved_position([bad], ASKED)
    with pytest.raises(InputError, match="is given twice"):
        solved_position([tdm, tdm], ASKED)
    table = tmp_path / "places.csv"
    table.write_text("method,lat_deg,lon_deg,sigma_m\nguess,1,2,3\n")
    with pytest.raises(InputError, match="method 'guess'"):
        solved_position([table], ASKED)


def test_pseudoranges_beacons_and_heights_are_read_from_one_table(tmp_path: Path) -> None:
    """Rows made by the models themselves, with noise and clock; then the fix must hold the truth."""
    place = place_me_m(LAT, LON, HEIGHT)
    utc = "2026-03-01T01:00:00Z"
    lander = place + np.array([400.0, 300.0, 0.0]) @ enu_axes(LAT, LON)
    above = ((2e6, 1e6, -9e6), (-3e6, 2e6, -8e6), (1e6, -4e6, -9e6), (0.0, 0.0, -6e6))
    rows = [
        Sight(
            method="lunar_satellites", value=0.0, sigma=3.0, utc=utc, name=f"L{k}", place_m=at,
            velocity_m_s=(0.0, 500.0, 100.0),
        )
        for k, at in enumerate(above)
    ]  # fmt: skip
    rows.append(Sight(method="lander_radio", value=0.0, sigma=1.0, place_m=tuple(lander.tolist())))
    rows.append(Sight(method="dem_height", value=0.0, sigma=1.0))
    made = simulated_sights(rows, place, np.random.default_rng(5))
    lines = ["method,utc,name,value,sigma,x_m,y_m,z_m,vx_m_s,vy_m_s,vz_m_s"]
    for one in made:
        at, going = (",".join(map(repr, v)) if v else ",," for v in (one.place_m, one.velocity_m_s))
        lines.append(f"{one.method},{one.utc},{one.name},{one.value!r},{one.sigma},{at},{going}")
    table = tmp_path / "sights.csv"
    table.write_text("\n".join(lines) + "\n")
    found = solved_position([table], ASKED)
    off = found.fix.position_me_m - place
    assert off @ np.linalg.solve(found.fix.covariance_me_m2, off) < 16.0
    assert found.fix.sigma_horizontal_m < 10.0
    assert found.fix.method == "lunar_satellites+lander_radio+dem_height"


def test_a_zenith_is_corrected_and_says_what_is_left(tmp_path: Path) -> None:
    table = tmp_path / "zenith.csv"
    table.write_text(f"method,lat_deg,lon_deg,sigma_m\nstar_tilt,{LAT},{LON},80\n")
    found = solved_position([table], ASKED)
    assert 450.0 < found.fix.sigma_enu_m[0] < 650.0  # 549 m, by what the plumb line itself changes over the ground
    assert any("549 m rms" in note for note in found.fix.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("method,value\ndem_height,1\n", "no column sigma"),
        ("method,value,sigma\nsmell,1,1\n", "line 2: method 'smell'"),
        ("method,value,sigma\ndem_height,high,1\n", "line 2 value"),
        ("method,value,sigma\ndem_height,1,0\n", "sigma above 0"),
        ("method,value,sigma,x_m\nlander_radio,1,1,5\n", "x_m without the other two"),
        ("method,value,sigma,utc\nlunar_satellites,1,1,yesterday\n", "line 2 utc"),
        ("method,value,sigma\nearth_gnss,1,1\n", "without the place"),
    ],
)
def test_sights_that_cannot_be_are_refused_by_line(tmp_path: Path, text: str, words: str) -> None:
    table = tmp_path / "sights.csv"
    table.write_text(text)
    with pytest.raises(InputError, match=words):
        solved_position([table], ASKED)
