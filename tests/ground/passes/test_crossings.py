import numpy as np
import pytest

from lupex.base.errors import SpanError
from lupex.ground.passes.crossings import windows_where_positive


def test_edges_of_a_sine_are_its_roots() -> None:
    found = windows_where_positive(lambda t: np.sin(2 * np.pi * t / 1000.0), (100.0, 5100.0), 70.0, 1e-3)
    assert found.start_tdb_s == pytest.approx([100.0, 1000.0, 2000.0, 3000.0, 4000.0, 5000.0], abs=2e-3)
    assert found.stop_tdb_s == pytest.approx([500.0, 1500.0, 2500.0, 3500.0, 4500.0, 5100.0], abs=2e-3)


def test_a_short_rise_and_a_short_dip_between_samples_are_found() -> None:
    rise = windows_where_positive(lambda t: 4.0 - (t - 512.3) ** 2 / 100.0, (0.0, 1000.0), 100.0, 1e-3)
    assert rise.start_tdb_s == pytest.approx([492.3], abs=2e-3)
    assert rise.total_s == pytest.approx(40.0, abs=4e-3)
    dip = windows_where_positive(lambda t: (t - 512.3) ** 2 / 100.0 - 4.0, (0.0, 1000.0), 100.0, 1e-3)
    assert len(dip) == 2 and dip.total_s == pytest.approx(960.0, abs=4e-3)


def test_never_and_always_are_told_apart() -> None:
    assert len(windows_where_positive(lambda t: 0.0 * t - 1.0, (0.0, 10.0), 1.0)) == 0
    assert windows_where_positive(lambda t: 0.0 * t + 1.0, (0.0, 10.0), 1.0).total_s == 10.0
    with pytest.raises(SpanError, match="span is empty"):
        windows_where_positive(lambda t: t, (1.0, 1.0), 1.0)
