"""The default study, the first time and again: nothing compiled and nothing cached, then with nothing changed.

    python benchmarks/bench_study.py [--quick]

The exit code tells whether both runs end in time and whether a third, on machine code and skylines kept by the
first, leaves the same files behind, byte for byte. --quick: does nothing, a study has no small form.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from measuring import Targets, keep, machine, markdown

FIRST_S = 240.0
"""Of the default study with temperatures and ice; 180 s were asked of the one before them, which computed neither."""
AGAIN_S = 20.0


def main(arguments: Sequence[str]) -> int:
    if "--quick" in arguments:
        return 0
    targets = Targets()
    with tempfile.TemporaryDirectory() as folder:
        first_s, again_s, fresh_s = (_study(Path(folder), out) for out in ("out", "out", "other"))
        cold, warm = _digests(Path(folder, "out")), _digests(Path(folder, "other"))
    rows = [
        ("first, kernels compiled, sky and skylines computed", f"{first_s:.1f}", f"{FIRST_S:.0f}"),
        ("again, nothing changed", f"{again_s:.1f}", f"{AGAIN_S:.0f}"),
        ("again, into another folder", f"{fresh_s:.1f}", ""),
    ]
    table = markdown(("lupex study", "wall s", "limit s"), rows) + f"\n\n{machine()}."
    print(table)
    keep("study", table, {"first_s": first_s, "again_s": again_s, "fresh_s": fresh_s})
    targets.at_most("files that differ between a cold and a warm study", float(len(set(cold) ^ set(warm))), 0.0)
    targets.at_most("first study", first_s, FIRST_S, " s")
    targets.at_most("study with nothing changed", again_s, AGAIN_S, " s")
    return targets.report()


def _study(folder: Path, out: str) -> float:
    """Wall time (s) of one study whose caches all lie in ``folder``."""
    caches = {name: str(folder / name.lower()) for name in ("LUPEX_CACHE_DIR", "LUPEX_KERNELS_DIR", "MPLCONFIGDIR")}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "lupex", "study", "--out", str(folder / out)],
        env=os.environ | caches,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"lupex study failed:\n{done.stderr}")
    return took


def _digests(folder: Path) -> list[tuple[str, str]]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [(str(path.relative_to(folder)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
