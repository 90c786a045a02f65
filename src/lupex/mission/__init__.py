"""Read one mission file and the catalogue; say exactly what is wrong."""

from lupex.mission.explain import SettingRow, explain, mission_dict
from lupex.mission.load import default_mission_text, load_mission
from lupex.mission.mission import Mission
from lupex.mission.recorded import recorded_mission
from lupex.mission.site_rules import preset_limits, site_rules

__all__ = [
    "Mission",
    "SettingRow",
    "default_mission_text",
    "explain",
    "load_mission",
    "mission_dict",
    "preset_limits",
    "recorded_mission",
    "site_rules",
]
