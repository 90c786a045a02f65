"""One end of CFDP: files put into PDUs and PDUs into files, with deadlines of its own, by mission time.

cfdp-py keeps the procedures of a transaction; here is what it leaves to its user: one handler for each transaction,
numbers, deadlines, answers for transactions that are closed, and a bound on everything the other end can make grow.
"""

import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cfdppy import PacketDestination, PutRequest, get_packet_destination
from cfdppy.handler.dest import DestHandler, LostSegmentTracker
from cfdppy.handler.source import SourceHandler
from spacepackets.cfdp import ConditionCode, DeliveryCode, PduConfig, TransmissionMode
from spacepackets.cfdp.pdu import AckPdu, DirectiveType, NakPdu, PduFactory
from spacepackets.cfdp.pdu.ack import TransactionStatus
from spacepackets.util import ByteFieldU16

from lupex.base.errors import InputError, StoreError
from lupex.io.atomic import sync_file, sync_folder
from lupex.ops.files.handlers import NoClock, OneFile, Told, User, expire, local_config, remote_config
from lupex.ops.files.numbers import TransactionNumbers
from lupex.ops.files.pdus import DELIVERED, FAILED, LONGEST_PDU, SENT, Transaction, plain_name

logging.getLogger("cfdppy").addHandler(logging.NullHandler())


@dataclass(frozen=True, kw_only=True)
class FileSettings:
    """What an end is told.

    Attributes:
        entity, peer: numbers of this end and the other. folder: where files arrive, and where numbers are kept.
        longest_pdu: octets. timeout_s: without progress, before something is said again. tries: how often.
        deadline_s: after which a transaction has failed. most_octets: of a file that is taken.
        most_open: transactions that may come in at once.
    """

    entity: int
    peer: int
    folder: Path
    longest_pdu: int = LONGEST_PDU
    timeout_s: float = 30.0
    tries: int = 10
    deadline_s: float = 6.0 * 3600.0
    most_octets: int = 2**26
    most_open: int = 16

    def __post_init__(self) -> None:
        if not (0 <= self.entity < 65536 and 0 <= self.peer < 65536) or self.entity == self.peer:
            raise InputError(f"entities {self.entity} and {self.peer}", "give two different numbers below 65536")
        if not 40 <= self.longest_pdu <= 65000 or self.timeout_s <= 0.0 or self.tries < 1 or self.deadline_s <= 0.0:
            raise InputError("settings of files", "PDUs of 40 to 65000 octets, positive times, a try or more")


@dataclass(frozen=True, kw_only=True)
class FileVerdict:
    """How a transaction ended: with DELIVERED, SENT (class 1: nobody said that it came) or FAILED.

    Attributes:
        transaction: whose. outgoing: whether we sent it. name: of the file. verdict: how. reason: of a failure.
        path: where a file that came lies, None for others.
    """

    transaction: Transaction
    outgoing: bool
    name: str
    verdict: str
    reason: str = ""
    path: Path | None = None


@dataclass(kw_only=True)
class _Open:
    """A transaction under way."""

    handler: Any
    told: Told
    name: str
    began: float
    moved: float
    path: Path


@dataclass
class _End:
    """An end that came before the name of its file."""

    unit: Any
    began: float
    moved: float


class FileEntity:
    """One end. `put` a file, hand over what arrives to `receive`, send what `take` gives, and call `tick`.

    Attributes:
        settings: of this end. verdicts: how transactions ended. malformed, ignored: units that were none, or no use.
        sent_octets: of units handed out.
    """

    def __init__(self, settings: FileSettings) -> None:
        self.settings = settings
        self.verdicts: list[FileVerdict] = []
        self.malformed = self.ignored = self.sent_octets = 0
        self._out: deque[bytes] = deque()
        self._sources: dict[Transaction, _Open] = {}
        self._dests: dict[Transaction, _Open] = {}
        self._ends: dict[Transaction, _End] = {}
        self._closed: dict[Transaction, FileVerdict] = {}
        settings.folder.mkdir(parents=True, exist_ok=True)
        self._numbers = TransactionNumbers(settings.folder / "next_transaction")

    def put(self, path: str | Path, now: float, acknowledged: bool = True, name: str = "") -> Transaction:
        """Begin to send a file; the transaction by which its verdict is known.

        Args:
            path: of the file. now: mission time, s. acknowledged: class 2, else class 1. name: at the other end.

        Raises InputError for a file that is missing, too large, or empty: an empty file never completes at Yamcs.
        """
        place, limits = Path(path), self.settings
        if not place.is_file():
            raise InputError(f"{place}: no file", "name a file")
        size = place.stat().st_size
        if not 0 < size <= limits.most_octets:
            raise InputError(f"{place}: {size} octets", f"send 1 to {limits.most_octets}: some peers lose empty files")
        told, name = Told(), name or place.name
        handler = SourceHandler(
            local_config(limits.entity, told), User(told, OneFile(place, limits.most_octets)),
            remote_config(limits.peer, limits.longest_pdu, limits.tries), NoClock(), self._numbers,
        )  # fmt: skip
        mode = TransmissionMode.ACKNOWLEDGED if acknowledged else TransmissionMode.UNACKNOWLEDGED
        # the name alone: folders of this end are nobody's business, and differ from run to run
        handler.put_request(PutRequest(ByteFieldU16(limits.peer), Path(place.name), Path(name), mode, False))
        handler.state_machine()
        key = _key(handler.transaction_id)
        self._sources[key] = _Open(handler=handler, told=told, name=name, began=now, moved=now, path=place)
        return key

    def take(self, room: int) -> list[bytes]:
        """PDUs to send now, of no more octets than there is room for.

        Args:
            room: octets.
        """
        taken: list[bytes] = []
        while True:
            if not self._out and not self._more():
                return taken
            if len(self._out[0]) > room:
                return taken
            room -= len(self._out[0])
            self.sent_octets += len(self._out[0])
            taken.append(self._out.popleft())

    def receive(self, pdu: bytes, now: float) -> None:
        """Take in a PDU; what is none, or of nobody here, is counted and left.

        Args:
            pdu: octets. now: mission time, s.
        """
        try:
            unit = PduFactory.from_raw(pdu)
            if unit is None:
                raise ValueError("no PDU")
            key = int(unit.source_entity_id.value), int(unit.transaction_seq_num.value)
            to_source = get_packet_destination(unit) == PacketDestination.SOURCE_HANDLER
        except Exception:  # octets from a link: whatever the reader makes of them
            self.malformed += 1
            return
        if to_source:
            self._to_source(unit, key, now)
        else:
            self._to_dest(unit, key, now)

    def tick(self, now: float, connected: bool = True) -> None:
        """Let mission time pass: say again what was not answered, and end what is past its deadline.

        Args:
            now: mission time, s. connected: whether the link is up; otherwise nothing is waited for.
        """
        limits = self.settings
        for held, outgoing in ((self._sources, True), (self._dests, False)):
            for key, one in list(held.items()):
                if now - one.began > limits.deadline_s:
                    self._end(key, outgoing, FAILED, f"not done after {limits.deadline_s:.0f} s")
                elif not connected:
                    one.moved = now
                elif now - one.moved >= limits.timeout_s and not self._out:
                    one.moved = now
                    expire(one.handler)
                    self._step(key, one, None)
                    self._closing(key, outgoing)

        for key, end in list(self._ends.items()):
            if now - end.began > limits.deadline_s:
                del self._ends[key]
                reason = f"its name did not come in {limits.deadline_s:.0f} s"
                self._close(FileVerdict(transaction=key, outgoing=False, name="", verdict=FAILED, reason=reason))
            elif connected and now - end.moved >= limits.timeout_s:
                end.moved = now
                self._out.append(_name_request(end.unit))

    @property
    def idle(self) -> bool:
        """Whether no transaction is under way and nothing waits to be sent."""
        return not (self._sources or self._dests or self._ends or self._out)

    def _more(self) -> bool:
        """Let sources make their next PDUs; whether there are any."""
        for key, one in list(self._sources.items()):
            self._step(key, one, None)
            self._closing(key, True)
            if self._out:
                return True
        return bool(self._out)

    def _to_source(self, unit: Any, key: Transaction, now: float) -> None:
        one = self._sources.get(key)
        if one is not None:
            one.moved = now
            if _is(unit, DirectiveType.FINISHED_PDU) and one.handler.step.name == "WAITING_FOR_EOF_ACK":
                # who has finished has had the EOF: its acknowledgement was lost, and cfdp-py would wait for it for ever
                self._step(key, one, _acknowledgement(unit, DirectiveType.EOF_PDU))
            self._step(key, one, unit)
            self._closing(key, True)
        elif key in self._closed and _is(unit, DirectiveType.FINISHED_PDU):
            self._out.append(bytes(_acknowledgement(unit, DirectiveType.FINISHED_PDU).pack()))
        else:
            self.ignored += 1

    def _to_dest(self, unit: Any, key: Transaction, now: float) -> None:
        one = self._dests.get(key)
        if one is None and key in self._closed:
            self._again(unit)
            return
        if one is None:
            self._first(unit, key, now)
            return
        one.moved = now
        if one.told.finished is not None and _is(unit, DirectiveType.EOF_PDU):
            self._again(unit)
            return
        self._step(key, one, unit)
        self._closing(key, False)

    def _first(self, unit: Any, key: Transaction, now: float) -> None:
        """The first of a transaction. Without its name nothing is handed on: cfdp-py 0.7.0, given the end before the
        name, waits for ever. The end is kept and acknowledged, and the name asked for; data come again on request.
        """
        unnamed = not _is(unit, DirectiveType.METADATA_PDU)
        full = len(self._dests) + len(self._ends) >= self.settings.most_open and key not in self._ends
        if (
            full
            or unit.dest_entity_id.value != self.settings.entity
            or (unnamed and not _is(unit, DirectiveType.EOF_PDU))
        ):
            self.ignored += 1
            return
        if unnamed:
            if unit.transmission_mode == TransmissionMode.ACKNOWLEDGED:
                held = self._ends.setdefault(key, _End(unit, now, now))
                held.moved = now
                self._again(unit)
                self._out.append(_name_request(unit))
            return
        one = self._dests[key] = self._incoming(key, now)
        self._step(key, one, unit)
        # cfdp-py 0.7.0 shares one list of lost segments among all receivers of a process
        one.handler._params.acked_params.lost_seg_tracker = LostSegmentTracker()
        if key in self._ends:
            self._step(key, one, self._ends.pop(key).unit)
        self._closing(key, False)

    def _again(self, unit: Any) -> None:
        """An end that comes again after ours: its acknowledgement was lost. Everything else is late."""
        if _is(unit, DirectiveType.EOF_PDU) and unit.transmission_mode == TransmissionMode.ACKNOWLEDGED:
            self._out.append(bytes(_acknowledgement(unit, DirectiveType.EOF_PDU).pack()))
        else:
            self.ignored += 1

    def _incoming(self, key: Transaction, now: float) -> _Open:
        limits, told = self.settings, Told()
        path = limits.folder / f"{key[0]}-{key[1]}.part"
        path.unlink(missing_ok=True)
        handler = DestHandler(
            local_config(limits.entity, told), User(told, OneFile(path, limits.most_octets)),
            remote_config(limits.peer, limits.longest_pdu, limits.tries), NoClock(),
        )  # fmt: skip
        return _Open(handler=handler, told=told, name="", began=now, moved=now, path=path)

    def _step(self, key: Transaction, one: _Open, unit: Any) -> None:
        """Let a handler work, and collect what it wants to send; what it cannot use is counted."""
        self._collect(one.handler)
        try:
            one.handler.state_machine(unit)
        except StoreError as error:
            one.told.faults.append(error.what)
            self._end(key, key in self._sources, FAILED, error.what)
        except Exception:  # repeated ends of a disturbed transfer make it raise; our deadline ends the transaction
            self.ignored += 1
        self._collect(one.handler)

    def _collect(self, handler: Any) -> None:
        while handler.packets_ready:
            self._out.append(bytes(handler.get_next_packet().pack()))

    def _closing(self, key: Transaction, outgoing: bool) -> None:
        """End a transaction whose handler has said how it ended, once it has nothing left to send."""
        one = (self._sources if outgoing else self._dests).get(key)
        if one is None:
            return
        if one.told.finished is None:
            if outgoing and one.handler.state.name == "IDLE":
                self._end(key, outgoing, FAILED, ", ".join(dict.fromkeys(one.told.faults)) or "given up")
            return
        idle = one.handler.state.name == "IDLE" if outgoing else one.handler.states.state.name == "IDLE"
        if not idle and not one.told.faults:
            return
        found = one.told.finished
        good = found.condition_code == ConditionCode.NO_ERROR and found.delivery_code == DeliveryCode.DATA_COMPLETE
        if not good:
            self._end(key, outgoing, FAILED, ", ".join(dict.fromkeys(one.told.faults)) or found.condition_code.name)
        elif outgoing and found.file_status.name == "FILE_STATUS_UNREPORTED":
            self._end(key, outgoing, SENT, "")
        else:
            self._end(key, outgoing, DELIVERED, "")

    def _end(self, key: Transaction, outgoing: bool, verdict: str, reason: str) -> None:
        held = self._sources if outgoing else self._dests
        one = held.pop(key, None)
        if one is None:
            return
        path, name = None, one.name or one.told.name
        if not outgoing:
            if verdict == DELIVERED:  # the name carries the transaction: no file takes the place of another
                path = one.path.with_name(f"{key[0]}-{key[1]}-{plain_name(name)}")
                sync_file(one.path)
                one.path.replace(path)
                sync_folder(path.parent)
            else:
                one.path.unlink(missing_ok=True)
        self._close(
            FileVerdict(transaction=key, outgoing=outgoing, name=name, verdict=verdict, reason=reason, path=path)
        )

    def _close(self, found: FileVerdict) -> None:
        self.verdicts.append(found)
        self._closed[found.transaction] = found
        while len(self._closed) > 1000:
            self._closed.pop(next(iter(self._closed)))


def _is(unit: Any, directive: Any) -> bool:
    return getattr(unit, "directive_type", None) == directive


def _acknowledgement(unit: Any, directive: Any) -> Any:
    """An acknowledgement in the transaction of a unit."""
    conf = _config(unit)
    code = int(unit.condition_code)  # spacepackets 0.32.0 reads that of an EOF sixteen times too large
    condition = ConditionCode(code >> 4 if code > 15 else code)
    return AckPdu(conf, directive, condition, TransactionStatus.TERMINATED)


def _name_request(unit: Any) -> bytes:
    """The request to send name and size of a file again."""
    return bytes(NakPdu(_config(unit), 0, 0, [(0, 0)]).pack())


def _config(unit: Any) -> Any:
    head = unit.pdu_header
    return PduConfig(
        source_entity_id=head.source_entity_id,
        dest_entity_id=head.dest_entity_id,
        transaction_seq_num=head.transaction_seq_num,
        trans_mode=head.transmission_mode,
    )


def _key(transaction: Any) -> Transaction:
    return int(transaction.source_id.value), int(transaction.seq_num.value)
