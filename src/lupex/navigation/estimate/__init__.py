"""Estimators: batch least squares, filter and smoother, grids of hypotheses, and tests of their consistency."""
