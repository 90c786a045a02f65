import gzip
from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.io.messages.lugre import read_lugre_raw

EMPTY = "senderId: 0 messageType: RAW rxTime: 1421026677.65449 measures: [ ]\n"
E36 = (
    "svid: 36 prRaw: 195768279.822843 cn0: 38.3626704668493 signalId: 2 fdRaw: -12371.703595763 "
    "accDoppler: 195769659.688294 fdRateRaw: 12.9436107589995"
)
G07 = "svid: 7 prRaw: 1.5e8 cn0: 31.5 signalId: 0 fdRaw: 100.5 accDoppler: 2.0 fdRateRaw: 0.1"
HEAD = "senderId: 0 messageType: RAW rxTime: 1421026678.65449 measures: "
"""Lines in the published form (programs that read the data set quote them); no file of the set was at hand."""


def written(folder: Path, text: str) -> Path:
    path = folder / "TLM_RAW.txt"
    path.write_text(text, encoding="ascii")
    return path


def test_every_satellite_of_every_instant_is_a_row(tmp_path: Path) -> None:
    path = written(tmp_path, EMPTY + f"{HEAD}[ {E36} {G07} ]\n\n")
    first, second = read_lugre_raw(path)
    assert (first.satellite, first.signal, second.satellite, second.signal) == (
        "E36",
        "Galileo E1",
        "G07",
        "GPS L1 C/A",
    )
    assert first.utc == "2025-01-16T01:37:40.654490Z"  # GPS week 2349, 18 s ahead of UTC
    assert first.pseudorange_m == 195768279.822843
    assert (first.carrier_m, first.cn0_dbhz, first.doppler_hz, first.doppler_rate_hz_s) == (
        195769659.688294, 38.3626704668493, -12371.703595763, 12.9436107589995,
    )  # fmt: skip
    packed = tmp_path / "TLM_RAW.txt.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_lugre_raw(packed) == [first, second]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no measurement"),
        (EMPTY, "no measurement"),
        ("senderId: 0 messageType: NAV rxTime: 1421026677.6 nSat: 4\n", "line 1: no RAW message"),
        (f"{HEAD}[ {E36} ", "line 1: measures stand in no brackets"),
        (f"{HEAD}[ {E36[:40]} ]", "line 1: a measurement has other fields"),
        (f"{HEAD}[ {E36.replace('195768279.822843', 'nan')} ]", "prRaw"),
        (f"{HEAD}[ {E36.replace('signalId: 2', 'signalId: 9')} ]", "satellite 36 of signal 9"),
        (f"{HEAD}[ {E36} {E36} ]", "given twice"),
        (f"{HEAD.replace('1421026678', '421026678')}[ {E36} ]", "rxTime 421026679 s"),
        ("senderId: 0 messageType: RAW rxTime:\n", "no RAW message"),
    ],
)
def test_what_is_no_such_file_is_refused_by_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_lugre_raw(written(tmp_path, text))


def test_bytes_that_are_no_text_and_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "TLM_RAW.txt"
    with pytest.raises(InputError, match="cannot be read"):
        read_lugre_raw(path)
    for content in (b"\xff\xfe\x00", b"\x1f\x8bnot gzip at all"):
        path.write_bytes(content)
        with pytest.raises(InputError, match="cannot be read"):
            read_lugre_raw(path)
