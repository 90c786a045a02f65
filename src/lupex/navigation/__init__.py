"""Where are lander and rover, and how sure are we: models of every method, estimators, budgets."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
