"""Links of a plan: only what nobody published is said; a radio that does not fit is refused."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError, UnpublishedError
from lupex.catalogue import radio, station
from lupex.ephemeris import utc_to_tdb_s
from lupex.model import GroundSettings, LinkSettings, LunarPlace
from lupex.signals import track
from lupex.study.contacts.links import LinkAsked, links_along

TIMES = utc_to_tdb_s("2028-05-14T18:00:00Z") + np.array([0.0, 600.0])
PLACE = LunarPlace(name="rim", lat_deg=-89.5, lon_deg=222.7, height_m=1800.0)


def test_what_nobody_published_is_a_reason_and_no_error() -> None:
    usuda = station("usuda")
    asked = LinkAsked(radio("lupex_rover_hga"), GroundSettings(), LinkSettings())
    along = links_along(usuda, asked, track(usuda, PLACE, TIMES))
    assert np.isnan(along.down_db).all() and "g_t_db_k" in along.down_reason
    assert np.isnan(along.up_db).all() and "eirp_dbw" in along.up_reason


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"frequency_down_hz": 9.9e9}, "9900 MHz lies outside band X of station misasa"),
        ({"band": "S"}, "station misasa has no band S"),
        ({"coding": "morse"}, "code 'morse' is unknown"),
    ],
)
def test_a_radio_that_does_not_fit_the_station_is_refused(change: dict, said: str) -> None:
    misasa = station("misasa")
    asked = LinkAsked(replace(radio("lupex_rover_hga"), **change), GroundSettings(), LinkSettings())
    with pytest.raises(InputError, match=said) as error:
        links_along(misasa, asked, track(misasa, PLACE, TIMES))
    assert not isinstance(error.value, UnpublishedError)
