"""Transaction numbers are never used twice, whatever becomes of the process or the file."""

from pathlib import Path

from lupex.ops.files.numbers import MODULUS, TransactionNumbers


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    numbers = TransactionNumbers(tmp_path / "next")
    first = [numbers.get_and_increment() for _ in range(3)]
    again = TransactionNumbers(tmp_path / "next")
    assert again.get_and_increment() == (first[-1] + 1) % MODULUS


def test_a_lost_or_damaged_file_begins_at_random(tmp_path: Path) -> None:
    starts = set()
    for k in range(8):
        (tmp_path / f"{k}").write_bytes(b"\xff no number")
        starts.add(TransactionNumbers(tmp_path / f"{k}").get_and_increment())
    assert len(starts) == 8


def test_numbers_wrap(tmp_path: Path) -> None:
    (tmp_path / "next").write_text(str(MODULUS - 1))
    numbers = TransactionNumbers(tmp_path / "next")
    assert [numbers.get_and_increment(), numbers.get_and_increment()] == [MODULUS - 1, 0]
