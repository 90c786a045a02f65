"""Where things stand in a telemetry or AOS frame, and its headers as columns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.packets.coding.checks import frames_sound
from lupex.packets.streams.batch import Ints, Octets

KINDS = ("tm", "aos")
NO_START = 0x7FF
IDLE = 0x7FE
AOS_IDLE_VCID = 63
LONGEST = 65536


@dataclass(frozen=True, kw_only=True)
class FrameLayout:
    """Frames of one physical channel.

    Attributes:
        kind: 'tm' or 'aos'. length: octets of a frame, up to 2048 (TM).
        fecf: whether a checksum stands at the end. ocf: whether AOS frames carry a control word (TM frames say so).
        insert_octets: of the insert zone (AOS). header_check: whether AOS headers carry two octets of Reed-Solomon
            check symbols, which are passed over, not used.
    """

    kind: str
    length: int
    fecf: bool = True
    ocf: bool = False
    insert_octets: int = 0
    header_check: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"frames of kind '{self.kind}'", f"known: {', '.join(KINDS)}")
        most = 2048 if self.kind == "tm" else LONGEST
        least = self.header + self.tail(True) + 1
        if not least <= self.length <= most:
            raise InputError(f"{self.kind} frames of {self.length} octets", f"give {least} to {most}")

    @property
    def header(self) -> int:
        """Octets before the data field (without a secondary header of TM)."""
        return 6 if self.kind == "tm" else 6 + self.insert_octets + 2 * self.header_check

    def tail(self, ocf: bool) -> int:
        """Octets behind the data field."""
        return 4 * ocf + 2 * self.fecf


@dataclass(frozen=True, eq=False)
class FrameBatch:
    """Frames of one layout.

    Attributes:
        layout: of them all. octets: (n, length). good: (n,) whether version and checksum are right.
    """

    layout: FrameLayout
    octets: Octets
    good: NDArray[np.bool_]

    def __len__(self) -> int:
        return self.octets.shape[0]

    @property
    def headers(self) -> dict[str, Ints]:
        """Columns: scid, vcid, count (of the virtual channel), modulus of it, pointer (first header pointer), ocf."""
        word = self.octets[:, :6].astype(np.int64)
        first = word[:, 0] << 8 | word[:, 1]
        if self.layout.kind == "tm":
            return {
                "scid": first >> 4 & 0x3FF, "vcid": first >> 1 & 7, "ocf": first & 1, "master_count": word[:, 2],
                "count": word[:, 3], "pointer": (word[:, 4] & 7) << 8 | word[:, 5], "secondary": word[:, 4] >> 7,
            }  # fmt: skip
        at = self.layout.header
        pointer = self.octets[:, at : at + 2].astype(np.int64)
        count = word[:, 2] << 16 | word[:, 3] << 8 | word[:, 4]
        return {
            "scid": first >> 6 & 0xFF, "vcid": first & 63, "ocf": np.full(len(self), int(self.layout.ocf)),
            "master_count": count, "count": count, "pointer": (pointer[:, 0] & 7) << 8 | pointer[:, 1],
            "secondary": np.zeros(len(self), np.int64),
        }  # fmt: skip

    @property
    def count_modulus(self) -> int:
        """The virtual channel's count begins anew at this."""
        return 256 if self.layout.kind == "tm" else 1 << 24

    def control_words(self) -> Ints:
        """(n,) operational control fields, -1 in frames without one."""
        end = self.layout.length - 2 * self.layout.fecf
        field = self.octets[:, end - 4 : end].astype(np.int64)
        word = field[:, 0] << 24 | field[:, 1] << 16 | field[:, 2] << 8 | field[:, 3]
        return np.where((self.headers["ocf"] == 1) & self.good, word, -1)

    def data_field(self, row: int, headers: dict[str, Any]) -> bytes:
        """Octets of a frame's packet zone.

        Args:
            row: which frame. headers: of the batch, so that they are made once.
        """
        begin, end = self.layout.header, self.layout.length - self.layout.tail(bool(headers["ocf"][row]))
        if self.layout.kind == "aos":
            begin += 2  # the M_PDU header
        elif headers["secondary"][row]:
            begin += int(self.octets[row, 6] & 0x3F) + 1
        return self.octets[row, begin:end].tobytes()


def frame_batch(octets: Octets, layout: FrameLayout) -> FrameBatch:
    """Frames (n, length) with their version and checksum checked."""
    if octets.ndim != 2 or octets.shape[1] != layout.length:
        raise InputError(f"frames of shape {octets.shape}", f"the layout has {layout.length} octets")
    version = octets[:, 0] >> 6
    good = version == (0 if layout.kind == "tm" else 1)
    if layout.fecf and octets.shape[0]:
        good &= frames_sound(octets)
    return FrameBatch(layout, octets, good)
