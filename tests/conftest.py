"""What every test run has in common."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a kernel compiles it, which no deadline foresees; and a run that fails must fail again.
settings.register_profile("lupex", deadline=None, derandomize=True)
settings.load_profile("lupex")

KERNELS = Path(__file__).resolve().parent.parent / "src" / "lupex" / "kernels"


def _forget_stale_kernels() -> None:
    """Delete compiled kernels made from other sources: the compiler does not see a change in a called module."""
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(KERNELS.glob("*.py")))).hexdigest()
    folder = KERNELS / "__pycache__"
    mark = folder / "sources.sha256"
    if folder.is_dir() and (not mark.exists() or mark.read_text() != digest):
        for compiled in (*folder.glob("*.nbi"), *folder.glob("*.nbc")):
            compiled.unlink(missing_ok=True)
    folder.mkdir(exist_ok=True)
    mark.write_text(digest)


_forget_stale_kernels()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
