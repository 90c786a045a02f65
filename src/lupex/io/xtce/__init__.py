"""Dictionaries of telemetry and commands as XTCE 1.2 (CCSDS 660.1-G-2, OMG formal/2020-08-01)."""

from lupex.io.xtce.read import read_xtce
from lupex.io.xtce.write import write_xtce, xtce_text

__all__ = ["read_xtce", "write_xtce", "xtce_text"]
