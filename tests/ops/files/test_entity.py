"""CFDP both ways over links that lose, repeat and swap: a file comes whole, or its failure is told at both ends."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.ops.files.entity import FileEntity, FileSettings
from lupex.ops.files.pdus import DELIVERED, FAILED, SENT, plain_name

CONTENT = bytes(range(256)) * 37


def ends(folder: Path, **more: object) -> tuple[FileEntity, FileEntity]:
    one = FileEntity(FileSettings(entity=1, peer=2, folder=folder / "one", **more))
    other = FileEntity(FileSettings(entity=2, peer=1, folder=folder / "other", **more))
    return one, other


def passed(
    one: FileEntity,
    other: FileEntity,
    chance: random.Random,
    loss: float,
    until: int = 400,
    disorder: float = 0.0,
    start: int = 0,
) -> None:
    """Mission time passes in steps of 10 s; each step's PDUs may be lost, and with disorder come twice or swapped."""
    for step in range(start, start + until):
        now = 10.0 * step
        for sender, receiver in ((one, other), (other, one)):
            sent = [pdu for pdu in sender.take(2500) if chance.random() >= loss]
            sent += [pdu for pdu in sent if chance.random() < disorder]
            if len(sent) > 1 and chance.random() < disorder:
                chance.shuffle(sent)
            for pdu in sent:
                receiver.receive(pdu, now)
            sender.tick(now)
        if one.idle and other.idle:
            return


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), loss=st.sampled_from([0.0, 0.1, 0.3]))
def test_class_2_brings_the_file_whole_over_a_link_that_loses(
    tmp_path_factory: pytest.TempPathFactory, seed: int, loss: float
) -> None:
    folder = tmp_path_factory.mktemp("files")
    one, other = ends(folder, tries=30)
    (folder / "a.bin").write_bytes(CONTENT)
    there, back = one.put(folder / "a.bin", 0.0), other.put(folder / "a.bin", 0.0, name="b.bin")
    passed(one, other, random.Random(seed), loss)
    assert (one.idle, other.idle) == (True, True)
    for entity, key, name in ((other, there, "a.bin"), (one, back, "b.bin")):
        (found,) = [verdict for verdict in entity.verdicts if verdict.transaction == key]
        assert (found.verdict, found.name) == (DELIVERED, name)
        assert found.path is not None and found.path.read_bytes() == CONTENT
    for entity, key in ((one, there), (other, back)):
        (found,) = [verdict for verdict in entity.verdicts if verdict.transaction == key]
        assert found.verdict == DELIVERED
    assert not list(folder.glob("*/*.part"))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_link_that_repeats_and_swaps_changes_nothing(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("files")
    one, other = ends(folder, tries=30)
    (folder / "a.bin").write_bytes(CONTENT)
    one.put(folder / "a.bin", 0.0)
    passed(one, other, random.Random(seed), 0.2, disorder=0.3)
    assert [found.verdict for found in one.verdicts + other.verdicts] == [DELIVERED, DELIVERED]
    assert other.verdicts[0].path.read_bytes() == CONTENT


def test_class_1_says_sent_and_the_receiver_says_what_came(tmp_path: Path) -> None:
    one, other = ends(tmp_path)
    (tmp_path / "a.bin").write_bytes(CONTENT)
    one.put(tmp_path / "a.bin", 0.0, acknowledged=False)
    passed(one, other, random.Random(1), 0.0)
    assert [found.verdict for found in one.verdicts] == [SENT]
    assert [found.verdict for found in other.verdicts] == [DELIVERED]
    one.put(tmp_path / "a.bin", 0.0, acknowledged=False)
    lost = one.take(10**6)[:3] + one.take(10**6)  # a part of it
    for pdu in lost:
        other.receive(pdu, 0.0)
    passed(one, other, random.Random(1), 0.0, until=3000)
    assert [found.verdict for found in other.verdicts] == [DELIVERED, FAILED]
    assert len(list((tmp_path / "other").glob("*.bin"))) == 1


def test_a_peer_that_never_answers_is_told_by_tries_or_deadline_and_nothing_stays(tmp_path: Path) -> None:
    for limits in ({"tries": 3}, {"deadline_s": 200.0, "tries": 1000}):
        one, _ = ends(tmp_path, **limits)
        (tmp_path / "a.bin").write_bytes(CONTENT)
        one.put(tmp_path / "a.bin", 0.0)
        for step in range(200):
            one.take(10**6)
            one.tick(10.0 * step)
        assert [found.verdict for found in one.verdicts] == [FAILED]
        assert one.verdicts[0].reason
        assert one.idle


def test_out_of_contact_nothing_is_waited_for(tmp_path: Path) -> None:
    one, other = ends(tmp_path, tries=2)
    (tmp_path / "a.bin").write_bytes(CONTENT)
    one.put(tmp_path / "a.bin", 0.0)
    one.take(10**6)  # lost with the link
    for step in range(300):
        one.tick(10.0 * step, connected=False)
    passed(one, other, random.Random(2), 0.0, start=300)
    assert [found.verdict for found in one.verdicts] == [DELIVERED]


def test_a_finished_that_comes_again_after_the_end_is_answered(tmp_path: Path) -> None:
    one, other = ends(tmp_path)
    (tmp_path / "a.bin").write_bytes(CONTENT)
    one.put(tmp_path / "a.bin", 0.0)
    finished = None
    for step in range(20):
        for pdu in one.take(10**6):
            other.receive(pdu, 10.0 * step)
        for pdu in other.take(10**6):
            finished = pdu
            one.receive(pdu, 10.0 * step)
    assert one.idle
    one.receive(finished, 500.0)
    (answer,) = one.take(10**6)
    other.receive(answer, 500.0)  # of a closed transaction: left alone
    assert [found.verdict for found in one.verdicts + other.verdicts] == [DELIVERED, DELIVERED]


def test_a_name_from_the_link_never_leaves_the_folder(tmp_path: Path) -> None:
    one, other = ends(tmp_path)
    (tmp_path / "a.bin").write_bytes(b"x")
    for name in ("../../outside", str(tmp_path / "absolute"), "a\\b", "..", "ä\x00b"):
        one.put(tmp_path / "a.bin", 0.0, name=name)
        passed(one, other, random.Random(1), 0.0)
    assert [found.verdict for found in other.verdicts] == [DELIVERED] * 5
    assert all(found.path.parent == tmp_path / "other" for found in other.verdicts)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.bin", "one", "other"]
    assert plain_name("../..") == "file"


def test_the_same_file_twice_lies_there_twice(tmp_path: Path) -> None:
    one, other = ends(tmp_path)
    (tmp_path / "a.bin").write_bytes(b"first")
    one.put(tmp_path / "a.bin", 0.0)
    passed(one, other, random.Random(1), 0.0)
    (tmp_path / "a.bin").write_bytes(b"second")
    one.put(tmp_path / "a.bin", 0.0)
    passed(one, other, random.Random(1), 0.0)
    assert [found.path.read_bytes() for found in other.verdicts] == [b"first", b"second"]


def test_files_that_are_empty_missing_or_too_large_are_refused_on_either_side(tmp_path: Path) -> None:
    one, other = ends(tmp_path)
    (tmp_path / "empty").write_bytes(b"")
    for name in ("empty", "missing"):
        with pytest.raises(InputError):
            one.put(tmp_path / name, 0.0)
    other.settings = FileSettings(entity=2, peer=1, folder=tmp_path / "other", most_octets=1000)
    (tmp_path / "a.bin").write_bytes(CONTENT)
    one.put(tmp_path / "a.bin", 0.0)
    passed(one, other, random.Random(1), 0.0, until=3000)
    assert other.verdicts[0].verdict == FAILED
    assert "more than 1000 octets" in other.verdicts[0].reason
    assert not list((tmp_path / "other").glob("*.part"))


@settings(max_examples=60, deadline=None)
@given(octets=st.binary(max_size=80))
def test_octets_that_are_no_pdu_are_counted_and_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, octets: bytes
) -> None:
    one, _ = ends(tmp_path_factory.mktemp("files"))
    one.receive(octets, 0.0)
    assert one.malformed + one.ignored + len(one._dests) >= 1


def test_transactions_that_come_in_at_once_are_bounded(tmp_path: Path) -> None:
    one, other = ends(tmp_path)
    (tmp_path / "a.bin").write_bytes(b"x")
    for _ in range(40):
        one.put(tmp_path / "a.bin", 0.0)
    for pdu in one.take(10**6)[:40]:
        other.receive(pdu, 0.0)
    assert len(other._dests) <= 16
