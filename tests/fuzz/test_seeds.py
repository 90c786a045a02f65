"""Every seed, right or once a find, is read, or refused in one line that names the file."""

from pathlib import Path

import pytest
from tests.fuzz.targets import TARGETS, attempt, seeds

CASES = [(name, path) for name in TARGETS for path in seeds(name)]


@pytest.mark.parametrize(("name", "path"), CASES, ids=[f"{name}/{path.name}" for name, path in CASES])
def test_a_seed_is_read_or_refused_in_one_line(name: str, path: Path) -> None:
    attempt(TARGETS[name], path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_a_file_cut_off_anywhere_or_empty_is_read_or_refused_in_one_line(name: str) -> None:
    target = TARGETS[name]
    assert seeds(name), "a target without seeds finds little"
    whole = seeds(name)[0].read_bytes()
    for share in (0.0, 0.1, 0.5, 0.9):
        attempt(target, whole[: int(share * len(whole))])
    attempt(target, b"\xff\xfe" + whole)
    attempt(target, b"\xef\xbb\xbf" + whole)
