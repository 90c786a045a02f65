"""Ports and frames of a Yamcs instance."""

from dataclasses import dataclass

from lupex.base.errors import InputError


@dataclass(frozen=True, kw_only=True)
class YamcsSettings:
    """What the server is told.

    Attributes:
        instance: name. http_port: of its web page, on 127.0.0.1.
        tm_port: it connects to, for packets over TCP. tc_port: it connects to, for commands over TCP.
        tm_frame_port: UDP, frames arrive here. tc_frame_port: UDP, CLTUs are sent there.
        aos_frame_port: UDP, AOS frames arrive here. file_port: it connects to, for files over TCP, both ways.
        scid: spacecraft. frame_octets: of a TM or AOS frame. ground_entity, rover_entity: CFDP numbers of the two ends.
    """

    instance: str = "lupex"
    http_port: int = 8090
    tm_port: int = 10015
    tc_port: int = 10025
    tm_frame_port: int = 10017
    tc_frame_port: int = 10018
    aos_frame_port: int = 10019
    file_port: int = 10020
    scid: int = 0xAB
    frame_octets: int = 1115
    ground_entity: int = 1
    rover_entity: int = 2

    def __post_init__(self) -> None:
        if not self.instance.isidentifier():
            raise InputError(f"instance '{self.instance}'", "use letters, digits and _")
        frames = (self.tm_frame_port, self.tc_frame_port, self.aos_frame_port)
        ports = (self.http_port, self.tm_port, self.tc_port, *frames, self.file_port)
        if not all(0 < port < 65536 for port in ports) or len({*ports}) != len(ports):
            raise InputError(f"ports {ports}", "give seven different ports from 1 to 65535")
        if not 0 <= self.scid < 1024 or not 20 <= self.frame_octets <= 2048:
            raise InputError(f"spacecraft {self.scid}, frames of {self.frame_octets}", "SCID < 1024, frames 20 to 2048")
        ends = (self.ground_entity, self.rover_entity)
        if not all(0 <= one < 65536 for one in ends) or self.ground_entity == self.rover_entity:
            raise InputError(f"entities {ends}", "give two different numbers below 65536")
