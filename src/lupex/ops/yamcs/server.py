"""The parts of a Yamcs configuration, as plain tables (Yamcs 5.12)."""

from typing import Any

from lupex.ops.files.pdus import FILES_APID, LONGEST_PDU
from lupex.ops.yamcs.settings import YamcsSettings

FILE_SERVICE, DISPLAYS, UPLINK, DOWNLINK = "cfdp", "displays", "uplink", "downlink"
"""Name of the service for files, and of its buckets and that of the displays."""
FILES_VC = 1
"""Virtual channel of files: their packets have no secondary header, and a link for PUS packets would drop them."""
STREAMS = "\n".join(
    [
        "create stream clcw(clcw INT)",
        *(
            f"create stream {name}(rectime TIMESTAMP, ertime HRES_TIMESTAMP, seq INT, scid INT, vcid INT, frame BINARY)"
            for name in ("good_frame_stream", "bad_frame_stream")
        ),
        # the checksum behind a PDU is passed over: a PDU states its length
        f"create stream cfdp_in as select substring(packet, 6) as pdu from tm_files "
        f"where extract_short(packet, 0) = {FILES_APID}",
        "create stream cfdp_out(gentime TIMESTAMP, entityId LONG, seqNum INT, pdu BINARY)",
        "insert into tc_files select gentime, 'cfdp-service' as origin, seqNum, '/yamcs/cfdp/upload' as cmdName, "
        f"unhex('{0x1000 | FILES_APID:04X}C0000000') + pdu as binary from cfdp_out",
        "",
    ]
)
_CHECK = {"errorDetection": {"type": "CRC-16-CCIIT"}}
_PACKETS = {
    "packetPreprocessorClassName": "org.yamcs.pus.PusPacketPreprocessor",
    "packetPreprocessorArgs": {**_CHECK, "timeEncoding": {"type": "CUC", "epoch": "TAI"}},
}
_COMMANDS = {
    "commandPostprocessorClassName": "org.yamcs.pus.PusCommandPostprocessor",
    "commandPostprocessorArgs": _CHECK,
}
# no time and no count in it: the server's own time stands for the first
_FILE_PACKETS = {
    "packetPreprocessorClassName": "org.yamcs.tctm.GenericPacketPreprocessor",
    "packetPreprocessorArgs": {**_CHECK, "timestampOffset": -1, "seqCountOffset": -1},
}
_ARCHIVE = (
    "XtceTmRecorder",
    "ParameterRecorder",
    "AlarmRecorder",
    "EventRecorder",
    "ReplayServer",
    "CommandHistoryRecorder",
)


def server_table(settings: YamcsSettings, data: str) -> dict[str, Any]:
    """yamcs.yaml: the server itself; it listens on this machine only.

    Args:
        settings: ports. data: folder of the archive.
    """
    http = {"class": "org.yamcs.http.HttpServer", "args": {"address": "127.0.0.1", "port": settings.http_port}}
    buckets = [{"name": name, "path": name} for name in (DISPLAYS, UPLINK, DOWNLINK)]
    return {
        "services": [http], "instances": [settings.instance], "dataDir": data, "serverId": "lupex", "buckets": buckets,
    }  # fmt: skip


def processor_table() -> dict[str, Any]:
    """processor.yaml: live telemetry with alarms, and replay."""

    def services(*names: str) -> list[dict[str, str]]:
        return [{"class": f"org.yamcs.{name}"} for name in names]

    replay = services("tctm.ReplayService", "algorithms.AlgorithmManager")
    return {
        "realtime": {
            "services": services(
                "StreamTmPacketProvider", "StreamTcCommandReleaser", "tctm.StreamParameterProvider",
                "algorithms.AlgorithmManager", "parameter.LocalParameterManager",
            ),
            "config": {
                "subscribeAll": True,
                "alarm": {"parameterCheck": True, "parameterServer": "enabled", "eventServer": "enabled"},
            },
        },
        "Archive": {"services": replay},
        "ParameterArchive": {"services": replay},
        "ArchiveRetrieval": {"services": replay, "config": {"subscribeContainerArchivePartitions": False}},
    }  # fmt: skip


def instance_table(settings: YamcsSettings, dictionary_file: str) -> dict[str, Any]:
    """yamcs.<instance>.yaml: services, dictionary, streams and links.

    Args:
        settings: ports and frames. dictionary_file: XTCE.
    """
    services: list[dict[str, Any]] = [{"class": f"org.yamcs.archive.{name}"} for name in _ARCHIVE]
    services += [
        {"class": "org.yamcs.archive.CcsdsTmIndex", "args": {"streams": ["tm_realtime", "tm_dump"]}},
        {"class": "org.yamcs.parameterarchive.ParameterArchive", "args": {"realtimeFiller": {"enabled": True}}},
        {"class": "org.yamcs.timeline.TimelineService"},
        {"class": "org.yamcs.cfdp.CfdpService", "name": FILE_SERVICE, "args": _files(settings)},
        {"class": "org.yamcs.ProcessorCreatorService", "args": {"name": "realtime", "type": "realtime"}},
    ]
    return {
        "services": services,
        "mdb": [{"type": "xtce", "args": {"file": dictionary_file}}],
        "dataLinks": _links(settings),
        "streamConfig": {
            "tm": [{"name": "tm_realtime", "processor": "realtime"}, {"name": "tm_dump"}, {"name": "tm_files"}],
            "tc": [{"name": "tc_realtime", "processor": "realtime"}, {"name": "tc_files"}],
            "cmdHist": ["cmdhist_realtime", "cmdhist_dump"],
            "event": ["events_realtime", "events_dump"],
            "param": ["pp_realtime", "pp_dump", "sys_param", "proc_param"],
            "parameterAlarm": ["alarms_realtime"],
            "eventAlarm": ["event_alarms_realtime"],
            "sqlFile": "etc/extra_streams.sql",
        },
    }


def _files(settings: YamcsSettings) -> dict[str, Any]:
    """CFDP: timers of a Moon that is out of view for hours; a transfer that nobody answers is suspended, not lost."""
    suspended = dict.fromkeys(("AckLimitReached", "InactivityDetected", "NakLimitReached"), "suspend")
    return {
        "entityIdLength": 2, "sequenceNrLength": 4, "maxPduSize": LONGEST_PDU, "sleepBetweenPdus": 100,
        "incomingBucket": DOWNLINK, "eofAckTimeout": 10_000, "eofAckLimit": 10, "finAckTimeout": 10_000,
        "finAckLimit": 10, "inactivityTimeout": 3_600_000, "nakTimeout": 10_000,
        "localEntities": [{"name": "ground", "id": settings.ground_entity, "bucket": DOWNLINK}],
        "remoteEntities": [{"name": "rover", "id": settings.rover_entity}],
        "senderFaultHandlers": suspended, "receiverFaultHandlers": suspended,
    }  # fmt: skip


def _links(settings: YamcsSettings) -> list[dict[str, Any]]:
    """Packets over TCP and frames (TM, AOS) over UDP, both ways. One command link is enabled at a time."""
    host = {"host": "127.0.0.1"}
    tm_frame: dict[str, Any] = {
        "name": "frame-tm", "class": "org.yamcs.tctm.ccsds.UdpTmFrameLink", "port": settings.tm_frame_port,
        "frameType": "TM", "spacecraftId": settings.scid, "frameLength": settings.frame_octets,
        "errorDetection": "CRC16", "clcwStream": "clcw", "goodFrameStream": "good_frame_stream",
        "badFrameStream": "bad_frame_stream", "rawFrameDecoder": {"codec": "NONE", "derandomize": False},
        "virtualChannels": [
            {"vcId": 0, "ocfPresent": True, "service": "PACKET", "maxPacketLength": 65542,
             "stream": "tm_realtime", **_PACKETS},
            {"vcId": FILES_VC, "ocfPresent": True, "service": "PACKET", "maxPacketLength": 65542,
             "stream": "tm_files", **_FILE_PACKETS},
        ],
    }  # fmt: skip
    # AOS frames here carry no insert zone and no check octets in their header
    aos_frame = tm_frame | {
        "name": "frame-aos", "port": settings.aos_frame_port, "frameType": "AOS", "insertZoneLength": 0,
        "frameHeaderErrorControlPresent": False, "spacecraftId": settings.scid % 256,
    }  # fmt: skip
    tc_frame: dict[str, Any] = {
        "name": "frame-tc", "class": "org.yamcs.tctm.ccsds.UdpTcFrameLink", **host, "port": settings.tc_frame_port,
        "spacecraftId": settings.scid, "maxFrameLength": 1024, "cltuEncoding": "BCH", "randomizeCltu": False,
        "errorDetection": "CRC16", "enabledAtStartup": False,
        "virtualChannels": [
            {"vcId": 0, "service": "PACKET", "priority": 1, "stream": "tc_realtime", "useCop1": True,
             "clcwStream": "clcw",
             "initialClcwWait": -1, **_COMMANDS},
            {"vcId": FILES_VC, "service": "PACKET", "priority": 2, "stream": "tc_files", "useCop1": False,
             **_COMMANDS},
        ],
    }  # fmt: skip
    return [
        {
            "name": "tcp-tm", "class": "org.yamcs.tctm.TcpTmDataLink", **host, "port": settings.tm_port,
            "stream": "tm_realtime", "packetInputStreamClassName": "org.yamcs.tctm.CcsdsPacketInputStream", **_PACKETS,
        },
        {
            "name": "tcp-tc", "class": "org.yamcs.tctm.TcpTcDataLink", **host, "port": settings.tc_port,
            "stream": "tc_realtime", **_COMMANDS,
        },
        {
            "name": "tcp-files", "class": "org.yamcs.tctm.TcpTcTmDataLink", **host, "port": settings.file_port,
            "tmStream": "tm_files", "tcStream": "tc_files",
            "packetInputStreamClassName": "org.yamcs.tctm.CcsdsPacketInputStream", **_FILE_PACKETS, **_COMMANDS,
        },
        tm_frame,
        aos_frame,
        tc_frame,
    ]  # fmt: skip
