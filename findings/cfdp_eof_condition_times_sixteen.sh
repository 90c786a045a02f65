#!/usr/bin/env bash
# A CFDP EOF PDU with a fault: its condition code is read sixteen times too large, and cannot be acknowledged.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check spacepackets==0.32.0
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
from spacepackets.cfdp import ConditionCode, PduConfig, TransmissionMode
from spacepackets.cfdp.pdu import EofPdu, FinishedPdu, PduFactory
from spacepackets.util import ByteFieldU16

conf = PduConfig(ByteFieldU16(1), ByteFieldU16(2), ByteFieldU16(7), TransmissionMode.ACKNOWLEDGED)
sent = EofPdu(conf, bytes(4), 100, condition_code=ConditionCode.CANCEL_REQUEST_RECEIVED)
read = PduFactory.from_raw(sent.pack())
print("EOF written with condition", int(sent.condition_code), "read back with", int(read.condition_code))
assert int(sent.condition_code) == 15
assert int(read.condition_code) == 240
PYTHON
