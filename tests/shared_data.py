"""Where the measured data lie that are shared between checkouts and never committed."""

import os
from pathlib import Path


def shared(name: str) -> Path | None:
    """The file or folder of this name in the shared data, None where there are none.

    LUPEX_SHARED names their folder; otherwise it is ``shared`` beside the checkout.
    """
    root = Path(os.environ.get("LUPEX_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared")
    place = root / name
    return place if place.exists() else None
