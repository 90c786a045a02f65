"""Reed-Solomon code blocks as CCSDS 131.0-B has them: (255,223) and (255,239), interleaved, either basis, shortened."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.kernels.packets.reed_solomon import correct, encode, generator
from lupex.packets.streams.batch import Octets

_DUAL_OF = (0x7B, 0xAF, 0x99, 0xFA, 0x86, 0xEC, 0xEF, 0x8D)
"""The dual basis representation of each power of alpha (131.0-B-4, annex F): what bit k becomes."""


@dataclass(frozen=True)
class ReedSolomon:
    """A code.

    Attributes:
        data: symbols of information in a full code word, 223 or 239. interleave: 1 to 5 or 8 words side by side.
        dual: whether symbols are in the dual basis, as CCSDS sends them. fill: symbols of virtual fill in each word.
    """

    data: int = 223
    interleave: int = 1
    dual: bool = True
    fill: int = 0

    def __post_init__(self) -> None:
        if self.data not in (223, 239):
            raise InputError(f"Reed-Solomon code (255,{self.data})", "CCSDS has (255,223) and (255,239)")
        if self.interleave not in (1, 2, 3, 4, 5, 8):
            raise InputError(f"interleaving depth {self.interleave}", "CCSDS has 1, 2, 3, 4, 5 and 8")
        if not 0 <= self.fill < self.data:
            raise InputError(f"{self.fill} symbols of virtual fill", f"give 0 to {self.data - 1}")

    @property
    def parity(self) -> int:
        """Check symbols of one word."""
        return 255 - self.data

    @property
    def frame_octets(self) -> int:
        """Octets of information in a code block."""
        return (self.data - self.fill) * self.interleave

    @property
    def block_octets(self) -> int:
        """Octets of a code block."""
        return (255 - self.fill) * self.interleave

    def encoded(self, frames: Octets) -> Octets:
        """Code blocks (n, block_octets) of frames (n, frame_octets)."""
        words = self._words(self._checked(frames, self.frame_octets))
        plain = _CONVENTIONAL[words] if self.dual else words
        parity = np.empty((words.shape[0], self.parity), np.uint8)
        encode(np.ascontiguousarray(plain), _generator(self.parity), parity)
        return self._blocks(np.concatenate([words, _DUAL[parity] if self.dual else parity], axis=1))

    def decoded(self, blocks: Octets) -> tuple[Octets, NDArray[np.int64]]:
        """Frames (n, frame_octets), and symbols mended in each (n,), -1 where a word has too many wrong symbols.

        Args:
            blocks: (n, block_octets) without marker, derandomised.
        """
        words = self._words(self._checked(blocks, self.block_octets))
        plain = np.ascontiguousarray(_CONVENTIONAL[words] if self.dual else words)
        if plain is blocks or np.shares_memory(plain, blocks):
            plain = plain.copy()
        count = np.empty(plain.shape[0], np.int64)
        correct(plain, self.parity, count)
        mended = _DUAL[plain] if self.dual else plain
        counts = count.reshape(-1, self.interleave)
        total = np.where((counts < 0).any(axis=1), -1, counts.sum(axis=1))
        return self._blocks(np.ascontiguousarray(mended[:, : -self.parity])), total

    def _words(self, blocks: Octets) -> Octets:
        shaped = blocks.reshape(blocks.shape[0], -1, self.interleave)
        return np.ascontiguousarray(shaped.transpose(0, 2, 1)).reshape(-1, shaped.shape[1])

    def _blocks(self, words: Octets) -> Octets:
        shaped = words.reshape(-1, self.interleave, words.shape[1])
        return np.ascontiguousarray(shaped.transpose(0, 2, 1)).reshape(shaped.shape[0], -1)

    @staticmethod
    def _checked(blocks: Octets, octets: int) -> Octets:
        if blocks.ndim != 2 or blocks.shape[1] != octets:
            raise InputError(f"code blocks of shape {blocks.shape}", f"this code takes (n, {octets}) octets")
        return blocks


def code_named(text: str) -> ReedSolomon:
    """A code by its name: '223', '239', with 'xI' for interleaving, '-conventional', '-fillN'. Raises InputError.

    Args:
        text: as '223x5', '239', '223-conventional' or '223x4-fill31'.
    """
    words = text.split("-")
    data, _, depth = words[0].partition("x")
    found = {"dual": True, "fill": 0}
    try:
        for word in words[1:]:
            if word == "conventional":
                found["dual"] = False
            elif word.startswith("fill"):
                found["fill"] = int(word[4:])
            else:
                raise ValueError(word)
        return ReedSolomon(int(data), int(depth or "1"), bool(found["dual"]), int(found["fill"]))
    except ValueError:
        raise InputError(
            f"Reed-Solomon code '{text[:40]}' is unknown", "write 223, 239, 223x5 or 223x4-conventional"
        ) from None


def _basis_tables() -> tuple[Octets, Octets]:
    dual = np.zeros(256, np.uint8)
    for value in range(256):
        for k in range(8):
            if value >> k & 1:
                dual[value] ^= _DUAL_OF[k]
    conventional = np.zeros(256, np.uint8)
    conventional[dual] = np.arange(256, dtype=np.uint8)
    return dual, conventional


_DUAL, _CONVENTIONAL = _basis_tables()


@lru_cache(maxsize=2)
def _generator(parity: int) -> NDArray[np.int64]:
    return generator(parity)
