"""Every setting and fact of a mission, with its meaning, default and source."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lupex.catalogue import catalogue_entry
from lupex.catalogue.names import UNITS, unit_of
from lupex.mission.load import HEADER
from lupex.mission.mission import SETTINGS, Mission
from lupex.mission.paths import portable
from lupex.mission.plugins import plugin_criteria
from lupex.mission.site_rules import preset_sources
from lupex.model.fact import Fact
from lupex.model.settings.setting import settings_fields

if TYPE_CHECKING:
    from lupex.sites import DecisionCriterion


@dataclass(frozen=True, kw_only=True)
class SettingRow:
    """One setting or fact.

    Attributes:
        unit: suffix of the key in words, '' when it has none.
        default: what holds when the file is silent; None for a number nobody has published.
        source: where the default of a setting, or the value of a fact, comes from.
        given_by_file: whether the mission file states it.
    """

    table: str
    key: str
    value: Any
    unit: str
    meaning: str
    default: Any
    source: str
    given_by_file: bool


def explain(mission: Mission) -> list[SettingRow]:
    """A row per setting and fact of a mission, table by table in the order of the mission file."""
    given = set(mission.given)
    header = {
        "name": mission.name,
        "title": mission.title,
        "lander": mission.lander_name,
        "rover": mission.rover_name,
    }
    rows = [
        _row(given, "mission", key, header[key], meaning, default, "default mission")
        for key, (default, meaning) in HEADER.items()
    ]
    rows += _fact_rows(given, "lander", mission.lander, mission.lander_name)
    rows += _fact_rows(given, "rover", mission.rover, mission.rover_name)
    preset = {f"sites.{key}": row for key, row in preset_sources(mission.sites.preset).items()}
    for table in SETTINGS:
        settings = getattr(mission, table)
        for spec in settings_fields(settings):
            facts = spec.metadata
            value = getattr(settings, spec.name)
            default, source = preset.get(f"{table}.{spec.name}", (spec.default, facts["source"]))
            rows.append(_row(given, table, spec.name, value, facts["meaning"], default, source))
        if table == "ranking":
            rows += [_plugin_row(given, mission, criterion) for criterion in plugin_criteria()]
    return rows


def mission_dict(mission: Mission) -> dict[str, Any]:
    """The mission as plain dictionaries and lists that JSON can hold, for provenance; paths as the file says them."""
    plain = asdict(portable(mission))
    del plain["folder"]
    return {name: _plain(value) for name, value in plain.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _fact_rows(given: set[str], table: str, facts: tuple[Fact, ...], name: str) -> list[SettingRow]:
    entry = catalogue_entry(f"{table}s", name)
    rows = []
    for fact in facts:
        known = entry.fact(fact.key)
        rows.append(_row(given, table, fact.key, fact.value, fact.meaning, known.value if known else None, fact.source))
    return rows


def _plugin_row(given: set[str], mission: Mission, criterion: "DecisionCriterion") -> SettingRow:
    key, meaning = criterion.weight, f"weight of {criterion.meaning}; 0 leaves it out"
    return _row(given, "ranking", key, mission.ranking.weight(key), meaning, 0.0, "plug-in")


def _row(given: set[str], table: str, key: str, value: Any, meaning: str, default: Any, source: str) -> SettingRow:
    unit = UNITS.get(unit_of(key), "")
    return SettingRow(
        table=table,
        key=key,
        value=value,
        unit=unit,
        meaning=meaning,
        default=default,
        source=source,
        given_by_file=f"{table}.{key}" in given,
    )
