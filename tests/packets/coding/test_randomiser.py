"""The first octets of both sequences as published (131.0-B, 231.0-B; Yamcs' tests)."""

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.packets.coding.randomiser import PERIOD, randomised, sequence


@pytest.mark.parametrize(("kind", "begins"), [("tm", "ff480ec09a0d70bc8e2c"), ("tc", "ff399e5a68e906f56c89")])
def test_a_sequence_begins_as_published_and_repeats_after_255_octets(kind: str, begins: str) -> None:
    assert sequence(kind)[:10].tobytes().hex() == begins
    long = randomised(np.zeros(600, np.uint8), kind)
    assert (long[:PERIOD] == long[PERIOD : 2 * PERIOD]).all()


def test_randomising_twice_gives_the_frames_back() -> None:
    frames = np.random.default_rng(1).integers(0, 256, (3, 700), dtype=np.uint8)
    assert (randomised(randomised(frames, "tm"), "tm") == frames).all()
    with pytest.raises(InputError, match="known: tm, tc"):
        sequence("aos")
