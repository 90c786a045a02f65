"""Times as numbers: TDB seconds are taken, UTC is never misread as a number."""

import datetime

import numpy as np
import pytest

from lupex.base.arrays import tdb_seconds
from lupex.base.errors import InputError


def test_numbers_keep_their_shape() -> None:
    assert tdb_seconds("t", 5).shape == () and tdb_seconds("t", [[1, 2]]).dtype == np.float64
    assert tdb_seconds("t", []).shape == (0,)


@pytest.mark.parametrize(
    "times",
    ["2028-01-01", ["2028-01-01"], np.array(["2028-01-01"], "datetime64[s]"), datetime.date(2028, 1, 1), None, True],
)
def test_utc_in_any_form_is_refused_with_what_to_do(times: object) -> None:
    with pytest.raises(InputError, match="passes: .* convert UTC with lupex.utc_to_tdb_s"):
        tdb_seconds("passes", times)  # type: ignore[arg-type]
