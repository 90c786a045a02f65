"""From Mission to StudyResult, on one machine; and the same engine for single places and whole DEMs.

Names load on first use, so that asking about one place does not import the whole study; they are listed in the stub.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
