"""From measurements to belief and decision: prior, places, what they share, the rule, and how often it is wrong."""
