"""Evidence files: read, refused with entry and reason, and never changed but at their end."""

import errno
import hashlib
import os

import pytest

from lupex.base.errors import InputError, StoreError
from lupex.io.atomic import only_writer
from lupex.water import merged, read_evidence, record_measurement

HEAD = """
[evidence]
name = "trial"
synthetic = true

[[places]]
name = "hole 1"
lat_deg = -89.5
lon_deg = 220.0

[[places]]
name = "hole 2"
lat_deg = -89.51
lon_deg = 220.0
ice_probability = 0.1
"""
NSS = """
[[measurements]]
place = "hole 1"
channel = "nss"
counts = 21000
time_s = 900
dead_time_s = 1e-6
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str, name: str = "evidence.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_places_rule_and_measurements_are_read(written):
    found = read_evidence(written(HEAD + NSS))
    assert (found.name, found.synthetic, found.sealed) == ("trial", True, 0)
    assert [place.prior.ice_probability for place in found.places] == [0.3, 0.1]
    name, one = found.measurements[0]
    assert (name, one.channel, one.values["counts"], one.look.time_s) == ("hole 1", "nss", 21000, 900.0)
    assert found.assumptions()["nss"] == ["dry_rate_relative_sigma", "dead_time_s", "measuring_power_w"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + NSS.replace("nss", "nsss"), "measurement 1: unknown instrument 'nsss'; did you mean 'nss'?"),
        (HEAD + NSS.replace("hole 1", "hole 9"), "measurement 1: no place 'hole 9'; did you mean 'hole"),
        (HEAD + NSS.replace("time_s = 900\n", "\n"), "time_s is missing"),
        (HEAD + NSS.replace("21000", "-3"), "counts -3 lies outside"),
        (HEAD + NSS.replace("dead_time_s = 1e-6", ""), "dead_time_s is missing"),
        (HEAD + NSS.replace("21000", "40000"), "above the dry rate"),
        (HEAD + NSS.replace("counts", "count"), "unknown name 'count'; did you mean 'counts'?"),
        (HEAD.replace("hole 2", "hole 1"), "a place hole 1 stands further up already"),
        (HEAD.replace("lat_deg = -89.51\n", ""), "only one of lat_deg and lon_deg"),
        (HEAD.replace("0.1", "1.4"), "ice_probability"),
        (HEAD + "[rule]\nlevel = 3\n", "unknown name 'level'"),
        (HEAD + "[rule]\nspecific = 'adoor'\n", "unknown instrument 'adoor'"),
        (HEAD + "[instruments.nss]\ndry_rate = 3\n", "unknown name 'dry_rate'"),
        (HEAD + "[instruments.nss]\ndry_rate_cps = -3.0\n", "below the smallest allowed value"),
        (HEAD + '[[measurements]]\nplace = "hole 1"\nchannel = "adore"\nwater_wt_percent = 1.0\n', "depth_m is"),
        (HEAD + '[[measurements]]\nplace = "hole 1"\nchannel = "nss"\nblank = true\ntime_s = 1.0\n', "a blank of nss"),
        (HEAD + '[[measurements]]\nplace = "hole 1"\nchannel = "alis"\nband_depths = [0.1, nan, 0.1]\n', "nan"),
        (HEAD + '[[measurements]]\nplace = "hole 1"\nchannel = "alis"\nband_depths = [0.1, 1.0, 0.1]\n', "saturated"),
        (HEAD + '[[measurements]]\nplace = "hole 1"\nchannel = "thermal_probe"\ndepth_m = 0.3\n'
         "conductivity_w_m_k = 0.01\ntemperature_k = 700.0\n", "lies outside the law's 20 .. 400 K"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(written, text, said):
    path = written(text)
    with pytest.raises(InputError) as refused:
        read_evidence(path).tables()
    assert said in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_recording_appends_and_changes_nothing_before(written):
    path = written(HEAD + NSS)
    before = path.read_bytes()
    found = record_measurement(path, "hole 1", "adore", {"depth_m": 0.4, "water_wt_percent": 1.2})
    after = path.read_bytes()
    assert after.startswith(before)
    assert found.sealed == 1
    assert found.measurements[-1][1].values == {"water_wt_percent": 1.2}
    record_measurement(path, "hole 2", "nir_cuttings", {"depth_m": 0.4, "band_depths": [0.0, 0.01, 0.0]})
    assert path.read_bytes().startswith(after)
    assert read_evidence(path).sealed == 2


def test_a_measurement_that_cannot_be_leaves_the_file_as_it_was(written):
    path = written(HEAD + NSS)
    before = path.read_bytes()
    for values in ({"depth_m": 0.4}, {"depth_m": 0.4, "water_wt_percent": float("nan")}, {"colour": 3}):
        with pytest.raises(InputError) as refused:
            record_measurement(path, "hole 1", "adore", values)
        assert ".trial" not in str(refused.value)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_second_process_that_records_is_refused_and_nothing_is_half_written(written, monkeypatch):
    path = written(HEAD + NSS)
    before = path.read_bytes()
    blank = ("hole 1", "adore", {"blank": True, "water_wt_percent": 0.02})
    with only_writer(path), pytest.raises(InputError, match="another process is writing it"):
        record_measurement(path, *blank)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="the disk is full"):
        patch.setattr(os, "fsync", full)
        record_measurement(path, *blank)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert record_measurement(path, *blank).sealed == 1


@pytest.mark.parametrize("change", [("counts = 21000", "counts = 20000"), ("synthetic = true", "synthetic = false")])
def test_a_change_before_a_seal_is_found(written, change):
    path = written(HEAD + NSS)
    record_measurement(path, "hole 1", "adore", {"depth_m": 0.4, "water_wt_percent": 1.2})
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(InputError, match="measurement 2: its seal does not fit what stands before it"):
        read_evidence(path)


def test_a_single_bit_flipped_anywhere_in_a_sealed_file_is_found_or_harmless(written):
    path = written(HEAD)
    record_measurement(path, "hole 1", "nss", {"counts": 21000, "time_s": 900.0, "dead_time_s": 1e-6})
    content = path.read_bytes()
    want = read_evidence(path)
    for bit in range(0, 8 * len(content), 7):  # every octet, each time another bit
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            assert read_evidence(path) == want
        except InputError as error:
            assert str(path) in str(error)


def test_a_seal_of_before_over_what_stood_in_front_of_the_measurement_still_counts(written):
    seal = hashlib.sha256(f"{HEAD}\n".encode()).hexdigest()
    path = written(f'{HEAD}\n{NSS.strip()}\nseal = "{seal}"\n')
    assert read_evidence(path).sealed == 1


def test_two_files_for_one_hole_are_refused(written):
    first = read_evidence(written(HEAD + NSS, "a.toml"))
    same_name = HEAD.replace("-89.5\n", "-89.3\n").replace("hole 2", "hole 3").replace("-89.51", "-89.41")
    with pytest.raises(InputError, match="two files for one hole"):
        merged([first, read_evidence(written(same_name, "b.toml"))])
    same_spot = HEAD.replace("hole 1", "pit").replace("hole 2", "hole 3").replace("-89.51", "-89.41")
    with pytest.raises(InputError, match=r"pit is hole 1 of .*a\.toml: two files for one hole"):
        merged([first, read_evidence(written(same_spot, "b.toml"))])
    apart = same_spot.replace("-89.5\n", "-89.3\n")
    both = merged([first, read_evidence(written(apart, "b.toml"))])
    assert [place.name for place in both.places] == ["hole 1", "hole 2", "pit", "hole 3"]


def test_files_of_different_instruments_are_not_mixed(written):
    """Their calibration is shared: the numbers of the first file must not stand for those of the second."""
    first = read_evidence(written(HEAD, "a.toml"))
    other = HEAD.replace("hole 1", "x").replace("hole 2", "y").replace("89.5", "89.2")
    other += "[instruments.nss]\ndry_rate_cps = 25.0\n"
    with pytest.raises(InputError, match=r"its \[instruments.nss\] differs from that of .*a\.toml"):
        merged([first, read_evidence(written(other, "b.toml"))])


def test_files_of_different_rules_are_not_mixed(written):
    first = read_evidence(written(HEAD, "a.toml"))
    other = HEAD.replace("hole 1", "x").replace("hole 2", "y").replace("89.5", "89.2") + "[rule]\nconfirm = 0.9\n"
    with pytest.raises(InputError, match="its rule differs"):
        merged([first, read_evidence(written(other, "b.toml"))])
