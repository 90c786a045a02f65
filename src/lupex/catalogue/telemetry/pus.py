"""What every packet and command of a dictionary has before its own fields: CCSDS and PUS-C headers.

CCSDS 133.0-B-2 (primary header), ECSS-E-ST-70-41C (secondary headers, services 1, 3, 5, 9 and 17). The time stamp is
CUC with four octets of seconds and two of fraction, its P-field first (0x1E: TAI from 1958, 4 + 2).
"""

from lupex.model.telemetry.dictionary import Argument, Command, Comparison, Container, Entry, Fixed, Parameter
from lupex.model.telemetry.types import Encoding, ValueType

CUC_P_FIELD = 0x1E
FINE_S = 2.0**-16
FAILURES = {2: "acceptance", 4: "start", 6: "progress", 8: "completion"}
SUCCESSES = {1: "acceptance", 3: "start", 5: "progress", 7: "completion"}


def unsigned(bits: int) -> ValueType:
    """The type of a plain unsigned integer of so many bits."""
    return ValueType(name=f"u{bits}", kind="integer", encoding=Encoding(kind="unsigned", bits=bits))


TIME = ValueType(
    name="cuc_time", kind="absolute_time", encoding=Encoding(kind="unsigned", bits=48), epoch="TAI", scale_s=FINE_S
)
_HEADER = (
    ("ccsds_version", 3), ("ccsds_type", 1), ("ccsds_secondary", 1), ("ccsds_apid", 11),
    ("ccsds_group", 2), ("ccsds_count", 14), ("ccsds_length", 16),
)  # fmt: skip
_PUS_TM = (
    ("pus_version", 4), ("pus_time_reference", 4), ("pus_service", 8), ("pus_subservice", 8),
    ("pus_counter", 16), ("pus_destination", 16), ("pus_time_preamble", 8),
)  # fmt: skip
_TIME_REPORT = (("time_rate", 8), ("time_preamble", 8))
_REQUEST = (
    ("request_version", 3), ("request_type", 1), ("request_secondary", 1), ("request_apid", 11),
    ("request_group", 2), ("request_count", 14),
)  # fmt: skip


def equal(name: str, value: int) -> Comparison:
    """``name`` equal to a whole number."""
    return Comparison(name, str(value))


def header_parameters() -> dict[str, Parameter]:
    """The parameters of headers and of the services every spacecraft has."""
    widths = (*_HEADER, *_PUS_TM, *_REQUEST, ("request_failure", 16), ("hk_structure", 16), *_TIME_REPORT)
    held = {name: Parameter(name, unsigned(bits)) for name, bits in widths}
    held["pus_time"] = Parameter("pus_time", TIME, "when the packet was made (CUC, TAI)")
    held["spacecraft_time"] = Parameter("spacecraft_time", TIME, "the spacecraft's clock (CUC, TAI)")
    return held


def header_containers() -> dict[str, Container]:
    """Containers every packet goes through, and the reports of services 1, 9 and 17."""

    def entries(fields: tuple[tuple[str, int], ...]) -> tuple[Entry, ...]:
        return tuple(Entry(name) for name, _ in fields)

    held = [
        Container(name="ccsds", entries=entries(_HEADER), abstract=True, meaning="space packet"),
        Container(
            name="pus_tm", base="ccsds", entries=(*entries(_PUS_TM), Entry("pus_time")), abstract=True,
            conditions=(equal("ccsds_type", 0), equal("ccsds_secondary", 1)), meaning="telemetry with PUS header",
        ),
        Container(
            name="verification", base="pus_tm", entries=entries(_REQUEST), abstract=True,
            conditions=(equal("pus_service", 1),), meaning="what became of a command",
        ),
        Container(
            name="housekeeping", base="pus_tm", entries=(Entry("hk_structure"),), abstract=True,
            conditions=(equal("pus_service", 3), equal("pus_subservice", 25)), meaning="periodic report",
        ),
        Container(
            name="pong", base="pus_tm", entries=(), conditions=(equal("pus_service", 17), equal("pus_subservice", 2)),
            meaning="answer to a ping",
        ),
    ]  # fmt: skip
    held.append(
        Container(
            name="time_report", base="ccsds", entries=(*entries(_TIME_REPORT), Entry("spacecraft_time")),
            conditions=(equal("ccsds_type", 0), equal("ccsds_secondary", 0), equal("ccsds_apid", 0)),
            meaning="the spacecraft's time (service 9/2), without secondary header",
        )
    )  # fmt: skip
    held.append(
        Container(
            name="file_pdu", base="ccsds", entries=(),
            conditions=(equal("ccsds_type", 0), equal("ccsds_secondary", 0), equal("ccsds_apid", 2045)),
            meaning="a unit of a file transfer (CFDP), without secondary header",
        )
    )  # fmt: skip
    for subservice, stage in SUCCESSES.items():
        held.append(
            Container(
                name=f"{stage}_ok", base="verification", entries=(),
                conditions=(equal("pus_subservice", subservice),), meaning=f"{stage} of a command succeeded",
            )
        )  # fmt: skip
    for subservice, stage in FAILURES.items():
        held.append(
            Container(
                name=f"{stage}_failed", base="verification", entries=(Entry("request_failure"),),
                conditions=(equal("pus_subservice", subservice),), meaning=f"{stage} of a command failed",
            )
        )  # fmt: skip
    return {one.name: one for one in held}


def header_command() -> Command:
    """The abstract command with CCSDS and PUS headers; length and count are put in when it is sent."""
    small = {bits: unsigned(bits) for bits in (8, 11)}
    return Command(
        name="pus_tc",
        abstract=True,
        arguments=(
            Argument("ccsds_apid", small[11], "application process"),
            Argument("pus_service", small[8], "service"),
            Argument("pus_subservice", small[8], "subservice"),
        ),
        # version 0, telecommand, with secondary header; alone, count and length still 0; PUS-C, all four acknowledged
        layout=(
            Fixed(3, 0), Fixed(1, 1), Fixed(1, 1), "ccsds_apid", Fixed(2, 3), Fixed(14, 0), Fixed(16, 0),
            Fixed(4, 2), Fixed(4, 15), "pus_service", "pus_subservice", Fixed(16, 0),
        ),
        meaning="telecommand packet with PUS header",
    )  # fmt: skip
