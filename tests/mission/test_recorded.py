import pytest

from lupex.base.errors import MissionError
from lupex.io.tables import plain
from lupex.mission import load_mission, recorded_mission


def test_the_mission_of_a_record_is_the_one_that_was_recorded() -> None:
    mission = load_mission()
    found = recorded_mission(plain(mission))
    for name in mission.__dataclass_fields__:
        assert plain(getattr(found, name)) == plain(getattr(mission, name)), name
    assert found.terrain == mission.terrain
    assert found.ranking == mission.ranking


def test_a_record_of_an_older_version_takes_the_defaults_of_newer_tables() -> None:
    record = plain(load_mission())
    del record["payload"]
    assert recorded_mission(record).payload == load_mission().payload


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [("light", "season_days", True), ("terrain", "pole", "east"), ("horizon", "azimuths", "many"), ("rover", 0, None)],
)
def test_a_damaged_record_is_refused_by_table_and_key(table: str, key: str, value: object) -> None:
    record = plain(load_mission())
    record[table][key] = value
    with pytest.raises(MissionError, match=r"study\.json \[mission\]"):
        recorded_mission(record)


def test_what_is_no_table_is_refused() -> None:
    for record in ([], None, {"name": "x"}):
        with pytest.raises(MissionError):
            recorded_mission(record)
