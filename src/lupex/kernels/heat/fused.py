"""a x + b rounded once, said in the source: the same bits on every processor, half the work where it has the order."""

from typing import Any

from numba.extending import intrinsic


def _product_and_sum(_context: Any, a: Any, _x: Any, _b: Any) -> Any:
    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return a(a, a, a), generate


fma: Any = intrinsic(_product_and_sum)
"""fma(a, x, b) is a x + b of three numbers of one kind, float32 or float64."""
