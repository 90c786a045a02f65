"""Room packets: a command to its octets, and a stream of telemetry to columns.

python examples/packets.py
"""

from lupex.catalogue.telemetry import dictionary
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_command
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.streams.cut import PacketStream, StreamRules


def main() -> None:
    """Print a drive command as it is sent, and the battery of a rover out of a stream that came in pieces."""
    known = dictionary("lupex")
    print(f"drive: {encode_command(known, 'drive', {'distance_m': 1.5, 'heading_deg': 90}, 1).hex()}")
    writer = TelemetryWriter(known)
    octets = b"".join(writer.packet("rover_hk", {"rover_battery_v": 28.0 + k}, 2.2e9 + 60.0 * k) for k in range(3))
    stream = PacketStream(rules=StreamRules(error_control=True))
    for piece in (octets[:50], octets[50:]):
        table = decode(known, stream.feed(piece)).tables["rover_hk"]
        print(f"battery: {table.values('rover_battery_v').tolist()} V")


if __name__ == "__main__":
    main()
