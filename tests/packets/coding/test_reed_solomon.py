"""Reed-Solomon: against reedsolo (conventional basis), published parity in the dual basis, and what can be mended."""

import numpy as np
import pytest
import reedsolo
from hypothesis import given, settings
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.packets.coding.reed_solomon import ReedSolomon, code_named

CODES = [
    ReedSolomon(223), ReedSolomon(239), ReedSolomon(223, 5), ReedSolomon(239, 8, True, 10),
    ReedSolomon(223, 4, False, 31),
]  # fmt: skip


@pytest.mark.parametrize(("data", "first_root"), [(223, 112), (239, 120)])
def test_parity_of_the_conventional_basis_is_that_of_an_independent_codec(data: int, first_root: int) -> None:
    peer = reedsolo.RSCodec(255 - data, nsize=255, prim=0x187, generator=173, fcr=first_root)
    frames = np.random.default_rng(2).integers(0, 256, (5, data), dtype=np.uint8)
    blocks = ReedSolomon(data, dual=False).encoded(frames)
    assert [row.tobytes() for row in blocks] == [bytes(peer.encode(row.tobytes())) for row in frames]


def test_a_block_in_the_dual_basis_has_the_parity_of_an_independent_codec() -> None:
    # reed-solomon-ccsds 1.0.3, dual basis, of the octets 0, 1, ..., 222
    block = ReedSolomon(223).encoded(np.arange(223, dtype=np.uint8)[None])
    assert block[0, 223:].tobytes().hex() == DUAL_PARITY


DUAL_PARITY = "4ffb92dd557ec67f27fb8982cf58f8fd028ad117fcef6b2793d0418826578651"


@pytest.mark.parametrize("code", CODES, ids=str)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_as_many_wrong_symbols_as_promised_are_mended_and_counted(code: ReedSolomon, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frames = rng.integers(0, 256, (2, code.frame_octets), dtype=np.uint8)
    blocks = code.encoded(frames).reshape(2, -1, code.interleave)
    wrong = rng.integers(0, code.parity // 2 + 1, (2, code.interleave))
    for i, j in np.ndindex(wrong.shape):
        at = rng.choice(blocks.shape[1], wrong[i, j], replace=False)
        blocks[i, at, j] ^= rng.integers(1, 256, wrong[i, j], dtype=np.uint8)
    mended, count = code.decoded(blocks.reshape(2, -1))
    assert (mended == frames).all()
    assert count.tolist() == wrong.sum(axis=1).tolist()


@pytest.mark.parametrize("code", CODES[:2], ids=str)
def test_one_wrong_symbol_too_many_is_told_and_the_block_left_as_it_was(code: ReedSolomon) -> None:
    rng = np.random.default_rng(3)
    frames = rng.integers(0, 256, (200, code.frame_octets), dtype=np.uint8)
    blocks = code.encoded(frames)
    for row in blocks:
        at = rng.choice(255, code.parity // 2 + 1, replace=False)
        row[at] ^= rng.integers(1, 256, at.size, dtype=np.uint8)
    before = blocks.copy()
    found, count = code.decoded(blocks)
    assert (blocks == before).all()
    # a word beyond the bound may come to lie within reach of another: with E = 8 once in 8! = 40,320
    assert np.count_nonzero(count == -1) >= 199
    assert (found[count == -1] == blocks[count == -1, : code.frame_octets]).all()


def test_codes_have_names() -> None:
    assert code_named("223x4-conventional-fill31") == ReedSolomon(223, 4, False, 31)
    assert code_named("239") == ReedSolomon(239)
    for name in ("200", "223x6", "223-dual", "x", "223-fill999"):
        with pytest.raises(InputError):
            code_named(name)
