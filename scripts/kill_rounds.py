"""Kill commands that write at random moments, run them again, and compare with a run that was left alone.

    python scripts/kill_rounds.py --rounds 20
    python scripts/kill_rounds.py --rounds 0 --pairs 10     two runs in one folder at once instead

Every round: begin a command in a new folder, SIGKILL it after a random time, up to four times, then let it end. Counted
are rounds, kills that met a running command, and rounds lost: a file under its final name that is not whole, or a
result that differs from the undisturbed one. Commands run in forks of one process that has imported everything, so
that a round takes a second and kills meet work, not imports. Of a pair both must end well, or one in an error (exit
code 2), and the folder must then hold, or hold after one more run, what an undisturbed run leaves. Prints the table of
docs/reliability.md.
"""

import argparse
import contextlib
import ctypes
import hashlib
import importlib
import os
import random
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402
import rasterio  # noqa: E402
from rasterio.transform import from_origin  # noqa: E402

from lupex.catalogue.telemetry import dictionary  # noqa: E402
from lupex.cli.main import main as lupex  # noqa: E402
from lupex.ops.archive.store import Archive  # noqa: E402
from lupex.packets.pus.telemetry import TelemetryWriter  # noqa: E402
from lupex.packets.times.cuc import utc_to_tai  # noqa: E402

SOUTH = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
SMALL = "--azimuths 32 --search-radius-km 20 --trust-dem"
PASSES = "--start 2028-05-13 --stop 2028-05-14 --stations misasa,usuda --name rover"
COMMANDS = {
    "horizons": f"horizons DEM --out OUT/h.zarr {SMALL}",
    "maps": f"maps DEM --out OUT/maps {SMALL} --without-span",
    "maps in tiles": f"maps DEM --out OUT/maps {SMALL} --tile 64 --without-span --workers 1",
    "shadow": f"shadow DEM 2028-01-03T06:00:00Z --out OUT/shadow {SMALL}",
    "thermal map": "thermal map DEM --out OUT/heat --trust-dem",
    "thermal map in tiles": "thermal map DEM --out OUT/heat --trust-dem --without-facing --workers 1 --tile 64",
    "ice map": "ice map DEM --out OUT/ice --trust-dem --without-facing",
    "dem import": "dem import DEM --trust-dem --out OUT/own.tif",
    "dem fetch": "dem fetch here --table TABLE --cache OUT/cache",
    "contacts": f"contacts -87 0 {PASSES} --out OUT/passes",
    "traverse plan": "traverse plan --cost COST --from 150,150 --to 4000,4100 --out OUT/drive",
    "water record": "water record OUT/evidence.toml A nss counts=21000 time_s=900 dead_time_s=1e-6",
    "water survey": "water survey SURVEY --out OUT/survey",
    "payload export xlsx": "payload export OUT/payload.xlsx",
    "payload export html": "payload export OUT/payload.html",
    "payload import": "payload import CHANGED --out OUT/own",
    "locate simulate": "locate simulate -89.45 222.7 --stations misasa,byalalu32 --days 1 --step 600 --out OUT/a.tdm",
    "ops archive ingest": "ops archive ingest OUT/packets.sqlite PACKETS",
    "ops yamcs init": "ops yamcs init OUT/yamcs",
    "trajectory design": "trajectory design --launch 2028-08-20T00:00:00Z --out OUT/design",
    "study": "study MISSION --out OUT/study",
}
SLOW = ("maps in tiles", "thermal map in tiles", "water survey", "trajectory design", "study")
"""Commands of which each run takes half a minute: a tenth of the rounds."""
STORES = (".zarr", "tiles", ".sqlite", ".sqlite-wal", ".sqlite-shm")
"""Folders whose pieces are noted in a manifest; a piece that is not noted counts as not there."""
EVIDENCE = '[evidence]\nname = "trial"\nsynthetic = true\n\n[[places]]\nname = "A"\nlat_deg = -89.5\nlon_deg = 220.0\n'
MISSION = """
[terrain]
equatorward_limit_deg = 88.5
fine_cell_m = 150.0
fine_size_km = 3.0
fine_slope_baseline_m = 300.0
[horizon]
azimuths = 48
[light]
stop_utc = "2028-06-01T00:00:00Z"
step_hours = 12.0
[sites]
count = 1
max_slope_deg = 20.0
min_lit_days = 5.0
min_earth_fraction = 0.1
[thermal]
region_cells = 400
site_cells = 400
[water]
in_study = false
[payload]
in_study = false
"""
UNFINISHED = (".partial-", ".part")
"""In names of what is not finished."""
ONCE = ("water record", "ops archive ingest")
"""Commands that add to a file."""
SURVEY = """
[terrain]
equatorward_limit_deg = 89.0
[water]
radius_km = 0.3
spacing_m = 300.0
stations = 2
worlds = 10
most_samples = 1
"""
CHANGED = "instrument,mass_kg\ngpr,3.9\nnss,2.1\nltga,9.9\n"
ROOMS = ("io", "study", "thermal", "terrain", "illumination", "water", "report", "ground", "signals", "mission",
         "payload", "navigation", "trajectory")  # fmt: skip


def main() -> int:
    """Run the rounds; 1 when a result was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=20, help="for each command (default 20; slow ones a tenth)")
    parser.add_argument(
        "--pairs", type=int, default=0, help="pairs of runs at once, for each command (slow ones a tenth)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commands", nargs="*", default=list(COMMANDS), help=f"of {', '.join(COMMANDS)}")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    for room in ROOMS:
        module = importlib.import_module(f"lupex.{room}")
        for name in getattr(module, "__all__", ()):
            getattr(module, name)
    lost_any = False
    print("| command | rounds | kills met | pairs | one refused | results lost |\n|---|---:|---:|---:|---:|---:|")
    for name in args.commands:
        rounds, pairs = (-(-n // 10) if name in SLOW else n for n in (args.rounds, args.pairs))
        with tempfile.TemporaryDirectory() as folder:
            want, takes_s = _undisturbed(name, Path(folder))
            met, lost = _rounds(name, Path(folder), rounds, rng, want, takes_s)
            refused, wrong = _pairs(name, Path(folder), pairs, rng, want, takes_s)
        lost_any |= lost + wrong > 0
        print(f"| `{name}` | {rounds} | {met} | {pairs} | {refused} | {lost + wrong} |", flush=True)
    return int(lost_any)


def _undisturbed(name: str, folder: Path) -> tuple[dict[str, str], float]:
    _inputs(folder)
    want = _finished(name, folder, folder / "want")
    began = time.monotonic()  # of a second run: the first compiles
    _finished(name, folder, folder / "again")
    return want, time.monotonic() - began


def _pairs(
    name: str, folder: Path, pairs: int, rng: random.Random, want: dict[str, str], takes_s: float
) -> tuple[int, int]:
    """Pairs of which one was refused, and pairs that ended otherwise than they may."""
    refused = wrong = 0
    for number in range(pairs):
        out = _empty(name, folder / f"pair{number}")
        first = _begun(name, folder, out)
        time.sleep(rng.uniform(0.0, 0.9) * takes_s)
        second = _begun(name, folder, out)
        codes = sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in (first, second))
        refused += codes == [0, 2]
        if name in ONCE:  # both may have been taken, one after the other
            good = codes in ([0, 0], [0, 2]) and (codes == [0, 0] or _contents(out) == want)
        else:
            good = codes in ([0, 0], [0, 2]) and _finished(name, folder, out) == want
        if not good:
            print(f"{name}: a pair ended with {codes}, its folder with other bytes or not", file=sys.stderr)
        wrong += not good
    return refused, wrong


def _rounds(
    name: str, folder: Path, rounds: int, rng: random.Random, want: dict[str, str], takes_s: float
) -> tuple[int, int]:
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
            if name in ONCE and _contents(out) == want:  # says one thing more each time it is run to its end
                break
        done = want if name in ONCE and _contents(out) == want else _finished(name, folder, out)
        lost += damaged or done != want
    return met, lost


def _halves(found: dict[str, str], want: dict[str, str], before: dict[str, str]) -> bool:
    """Whether a file that bears its final name is neither as it was nor as it will be."""
    bad = [
        name for name, digest in found.items()
        if not any(word in name for word in UNFINISHED) and not any(part.endswith(STORES) for part in Path(name).parts)
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
    if name == "ops archive ingest":
        Archive.create(out / "packets.sqlite").close()
    return out


def _begun(name: str, folder: Path, out: Path) -> int:
    """The process of a command, in a fork: everything is imported, no thread or kernel was begun."""
    given = {word: folder / file for word, file in INPUTS.items()}
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
    """Digest of every file; lines of manifests may stand in another order, and twice; of an archive, its packets."""
    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file() and not p.name.endswith(("-wal", "-shm"))):
        content = path.read_bytes()
        if path.suffix == ".sqlite":
            with Archive.open(path) as archive:
                sound = archive.verify().sound
                content = repr(
                    [(one.octets, one.name, one.tai_s) for one in archive.packets()] if sound else 0
                ).encode()
        if path.name == "manifest.jsonl":
            content = b"\n".join(sorted(set(content.splitlines())))
        found[path.relative_to(out).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


INPUTS = {
    "DEM": "hills.tif", "COST": "cost.tif", "MISSION": "mission.toml", "SURVEY": "survey.toml", "TABLE": "dems.toml",
    "CHANGED": "changed.csv", "PACKETS": "packets.bin",
}  # fmt: skip


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
    (folder / "survey.toml").write_text(SURVEY, encoding="utf-8")
    (folder / "changed.csv").write_text(CHANGED, encoding="utf-8")
    writer, start = TelemetryWriter(dictionary("lupex")), float(utc_to_tai("2028-06-01T00:00:00Z")[0])
    packets = [writer.packet("rover_hk", {"rover_battery_v": 28.0 + k % 5}, start + k) for k in range(1000)]
    (folder / "packets.bin").write_bytes(b"".join(packets) * 12)
    size = (folder / "hills.tif").stat().st_size
    lines = ["[f]", 'citation = "c"', 'licence = "l"', 'source = "s"', "[[f.dem]]", 'name = "here"', 'title = "t"']
    lines += [f"bytes = {size}", f'url = "http://127.0.0.1:{_served(folder)}/hills.tif"']
    (folder / "dems.toml").write_text("\n".join(lines), encoding="utf-8")


def _served(folder: Path) -> int:
    """The port of a server of these files, in a process of its own that ends with this one; it sends them slowly."""
    listening = socket.create_server(("127.0.0.1", 0))
    if os.fork():
        port = int(listening.getsockname()[1])
        listening.close()
        return port
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    content = (folder / "hills.tif").read_bytes()
    while True:
        out, _ = listening.accept()
        with out, contextlib.suppress(OSError):
            asked = out.recv(65536).decode("latin1").lower()
            first = int(asked.split("range: bytes=")[1].split("-")[0]) if "range: bytes=" in asked else 0
            lines = ["HTTP/1.1 206 Partial Content" if first else "HTTP/1.1 200 OK", 'ETag: "v1"', "Connection: close"]
            lines += [f"Content-Range: bytes {first}-{len(content) - 1}/{len(content)}"] if first else []
            out.sendall("\r\n".join([*lines, f"Content-Length: {len(content) - first}", "", ""]).encode())
            for at in range(first, len(content), 2048):
                out.sendall(content[at : at + 2048])
                time.sleep(0.02)


if __name__ == "__main__":
    raise SystemExit(main())
