"""Packets of the standard services of PUS-C (ECSS-E-ST-70-41C)."""
