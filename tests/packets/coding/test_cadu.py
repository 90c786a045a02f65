"""Frames are found at any bit, in pieces, with wrong bits in markers, and where bits were lost or gained."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lupex.packets.coding.cadu import CaduStream, cadus

OCTETS = 60


def frames_of(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, OCTETS), dtype=np.uint8)


def found_in(bits: np.ndarray, piece: int) -> tuple[np.ndarray, CaduStream]:
    stream, octets = CaduStream(frame_octets=OCTETS), np.packbits(bits).tobytes()
    parts = [stream.feed(octets[k : k + piece]) for k in range(0, len(octets), piece)]
    return np.concatenate([*parts, stream.end()]), stream


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), lead=st.integers(0, 200), piece=st.integers(1, 400))
def test_every_frame_is_found_behind_foreign_bits_whatever_the_pieces(seed: int, lead: int, piece: int) -> None:
    frames = frames_of(seed, 6)
    noise = np.random.default_rng(seed + 1).integers(0, 2, lead, dtype=np.uint8)
    bits = np.concatenate([noise, np.unpackbits(np.frombuffer(cadus(frames), np.uint8))])
    found, stream = found_in(bits, piece)
    assert (found == frames).all()
    assert stream.skipped_bits == lead


def test_a_lost_bit_costs_its_frame_and_no_other() -> None:
    frames = frames_of(5, 8)
    bits = np.unpackbits(np.frombuffer(cadus(frames), np.uint8))
    size = 8 * (OCTETS + 4)
    for change in (np.delete(bits, 3 * size + 100), np.insert(bits, 3 * size + 100, 1)):
        found, stream = found_in(change, 97)
        assert stream.slips == 1
        assert [(found[k] == frames[k]).all() for k in range(8)] == [True] * 3 + [False] + [True] * 4


def test_wrong_bits_in_markers_are_forgiven_up_to_the_limit() -> None:
    frames = frames_of(6, 8)
    octets = np.frombuffer(cadus(frames), np.uint8).reshape(8, -1).copy()
    octets[2, 0] ^= 0x03
    octets[4, :4] ^= 0xFF  # one marker gone altogether: lock is kept
    found, _ = found_in(np.unpackbits(octets.reshape(-1)), 1000)
    assert (found == frames).all()
