"""Steps of a study that are kept on the disk, so that one that was stopped goes on where it was.

What is kept and for how long: docs/howto/command_line.md.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lupex.base.errors import LupexWarning, StoreError
from lupex.io.stores.step_store import StepStore, UnkeptError, classes_in
from lupex.model import DateTable, Ranking
from lupex.model.drive.traverse import SiteDrive
from lupex.results import SiteResult, SiteStudy
from lupex.results.position import SitePosition
from lupex.study.stages.region import Region
from lupex.terrain.agreement import Agreement
from lupex.thermal import ThermalMap
from lupex.water import HoleTrials

T = TypeVar("T")

ROOTS = (Region, ThermalMap, SiteStudy, SiteDrive, SiteResult, Ranking, DateTable, Agreement, HoleTrials,
         SitePosition)  # fmt: skip
"""What steps give; with everything these hold, the only classes that are read back."""


@dataclass(frozen=True)
class Kept:
    """Finished steps of a study; without a store nothing is kept and every step is computed."""

    store: StepStore | None = None

    def step(self, name: str, compute: Callable[[], T], known: Mapping[str, object] | None = None) -> T:
        """The value of a step: the kept one, else a new one that is kept and read back.

        Reading back what was just computed makes a study that was stopped and one that was not go on from equal bytes.
        A disk that takes no step is told of once and stops nothing.

        Args:
            name: of the step, unique in its study.
            compute: what gives it.
            known: values it refers to that are at hand without it, by name.
        """
        if self.store is None:
            return compute()
        known = known or {}
        try:
            return self.store.read(name, known)
        except KeyError:
            value = compute()
        try:
            self.store.write(name, value, known)
            return self.store.read(name, known)
        except StoreError as error:
            warnings.warn(LupexWarning(f"a stopped study will start over: {error}"), stacklevel=2)
        except (UnkeptError, KeyError):  # of a plug-in's class, say: it is computed again
            pass
        return value


def unfinished(out: Path, key: str) -> StepStore:
    """Where the steps of a study into ``out`` are kept until it is finished: a hidden folder beside it.

    Steps of another key (other inputs, code or packages) are removed.

    Args:
        out: folder of the finished study.
        key: of the study, see `study_key`.

    Raises StoreError for a folder of that name with other files in it.
    """
    place = out.absolute()
    return StepStore(place.parent / f".{place.name}.unfinished", key, classes_in(ROOTS)).opened()
