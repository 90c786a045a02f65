"""What compiled code writes to stdout is swallowed, what Python writes before and after is not."""

import subprocess
import sys


def run(code: str, *, closed: bool = False) -> subprocess.CompletedProcess[str]:
    shell = [sys.executable, "-c", code]
    if closed:
        shell = ["sh", "-c", 'exec "$0" -c "$1" >&-', sys.executable, code]
    return subprocess.run(shell, capture_output=True, text=True, check=True)


def test_only_what_is_written_in_between_is_lost():
    code = (
        "import os\nfrom lupex.solvers.quiet import quiet_stdout\nprint('before')\n"
        "with quiet_stdout():\n    os.write(1, b'from C')\nprint('after')\n"
    )
    assert run(code).stdout == "before\nafter\n"


def test_stdout_comes_back_after_an_error():
    code = (
        "import os\nfrom lupex.solvers.quiet import quiet_stdout\n"
        "try:\n    with quiet_stdout():\n        os.write(1, b'from C')\n        raise RuntimeError\n"
        "except RuntimeError:\n    print('caught')\n"
    )
    assert run(code).stdout == "caught\n"


def test_a_process_without_stdout_goes_on():
    code = (
        "import sys\nfrom lupex.solvers.quiet import quiet_stdout\n"
        "with quiet_stdout():\n    sys.stderr.write('went on')\n"
    )
    assert run(code, closed=True).stderr == "went on"
