from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model.position.fix import enu_axes, place_me_m
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
