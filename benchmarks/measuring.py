"""Runs, tables and targets: what every benchmark does with its numbers."""

import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"


@dataclass
class Targets:
    """What must hold; every miss is said in one line, and the run ends with exit code 1 (`aims_at` apart)."""

    missed: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)

    def at_least(self, what: str, value: float, limit: float, unit: str = "") -> None:
        self._note(value >= limit, f"{what}: {value:.4g}{unit}, at least {limit:g}{unit}")

    def aims_at(self, what: str, value: float, aim: float, guard: float, unit: str = "") -> None:
        """An aim that may be missed, and said to be, down to a guard below what was measured."""
        line = f"{what}: {value:.4g}{unit}, aim {aim:g}{unit}, at least {guard:g}{unit}"
        (self.met if value >= aim else self.short if value >= guard else self.missed).append(line)

    def at_most(self, what: str, value: float, limit: float, unit: str = "") -> None:
        self._note(value <= limit, f"{what}: {value:.4g}{unit}, at most {limit:g}{unit}")

    def _note(self, holds: bool, line: str) -> None:
        (self.met if holds else self.missed).append(line)

    def stop_if_missed(self) -> None:
        """Wrong results are not worth timing."""
        if self.missed:
            sys.exit("\n".join(f"MISSED {line}" for line in self.missed))

    def report(self) -> int:
        """Print all of them; the exit code."""
        for line in self.met:
            print(f"met    {line}")
        for line in self.short:
            print(f"SHORT  {line}")
        for line in self.missed:
            print(f"MISSED {line}")
        return 1 if self.missed else 0


def in_its_own_process(script: str, *arguments: str) -> dict[str, Any]:
    """Run ``benchmarks/script ARGUMENTS OUT.npz`` and read what it kept. What it prints is shown when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.npz"
        done = subprocess.run(
            [sys.executable, str(HERE / script), *arguments, str(out)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{script} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        with np.load(out) as kept:
            return {name: (kept[name] if kept[name].ndim else float(kept[name])) for name in kept.files}


def markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A small markdown table, numbers to the right."""
    lines = [list(header), ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def keep(name: str, text: str, numbers: Any) -> None:
    """Write results/name.md, which ends with the day, and results/name.json."""
    RESULTS.mkdir(exist_ok=True)
    day = datetime.date.today().isoformat()
    (RESULTS / f"{name}.md").write_text(f"{text}\n\nMeasured on {day}.\n", encoding="utf-8")
    (RESULTS / f"{name}.json").write_text(json.dumps(numbers, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def machine() -> str:
    """Cores and processor, as it stands under a table."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = found[0] if found else model
    return f"{os.cpu_count()} cores of an {model}, Python {platform.python_version()}"
