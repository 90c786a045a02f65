"""Bits of packets and frames: fields, headers, checks, codes, markers."""
