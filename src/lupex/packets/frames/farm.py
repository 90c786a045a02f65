"""The spacecraft's side of COP-1: FARM-1 (232.1-B-2, chapter 6)."""

from dataclasses import dataclass

from lupex.base.errors import InputError
from lupex.packets.frames.clcw import Clcw
from lupex.packets.frames.telecommand import TcFrame

OPEN, WAIT, LOCKOUT = 1, 2, 3
DISCARDED = b""


@dataclass(kw_only=True)
class Farm:
    """Accepts frames of one virtual channel in order.

    Attributes:
        vcid: of the channel. window: frames, even, 2 to 254. expected: V(R). state: OPEN, WAIT or LOCKOUT.
        retransmit, farm_b: as in the CLCW. discarded: frames not accepted so far.
    """

    vcid: int = 0
    window: int = 10
    expected: int = 0
    state: int = OPEN
    retransmit: bool = False
    farm_b: int = 0
    discarded: int = 0

    def __post_init__(self) -> None:
        if self.window % 2 or not 2 <= self.window <= 254:
            raise InputError(f"FARM window of {self.window}", "give an even number, 2 to 254")

    def receive(self, frame: TcFrame, room: bool = True) -> bytes:
        """The data of a frame that is accepted, else b''.

        Args:
            frame: of this channel, its checksum right. room: whether there is a buffer for its data.
        """
        if frame.kind == "BD":
            self.farm_b = (self.farm_b + 1) % 4
            return frame.data
        if frame.bypass:
            self._command(frame.data)
            return DISCARDED
        return self._sequence(frame, room)

    def buffer_free(self) -> None:
        """Tell that there is room again: Wait ends."""
        if self.state == WAIT:
            self.state = OPEN

    @property
    def clcw(self) -> Clcw:
        """What is reported to the ground."""
        return Clcw(
            vcid=self.vcid, report=self.expected, lockout=self.state == LOCKOUT, wait=self.state == WAIT,
            retransmit=self.retransmit, farm_b=self.farm_b,
        )  # fmt: skip

    def _command(self, data: bytes) -> None:
        if data == b"\0":  # Unlock
            self.state, self.retransmit = OPEN, False
        elif len(data) == 3 and data[0] == 0x82:  # Set V(R), without effect in Lockout
            if self.state != LOCKOUT:
                self.expected, self.state, self.retransmit = data[2], OPEN, False
        else:
            self.discarded += 1
            return
        self.farm_b = (self.farm_b + 1) % 4

    def _sequence(self, frame: TcFrame, room: bool) -> bytes:
        ahead = (frame.number - self.expected) % 256
        half = self.window // 2
        accepted = DISCARDED
        if self.state == LOCKOUT:
            pass
        elif ahead == 0:
            if self.state == WAIT or not room:
                self.state, self.retransmit = WAIT, True
            else:
                self.expected, self.retransmit = (self.expected + 1) % 256, False
                accepted = frame.data
        elif ahead < half:
            self.retransmit = True
        elif ahead < 256 - half:
            self.state = LOCKOUT
        self.discarded += accepted is DISCARDED
        return accepted
