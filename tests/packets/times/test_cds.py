"""CDS in whole numbers: every millisecond is itself, a leap second keeps its 60."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.packets.times.cds import Cds, cds_format


def test_every_millisecond_of_a_minute_is_packed_as_itself() -> None:
    # spacepackets 0.32.0 packs half of them one millisecond early
    cds, base = Cds(), 12 * 3600 * 1000
    for ms in range(60_000):
        octets = cds.of_utc(f"2026-01-01T12:00:{ms // 1000:02d}.{ms % 1000:03d}Z")
        assert octets == cds.octets(24_837, base + ms)


@given(day=st.integers(0, 65535), ms=st.integers(0, 86_399_999), micro=st.integers(0, 999))
def test_utc_and_octets_are_each_other(day: int, ms: int, micro: int) -> None:
    cds = Cds(sub=1)
    octets = cds.octets(day, ms, micro)
    assert cds.parts(octets) == (day, ms, micro)
    assert cds.of_utc(cds.utc(octets)) == octets
    assert cds_format(cds.preamble) == cds


def test_a_leap_second_is_second_60_and_midnight_belongs_to_the_new_day() -> None:
    cds = Cds()
    assert cds.utc(cds.octets(21_549, 86_400_500)) == "2016-12-31T23:59:60.500Z"
    assert cds.of_utc("2016-12-31T23:59:60.5Z") == cds.octets(21_549, 86_400_500)
    assert cds.of_utc("2017-01-01T00:00:00Z") == cds.octets(21_550, 0)
    with pytest.raises(InputError, match="does not fit"):
        cds.octets(0, 86_401_000)
