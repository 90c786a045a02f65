"""Guided fuzzing of every reader: bytes in, an answer or one line that names the file.

    python scripts/fuzz.py                     every target for a few seconds each, some minutes in all
    python scripts/fuzz.py --runs 500          the same 500 inputs of every target each time, as CI does
    python scripts/fuzz.py --seconds 600 tdm   one target for ten minutes of processor time
    python scripts/fuzz.py --corpus FOLDER     inputs that reached new code are kept there for the next run

Each target runs in a process of its own: atheris guides it where it is installed (the extra ``fuzz``), otherwise
seeds are mutated at random and what reaches new lines is kept. With ``--runs`` nothing guides: seeds alone are
mutated by a fixed random number generator, so that the inputs do not depend on the code, and a find is the fault of
the change. A find is an exception that is none of ours, a message of more than one line or that does not name the
file, more than 20 s of processor time, or more than 2 GiB of memory. It is kept in tests/fuzz/finds/; once mended it
belongs into tests/fuzz/seeds/TARGET, where the tests read it for ever.
"""

import argparse
import hashlib
import math
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.fuzz import targets  # noqa: E402
from tests.fuzz.targets import SEEDS, TARGETS, Find, attempt, seeds  # noqa: E402

FINDS = ROOT / "tests" / "fuzz" / "finds"
SLOWEST_S = 20
MOST_MB = 2048
STARTING_S = 600
"""Processor time of imports and of a last slow input; not counted as fuzzing."""
LONGEST_S = 6 * 3600
"""By the clock, for a target: far more than a machine under load takes; a reader that waits for ever meets it."""


@dataclass(frozen=True)
class Effort:
    """How long a target is tried: seconds of processor time or a number of inputs, and the seed of the mutations."""

    seconds: float
    runs: int
    seed: int


class Slow(BaseException):
    """A reader took more than SLOWEST_S of processor time; no reader catches it."""


def main() -> int:
    """Run the targets one after the other; 1 when there is a find."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (default: all)")
    parser.add_argument("--seconds", type=float, default=7.0, help="of processor time for each target (default 7)")
    parser.add_argument("--runs", type=int, help="inputs to try of each target, whatever the time")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations")
    parser.add_argument("--corpus", type=Path, help="keeps what reached new code, by target (guided fuzzing only)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    names = args.targets or list(TARGETS)
    if unknown := [name for name in names if name not in TARGETS]:
        parser.error(f"unknown target {unknown[0]}; known: {', '.join(TARGETS)}")
    effort = Effort(math.inf if args.runs else args.seconds, args.runs or sys.maxsize, args.seed)
    kept = args.corpus and args.corpus.resolve()
    if args.inside:
        with _own_folder():
            return _inside(names[0], effort, kept)
    bad = [name for name in names if not _one(name, effort, kept)]
    print(f"{len(names)} targets, {len(bad)} with finds" + (f": {', '.join(bad)}" if bad else ""))
    return int(bool(bad))


@contextmanager
def _own_folder() -> Iterator[None]:
    """A new working folder in which targets see the same relative paths in every run."""
    targets.FOLDER = "lupex-fuzz"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        tempfile.tempdir = "."
        try:
            yield
        finally:
            tempfile.tempdir = None
            os.chdir(ROOT)


def _one(name: str, effort: Effort, corpus: Path | None) -> bool:
    """Whether a target came through; prints what it tried and the processor time it took."""
    began = _used_s()
    words = [sys.executable, __file__, name, "--inside", "--seed", str(effort.seed)]
    words += ["--seconds", str(effort.seconds)] if math.isfinite(effort.seconds) else ["--runs", str(effort.runs)]
    words += ["--corpus", str(corpus)] if corpus else []
    try:
        with tempfile.TemporaryDirectory() as place:  # guided fuzzing ends its process without a clean-up
            done = subprocess.run(
                words, capture_output=True, text=True, errors="replace", timeout=LONGEST_S, check=False,
                env=os.environ | {"PYTHONHASHSEED": "0", "TMPDIR": place},
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        print(f"{name:20} waits for ever")
        return False
    if done.returncode == -signal.SIGXCPU:
        print(f"{name:20} hangs in compiled code")
        return False
    lines = (done.stdout + done.stderr).strip().splitlines()
    runs = [line.split()[-1] for line in lines if line.startswith("stat::number_of_executed_units")]
    told = next((line for line in lines if line.startswith(("tried", "find"))), f"tried {runs[0]}" if runs else "")
    told = told or (lines[-1] if lines else "")
    print(f"{name:20} {told} in {_used_s() - began:.0f} s of processor time", flush=True)
    return done.returncode == 0


def _used_s() -> float:
    """Processor time of the children so far, seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _not_slow() -> Iterator[None]:
    """Raises Slow after SLOWEST_S of processor time: the clock would blame a reader for a busy machine."""

    def late(number: int, frame: object) -> None:
        raise Slow(f"more than {SLOWEST_S} s of processor time")

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SLOWEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _guided(name: str, effort: Effort, kept: Path | None) -> int:
    """The same by atheris, which sees every branch of lupex; ends the process itself."""
    import atheris

    target, corpus = TARGETS[name], seeds(name)
    with atheris.instrument_imports(include=["lupex"]):
        for path in corpus:  # readers import what they need on first use
            attempt(target, path.read_bytes())

    tried, end_s = 0, time.process_time() + effort.seconds

    def test(content: bytes) -> None:
        nonlocal tried
        tried += 1
        try:
            with _not_slow():
                attempt(target, content)
        except (Find, Slow) as find:
            _keep(name, content, find)
            raise
        if time.process_time() > end_s:
            print(f"tried {tried}", flush=True)
            os._exit(0)

    with tempfile.TemporaryDirectory() as unkept:
        new = kept / name if kept else Path(unkept)
        new.mkdir(parents=True, exist_ok=True)
        options = [
            f"-max_total_time={LONGEST_S}",
            f"-timeout={LONGEST_S}",
            f"-rss_limit_mb={MOST_MB}",
        ]
        options += [f"-seed={effort.seed}", "-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={unkept}/"]
        atheris.Setup([name, *options, str(new), *([str(SEEDS / name)] if corpus else [])], test)
        atheris.Fuzz()
    return 0


def _keep(name: str, content: bytes, find: Find | Slow) -> None:
    FINDS.mkdir(exist_ok=True)
    kept = FINDS / f"{name}-{hashlib.sha256(content).hexdigest()[:16]}"
    kept.write_bytes(content)
    print(f"find {kept.name}: {' '.join(str(find).split())[:300]}", flush=True)


def _inside(name: str, effort: Effort, corpus: Path | None) -> int:
    used_s = int((effort.seconds if math.isfinite(effort.seconds) else 3600.0) + STARTING_S)
    resource.setrlimit(resource.RLIMIT_CPU, (used_s, used_s + 60))
    try:
        if math.isfinite(effort.seconds):
            return _guided(name, effort, corpus)
    except ImportError:
        pass
    except Find as find:
        print(f"find in the seeds: {find}")
        return 1
    soft = MOST_MB << 20
    resource.setrlimit(resource.RLIMIT_DATA, (soft, soft))
    target, corpus = TARGETS[name], [path.read_bytes() for path in seeds(name)]
    tried = 0

    def test(content: bytes) -> None:
        nonlocal tried
        tried += 1
        try:
            with _not_slow():
                attempt(target, content)
        except (Find, Slow) as find:
            _keep(name, content, find)
            raise

    try:
        for content in corpus:
            test(content)
        for content in _mutations(corpus, effort):
            test(content)
    except (Find, Slow):
        return 1
    print(f"tried {tried}", flush=True)
    return 0


def _mutations(corpus: list[bytes], effort: Effort):  # type: ignore[no-untyped-def]
    """Mutated seeds until the effort is made; what reaches new lines of code becomes a seed itself."""
    rng = random.Random(effort.seed)
    end = time.process_time() + effort.seconds
    pool = list(corpus) or [b""]
    if not math.isfinite(effort.seconds):
        yield from (_mutated(rng, rng.choice(pool), pool) for _ in range(effort.runs))
        return
    with _Coverage() as coverage:
        while time.process_time() < end:
            content = _mutated(rng, rng.choice(pool), pool)
            coverage.clear()
            yield content
            if coverage.is_new() and len(pool) < 2000:
                pool.append(content)


def _mutated(rng: random.Random, content: bytes, pool: list[bytes]) -> bytes:
    data = bytearray(content)
    for _ in range(1 + int(rng.expovariate(0.5))):
        kind, at = rng.randrange(8), rng.randrange(len(data) + 1)
        if kind == 0 and data:
            data[min(at, len(data) - 1)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 5)))
        elif kind == 2:
            del data[at : at + rng.randrange(1, 16)]
        elif kind == 3:
            other = rng.choice(pool)
            begin = rng.randrange(len(other) + 1)
            data[at:at] = other[begin : begin + rng.randrange(1, 64)]
        elif kind == 4:
            data[at:at] = rng.choice(WORDS)
        elif kind == 5 and data:
            data[min(at, len(data) - 1)] = rng.choice((0, 1, 127, 128, 255, 10, 34, 44))
        elif kind == 6:
            data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x80", b"\xff\xff\xff\x7f"))
        else:
            data = data[:at]
    return bytes(data)


WORDS = (
    b"1e999", b"nan", b"-1", b"99999999999999999999", b"1_0", b"true", b"null", b"[]", b"{}", b'"', b"\n", b"\r", b",",
    b";", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", "\u00e9\u51fa\U0001f680".encode(), b"..", b"/", b"\\", b"16#8000#",
    b"<", b">",    b"[[", b"=", b"\x1b[31m", b"2028-02-30T00:00:00Z", b"\xed\xa0\x80",
)  # fmt: skip
"""Pieces that readers of text stumble over."""


class _Coverage:
    """Which lines of lupex a call reached, by Python's own monitoring (3.12) or its tracer."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int]] = set()
        self._now: set[tuple[str, int]] = set()

    def __enter__(self) -> "_Coverage":
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame, event, arg):  # type: ignore[no-untyped-def]
        if "/lupex/" not in frame.f_code.co_filename:
            return None
        self._now.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def _line(self, frame, event, arg):  # type: ignore[no-untyped-def]
        self._now.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def clear(self) -> None:
        """Begin a new call."""
        self._now = set()

    def is_new(self) -> bool:
        """Whether the call reached a line no call had reached before."""
        new = self._now - self._seen
        self._seen |= new
        return bool(new)


if __name__ == "__main__":
    raise SystemExit(main())
