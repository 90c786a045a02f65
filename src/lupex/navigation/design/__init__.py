"""Covariance analysis before there are data: which method gives how many metres by when."""
