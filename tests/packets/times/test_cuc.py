"""CUC against the vector of Yamcs' tests, its P-fields, and UTC with its leap seconds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.packets.times.cuc import Cuc, cuc_format, tai_to_utc, utc_to_tai


def test_the_published_time_comes_out() -> None:
    octets = bytes.fromhex("2E5B3F555E48B4")
    form, size = cuc_format(octets)
    assert (form, size) == (Cuc(4, 2, agency_epoch=True), 1)
    # 2018-07-06T11:41:18.284Z of an epoch 1970 without leap seconds
    seconds = form.seconds(form.count(octets[size:]))
    assert int(seconds) == 1530877278
    assert float(seconds % 1) == pytest.approx(0.284, abs=2.0**-16)


@given(st.integers(1, 7), st.integers(0, 10), st.booleans(), st.data())
def test_every_format_reads_back_from_its_p_field_and_every_count_from_its_octets(
    coarse: int, fine: int, agency: bool, data: st.DataObject
) -> None:
    form = Cuc(coarse, fine, agency)
    assert cuc_format(form.preamble) == (form, len(form.preamble))
    count = data.draw(st.integers(0, 256 ** (coarse + fine) - 1))
    assert form.count(form.octets(count)) == count
    assert form.count_of(form.seconds(count)) == count


def test_utc_keeps_the_leap_second() -> None:
    tai = utc_to_tai(["2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00Z", "1958-01-01T00:00:09Z"])
    assert (tai[1] - tai[0]).item() == pytest.approx(0.5, abs=1e-6)
    assert tai_to_utc(tai[:2], 3) == ["2016-12-31T23:59:60.500Z", "2017-01-01T00:00:00.000Z"]
    assert Cuc().preamble == b"\x1e"
    assert Cuc().count_of(Fraction(1, 65536)) == 1
    with pytest.raises(InputError, match="no CUC"):
        cuc_format(b"\x40")
