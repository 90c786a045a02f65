"""Write the list of kernels that a first study compiles ahead: src/lupex/study/kernels_ahead.txt.

    python scripts/list_kernels.py [MISSION]

Runs the study (the default one) into a temporary folder with the kernels of this computer's cache, which must hold
them: run it twice when they are not compiled yet. Lines stand in the order in which the study first calls the kernels.
"""

import sys
import tempfile
from pathlib import Path

from lupex.base.compiled import KernelCache
from lupex.cli.main import main
from lupex.study.ahead import KERNELS, written

TARGET = Path(__file__).parent.parent / "src" / "lupex" / "study" / KERNELS


def run() -> int:
    """Run the study and write the list; 1 when kernels had to be compiled."""
    called: list[str] = []
    compiled = 0
    load = KernelCache.load_overload

    def noted(self: KernelCache, signature: object, target_context: object) -> object:
        nonlocal compiled
        found = load(self, signature, target_context)
        compiled += found is None
        line = written(self._name.removeprefix("lupex.kernels."), tuple(signature))  # type: ignore[call-overload]
        if line is not None and line not in called:
            called.append(line)
        return found

    KernelCache.load_overload = noted  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        sys.argv = ["lupex", "study", *sys.argv[1:], "--out", str(Path(folder) / "study")]
        code = main()
    if code or compiled:
        print(f"the study ended with {code}, {compiled} kernels were compiled: run this again", file=sys.stderr)
        return 1
    TARGET.write_text("\n".join(called) + "\n", encoding="utf-8")
    print(f"{len(called)} kernels: {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(run())
