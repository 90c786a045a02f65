import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.navigation.lgrs import grid_place, lgrs_lat_lon


@pytest.mark.parametrize(
    ("lat", "lon", "text", "condensed"),
    [
        (-82.0, -135.0, "ATF0421604216", "ATFD216D216"),  # both as the program published by the USGS has them
        (20.0, 0.0, "23QFK0000005860", "23QFK-000E860"),
        (-90.0, 0.0, "BAN0000000000", "BAN-000-000"),
        (-85.91378539500401, -6.4875963470049385, "AZS1107822427", "AZSL078X427"),
        (-3.762695951962705, 86.0995517810531, "34MCR1754310954", "34MCRS543K954"),
        (86.3471999974735, -96.65659764550617, "YVN1560412767", "YVNQ604M767"),
    ],
)
def test_letters_of_a_place_are_those_of_the_published_program(
    lat: float, lon: float, text: str, condensed: str
) -> None:
    found = grid_place(lat, lon)
    assert found.text == text
    assert found.condensed == condensed


def test_every_place_comes_back_within_its_metre() -> None:
    rng = np.random.default_rng(2)
    for k in range(400):
        lat = (
            float(np.degrees(np.arcsin(rng.uniform(-1.0, 1.0))))
            if k % 2
            else float(rng.uniform(80, 90) * (-1) ** (k // 2))
        )
        lon = float(rng.uniform(-180.0, 360.0))
        place = grid_place(lat, lon)
        assert 0.0 <= place.east_m < 25_000.0
        for text in (
            place.text,
            place.condensed,
            f"{place.zone} {place.square} {place.text[-10:-5]} {place.text[-5:]}",
        ):
            at = lgrs_lat_lon(text)
            east = np.cos(np.radians(lat)) * np.radians((at[1] - lon + 180.0) % 360.0 - 180.0)
            assert MOON_RADIUS_M * np.hypot(np.radians(at[0] - lat), east) < 1.45, (lat, lon, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no LGRS place"),
        ("ATF0421604", "no LGRS place"),
        ("CTF0421604216", "no LGRS place"),
        ("AIF0421604216", "letter I"),
        ("ATF2600004216", "beyond its square"),
        ("ATFZ216Z216", None),
        ("AAA0421604216", "outside the polar zones"),
        ("46QFK0000005860", "names zone 46"),
        ("23QZK0000005860", "letter Z"),
        ("23QFA0000000000", "not in zone 23Q"),
    ],
)
def test_a_text_that_is_no_place_is_refused(text: str, words: str | None) -> None:
    if words is None:  # kilometre Z, the 25th, exists
        assert lgrs_lat_lon(text)[0] < -80.0
        return
    with pytest.raises(InputError, match=words):
        lgrs_lat_lon(text)
    with pytest.raises(InputError):
        grid_place(91.0, 0.0)
