"""One lunar orbit propagated by Orekit, run by the Python of an environment of its own (orekit-jpype 13.1, Java 17).

    python benchmarks/peer_orekit.py FIELD.json SPAN_S RELATIVE REPEATS < state

FIELD.json: gm_m3_s2, radius_m, and triangles cosine and sine, fully normalised; the state (m, m/s) on standard input.
The field stands still and no other body pulls, which is less work than a real orbit takes. Prints JSON: end state and
CPU seconds of the propagation alone.
"""

import json
import resource
import sys
from pathlib import Path

import orekit_jpype


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(field: str, span: str, relative: str, repeats: str) -> None:
    orekit_jpype.initVM()
    from jpype import JArray, JDouble
    from org.hipparchus.geometry.euclidean.threed import Vector3D
    from org.hipparchus.ode.nonstiff import DormandPrince853Integrator
    from org.orekit.forces.gravity import HolmesFeatherstoneAttractionModel
    from org.orekit.forces.gravity.potential import GravityFieldFactory, TideSystem
    from org.orekit.frames import Frame, FramesFactory, Transform
    from org.orekit.orbits import CartesianOrbit, OrbitType
    from org.orekit.propagation import SpacecraftState
    from org.orekit.propagation.numerical import NumericalPropagator
    from org.orekit.time import AbsoluteDate
    from org.orekit.utils import PVCoordinates

    known = json.loads(Path(field).read_text())
    cosine, sine = ([JArray(JDouble)(row) for row in known[name]] for name in ("cosine", "sine"))
    tables = (JArray(JDouble, 2)(cosine), JArray(JDouble, 2)(sine))
    provider = GravityFieldFactory.getNormalizedProvider(
        known["radius_m"], known["gm_m3_s2"], TideSystem.UNKNOWN, *tables
    )
    inertial, epoch = FramesFactory.getGCRF(), AbsoluteDate.J2000_EPOCH
    fixed = Frame(inertial, Transform.IDENTITY, "field", False)
    x, y, z, u, v, w = (float(text) for text in sys.stdin.read().split())
    orbit = CartesianOrbit(PVCoordinates(Vector3D(x, y, z), Vector3D(u, v, w)), inertial, epoch, provider.getMu())

    least = JArray(JDouble)([1e-6] * 3 + [1e-9] * 3 + [1.0])

    def flown() -> list[float]:
        integrator = DormandPrince853Integrator(1e-3, 300.0, least, JArray(JDouble)([float(relative)] * 7))
        propagator = NumericalPropagator(integrator)
        propagator.setOrbitType(OrbitType.CARTESIAN)
        propagator.addForceModel(HolmesFeatherstoneAttractionModel(fixed, provider))
        propagator.setInitialState(SpacecraftState(orbit))
        end = propagator.propagate(epoch.shiftedBy(float(span))).getPVCoordinates()
        return [*end.getPosition().toArray(), *end.getVelocity().toArray()]

    flown()  # the virtual machine compiles what it runs often
    times, end = [], [0.0]
    for _ in range(int(repeats)):
        begin = cpu_s()
        end = flown()
        times.append(cpu_s() - begin)
    print(json.dumps({"end": [float(value) for value in end], "cpu_s": min(times)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
