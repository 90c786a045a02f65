#!/usr/bin/env bash
# RFC 5545 makes X- properties TEXT, whose commas, semicolons and line breaks are escaped. icalendar escapes and
# unescapes only names it knows: text in an X- property is written bare, and comes back from others still escaped.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check icalendar==7.3.2
"$folder/env/bin/python" - <<'PYTHON'
import icalendar
from icalendar import Calendar, Event, vText

event = Event()
event.add("location", "Saku, Nagano; antenna 1")
event.add("x-site", "Saku, Nagano; antenna 1")
event.add("x-text", vText("Saku, Nagano; antenna 1"))
written = event.to_ical().decode()
print("icalendar", icalendar.__version__)
print(written)
assert "LOCATION:Saku\\, Nagano\\; antenna 1\r\n" in written
assert "X-SITE:Saku, Nagano; antenna 1\r\n" in written  # bare
assert "X-TEXT:Saku\\, Nagano\\; antenna 1\r\n" in written  # as RFC 5545 has it, when the caller says so

calendar = Calendar()
calendar.add_component(event)
back = Calendar.from_ical(calendar.to_ical()).walk("VEVENT")[0]
assert str(back["LOCATION"]) == "Saku, Nagano; antenna 1"
assert str(back["X-TEXT"]) == "Saku\\, Nagano\\; antenna 1", str(back["X-TEXT"])  # still escaped
print("read back:", repr(str(back["X-TEXT"])))
PYTHON
