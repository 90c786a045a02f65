"""The search for best compromises: corners against their definition."""

import itertools

import numpy as np

from lupex.kernels.decision.front import _cut_corners


def corners_by_definition(points: np.ndarray, top: float) -> set[tuple[float, ...]]:
    """Largest boxes below which no point lies: candidates from coordinates, kept where valid and largest."""
    axes = [sorted({*points[:, k].tolist(), top}) for k in range(3)]
    empty = [
        corner for corner in itertools.product(*axes) if not any(np.all(point < np.array(corner)) for point in points)
    ]
    return {c for c in empty if not any(d != c and all(a <= b for a, b in zip(c, d, strict=True)) for d in empty)}


def test_corners_are_the_largest_boxes_that_hold_no_point() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        corners, spare = np.full((600, 3), 10.0), np.zeros((600, 3))
        held = 1
        points = rng.integers(0, 6, (8, 3)).astype(float)
        for point in points:
            held = _cut_corners(point, corners, held, spare)
        assert {tuple(row) for row in corners[:held].tolist()} == corners_by_definition(points, 10.0)
