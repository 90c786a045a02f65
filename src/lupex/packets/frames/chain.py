"""The receiving chain in one piece: markers, randomiser, Reed-Solomon, checksums, virtual channels, packets."""

from dataclasses import dataclass, field

import numpy as np

from lupex.base.errors import InputError
from lupex.packets.coding.cadu import CaduStream, SyncRules
from lupex.packets.coding.randomiser import randomised
from lupex.packets.coding.reed_solomon import ReedSolomon, code_named
from lupex.packets.frames.channel import PacketChannels
from lupex.packets.frames.layout import FrameLayout, frame_batch
from lupex.packets.streams.batch import Octets, PacketBatch, batch_of


@dataclass(frozen=True)
class ChainSettings:
    """What was done to the frames before they were sent.

    Attributes:
        layout: of the frames. markers: whether they stand behind sync markers. randomised: whether the sequence is on.
        code: name of the Reed-Solomon code ('' for none); a frame shorter than the code's has virtual fill.
        sync: how markers are looked for.
    """

    layout: FrameLayout
    markers: bool = False
    randomised: bool = False
    code: str = ""
    sync: SyncRules = SyncRules()

    @property
    def reed_solomon(self) -> ReedSolomon | None:
        """The code, shortened to the frames. Raises InputError where they do not fit it."""
        if not self.code:
            return None
        found = code_named(self.code)
        symbols, rest = divmod(self.layout.length, found.interleave)
        fill = found.data - symbols
        if rest or fill < 0 or (found.fill and found.fill != fill):
            raise InputError(
                f"frames of {self.layout.length} octets do not fit the code {self.code}",
                f"it takes up to {found.data * found.interleave} octets, in steps of {found.interleave}",
            )
        return ReedSolomon(found.data, found.interleave, found.dual, fill)


@dataclass(kw_only=True)
class FrameChain:
    """Packets out of what a receiver hands over, in pieces of any size.

    Attributes:
        settings: of the chain. scid: spacecraft, None for any.
        corrected_symbols, rejected_blocks: of the Reed-Solomon code.
    """

    settings: ChainSettings
    scid: int | None = None
    corrected_symbols: int = 0
    rejected_blocks: int = 0
    channels: PacketChannels = field(init=False)
    _cadus: CaduStream = field(init=False)
    _code: ReedSolomon | None = field(init=False)
    _control_word: int | None = None
    _rest: bytes = b""

    def __post_init__(self) -> None:
        self.channels = PacketChannels(scid=self.scid)
        self._code = self.settings.reed_solomon
        octets = self.settings.layout.length if self._code is None else self._code.block_octets
        self._cadus = CaduStream(frame_octets=octets, rules=self.settings.sync)

    def feed(self, piece: bytes) -> PacketBatch:
        """The packets that are whole with this piece."""
        if self.settings.markers:
            return self._packets(self._cadus.feed(piece))
        octets, size = self._rest + piece, self._cadus.frame_octets
        whole = len(octets) // size * size
        self._rest = octets[whole:]
        return self._packets(np.frombuffer(octets[:whole], np.uint8).reshape(-1, size))

    def end(self) -> PacketBatch:
        """The packets of the last frame; the stream is at its end."""
        return self._packets(self._cadus.end()) if self.settings.markers else batch_of([])

    def control_word(self) -> int | None:
        """The newest operational control field since this was asked last, None where none came."""
        found, self._control_word = self._control_word, None
        return found

    @property
    def counts(self) -> dict[str, int]:
        """What happened so far: frames, corrected_symbols, rejected_frames, lost_frames, and the rest."""
        found = self.channels
        return {
            "frames": found.frames + self.rejected_blocks,
            "corrected_symbols": self.corrected_symbols,
            "rejected_frames": self.rejected_blocks + found.bad_frames,
            "lost_frames": found.lost_frames,
            "repeated_frames": found.repeated_frames,
            "foreign_frames": found.foreign_frames,
            "idle_frames": found.idle_frames,
            "dropped_packets": found.dropped_packets,
            "bit_slips": self._cadus.slips,
            "skipped_bits": self._cadus.skipped_bits,
            "left_octets": len(self._rest),
        }

    def _packets(self, blocks: Octets) -> PacketBatch:
        if self.settings.randomised and blocks.shape[0]:
            blocks = randomised(blocks, "tm")
        if not blocks.shape[0]:
            return batch_of([])
        if self._code is not None:
            blocks, mended = self._code.decoded(blocks)
            self.corrected_symbols += int(mended[mended > 0].sum())
            self.rejected_blocks += int(np.count_nonzero(mended < 0))
            blocks = blocks[mended >= 0]
        batch = frame_batch(blocks, self.settings.layout)
        words = batch.control_words() if len(batch) else np.empty(0, np.int64)
        if (words >= 0).any():
            self._control_word = int(words[words >= 0][-1])
        return self.channels.feed(batch)
