"""The rule by which a campaign says yes, no or not yet: fixed before the first measurement."""

from lupex.model.settings.water import LAYER_M, RuleSettings

__all__ = ["LAYER_M", "Rule"]

Rule = RuleSettings
"""Parameters of the decision: [water_rule] of a mission, [rule] of an evidence file."""
