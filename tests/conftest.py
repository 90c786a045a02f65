"""What every test run has in common."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from lupex.base.cache import cache_dir
from lupex.base.compiled import FOLDER_VARIABLE

# The first call of a kernel compiles it, which no deadline foresees; and a run that fails must fail again.
settings.register_profile("lupex", deadline=None, derandomize=True)
settings.load_profile("lupex")

# A test may have a cache folder of its own; compiled kernels stay where they are, also for the commands tests run.
os.environ.setdefault(FOLDER_VARIABLE, str(cache_dir() / "kernels"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
