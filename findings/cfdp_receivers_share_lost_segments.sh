#!/usr/bin/env bash
# Two CFDP receivers in one process: the second one's gaps go into a list that the first one shares.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check cfdp-py==0.7.0 spacepackets==0.32.0 fastcrc==0.3.6
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
from cfdppy import CfdpUserBase, IndicationConfig, LocalEntityConfig, RemoteEntityConfig, RemoteEntityConfigTable
from cfdppy.handler.dest import DestHandler
from cfdppy.mib import CheckTimerProvider, DefaultFaultHandlerBase
from spacepackets.cfdp import ChecksumType, PduConfig, TransmissionMode
from spacepackets.cfdp.pdu import FileDataPdu, MetadataParams, MetadataPdu
from spacepackets.cfdp.pdu.file_data import FileDataParams
from spacepackets.util import ByteFieldU16


def quiet(base):
    names = [name for name in base.__abstractmethods__]
    return type("Quiet", (base,), {name: lambda self, *a, **k: None for name in names})


def receiver():
    remote = RemoteEntityConfig(ByteFieldU16(1), None, 900, False, False, TransmissionMode.ACKNOWLEDGED,
                                ChecksumType.MODULAR, immediate_nak_mode=False)
    local = LocalEntityConfig(ByteFieldU16(2), IndicationConfig(), quiet(DefaultFaultHandlerBase)())
    return DestHandler(local, quiet(CfdpUserBase)(), RemoteEntityConfigTable([remote]), quiet(CheckTimerProvider)())


def send(handler, number, offsets):
    conf = PduConfig(ByteFieldU16(1), ByteFieldU16(2), ByteFieldU16(number), TransmissionMode.ACKNOWLEDGED)
    handler.state_machine(MetadataPdu(conf, MetadataParams(False, ChecksumType.MODULAR, 300, f"a{number}", f"b{number}")))
    for offset in offsets:
        handler.state_machine(FileDataPdu(conf, FileDataParams(bytes(100), offset)))


whole, gap = receiver(), receiver()
send(whole, 1, [0, 100, 200])
send(gap, 2, [0, 200])
lost = [one._params.acked_params.lost_seg_tracker.lost_segments for one in (whole, gap)]
print("lost segments of the receiver that has everything:", lost[0], "and of the one with a gap:", lost[1])
assert list(lost[1]) and list(lost[0]) == list(lost[1]), "the gap of one is in the list of both"
PYTHON
