"""The transfer by multiple shooting: arcs between nodes made continuous, both ends held to what is asked.

Each node's state is unknown. What must vanish: the gaps between arcs; the perigee's height and the climb there; at the
end both components of the miss vector and the time of the perilune, as in `correct`. Newton's method with the least
change of the nodes (Keller 1976): errors of a guess are spread over the arcs instead of growing along one.
"""

from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import EARTH_RADIUS_M
from lupex.base.errors import InputError, NothingLeftError
from lupex.ephemeris import BarycentricSeries
from lupex.model.glance import Glance
from lupex.trajectory.design.arc import ArcForces, arc, moon_state
from lupex.trajectory.design.correct import EARLY_S, WITHIN_M, WITHIN_S, TransferAim, aim_miss, conic_start

SCALE = np.array([1e6, 1e6, 1e6, 1e2, 1e2, 1e2])
"""Of places (m) and velocities (m/s) in the least change."""
STEPS = np.array([10.0, 10.0, 10.0, 1e-3, 1e-3, 1e-3])
MOST_ROUNDS = 30
LARGEST = 30.0
"""In units of these; larger changes are cut."""
GAP_M, GAP_M_S = 1.0, 1e-4


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ShotTransfer(Glance):
    """A transfer of several arcs.

    Attributes:
        times_tdb_s: (k,) of the nodes. nodes: (k, 6) their states. end: (6,) at the time of arrival, Earth-centred.
        gaps_m: largest gap of place in every round of the corrector.
    """

    times_tdb_s: F64
    nodes: F64
    end: F64
    gaps_m: F64

    def _facts(self) -> dict[str, str]:
        return {"nodes": str(len(self.nodes)), "rounds": str(self.gaps_m.size), "gap": f"{self.gaps_m[-1]:.2g} m"}


def shot(aim: TransferAim, series: BarycentricSeries, forces: ArcForces = ArcForces(), arcs: int = 5) -> ShotTransfer:
    """The transfer that keeps its aims, by several arcs, from patched conics.

    Args:
        aim: what is asked. series: from departure to landing. forces: of the integration. arcs: how many.

    Raises NothingLeftError with the gaps when it does not converge; nothing is handed on then.
    """
    if arcs < 2:
        raise InputError(f"shooting: {arcs} arcs", "give two or more")
    flight = aim.arrive_tdb_s - aim.depart_tdb_s
    free = replace(forces, stop_at_moon=False)
    _, axes = moon_state(aim.landing_tdb_s, series)
    site, start = axes @ aim.site_me, conic_start(aim, series)
    gaps: list[float] = []
    nodes, times = np.empty((0, 6)), np.empty(0)
    for early, limits in ((EARLY_S, (50_000.0, 30.0)), (0.0, (WITHIN_M, WITHIN_S))):
        stops = np.linspace(0.0, flight - early, arcs + 1)
        if not nodes.size:
            # The arcs of the guess are two-body ellipses: without the Moon they come near its place in any case.
            conic = replace(free, field=replace(free.field, gm_m3_s2=1.0))
            nodes = arc(start, aim.depart_tdb_s, stops[:-1], series, conic)
        else:
            nodes = np.array([_between(nodes, times, t, aim, series, free) for t in stops[:-1]])
        times = stops
        nodes = _closed(nodes, stops, aim, (early, limits, site), series, free, gaps)
    end = arc(nodes[-1], aim.depart_tdb_s + times[-2], [times[-1] - times[-2]], series, free)[0]
    return ShotTransfer(times_tdb_s=aim.depart_tdb_s + times[:-1], nodes=nodes, end=end, gaps_m=np.array(gaps))


def _between(nodes: F64, times: F64, t: float, aim: TransferAim, series: BarycentricSeries, forces: ArcForces) -> F64:
    """State at a time of a chain of arcs."""
    k = min(int(np.searchsorted(times[:-1], t, side="right")) - 1, len(nodes) - 1)
    if t == times[k]:
        return nodes[k]
    return np.asarray(arc(nodes[k], aim.depart_tdb_s + times[k], [t - times[k]], series, forces)[0])


def _closed(
    nodes: F64, times: F64, aim: TransferAim, asked: tuple[float, tuple[float, float], F64],
    series: BarycentricSeries, forces: ArcForces, gaps: list[float],
) -> F64:  # fmt: skip
    """Nodes without gaps, with the perigee and the aims held to; ``gaps`` grows by the largest of every round."""
    early, limits, site = asked
    count = len(nodes)
    perigee = EARTH_RADIUS_M + 1000.0 * aim.perigee_km
    moon, _ = moon_state(aim.depart_tdb_s + times[-1], series)
    rows = 6 * (count - 1) + 5
    for _ in range(MOST_ROUNDS):
        off, slope = np.zeros(rows), np.zeros((rows, 6 * count))
        for k in range(count):
            epoch, lasts = aim.depart_tdb_s + times[k], times[k + 1] - times[k]
            end = arc(nodes[k], epoch, [lasts], series, forces)[0]
            change = np.stack([
                (arc(nodes[k] + step, epoch, [lasts], series, forces)[0]
                 - arc(nodes[k] - step, epoch, [lasts], series, forces)[0]) / (2.0 * step.max())
                for step in np.diag(STEPS)
            ], axis=1)  # fmt: skip
            here = slice(6 * k, 6 * k + 6)
            if k + 1 < count:
                off[here] = end - nodes[k + 1]
                slope[here, here], slope[here, 6 * k + 6 : 6 * k + 12] = change, -np.eye(6)
            else:
                off[-3:] = aim_miss(end - moon, aim, early, series, site)
                ends = [
                    (aim_miss(end - moon + step, aim, early, series, site)
                     - aim_miss(end - moon - step, aim, early, series, site)) / (2.0 * step.max())
                    for step in np.diag(STEPS)
                ]  # fmt: skip
                slope[-3:, here] = np.stack(ends, axis=1) @ change
        r, v = nodes[0, :3], nodes[0, 3:]
        off[-5], off[-4] = np.linalg.norm(r) - perigee, float(r @ v) / np.linalg.norm(v)
        slope[-5, :3] = r / np.linalg.norm(r)
        slope[-4, :3], slope[-4, 3:6] = v / np.linalg.norm(v), r / np.linalg.norm(v)
        gap = off[: 6 * (count - 1)].reshape(-1, 6)
        gaps.append(float(np.abs(gap[:, :3]).max()))
        settled = gaps[-1] < GAP_M and np.abs(gap[:, 3:]).max() < GAP_M_S and np.abs(off[-5:-3]).max() < GAP_M
        if settled and np.abs(off[-3:-1]).max() <= limits[0] and abs(off[-1]) <= limits[1]:
            return nodes
        scale = np.tile(SCALE, count)
        weight = 1.0 / np.maximum(np.linalg.norm(slope * scale, axis=1), 1e-12)
        least = np.linalg.lstsq(slope * scale * weight[:, None], -off * weight, rcond=None)[0]
        least /= max(1.0, float(np.abs(least).max()) / LARGEST)
        nodes = nodes + (least * scale).reshape(count, 6)
    text = "; ".join(f"{one / 1000.0:.3g} km" for one in gaps[-4:])
    raise NothingLeftError(f"transfer: the arcs do not close, gaps {text}", "choose another launch")
