"""Read and write maps, tables and standard messages; open and fetch data.

Names load on first use, so that writing a CSV does not import GDAL; they are listed in the stub.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
