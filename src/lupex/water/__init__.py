"""Is there water? What instruments would read, what their readings say together, and where to look next.

Names load on first use, so that asking one instrument does not import the whole inference; they are listed in the stub.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
