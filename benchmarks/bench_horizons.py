"""Skylines beside horayzon-extpar (Embree) and topocalc: speed, memory and truth, in one run.

    python benchmarks/bench_horizons.py [--quick] [--repeats N] [--surface NAME ...]

Contenders take turns, each in a process of its own; the fastest of the repeats counts. The exit code tells whether
the values are right and the targets met. --quick: small and without peers; values are checked, speed is not.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from contenders import CONTENDERS, SAMPLED_AZIMUTHS, SAMPLED_CELLS
from measuring import Targets, in_its_own_process, keep, machine, markdown
from numpy.typing import NDArray
from sampling import sample
from surfaces import alone, surface, write
from truth import NEAR_CELLS, pencil_azimuth_deg, skyline_deg

from lupex.model import Terrain

AZIMUTHS = 360
ACCURATE = ("accurate-far", "accurate")
LUPEX = (*ACCURATE, "preview")
PEERS = ("horayzon", "topocalc")
TOPOCALC_AZIMUTHS = {512: 36, 1024: 12}
TIMED = ("smooth-512-240", "smooth-1024-120")
ROUGH = "rough-512-240"
QUICK_TIMED = ("smooth-192-240",)
QUICK_ROUGH = "rough-192-240"

SMOOTH_P95_DEG = 0.05
RMS_DEG = 0.03
PREVIEW_P95_DEG = 0.2
ACCURATE_PER_S = 40.0e6
PREVIEW_PER_S = 80.0e6
TIMES_THE_PEER = 20.0
BEYOND_RESULT_MIB = 60.0
"""What the work may take beyond its result: heights in both orientations, outer terrain and, for each thread, two
planes of tangents; 1024 x 1024 cells on two threads come to 31. Python, numpy and the compiler, which hold some 170 MiB
before the work begins (62 of them with the first compiled function, whatever it does), stand in their own column."""
ENOUGH_S = 60.0
"""A contender that has run this long has no further turn."""


@dataclass(frozen=True)
class Row:
    """One contender on one surface: cell-azimuths, runs, and errors (deg) against truth."""

    contender: str
    surface: str
    azimuths: int
    cell_azimuths: int
    wall_s: float
    cpu_s: float
    peak_mib: float
    before_mib: float
    p95_deg: float
    rms_deg: float
    far_rms_deg: float
    load: float

    @property
    def per_s(self) -> float:
        return self.cell_azimuths / self.wall_s

    @property
    def per_cpu_s(self) -> float:
        return self.cell_azimuths / self.cpu_s

    @property
    def beyond_result_mib(self) -> float:
        return self.peak_mib - self.before_mib - self.result_mib

    @property
    def result_mib(self) -> float:
        return self.cell_azimuths * 2 / 2**20


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no peers, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each contender; the slow peer runs fewer times")
    parser.add_argument("--surface", nargs="+", help="other surfaces than " + " and ".join(TIMED))
    options = parser.parse_args(arguments)
    timed = options.surface or (QUICK_TIMED if options.quick else TIMED)
    repeats = 1 if options.quick else options.repeats
    rough = QUICK_ROUGH if options.quick else ROUGH
    targets = Targets()
    rows = _side_by_side(rough, ("accurate-far",), 1)
    targets.at_most(f"{rough} accurate-far, rms beyond {NEAR_CELLS} cells", rows[0].far_rms_deg, RMS_DEG, " deg")
    for name in timed:
        rows += _side_by_side(name, ("accurate-far",) if options.quick else LUPEX + PEERS, repeats)
        _check_values(targets, {r.contender: r for r in rows if r.surface == name})
    targets.stop_if_missed()
    table = _table(rows)
    print(table)
    keep("horizons-quick" if options.quick else "horizons", table, [_numbers(r) for r in rows])
    if not options.quick:
        for name in timed:
            _check_speed(targets, {r.contender: r for r in rows if r.surface == name})
    return targets.report()


def _side_by_side(name: str, contenders: Sequence[str], repeats: int) -> list[Row]:
    """Every contender on one surface, in turns; a contender that takes minutes has fewer turns."""
    runs: dict[str, list[dict[str, Any]]] = {c: [] for c in contenders}
    terrain = surface(name)
    with tempfile.TemporaryDirectory() as folder:
        ground = Path(folder) / "ground.npz"
        write(terrain, ground)
        for _ in range(repeats):
            for contender in contenders:
                if sum(r["wall_s"] for r in runs[contender]) > ENOUGH_S:
                    continue
                _say(f"{name}: {contender}")
                azimuths = str(_azimuths(contender, name))
                runs[contender].append(in_its_own_process("contenders.py", contender, str(ground), azimuths))
    return [_row(contender, name, terrain, found) for contender, found in runs.items()]


def _azimuths(contender: str, name: str) -> int:
    cells = int(name.split("-")[1])
    return TOPOCALC_AZIMUTHS.get(cells, 12) if contender == "topocalc" else AZIMUTHS


def _row(contender: str, name: str, terrain: Terrain, runs: list[dict[str, Any]]) -> Row:
    azimuths = _azimuths(contender, name)
    error, far = _errors(contender, terrain, azimuths, runs[0]["skylines_deg"])
    best = min(runs, key=lambda r: r["wall_s"])
    largest = max(runs, key=lambda r: r["peak_mib"] - r["before_mib"])
    cells = int(name.split("-")[1]) ** 2
    return Row(
        contender=contender,
        surface=name,
        azimuths=azimuths,
        cell_azimuths=cells * azimuths,
        wall_s=best["wall_s"],
        cpu_s=min(r["cpu_s"] for r in runs),
        peak_mib=largest["peak_mib"],
        before_mib=largest["before_mib"],
        p95_deg=float(np.percentile(np.abs(error), 95)),
        rms_deg=_rms(error),
        far_rms_deg=_rms(error[far]) if far.any() else 0.0,
        load=best["load"],
    )


def _errors(
    contender: str, whole: Terrain, azimuths: int, skylines_deg: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Errors (cell, azimuth) against truth, and which skylines lie beyond NEAR_CELLS cells."""
    who = CONTENDERS[contender]
    terrain = whole if who.reach_m else alone(whole)
    at = sample(terrain, SAMPLED_CELLS, min(azimuths, SAMPLED_AZIMUTHS))
    true, distance = skyline_deg(terrain, at, pencil_azimuth_deg(terrain, at, who.azimuth_kind), who.reach_m)
    return skylines_deg.astype(np.float64) - true, distance > NEAR_CELLS


def _rms(error: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _check_values(targets: Targets, found: dict[str, Row]) -> None:
    for contender in (c for c in ACCURATE if c in found):
        row = found[contender]
        targets.at_most(f"{row.surface} {contender}, p95", row.p95_deg, SMOOTH_P95_DEG, " deg")
        targets.at_most(f"{row.surface} {contender}, rms", row.rms_deg, RMS_DEG, " deg")
    if "preview" in found:
        targets.at_most(f"{found['preview'].surface} preview, p95", found["preview"].p95_deg, PREVIEW_P95_DEG, " deg")


def _check_speed(targets: Targets, found: dict[str, Row]) -> None:
    peer = max((found[p] for p in PEERS), key=lambda r: r.per_s)
    for contender in ACCURATE:
        row = found[contender]
        what = f"{row.surface} {contender}"
        targets.at_least(f"{what}, cell-azimuths per second", row.per_s / 1e6, ACCURATE_PER_S / 1e6, " million")
        targets.at_least(f"{what}, times {peer.contender}", row.per_s / peer.per_s, TIMES_THE_PEER)
        targets.at_most(f"{what}, memory beyond the result", row.beyond_result_mib, BEYOND_RESULT_MIB, " MiB")
    row = found["preview"]
    what = f"{row.surface} preview, cell-azimuths per second"
    targets.at_least(what, row.per_s / 1e6, PREVIEW_PER_S / 1e6, " million")


def _table(rows: Sequence[Row]) -> str:
    header = (
        "surface-cells-cell_m", "contender", "azimuths", "wall s", "million/s", "million/CPU s", "times best peer",
        "before MiB", "peak MiB", "result MiB", "p95 deg", "rms deg", f"rms beyond {NEAR_CELLS} cells",
    )  # fmt: skip
    lines = []
    for row in rows:
        peers = [r.per_s for r in rows if r.surface == row.surface and r.contender in PEERS]
        lines.append(
            (
                row.surface,
                CONTENDERS[row.contender].title,
                row.azimuths,
                f"{row.wall_s:.2f}",
                f"{row.per_s / 1e6:.1f}",
                f"{row.per_cpu_s / 1e6:.1f}",
                f"{row.per_s / max(peers):.1f}" if peers else "",
                f"{row.before_mib:.0f}",
                f"{row.peak_mib:.0f}",
                f"{row.result_mib * (1 if row.contender in LUPEX else 2):.0f}",
                f"{row.p95_deg:.3f}",
                f"{row.rms_deg:.3f}",
                f"{row.far_rms_deg:.3f}",
            )
        )
    notes = (
        f"Cell-azimuths per second, best of the repeats, contenders in turns; {machine()}; load before and during "
        f"{min(r.load for r in rows):.1f} to {max(r.load for r in rows):.1f}. Errors against float64 great circles "
        f"marched a quarter of a cell at a time on the same bilinear surface, {SAMPLED_CELLS} random cells away from "
        f"the edge x {SAMPLED_AZIMUTHS} azimuths. lupex searches the whole grid (or as far as said), its skylines are "
        "int16; horayzon-extpar works on triangles, to 60 km, 0.25 degrees of accuracy asked for, float32, all cores; "
        "topocalc is flat and clamps the skyline at zero, its rate is measured on the azimuths it is given. "
        "Before: memory with all imported and compiled, the work not begun."
    )
    return markdown(header, lines) + "\n\n" + notes


def _numbers(row: Row) -> dict[str, Any]:
    derived = {"per_s": row.per_s, "per_cpu_s": row.per_cpu_s, "result_mib": row.result_mib}
    return {**row.__dict__, **derived}


def _say(text: str) -> None:
    if os.isatty(2):
        print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
