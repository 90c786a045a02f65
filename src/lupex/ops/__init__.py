"""Operations: telemetry in, state of position and energy, the next drive, commands out; and a rover to try it on.

The daily loop with the same models as the study. `archive` keeps every packet, `monitor` watches limits by packet
time, `simulator` is a spacecraft made of bytes, `commands` makes guarded stacks, `loop` strings a day together, `yamcs`
writes the configuration of a mission-control server.
"""
