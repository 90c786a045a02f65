"""Tracks of drives, kept on board as files of packets and sent when there is room behind telemetry.

Housekeeping comes once a minute; a track has a packet for every step of the drive. A file is closed when the rover has
stood for a while, when its computer restarts, or when it is long.
"""

from dataclasses import dataclass, field

from lupex.ops.simulator.body import Body
from lupex.packets.pus.telemetry import TelemetryWriter

PACKET = "rover_track"
STANDS_S = 120.0
MOST_PACKETS = 1000


@dataclass(frozen=True)
class Track:
    """A file that is closed: name, packets one after the other, how many, and when it was closed (TAI s)."""

    name: str
    octets: bytes
    packets: int
    tai_s: float


@dataclass(kw_only=True)
class Recorder:
    """What records. Its packets have counts of their own.

    Attributes:
        writer: of packets. count: files closed so far. current: packets of the file that is open. stood_s: since the
            last step of a drive. closed: files nobody has taken yet.
    """

    writer: TelemetryWriter
    count: int = 0
    current: list[bytes] = field(default_factory=list)
    stood_s: float = 0.0
    closed: list[Track] = field(default_factory=list)

    def see(self, body: Body, driving: bool, when: tuple[float, float]) -> None:
        """Take in a step.

        Args:
            body: after it. driving: whether a drive is under way. when: TAI seconds since 1958, length of the step (s).
        """
        tai_s, step_s = when
        if driving:
            self.stood_s = 0.0
            values = {
                "track_x_m": body.odometry_x_m, "track_y_m": body.odometry_y_m, "track_odometer_m": body.odometer_m,
                "track_heading_deg": body.odometry_heading_deg % 360.0, "track_pitch_deg": body.pitch_deg,
                "track_roll_deg": body.roll_deg, "track_load_w": body.load_w,
            }  # fmt: skip
            self.current.append(self.writer.packet(PACKET, values, tai_s))
        else:
            self.stood_s += step_s
        if self.current and (self.stood_s >= STANDS_S or len(self.current) >= MOST_PACKETS):
            self.close(tai_s)

    def close(self, tai_s: float) -> None:
        """End the file that is open."""
        if self.current:
            self.count += 1
            name = f"track_{self.count:03d}.packets"
            self.closed.append(Track(name, b"".join(self.current), len(self.current), tai_s))
            self.current = []
