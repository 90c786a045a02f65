"""Sorted disjoint time intervals: one type for lit, in contact, warm, safe."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import SpanError
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted, span_words, strips


@dataclass(frozen=True, eq=False, repr=False)
class Windows(Glance):
    """Closed-open intervals [start, stop) in TDB seconds past J2000 inside a span.

    ``start_tdb_s`` and ``stop_tdb_s`` are (n,) arrays; the span is what ``~`` complements in.
    """

    start_tdb_s: NDArray[np.float64]
    stop_tdb_s: NDArray[np.float64]
    span_tdb_s: tuple[float, float]

    def __post_init__(self) -> None:
        a, b = np.asarray(self.start_tdb_s, float), np.asarray(self.stop_tdb_s, float)
        if a.shape != b.shape or a.ndim != 1:
            raise SpanError("windows: starts and stops differ in number")
        if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b)) and np.all(np.isfinite(self.span_tdb_s))):
            raise SpanError("windows: an instant is not finite")
        if self.span_tdb_s[1] < self.span_tdb_s[0]:
            raise SpanError("windows: the span ends before it begins", "give the earlier instant first")
        if np.any(b <= a) or np.any(a[1:] <= b[:-1]):
            raise SpanError("windows: intervals must be sorted, disjoint and of positive length")
        if a.size and (a[0] < self.span_tdb_s[0] or b[-1] > self.span_tdb_s[1]):
            raise SpanError("windows: an interval sticks out of the span")
        object.__setattr__(self, "start_tdb_s", frozen(a))
        object.__setattr__(self, "stop_tdb_s", frozen(b))

    @classmethod
    def from_mask(cls, times_tdb_s: NDArray[np.float64], mask: NDArray[np.bool_], step_s: float) -> "Windows":
        """Windows in which sampled ``mask`` (n,) holds; sample i stands for [t_i, t_i + step).

        Args:
            times_tdb_s: (n,) ascending sample times.
            step_s: how long a sample stands for.

        Raises SpanError without times, or when times and mask differ in number.
        """
        if np.shape(times_tdb_s) != np.shape(mask) or np.size(times_tdb_s) == 0:
            raise SpanError(
                f"windows: {np.size(times_tdb_s)} times and {np.size(mask)} values",
                "give one value per time, at least one",
            )
        m = np.concatenate([[False], np.asarray(mask, bool), [False]])
        edges = np.flatnonzero(m[1:] != m[:-1])
        times = np.append(times_tdb_s, times_tdb_s[-1] + step_s)
        return cls(times[edges[0::2]], times[edges[1::2]], (float(times[0]), float(times[-1])))

    def __len__(self) -> int:
        return int(self.start_tdb_s.size)

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return iter(zip(self.start_tdb_s.tolist(), self.stop_tdb_s.tolist(), strict=True))

    @property
    def total_s(self) -> float:
        """Sum of all lengths (s)."""
        return float(np.sum(self.stop_tdb_s - self.start_tdb_s))

    def longest(self) -> tuple[float, float] | None:
        """The longest interval (the earliest of equals), or None when there is none."""
        if not len(self):
            return None
        i = int(np.argmax(self.stop_tdb_s - self.start_tdb_s))
        return float(self.start_tdb_s[i]), float(self.stop_tdb_s[i])

    def longest_s(self) -> float:
        """Length of the longest interval (s), 0 when there is none."""
        best = self.longest()
        return 0.0 if best is None else best[1] - best[0]

    def __invert__(self) -> "Windows":
        edges = np.concatenate([[self.span_tdb_s[0]], _interleave(self), [self.span_tdb_s[1]]])
        a, b = edges[0::2], edges[1::2]
        keep = b > a
        return Windows(a[keep], b[keep], self.span_tdb_s)

    def __and__(self, other: "Windows") -> "Windows":
        return _combine(self, other, 2)

    def __or__(self, other: "Windows") -> "Windows":
        return _combine(self, other, 1)

    def _facts(self) -> dict[str, str]:
        total = f"{self.total_s / 3600.0:.1f} h in all"
        return {"windows": counted(len(self), "window"), "total": total, "span": span_words(self.span_tdb_s)}

    def _picture(self) -> NDArray[np.float64]:
        return strips([self], self.span_tdb_s)


def _interleave(w: Windows) -> NDArray[np.float64]:
    return np.column_stack([w.start_tdb_s, w.stop_tdb_s]).ravel()


def _combine(a: Windows, b: Windows, needed: int) -> Windows:
    if a.span_tdb_s != b.span_tdb_s:
        raise SpanError("windows: combined over different spans", "make both over the same span")
    times = np.concatenate([a.start_tdb_s, b.start_tdb_s, a.stop_tdb_s, b.stop_tdb_s])
    steps = np.concatenate([np.ones(len(a) + len(b)), -np.ones(len(a) + len(b))])
    order = np.lexsort((-steps, times))
    times, depth = times[order], np.cumsum(steps[order])
    inside = np.concatenate([[False], depth >= needed, [False]])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    start, stop = times[edges[0::2]], times[edges[1::2]]
    keep = stop > start
    return Windows(start[keep], stop[keep], a.span_tdb_s)
