"""SPICE contained: whatever happens inside, the pool is found as it was left."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import spiceypy as spice

from lupex.base.errors import LupexError
from lupex.ephemeris import kernels, sky_kernels, sky_table
from lupex.ephemeris.pool import _pool_variables

LEAP_SECONDS, DE440, LUNAR_PCK, FRAMES = (str(path) for path in sky_kernels())


def pool() -> tuple[list[tuple[str, str, str]], dict]:
    """Loaded kernels (name, type, source) and every variable of the pool."""
    files = [spice.kdata(i, "ALL")[:3] for i in range(spice.ktotal("ALL"))]
    return files, _pool_variables()


@pytest.fixture
def callers_pool(tmp_path):
    """A pool in which a caller has kernels, our own DE440 among them, and variables set by hand."""
    text = tmp_path / "mine.tk"
    text.write_text(
        "KPL/PCK\n\\begindata\nBODY301_RADII = ( 1.0 2.0 3.0 )\nMINE = 'text'\nDELTET/K = 7.0\n\\begintext\n"
    )
    meta = tmp_path / "mine.tm"
    meta.write_text(f"KPL/MK\n\\begindata\nKERNELS_TO_LOAD = ( '{text}' )\n\\begintext\n")
    for name in (str(meta), DE440, LEAP_SECONDS):
        spice.furnsh(name)
    spice.pdpool("BY_HAND", [1.5, 2.5])
    spice.pcpool("BY_HAND_TEXT", ["one", "two"])
    spice.pdpool("DELTET/K", [9.0])
    yield
    spice.kclear()


def test_an_empty_pool_is_empty_again():
    assert pool() == ([], {})
    with kernels() as paths:
        assert spice.ktotal("ALL") == len(paths) == 4
    assert pool() == ([], {})


def test_a_callers_kernels_and_variables_stay(callers_pool):
    before = pool()
    assert len(before[0]) == 4
    sky_table([0.0, 1e8])
    assert pool() == before
    assert spice.gdpool("BY_HAND", 0, 5).tolist() == [1.5, 2.5]
    assert spice.gcpool("BY_HAND_TEXT", 0, 5) == ["one", "two"]
    assert spice.gdpool("DELTET/K", 0, 1).tolist() == [9.0]


def test_a_callers_pool_changes_none_of_our_numbers(callers_pool):
    spice.pipool("NAIF_BODY_CODE", [399])
    spice.pcpool("NAIF_BODY_NAME", ["SUN"])
    spice.pdpool("TKFRAME_31009_ANGLES", [0.0, 0.0, 0.0])
    crowded = sky_table([1e8]).sun_me_m
    spice.kclear()
    assert np.array_equal(crowded, sky_table([1e8]).sun_me_m)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_inside_leaves_the_pool_as_it_was(callers_pool, error):
    before = pool()
    with pytest.raises(error), kernels():
        raise error
    assert pool() == before


def test_a_refusal_of_spice_becomes_our_error_and_leaves_the_pool_as_it_was(callers_pool):
    before = pool()
    with pytest.raises(LupexError, match="SPKINSUFFDATA") as caught, kernels():
        spice.spkpos("10", 1e12, "J2000", "NONE", "301")
    assert "\n" not in str(caught.value)
    assert pool() == before


def test_a_kernel_that_is_not_there_unloads_those_before_it(tmp_path):
    with pytest.raises(LupexError, match="NOSUCHFILE"), kernels([Path(LEAP_SECONDS), tmp_path / "absent.bsp"]):
        raise AssertionError("the block must not run")
    assert pool() == ([], {})


def test_a_truncated_kernel_is_our_error(tmp_path):
    broken = tmp_path / "de440s.bsp"
    broken.write_bytes(Path(DE440).read_bytes()[:500])
    with pytest.raises(LupexError, match="SPICE"), kernels([broken]):
        pass
    assert pool() == ([], {})


def test_blocks_may_be_nested():
    with kernels():
        with kernels():
            inner = spice.ktotal("ALL")
        assert (inner, spice.ktotal("ALL")) == (8, 4)
        assert np.isfinite(spice.spkpos("10", 0.0, "MOON_ME_DE440_ME421", "LT+S", "301")[0]).all()
    assert pool() == ([], {})


def test_threads_get_the_numbers_of_a_single_thread():
    times = [np.linspace(i * 1e8, i * 1e8 + 3e7, 300) for i in range(8)]
    alone = [sky_table(t).earth_me_m for t in times]
    with ThreadPoolExecutor(4) as threads:
        together = [table.earth_me_m for table in threads.map(sky_table, times)]
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
    assert pool() == ([], {})
