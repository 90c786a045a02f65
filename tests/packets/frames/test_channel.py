"""Packets out of frames: whatever the lengths, and with frames lost, repeated or wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lupex.packets.frames.build import FrameBuilder
from lupex.packets.frames.channel import PacketChannels
from lupex.packets.frames.layout import FrameLayout, frame_batch

LAYOUTS = [
    FrameLayout(kind="tm", length=64), FrameLayout(kind="tm", length=2048, fecf=False),
    FrameLayout(kind="aos", length=70, ocf=True),
    FrameLayout(kind="aos", length=70, insert_octets=5, header_check=True),
]  # fmt: skip


def packets_of(seed: int, count: int, longest: int) -> list[bytes]:
    rng = np.random.default_rng(seed)
    made = []
    for k in range(count):
        body = rng.integers(0, 256, int(rng.integers(1, longest)), dtype=np.uint8).tobytes()
        made.append(b"\x08\x64" + (0xC000 | k).to_bytes(2, "big") + (len(body) - 1).to_bytes(2, "big") + body)
    return made


def frames_of(packets: list[bytes], layout: FrameLayout) -> np.ndarray:
    builder = FrameBuilder(layout=layout, scid=0xAB, vcid=3)
    for packet in packets:
        builder.add(packet)
    return builder.frames(control_word=0x01000007)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), longest=st.sampled_from([2, 20, 150, 900]))
def test_every_packet_comes_out_as_it_went_in(layout: FrameLayout, seed: int, longest: int) -> None:
    packets = packets_of(seed, 25, longest)
    frames, channels = frames_of(packets, layout), PacketChannels(scid=0xAB)
    half = len(frames) // 2
    found = [channels.feed(frame_batch(part, layout)) for part in (frames[:half], frames[half:])]
    assert [batch.packet(k) for batch in found for k in range(len(batch))] == packets
    assert (channels.lost_frames, channels.bad_frames, channels.dropped_packets) == (0, 0, 0)


def test_a_lost_frame_costs_the_packets_in_it_and_is_counted() -> None:
    packets, layout = packets_of(7, 60, 40), LAYOUTS[0]
    frames, channels = frames_of(packets, layout), PacketChannels()
    kept = np.delete(frames, [4, 5, 11], axis=0)
    batch = channels.feed(frame_batch(kept, layout))
    found = [batch.packet(k) for k in range(len(batch))]
    assert set(found) <= set(packets)
    assert channels.lost == {3: 3}
    lost_octets = sum(map(len, packets)) - sum(map(len, found))
    assert 3 * 52 <= lost_octets <= 3 * 52 + 4 * 46  # three zones, and what hung over their edges


def test_wrong_foreign_and_repeated_frames_are_counted_and_left_out() -> None:
    packets, layout = packets_of(8, 12, 40), LAYOUTS[0]
    frames = frames_of(packets, layout)
    channels = PacketChannels(scid=0xAB)
    wrong = frames[2:3].copy()
    wrong[0, 30] ^= 1
    channels.feed(frame_batch(np.concatenate([frames[:2], frames[1:2], wrong, frames[2:]]), layout))
    other = PacketChannels(scid=0xAC)
    other.feed(frame_batch(frames, layout))
    assert (channels.bad_frames, channels.repeated_frames, channels.lost_frames) == (1, 1, 0)
    assert other.foreign_frames == len(frames)


def test_counters_wrap_without_a_loss() -> None:
    layout, channels = LAYOUTS[0], PacketChannels()
    builder = FrameBuilder(layout=layout, scid=1)
    for _ in range(600):
        channels.feed(frame_batch(builder.idle_frame(), layout))
    assert (channels.idle_frames, channels.lost_frames) == (600, 0)
