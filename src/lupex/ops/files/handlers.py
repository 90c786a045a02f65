"""What cfdp-py asks of its user: a place for one file, indications, and timers that follow mission time."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cfdppy import (
    CfdpUserBase,
    IndicationConfig,
    LocalEntityConfig,
    RemoteEntityConfig,
    RemoteEntityConfigTable,
)
from cfdppy.filestore import NativeFilestore
from cfdppy.mib import CheckTimerProvider, DefaultFaultHandlerBase, EntityType
from spacepackets.cfdp import ChecksumType, TransmissionMode
from spacepackets.countdown import Countdown
from spacepackets.util import ByteFieldU16, UnsignedByteField

from lupex.base.errors import StoreError

NEVER_S = 1e7
"""Intervals of cfdp-py's own timers, which run by the clock: `expire` ends them by mission time."""


class OneFile(NativeFilestore):
    """A store that knows one file: whatever name the other end gives, nothing else is touched, and it stays small."""

    def __init__(self, path: Path, most_octets: int) -> None:
        super().__init__()
        self._path, self._most = path, most_octets

    def read_data(self, file: Path, offset: int | None, read_len: int | None = None) -> bytes:
        """Octets of the file."""
        return bytes(super().read_data(self._path, offset, read_len))

    def is_directory(self, path: Path) -> bool:
        """Never: a name is not a folder."""
        return False

    def file_exists(self, path: Path) -> bool:
        """Whether something has come."""
        return self._path.exists()

    def file_size(self, file: Path) -> int:
        """Octets of the file."""
        return int(super().file_size(self._path))

    def truncate_file(self, file: Path) -> None:
        """Empty the file."""
        super().truncate_file(self._path)

    def create_file(self, file: Path) -> Any:
        """Make the file."""
        return super().create_file(self._path)

    def delete_file(self, file: Path) -> Any:
        """Remove the file."""
        return super().delete_file(self._path)

    def write_data(self, file: Path, data: bytes, offset: int | None) -> None:
        """Write octets. Raises StoreError beyond the size that is taken."""
        if (offset or 0) + len(data) > self._most:
            raise StoreError(f"a file of more than {self._most} octets", "send smaller files")
        super().write_data(self._path, data, offset)

    def calculate_checksum(
        self, checksum_type: ChecksumType, file_path: Path, size_to_verify: int, segment_len: int = 4096
    ) -> bytes:
        """Checksum of the file."""
        return bytes(super().calculate_checksum(checksum_type, self._path, size_to_verify, segment_len))


@dataclass
class Told:
    """What a handler has told: the first end of the transaction, and faults."""

    finished: Any = None
    faults: list[str] = field(default_factory=list)
    name: str = ""


class User(CfdpUserBase):
    """Takes indications in and says nothing."""

    def __init__(self, told: Told, store: NativeFilestore) -> None:
        super().__init__(store)
        self.told = told

    def transaction_finished_indication(self, params: Any) -> None:
        """The first one is the verdict: a disturbed end is told again and again, and not always the same."""
        if self.told.finished is None:
            self.told.finished = params.finished_params

    def metadata_recv_indication(self, params: Any) -> None:
        """The name the other end gives."""
        self.told.name = params.dest_file_name or params.source_file_name or ""

    def transaction_indication(self, transaction_indication_params: Any) -> None:
        """Nothing to do."""

    def eof_sent_indication(self, transaction_id: Any) -> None:
        """Nothing to do."""

    def file_segment_recv_indication(self, params: Any) -> None:
        """Nothing to do."""

    def report_indication(self, transaction_id: Any, status_report: Any) -> None:
        """Nothing to do."""

    def suspended_indication(self, transaction_id: Any, cond_code: Any) -> None:
        """Nothing to do."""

    def resumed_indication(self, transaction_id: Any, progress: int) -> None:
        """Nothing to do."""

    def fault_indication(self, transaction_id: Any, cond_code: Any, progress: int) -> None:
        """A fault."""
        self.told.faults.append(cond_code.name)

    def abandoned_indication(self, transaction_id: Any, cond_code: Any, progress: int) -> None:
        """A fault that ended the transaction."""
        self.told.faults.append(cond_code.name)

    def eof_recv_indication(self, transaction_id: Any) -> None:
        """Nothing to do."""


class Faults(DefaultFaultHandlerBase):
    """Notes the faults of one handler."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self.told = told

    def notice_of_suspension_cb(self, transaction_id: Any, cond: Any, progress: int) -> None:
        """A fault."""
        self.told.faults.append(cond.name)

    def notice_of_cancellation_cb(self, transaction_id: Any, cond: Any, progress: int) -> None:
        """A fault."""
        self.told.faults.append(cond.name)

    def abandoned_cb(self, transaction_id: Any, cond: Any, progress: int) -> None:
        """A fault."""
        self.told.faults.append(cond.name)

    def ignore_cb(self, transaction_id: Any, cond: Any, progress: int) -> None:
        """A fault."""
        self.told.faults.append(cond.name)


class NoClock(CheckTimerProvider):
    """Timers that only `expire` ends."""

    def provide_check_timer(
        self, local_entity_id: UnsignedByteField, remote_entity_id: UnsignedByteField, entity_type: EntityType
    ) -> Countdown:
        """A timer that does not run out by itself."""
        return Countdown.from_seconds(NEVER_S)


def local_config(entity: int, told: Told) -> LocalEntityConfig:
    """The local entity of one handler."""
    return LocalEntityConfig(ByteFieldU16(entity), IndicationConfig(), Faults(told))


def remote_config(entity: int, longest_pdu: int, tries: int) -> RemoteEntityConfigTable:
    """The other end: modular checksum, which every peer knows; it closes every transaction."""
    return RemoteEntityConfigTable(
        [
            RemoteEntityConfig(
                entity_id=ByteFieldU16(entity),
                max_file_segment_len=None,
                max_packet_len=longest_pdu,
                closure_requested=False,
                crc_on_transmission=False,
                default_transmission_mode=TransmissionMode.ACKNOWLEDGED,
                crc_type=ChecksumType.MODULAR,
                positive_ack_timer_interval_seconds=NEVER_S,
                positive_ack_timer_expiration_limit=tries,
                check_limit=tries,
                disposition_on_cancellation=True,
                nak_timer_interval_seconds=NEVER_S,
                nak_timer_expiration_limit=tries,
            )
        ]
    )


def expire(handler: Any) -> None:
    """End the timers of a handler: so much mission time has passed. cfdp-py has no door for a clock of one's own."""
    held = handler._params
    for place in (held, getattr(held, "positive_ack_params", None), getattr(held, "acked_params", None)):
        for name in ("check_timer", "ack_timer", "procedure_timer"):
            timer = getattr(place, name, None)
            if timer is not None:
                timer.time_out()
