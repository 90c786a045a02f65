"""Telemetry of LuGRE, the GNSS receiver that flew to the Moon on Blue Ghost 1: files ``TLM_RAW_*.txt``.

One message a line, ``key: value`` fields, the measurements of one instant in brackets. Published with the data (Parker
et al., Zenodo record 16411687, CC BY 4.0; paper navi.756); read here after the description in programs that read the
same files, as the handbook itself (ESC-LUGRE-HDBK-0075) was not at hand. Times are GPS seconds since 1980-01-06.
"""

import gzip
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lupex.base.errors import InputError
from lupex.base.gate import number, printable

GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)
GPS_MINUS_UTC_S = 18.0
"""Since 2017-01-01 (IERS Bulletin C 52); LuGRE flew from January to March 2025."""
EARLIEST_GPS_S = 1_167_264_018.0
"""2017-01-01T00:00:00 UTC."""
LATEST_GPS_S = EARLIEST_GPS_S + 20 * 365.25 * 86_400.0
SIGNALS = {
    0: ("G", "GPS L1 C/A"),
    1: ("G", "GPS L5"),
    2: ("E", "Galileo E1"),
    3: ("E", "Galileo E5a"),
    4: ("E", "Galileo E5b"),
}
"""Number in the telemetry: constellation and name."""
_FIELDS = ("svid", "prRaw", "cn0", "signalId", "fdRaw", "accDoppler", "fdRateRaw")


@dataclass(frozen=True, kw_only=True)
class GnssRow:
    """One satellite at one instant, as the receiver measured it.

    Attributes:
        utc: of reception by the receiver's own clock. satellite: 'G07', 'E36'. signal: in words.
        pseudorange_m: raw, with the receiver's clock in it. carrier_m: accumulated Doppler.
        cn0_dbhz: carrier to noise density. doppler_hz: of the tracking loop; doppler_rate_hz_s: its rate.
    """

    utc: str
    satellite: str
    signal: str
    pseudorange_m: float
    carrier_m: float
    cn0_dbhz: float
    doppler_hz: float
    doppler_rate_hz_s: float


def read_lugre_raw(path: str | Path) -> list[GnssRow]:
    """Every measurement of a LuGRE file of raw observables (text, or the same with gzip), in the order of the file.

    Args:
        path: ``TLM_RAW_*.txt`` or ``.txt.gz``.

    Raises InputError naming file, line and fault: another message type, a measurement cut short, a time before 2017.
    """
    name = Path(path)
    try:
        raw = name.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("ascii")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise InputError(f"{name}: cannot be read as text ({printable(str(error))})", "give a TLM_RAW file") from None
    found: list[GnssRow] = []
    for count, line in enumerate(text.splitlines(), 1):
        if line.strip():
            found += _rows(f"{name} line {count}", line)
    if not found:
        raise InputError(f"{name}: no measurement in it", "give a TLM_RAW file of an operation that saw satellites")
    seen: set[tuple[str, str, str]] = set()
    for one in found:
        if (one.utc, one.satellite, one.signal) in seen:
            raise InputError(f"{name}: {one.satellite} {one.signal} at {one.utc} is given twice", "keep one of them")
        seen.add((one.utc, one.satellite, one.signal))
    return found


def _rows(where: str, line: str) -> list[GnssRow]:
    head, _, rest = line.partition("measures:")
    words = head.split()
    fields = dict(zip(words[::2], words[1::2], strict=False))
    if fields.get("messageType:") != "RAW" or "rxTime:" not in fields:
        raise InputError(f"{where}: no RAW message", "give a TLM_RAW file; NAV, ACQ and others hold no pseudoranges")
    received = number(f"{where} rxTime", fields["rxTime:"])
    if not EARLIEST_GPS_S <= received < LATEST_GPS_S:
        raise InputError(
            f"{where}: rxTime {received:.0f} s", "GPS seconds since 1980-01-06, of 2017 or later, are read"
        )
    inner = rest.strip()
    if not (inner.startswith("[") and inner.endswith("]")):
        raise InputError(f"{where}: measures stand in no brackets", "the line is cut short; leave it out")
    values = inner[1:-1].split()
    size = 2 * len(_FIELDS)
    if len(values) % size or any(values[k] != f"{_FIELDS[(k // 2) % len(_FIELDS)]}:" for k in range(0, len(values), 2)):
        raise InputError(f"{where}: a measurement has other fields", f"as flown: {', '.join(_FIELDS)}")
    moment = GPS_EPOCH + timedelta(seconds=received - GPS_MINUS_UTC_S)
    utc = moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
    rows = []
    for k in range(0, len(values), size):
        one = {name: number(f"{where} {name}", values[k + 2 * n + 1]) for n, name in enumerate(_FIELDS)}
        signal = SIGNALS.get(int(one["signalId"]))
        if signal is None or not 1 <= one["svid"] <= 99:
            raise InputError(
                f"{where}: satellite {one['svid']:g} of signal {one['signalId']:g}",
                f"signals are {min(SIGNALS)} to {max(SIGNALS)}",
            )
        rows.append(
            GnssRow(
                utc=utc, satellite=f"{signal[0]}{int(one['svid']):02d}", signal=signal[1], pseudorange_m=one["prRaw"],
                carrier_m=one["accDoppler"], cn0_dbhz=one["cn0"], doppler_hz=one["fdRaw"],
                doppler_rate_hz_s=one["fdRateRaw"],
            )
        )  # fmt: skip
    return rows
