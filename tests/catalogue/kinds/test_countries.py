import pytest

from lupex.base.errors import InputError
from lupex.catalogue import stations
from lupex.catalogue.kinds.countries import COUNTRIES, check_whereabouts


def test_every_station_of_the_catalogue_lies_in_its_country() -> None:
    for one in stations():
        assert one.country in COUNTRIES
        check_whereabouts(one.name, one.lat_deg, one.lon_deg, one.country, one.complex)


def test_longitude_may_be_counted_either_way_round() -> None:
    check_whereabouts("x", 35.4, 243.1, "US", "goldstone")


def test_a_place_that_cannot_be_is_refused_even_without_a_country() -> None:
    with pytest.raises(InputError, match="latitude 120, longitude 10 deg does not exist"):
        check_whereabouts("x", 120.0, 10.0, "", "")
