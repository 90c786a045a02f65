"""Facts that changed with time: value, date and status as the sources of 2026-11 have them."""

import pytest

from lupex.catalogue import catalogue_entry


@pytest.mark.parametrize(
    ("kind", "name", "key", "value", "said"),
    [
        ("lander", "lupex", "wet_mass_kg", 6500.0, ("2025-05", "secondary", "6000 kg in 2023")),
        ("lander", "lupex", "launch_vehicle", "H3-24L", ("ISRO", "2025-05-15")),
        ("lander", "lupex", "launch_earliest_year", 2028, ("secondary", "2029")),
        ("lander", "lupex", "programme_phase", "preliminary design since May 2025", ("2025-03-10",)),
        ("lander", "chandrayaan3", "landing_lat_deg", -69.373, ("target 69.367621 S", "0.35 km")),
        ("lander", "chandrayaan3", "landing_lon_deg", 32.319, ("32.348126 E",)),
        (
            "rover",
            "viper",
            "carrier",
            "Blue Moon MK1 no. 2, late 2027, only if no. 1 lands",
            ("2025-09-19", "secondary"),
        ),
    ],
)
def test_a_dated_fact_has_its_value_date_and_status(kind: str, name: str, key: str, value: object, said: tuple) -> None:
    fact = catalogue_entry(kind, name).fact(key)
    assert fact is not None and fact.value == value
    assert all(word in fact.source for word in said)


@pytest.mark.parametrize(
    ("kind", "name", "key"), [("lander", "lupex", "instrument_hosts"), ("rover", "lupex", "power_source")]
)
def test_where_sources_disagree_both_are_shown(kind: str, name: str, key: str) -> None:
    fact = catalogue_entry(kind, name).fact(key)
    assert fact is not None and fact.source.startswith("conflict:") and "secondary" in fact.source
