"""The ground's side of COP-1: FOP-1 (232.1-B-2, chapter 5), without suspension.

Nothing here waits or reads a clock: times are told, frames to send are returned.
"""

from collections import deque
from dataclasses import dataclass, field

from lupex.base.errors import InputError
from lupex.packets.frames.clcw import Clcw
from lupex.packets.frames.telecommand import UNLOCK, TcFrame, set_report

ACTIVE, RETRANSMIT, RETRANSMIT_WAIT, CHECKING, COMMANDING, INITIAL = 1, 2, 3, 4, 5, 6


@dataclass(frozen=True)
class FopSettings:
    """Numbers of a channel.

    Attributes:
        scid, vcid: of the frames. window: frames sent before the first is acknowledged, 1 to 255.
        timeout_s: without an answer before sending again; with light time on the way there and back.
        limit: how often a frame is sent.
    """

    scid: int
    vcid: int = 0
    window: int = 10
    timeout_s: float = 8.0
    limit: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.window <= 255 or self.limit < 1 or not self.timeout_s > 0.0:
            raise InputError(f"FOP {self}", "window 1 to 255, limit 1 or more, time-out above 0 s")


@dataclass(kw_only=True)
class Fop:
    """Sends frames of type AD until each is acknowledged, BD at once.

    Attributes:
        settings: of the channel. state: ACTIVE to INITIAL (S1 to S6). number: V(S), of the next new frame.
        acknowledged: NN(R). alerts: why the service ended, newest last. delivered: data units acknowledged so far.
    """

    settings: FopSettings
    state: int = INITIAL
    number: int = 0
    acknowledged: int = 0
    delivered: int = 0
    alerts: list[str] = field(default_factory=list)
    _waiting: deque[bytes] = field(default_factory=deque)
    _sent: deque[TcFrame] = field(default_factory=deque)
    _directive: TcFrame | None = None
    _out: list[TcFrame] = field(default_factory=list)
    _started_s: float | None = None
    _times: int = 0

    def start(self, now_s: float, how: str = "check", report: int = 0) -> list[TcFrame]:
        """Begin the AD service; frames to send.

        Args:
            now_s: time. how: 'check' (wait for a good CLCW), 'at once', 'unlock' or 'set' (V(R) to ``report``).
            report: for 'set'.

        Raises InputError where the service runs already.
        """
        if self.state != INITIAL:
            raise InputError("AD service is running already", "end it first")
        self._clear()
        self._times = 1
        if how == "at once":
            self.state = ACTIVE
        elif how == "check":
            self.state, self._started_s = CHECKING, now_s
        elif how in ("unlock", "set"):
            if how == "set":
                self.number = self.acknowledged = report % 256
            data = UNLOCK if how == "unlock" else set_report(report)
            self._directive = TcFrame(
                scid=self.settings.scid, vcid=self.settings.vcid, data=data, bypass=True, control=True
            )
            self.state, self._started_s = COMMANDING, now_s
            self._out.append(self._directive)
        else:
            raise InputError(f"AD service by '{how}'", "known: check, at once, unlock, set")
        return self._taken()

    def send(self, data: bytes, now_s: float, expedited: bool = False) -> list[TcFrame]:
        """Hand over data for one frame; frames to send now. ``expedited``: as BD, which nobody acknowledges.

        Args:
            data: octets of one frame. now_s: time.
        """
        if expedited:
            return [TcFrame(scid=self.settings.scid, vcid=self.settings.vcid, data=data, bypass=True)]
        if self.state in (INITIAL, CHECKING, COMMANDING):
            raise InputError("AD service is not active", "start it, or send as BD")
        self._waiting.append(data)
        self._fill(now_s)
        return self._taken()

    def hear(self, clcw: Clcw, now_s: float) -> list[TcFrame]:
        """Take in a CLCW; frames to send.

        Args:
            clcw: of this or another channel. now_s: time of reception.
        """
        if clcw.vcid != self.settings.vcid or self.state == INITIAL:
            return []
        if self.state == COMMANDING:
            if clcw.report == self.number and not (clcw.lockout or clcw.retransmit or clcw.wait):
                self._active()
        elif clcw.lockout:
            self._alert("lockout")
        elif (clcw.report - self.acknowledged) % 256 > (self.number - self.acknowledged) % 256:
            self._alert("N(R) outside what was sent")
        elif clcw.report == self.number:
            self._all_known(clcw, now_s)
        elif self.state == CHECKING:
            self._alert("N(R) is not V(S)")
        else:
            self._some_known(clcw, now_s)
        return self._taken()

    def tick(self, now_s: float) -> list[TcFrame]:
        """Let time pass; frames to send again."""
        if self._started_s is None or now_s - self._started_s < self.settings.timeout_s:
            return []
        if self._times >= self.settings.limit:
            self._alert("no answer" if self.state in (CHECKING, COMMANDING) else "transmission limit")
        elif self.state == CHECKING:
            self._started_s, self._times = now_s, self._times + 1
        else:
            self._again(now_s)
        return self._taken()

    def end(self) -> None:
        """End the AD service."""
        self._alert("ended")

    @property
    def waiting(self) -> int:
        """Data units not acknowledged yet."""
        return len(self._waiting) + len(self._sent)

    def _all_known(self, clcw: Clcw, now_s: float) -> None:
        if clcw.retransmit:
            self._alert("retransmission of nothing")
        elif clcw.wait:
            self._alert("wait without retransmission")
        else:
            self._acknowledge(clcw.report)
            self._active()
            self._fill(now_s)

    def _some_known(self, clcw: Clcw, now_s: float) -> None:
        fresh = clcw.report != self.acknowledged
        if fresh:
            self._acknowledge(clcw.report)
            self._times, self._started_s = 1, now_s
        if not clcw.retransmit:
            if clcw.wait:
                self._alert("wait without retransmission")
                return
            self.state = ACTIVE
        elif clcw.wait:
            self.state = RETRANSMIT_WAIT
            return
        elif fresh or self.state != RETRANSMIT:
            if self._times >= self.settings.limit and not fresh:
                self._alert("transmission limit")
                return
            self.state = RETRANSMIT
            self._again(now_s)
        self._fill(now_s)

    def _acknowledge(self, report: int) -> None:
        while self._sent and self.acknowledged != report:
            self._sent.popleft()
            self.acknowledged = (self.acknowledged + 1) % 256
            self.delivered += 1

    def _again(self, now_s: float) -> None:
        self._times, self._started_s = self._times + 1, now_s
        self._out += [self._directive] if self._directive is not None else list(self._sent)

    def _fill(self, now_s: float) -> None:
        while self._waiting and len(self._sent) < self.settings.window and self.state == ACTIVE:
            frame = TcFrame(
                scid=self.settings.scid, vcid=self.settings.vcid, data=self._waiting.popleft(), number=self.number
            )
            if not self._sent:
                self._times, self._started_s = 1, now_s
            self._sent.append(frame)
            self._out.append(frame)
            self.number = (self.number + 1) % 256

    def _active(self) -> None:
        self.state, self._directive, self._started_s = ACTIVE, None, None

    def _alert(self, why: str) -> None:
        self.alerts.append(why)
        self._clear()
        self.state = INITIAL

    def _clear(self) -> None:
        self._sent.clear()
        self._waiting.clear()
        self._out.clear()
        self._directive, self._started_s = None, None
        self.acknowledged = self.number

    def _taken(self) -> list[TcFrame]:
        out, self._out = self._out, []
        return out
