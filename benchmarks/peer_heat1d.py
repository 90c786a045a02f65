"""heat1d of PyPI in a process of its own: python peer_heat1d.py LAT_DEG YEARS FINER OUT.npz

FINER: layers this many times as thin as its own, with the steps its own rule then asks for. Release 0.3.2 uses names
that numpy has dropped, and newer releases of its package of planets fetch data when imported: planets 0.4.6 and the two
names given back here let it run unchanged. The Sun is that of our month: no seasons, 1 au.
"""

import copy
import sys
import time

import numpy as np

for name, kind in (("float", float), ("int", int)):
    setattr(np, name, kind)

import planets  # noqa: E402
from heat1d.main import Configurator, Model  # noqa: E402


def main(lat_deg: float, years: int, finer: int, out: str) -> None:
    moon = copy.copy(planets.Moon)
    moon.eccentricity, moon.obliquity = 0.0, 0.0
    start = time.process_time()
    try:
        model = Model(
            planet=moon,
            lat=np.radians(lat_deg),
            ndays=1,
            config=Configurator(NYEARSEQ=years, m=10 * finer, n=5 * finer, F=0.5 / finer),
        )
        model.run()
    except ValueError:  # at the pole: its first step has a negative length
        np.savez(out, cpu_s=time.process_time() - start, failed=1.0)
        return
    kelvin, z = model.T, model.profile.z
    hours = model.lt
    flow = model.profile.k[:-1] * np.diff(kelvin.mean(axis=0)) / np.diff(z)
    np.savez(
        out, cpu_s=time.process_time() - start, depth_m=z, mean_k=kelvin.mean(axis=0), max_k=kelvin.max(axis=0),
        min_k=kelvin.min(axis=0), surface_k=kelvin[:, 0], hours=hours, flow_w_m2=flow,
    )  # fmt: skip


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
