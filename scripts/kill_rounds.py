"""Kill commands that write at random moments, run them again, and compare with a run that was left alone.

    python scripts/kill_rounds.py --rounds 40

Every round: begin a command in a new folder, SIGKILL it after a random time, up to four times, then let it end. Counted
are rounds, kills that met a running command, and results that differ from undisturbed ones (lost). Prints the table of
docs/reliability.md.
"""

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

ROOT = Path(__file__).resolve().parent.parent
SOUTH = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
SMALL = ["--azimuths", "32", "--search-radius-km", "60", "--trust-dem"]
COMMANDS = {
    "horizons": ["horizons", "DEM", "--out", "OUT/h.zarr", *SMALL],
    "maps in tiles": ["maps", "DEM", "--out", "OUT/maps", *SMALL, "--tile", "64", "--without-span", "--workers", "1"],
    "dem import": ["dem", "import", "DEM", "--out", "OUT/own.tif"],
}
MOST_S = 600.0


def main() -> int:
    """Run the rounds; 1 when a result was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=40, help="for each command (default 40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commands", nargs="*", default=list(COMMANDS), help=f"of {', '.join(COMMANDS)}")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    lost_any = False
    print("| command | rounds | kills met | results lost |\n|---|---:|---:|---:|")
    for name in args.commands:
        with tempfile.TemporaryDirectory() as folder:
            met, lost = _rounds(name, Path(folder), args.rounds, rng)
        lost_any |= lost > 0
        print(f"| `{name}` | {args.rounds} | {met} | {lost} |", flush=True)
    return int(lost_any)


def _rounds(name: str, folder: Path, rounds: int, rng: random.Random) -> tuple[int, int]:
    dem = _hills(folder / "hills.tif")
    want = _digests(_finished(name, dem, folder / "want"))
    began = time.monotonic()  # of a second run: the first compiles
    _finished(name, dem, folder / "again")
    takes_s = time.monotonic() - began
    met = lost = 0
    for number in range(rounds):
        out = folder / f"round{number}"
        out.mkdir()
        for _ in range(rng.randrange(1, 5)):
            child = subprocess.Popen(_words(name, dem, out), env=_environment(), stderr=subprocess.DEVNULL)
            try:
                child.wait(timeout=rng.uniform(0.1, 1.1) * takes_s)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                met += 1
        lost += _digests(_finished(name, dem, out)) != want
    return met, lost


def _finished(name: str, dem: Path, out: Path) -> Path:
    out.mkdir(exist_ok=True)
    subprocess.run(_words(name, dem, out), env=_environment(), check=True, timeout=MOST_S, stderr=subprocess.DEVNULL)
    return out


def _words(name: str, dem: Path, out: Path) -> list[str]:
    words = [str(dem) if word == "DEM" else word.replace("OUT", str(out)) for word in COMMANDS[name]]
    return [sys.executable, "-m", "lupex", *words]


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")])),
    }


def _digests(out: Path) -> dict[str, str]:
    """Digest of every file; nothing unfinished may be left, and manifests may list azimuths in another order."""
    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.name == "manifest.jsonl":
            content = b"\n".join(sorted(set(content.splitlines())))
        found[path.relative_to(out).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def _hills(path: Path) -> Path:
    row, col = np.mgrid[0:192, 0:192]
    heights_m = 400.0 * np.sin(row / 37.0) * np.cos(col / 29.0)
    profile = {"driver": "GTiff", "height": 192, "width": 192, "count": 1, "dtype": "float32", "crs": SOUTH}
    with rasterio.open(path, "w", transform=from_origin(10_000.0, 20_000.0, 40.0, 40.0), **profile) as out:
        out.write(heights_m.astype("float32"), 1)
    return path


if __name__ == "__main__":
    raise SystemExit(main())
