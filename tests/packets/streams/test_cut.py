"""Packets cut from streams: in any pieces, between foreign octets, behind wrong lengths, on real files."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from spacepackets.ccsds import SpacePacketHeader
from tests.shared_data import shared

from lupex.packets.coding.checks import crc16_of
from lupex.packets.streams.batch import batch_of
from lupex.packets.streams.counts import CountWatch
from lupex.packets.streams.cut import PacketStream, StreamRules, packets_in


def packet(apid: int, count: int, body: bytes) -> bytes:
    head = (0x0800 | apid).to_bytes(2, "big") + (0xC000 | count).to_bytes(2, "big")
    octets = head + (len(body) + 1).to_bytes(2, "big") + body
    return octets + crc16_of(octets).to_bytes(2, "big")


BODIES = st.lists(
    st.tuples(st.sampled_from([100, 200, 2047]), st.binary(min_size=0, max_size=60)), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(bodies=BODIES, piece=st.integers(1, 100))
def test_packets_come_out_whatever_the_pieces(bodies: list[tuple[int, bytes]], piece: int) -> None:
    sent = [packet(apid, k, body) for k, (apid, body) in enumerate(bodies)]
    octets, stream = b"".join(sent), PacketStream(rules=StreamRules(error_control=True))
    batches = [stream.feed(octets[k : k + piece]) for k in range(0, len(octets), piece)]
    assert [one.packet(k) for one in batches for k in range(len(one))] == sent
    assert (
        np.concatenate([one.headers["offset"] for one in batches]).tolist()
        == np.cumsum([0, *map(len, sent[:-1])]).tolist()
    )
    assert (stream.foreign_octets, stream.unfinished_octets) == (0, 0)


def test_a_data_word_that_looks_like_a_header_stays_inside_its_packet() -> None:
    # spacepackets 0.32.0, asked for APID 100 only, searches the packet of APID 200 and finds this one in it
    inside = packet(200, 0, b"\x08\x64\xc0\x00\x00\x09" + bytes(20))
    sent = [inside, packet(100, 1, b"real")]
    batch, stream = packets_in(b"".join(sent), StreamRules(apids=(100, 200)))
    assert [batch.packet(k) for k in range(len(batch))] == sent
    assert stream.foreign_octets == 0


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), between=st.lists(st.integers(0, 30), min_size=5, max_size=5))
def test_foreign_octets_between_packets_are_passed_over_and_counted(seed: int, between: list[int]) -> None:
    rng = np.random.default_rng(seed)
    sent = [packet(100, k, rng.integers(0, 256, 30, dtype=np.uint8).tobytes()) for k in range(5)]
    noise = [rng.integers(0xE0, 0x100, size, dtype=np.uint8).tobytes() for size in between]  # no version 0
    octets = b"".join(n + p for n, p in zip(noise, sent, strict=True))
    batch, stream = packets_in(octets, StreamRules(apids=(100,), error_control=True))
    assert [batch.packet(k) for k in range(len(batch))] == sent
    assert stream.foreign_octets == sum(between)


def test_a_truncated_packet_costs_itself_and_a_wrong_length_field_what_it_covers() -> None:
    sent = [packet(100, k, bytes([0xFF] * 40)) for k in range(6)]
    rules = StreamRules(apids=(100,), error_control=True)
    cut = sent[:2] + [sent[2][:25]] + sent[3:]
    batch, stream = packets_in(b"".join(cut), rules)
    found = [batch.packet(k) for k in range(len(batch)) if batch.good[k]]
    assert found == sent[:2] + sent[3:]
    wrong = bytearray(sent[2])
    wrong[4] ^= 0x01  # 256 octets longer
    batch, stream = packets_in(b"".join([*sent[:2], bytes(wrong), *sent[3:], *sent]), rules)
    assert [batch.packet(k) for k in range(len(batch)) if batch.good[k]] == sent[:2] + sent[3:] + sent
    assert stream.foreign_octets == len(wrong)


def test_a_wrong_bit_in_the_data_is_counted_and_the_stream_goes_on() -> None:
    sent = [packet(100, k, bytes(40)) for k in range(5)]
    broken = bytearray(sent[3])
    broken[20] ^= 2
    batch, stream = packets_in(b"".join([*sent[:3], bytes(broken), sent[4]]), StreamRules(error_control=True))
    assert batch.good.tolist() == [True, True, True, False, True]
    assert stream.bad_checksums == 1


def test_memory_stays_bounded_when_a_length_field_promises_more_than_comes() -> None:
    stream = PacketStream(rules=StreamRules(apids=(100,), longest=1000))
    for _ in range(200):
        stream.feed(b"\x08\x64\xc0\x00\xff\xff" * 100)
    assert stream.unfinished_octets < 1600
    assert stream.foreign_octets > 100_000


def test_headers_are_those_of_an_independent_reader() -> None:
    rng = np.random.default_rng(4)
    for octets in rng.integers(0, 256, (50, 6), dtype=np.uint8):
        octets[0] &= 0x1F
        peer = SpacePacketHeader.unpack(octets.tobytes())
        ours = batch_of([octets.tobytes()]).headers
        assert (ours["apid"][0], ours["sequence_count"][0]) == (peer.apid, peer.seq_count)
        assert (ours["sequence_flags"][0], ours["secondary_header"][0]) == (peer.seq_flags, peer.sec_header_flag)


def test_counts_tell_gaps_repeats_and_late_packets_and_pass_the_wrap() -> None:
    watch = CountWatch()
    counts = [16382, 16383, 0, 1, 1, 4, 3, 5]
    for part in (counts[:3], counts[3:]):
        watch.see(batch_of([packet(100, count, b"") for count in part]))
    assert [(one.kind, one.size, one.count) for one in watch.events] == [
        ("repeat", 1, 1), ("gap", 2, 4), ("late", 1, 3), ("gap", 1, 5),
    ]  # fmt: skip


def test_real_files_parse_to_their_last_octet() -> None:
    folder = shared("data/ccsds_packets")
    if folder is None:
        return
    noaa, stream = packets_in((folder / "J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1").read_bytes())
    watch = CountWatch()
    watch.see(noaa)
    assert (len(noaa), stream.unfinished_octets, stream.foreign_octets, watch.events) == (7200, 0, 0, [])
    cygnss, stream = packets_in((folder / "CYGNSS_F7_L0_2022_086_10_15_first101pkts.tlm").read_bytes())
    watch = CountWatch()
    watch.see(cygnss)
    assert (len(cygnss), stream.unfinished_octets, len({*cygnss.headers["apid"].tolist()})) == (101, 0, 7)
    assert len(watch.events) == 9
