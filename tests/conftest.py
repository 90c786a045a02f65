"""What every test run has in common."""

from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a kernel compiles it, which no deadline foresees; and a run that fails must fail again.
settings.register_profile("lupex", deadline=None, derandomize=True)
settings.load_profile("lupex")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
