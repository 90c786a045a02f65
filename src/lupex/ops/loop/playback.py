"""Stored files of the rover on the ground: what came whole is cut into its packets and archived like telemetry."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lupex.base.gate import file_bytes
from lupex.io.atomic import write_bytes
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.archive.ingest import stored_packets
from lupex.ops.archive.store import Archive
from lupex.packets.streams.cut import StreamRules, packets_in

if TYPE_CHECKING:  # cfdp-py is an extra
    from lupex.ops.files.entity import FileEntity

ENDING = ".packets"
GROUND_ENTITY, ROVER_ENTITY = 1, 2
LARGEST_OCTETS = 2**26


def file_ends(folder: Path) -> "tuple[FileEntity, FileEntity]":
    """Both ends of file transfers: the ground's and the rover's, with folders of their own.

    Transaction numbers of a new folder begin at 1, so that equal days are equal.

    Args:
        folder: new or from an earlier day.

    Raises ImportError without cfdp-py.
    """
    from lupex.ops.files.entity import FileEntity, FileSettings

    made = []
    for name, entity, peer in (("ground", GROUND_ENTITY, ROVER_ENTITY), ("rover", ROVER_ENTITY, GROUND_ENTITY)):
        numbers = folder / name / "next_transaction"
        if not numbers.exists():
            write_bytes(numbers, b"1\n")
        made.append(FileEntity(FileSettings(entity=entity, peer=peer, folder=folder / name)))
    ground, rover = made
    return ground, rover


@dataclass(kw_only=True)
class Playback:
    """Files that came, and their packets.

    Attributes:
        packets: file name -> packets archived from it. damaged: packets in files whose checksum is wrong.
    """

    packets: dict[str, int] = field(default_factory=dict)
    damaged: int = 0
    _seen: int = 0

    def take(self, files: "FileEntity", known: Dictionary, archive: Archive, now_tai_s: float) -> None:
        """Archive the packets of files that have come since the last time.

        Args:
            files: the ground's end. known: dictionary. archive: where packets go. now_tai_s: time of reception.
        """
        new, self._seen = files.verdicts[self._seen :], len(files.verdicts)
        for one in new:
            if one.outgoing or one.path is None or not one.name.endswith(ENDING):
                continue
            batch, _ = packets_in(file_bytes(one.path, LARGEST_OCTETS), StreamRules(error_control=known.error_control))
            if len(batch):
                archive.append(stored_packets(known, batch, now_tai_s))
            self.damaged += int((~batch.good).sum())
            self.packets[one.name] = len(batch)
