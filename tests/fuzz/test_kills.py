"""A share of the kill rounds and of the pairs of runs in one folder; all of them: scripts/kill_rounds.py."""

import subprocess
import sys
from pathlib import Path

from tests.cli.command import environment

COMMANDS = ("payload export xlsx", "ops archive ingest", "dem fetch", "water record", "ops yamcs init")


def test_nothing_is_lost_by_kills_or_by_two_runs_in_one_folder(repository: Path) -> None:
    script = repository / "scripts" / "kill_rounds.py"
    words = ["--rounds", "2", "--pairs", "1", "--commands", *COMMANDS]
    done = subprocess.run(
        [sys.executable, script, *words], env=environment(), capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split("|")[1:-1] for line in done.stdout.splitlines()[2:]]
    assert [row[0].strip(" `") for row in rows] == list(COMMANDS)
    assert sum(int(row[2]) for row in rows) > 0, "no kill met a running command"
    assert {row[5].strip() for row in rows} == {"0"}
