"""Telemetry packets with PUS-C headers, counted and stamped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lupex.model.telemetry.dictionary import Dictionary
from lupex.packets.coding.checks import crc16_of
from lupex.packets.definitions.encode import encode_packet
from lupex.packets.times.cuc import Cuc

CUC = Cuc(4, 2)
SECONDARY_HEADER = 14
"""Octets of the PUS-C telemetry header: version and time reference, service, subservice, counter, destination, time."""


@dataclass
class TelemetryWriter:
    """Makes telemetry packets: sequence counts for each APID, message counters for each service and subservice.

    Attributes:
        dictionary: that names packets.
    """

    dictionary: Dictionary
    _counts: dict[int, int] = field(default_factory=dict)
    _messages: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def packet(self, name: str, values: Mapping[str, Any], tai_s: float, **more: int) -> bytes:
        """A packet of the dictionary.

        Args:
            name: of the container. values: parameter -> engineering value. tai_s: TAI seconds since 1958.
            more: header fields that the container's conditions leave open (ccsds_apid, pus_service, pus_subservice).
        """
        fixed = {
            condition.parameter: int(condition.value)
            for one in self.dictionary.lineage(name)
            for condition in one.conditions
            if condition.operator == "==" and condition.value.isdigit()
        } | more
        apid, service, subservice = (fixed.get(key, 0) for key in ("ccsds_apid", "pus_service", "pus_subservice"))
        head = {
            "ccsds_apid": apid, "pus_version": 2, "pus_service": service, "pus_subservice": subservice,
            "pus_counter": self._message(apid, service, subservice), "pus_time_preamble": CUC.preamble[0],
            "pus_time": CUC.count_of(tai_s),
        }  # fmt: skip
        return encode_packet(self.dictionary, name, {**values, **head}, self._count(apid))

    def report(self, apid: int, service: int, subservice: int, data: bytes, tai_s: float) -> bytes:
        """A packet whose source data are octets already.

        Args:
            apid: of its source. service, subservice: of the message. data: octets. tai_s: TAI seconds since 1958.
        """
        message = self._message(apid, service, subservice)
        head = bytes([2 << 4, service, subservice]) + message.to_bytes(2, "big") + b"\0\0"
        body = head + CUC.preamble + CUC.octets(CUC.count_of(tai_s)) + data + b"\0\0"
        first = (0x0800 | apid).to_bytes(2, "big") + (0xC000 | self._count(apid)).to_bytes(2, "big")
        octets = first + (len(body) - 1).to_bytes(2, "big") + body[:-2]
        return octets + crc16_of(octets).to_bytes(2, "big")

    def time_report(self, exponent: int, tai_s: float) -> bytes:
        """The report 9/2 of the time, APID 0, without secondary header.

        Args:
            exponent: of 2, seconds between reports. tai_s: TAI seconds since 1958.
        """
        values = {"time_rate": exponent, "time_preamble": CUC.preamble[0], "spacecraft_time": CUC.count_of(tai_s)}
        return encode_packet(self.dictionary, "time_report", values, self._count(0))

    def _count(self, apid: int) -> int:
        count = self._counts.get(apid, 0)
        self._counts[apid] = (count + 1) % 16384
        return count

    def _message(self, apid: int, service: int, subservice: int) -> int:
        key = (apid, service, subservice)
        count = self._messages.get(key, 0)
        self._messages[key] = (count + 1) % 65536
        return count
