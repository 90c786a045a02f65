from pathlib import Path

import pytest
from tests.web.made_study import made_study

from lupex.web import StudyFolder, open_study


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_study(tmp_path_factory.mktemp("served") / "study")


@pytest.fixture(scope="session")
def study(folder: Path) -> StudyFolder:
    return open_study(folder)
