"""Read one mission file and the catalogue; say exactly what is wrong."""

from lupex.mission.catalogue import Entry, catalogue_entry, catalogue_names
from lupex.mission.explain import SettingRow, explain, mission_dict
from lupex.mission.load import default_mission_text, load_mission
from lupex.mission.shadow_names import shadow_names
from lupex.mission.site_rules import preset_limits, site_rules

__all__ = [
    "Entry",
    "SettingRow",
    "catalogue_entry",
    "catalogue_names",
    "default_mission_text",
    "explain",
    "load_mission",
    "mission_dict",
    "preset_limits",
    "shadow_names",
    "site_rules",
]
