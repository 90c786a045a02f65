"""``python -m lupex`` is the command ``lupex``."""

import sys

from lupex.cli import main

sys.exit(main())
