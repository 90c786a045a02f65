"""The parts of a Yamcs configuration, as plain tables (Yamcs 5.12)."""

from typing import Any

from lupex.ops.yamcs.settings import YamcsSettings

STREAMS = "\n".join(
    [
        "create stream clcw(clcw INT)",
        *(
            f"create stream {name}(rectime TIMESTAMP, ertime HRES_TIMESTAMP, seq INT, scid INT, vcid INT, frame BINARY)"
            for name in ("good_frame_stream", "bad_frame_stream")
        ),
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
    return {"services": [http], "instances": [settings.instance], "dataDir": data, "serverId": "lupex"}


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
        {"class": "org.yamcs.ProcessorCreatorService", "args": {"name": "realtime", "type": "realtime"}},
    ]
    return {
        "services": services,
        "mdb": [{"type": "xtce", "args": {"file": dictionary_file}}],
        "dataLinks": _links(settings),
        "streamConfig": {
            "tm": [{"name": "tm_realtime", "processor": "realtime"}, {"name": "tm_dump"}],
            "tc": [{"name": "tc_realtime", "processor": "realtime"}],
            "cmdHist": ["cmdhist_realtime", "cmdhist_dump"],
            "event": ["events_realtime", "events_dump"],
            "param": ["pp_realtime", "pp_dump", "sys_param", "proc_param"],
            "parameterAlarm": ["alarms_realtime"],
            "eventAlarm": ["event_alarms_realtime"],
            "sqlFile": "etc/extra_streams.sql",
        },
    }


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
             "stream": "tm_realtime", **_PACKETS}
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
             "initialClcwWait": -1, **_COMMANDS}
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
        tm_frame,
        aos_frame,
        tc_frame,
    ]  # fmt: skip
