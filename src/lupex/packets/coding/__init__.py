"""Checks, codes, randomisers and markers of CCSDS 131.0-B, 231.0-B and 133.0-B."""
