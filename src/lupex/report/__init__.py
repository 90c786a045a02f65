"""Render results; compute nothing.

Names load on first use; they are listed in the stub.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
