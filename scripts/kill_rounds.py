"""Kill commands that write at random moments, run them again, and compare with a run that was left alone.

    python scripts/kill_rounds.py --rounds 20

Every round: begin a command in a new folder, SIGKILL it after a random time, up to four times, then let it end. Counted
are rounds, kills that met a running command, and rounds lost: a file under its final name that is not whole, or a
result that differs from the undisturbed one. Commands run in forks of one process that has imported everything, so
that a round takes a second and kills meet work, not imports. Prints the table of docs/reliability.md.
"""

import argparse
import hashlib
import importlib
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402
import rasterio  # noqa: E402
from rasterio.transform import from_origin  # noqa: E402

from lupex.cli.main import main as lupex  # noqa: E402

SOUTH = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
SMALL = "--azimuths 32 --search-radius-km 20 --trust-dem"
PASSES = "--start 2028-05-13 --stop 2028-05-14 --stations misasa,usuda --name rover"
COMMANDS = {
    "horizons": f"horizons DEM --out OUT/h.zarr {SMALL}",
    "maps": f"maps DEM --out OUT/maps {SMALL} --without-span",
    "maps in tiles": f"maps DEM --out OUT/maps {SMALL} --tile 64 --without-span --workers 1",
    "shadow": f"shadow DEM 2028-01-03T06:00:00Z --out OUT/shadow {SMALL}",
    "thermal map": "thermal map DEM --out OUT/heat --trust-dem",
    "ice map": "ice map DEM --out OUT/ice --trust-dem --without-facing",
    "dem import": "dem import DEM --trust-dem --out OUT/own.tif",
    "contacts": f"contacts -87 0 {PASSES} --out OUT/passes",
    "traverse plan": "traverse plan --cost COST --from 150,150 --to 4000,4100 --out OUT/drive",
    "water record": "water record OUT/evidence.toml A nss counts=21000 time_s=900 dead_time_s=1e-6",
    "water survey": "water survey --at -89.5,222.7 --out OUT/survey",
    "study": "study MISSION --out OUT/study",
}
SLOW = ("maps in tiles", "water survey", "study")
"""Commands of which each run takes half a minute: a tenth of the rounds."""
STORES = (".zarr", "tiles")
"""Folders whose pieces are noted in a manifest; a piece that is not noted counts as not there."""
EVIDENCE = '[evidence]\nname = "trial"\nsynthetic = true\n\n[[places]]\nname = "A"\nlat_deg = -89.5\nlon_deg = 220.0\n'
MISSION = """
[terrain]
equatorward_limit_deg = 87.0
fine_size_km = 4.0
fine_cell_m = 100.0
fine_slope_baseline_m = 200.0
[horizon]
azimuths = 120
[light]
stop_utc = "2029-01-01T00:00:00Z"
step_hours = 6.0
[sites]
count = 1
"""
ROOMS = ("io", "study", "thermal", "terrain", "illumination", "water", "report", "ground", "signals", "mission")


def main() -> int:
    """Run the rounds; 1 when a result was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=20, help="for each command (default 20; slow ones a tenth)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commands", nargs="*", default=list(COMMANDS), help=f"of {', '.join(COMMANDS)}")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    for room in ROOMS:
        module = importlib.import_module(f"lupex.{room}")
        for name in getattr(module, "__all__", ()):
            getattr(module, name)
    lost_any = False
    print("| command | rounds | kills met | results lost |\n|---|---:|---:|---:|")
    for name in args.commands:
        rounds = max(1, args.rounds // 10) if name in SLOW else args.rounds
        with tempfile.TemporaryDirectory() as folder:
            met, lost = _rounds(name, Path(folder), rounds, rng)
        lost_any |= lost > 0
        print(f"| `{name}` | {rounds} | {met} | {lost} |", flush=True)
    return int(lost_any)


def _rounds(name: str, folder: Path, rounds: int, rng: random.Random) -> tuple[int, int]:
    _inputs(folder)
    want = _finished(name, folder, folder / "want")
    began = time.monotonic()  # of a second run: the first compiles
    _finished(name, folder, folder / "again")
    takes_s = time.monotonic() - began
    met = lost = 0
    for number in range(rounds):
        out = _empty(name, folder / f"round{number}")
        before = _contents(out)
        damaged = False
        for _ in range(rng.randrange(1, 5)):
            child = _begun(name, folder, out)
            time.sleep(rng.uniform(0.0, 1.1) * takes_s)
            os.kill(child, signal.SIGKILL)
            met += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
            damaged |= _halves(_contents(out), want, before)
            if name == "water record":  # says one thing more each time it is run
                break
        done = _contents(out) if name == "water record" and _contents(out) == want else _finished(name, folder, out)
        lost += damaged or done != want
    return met, lost


def _halves(found: dict[str, str], want: dict[str, str], before: dict[str, str]) -> bool:
    """Whether a file that bears its final name is neither as it was nor as it will be."""
    bad = [
        name for name, digest in found.items()
        if ".partial-" not in name and not any(part.endswith(STORES) for part in Path(name).parts)
        and digest not in (want.get(name), before.get(name))
    ]  # fmt: skip
    for name in bad:
        print(f"not whole after a kill: {name}", file=sys.stderr)
    return bool(bad)


def _finished(name: str, folder: Path, out: Path) -> dict[str, str]:
    """What the command leaves when it is not disturbed, except by what stands there."""
    if not out.exists():
        _empty(name, out)
    code = os.waitstatus_to_exitcode(os.waitpid(_begun(name, folder, out), 0)[1])
    if code != 0:
        raise SystemExit(f"{name} ended with {code}; its folder is left as it was")
    return _contents(out)


def _empty(name: str, out: Path) -> Path:
    out.mkdir()
    if name == "water record":
        (out / "evidence.toml").write_text(EVIDENCE, encoding="utf-8")
    return out


def _begun(name: str, folder: Path, out: Path) -> int:
    """The process of a command, in a fork: everything is imported, no thread or kernel was begun."""
    given = {"DEM": folder / "hills.tif", "COST": folder / "cost.tif", "MISSION": folder / "mission.toml"}
    words = [str(given.get(word, word.replace("OUT", str(out)))) for word in COMMANDS[name].split()]
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        code = lupex(words)
    finally:
        os._exit(code)


def _contents(out: Path) -> dict[str, str]:
    """Digest of every file; lines of manifests may stand in another order, and twice."""
    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.name == "manifest.jsonl":
            content = b"\n".join(sorted(set(content.splitlines())))
        found[path.relative_to(out).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def _inputs(folder: Path) -> None:
    row, col = np.mgrid[0:80, 0:80]
    heights_m = 400.0 * np.sin(row / 15.0) * np.cos(col / 12.0)
    profile = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": SOUTH}
    with rasterio.open(
        folder / "hills.tif",
        "w",
        height=80,
        width=80,
        transform=from_origin(10_000.0, 20_000.0, 100.0, 100.0),
        **profile,
    ) as out:
        out.write(heights_m.astype("float32"), 1)
    with rasterio.open(
        folder / "cost.tif", "w", height=48, width=48, transform=from_origin(0.0, 4800.0, 100.0, 100.0), **profile
    ) as out:
        out.write(np.ones((48, 48), "float32"), 1)
    (folder / "mission.toml").write_text(MISSION, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
