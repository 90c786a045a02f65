"""The stages of the study, each a function of the values before it."""
