"""From the launch pad to touchdown: launch windows tied to light at the site, transfer, descent, mass."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
