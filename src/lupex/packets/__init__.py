"""CCSDS packets, frames and codes; telemetry decoded and commands encoded from a dictionary.

The order of a downlink: octets of a receiver -> `coding` (markers, randomiser, Reed-Solomon) -> `frames` (checks,
virtual channels, packets out of frames) -> `streams` (packets cut, sequence counts) -> `definitions` (columns of
values). An uplink goes the other way. `times` are the time codes inside packets, `pus` the standard services.
To add a packet, a command or a limit edit the dictionary in the catalogue; nothing here names one.
"""
