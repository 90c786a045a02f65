"""Command link transmission units: start, BCH code blocks, tail (CCSDS 231.0-B-4)."""

from dataclasses import dataclass

import numpy as np

from lupex.kernels.packets.checks import bch_correct, bch_parity
from lupex.packets.coding.randomiser import randomised
from lupex.packets.streams.batch import Octets, as_octets

START = bytes.fromhex("EB90")
TAIL = bytes.fromhex("C5C5C5C5C5C5C579")
FILL = 0x55
DATA, BLOCK = 7, 8


@dataclass(frozen=True)
class CltuContent:
    """What a CLTU held: the octets (with fill behind the frame), bits mended, and blocks dropped as too wrong."""

    octets: bytes
    mended_bits: int
    dropped_blocks: int


def cltu(frame: bytes | Octets, randomise: bool = False, tail: bytes = TAIL) -> bytes:
    """The CLTU that carries one or more TC frames.

    Args:
        frame: octets to carry. randomise: XOR the telecommand sequence over them, fill included.
        tail: of the unit; some missions end in eight 0x55.
    """
    data = as_octets(frame)
    blocks = np.full((-(-data.size // DATA), DATA), FILL, np.uint8)
    blocks.reshape(-1)[: data.size] = data
    if randomise:
        blocks = randomised(blocks.reshape(-1), "tc").reshape(blocks.shape)
    parity = np.empty(blocks.shape[0], np.uint8)
    bch_parity(blocks, parity)
    return START + np.column_stack([blocks, parity]).tobytes() + tail


def cltu_content(unit: bytes | Octets, randomise: bool = False, tail: bytes = TAIL) -> CltuContent | None:
    """What a CLTU carries, single wrong bits mended; None where it has no start.

    Blocks are taken until one cannot be mended, as the tail is made to be (231.0-B-4, 5.3).

    Args:
        unit: octets from the start sequence on. randomise: as it was sent. tail: that it ends in.
    """
    octets = bytes(unit)
    if not octets.startswith(START):
        return None
    body = octets[len(START) :]
    blocks = np.frombuffer(body[: len(body) // BLOCK * BLOCK], np.uint8).reshape(-1, BLOCK).copy()
    ends = [k for k in range(blocks.shape[0]) if blocks[k].tobytes() == tail]
    blocks = blocks[: ends[0]] if ends else blocks
    corrected = np.empty(blocks.shape[0], np.int64)
    bch_correct(blocks, corrected)
    sound = int(np.argmax(corrected < 0)) if (corrected < 0).any() else blocks.shape[0]
    data = np.ascontiguousarray(blocks[:sound, :DATA]).reshape(-1)
    data = randomised(data, "tc") if randomise else data
    return CltuContent(data.tobytes(), int(np.sum(corrected[:sound])), blocks.shape[0] - sound)
