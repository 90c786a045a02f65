"""How every kernel is compiled: one set of flags, one cache.

Flags. Results must not depend on whether a kernel was just compiled or read from the cache, nor on the processor.
So arithmetic is IEEE 754 as written: no ``fastmath``. With it the compiler reorders sums and fuses products, and does
so differently in the two copies of a small kernel that exist in a first run (its own, and the one merged into
its caller). Where speed asks for another order or for a reciprocal, the source says so.
Division by zero gives inf or NaN (``error_model="numpy"``): kernels raise nothing.

Time to compile. Whole rows are copied in a loop: an assignment of one array to part of another makes numba compile
the sentence of its error, two seconds in the first kernel that has one. Arrays that are only read come read-only or
writeable always: for each of the two a kernel is compiled.

Cache. `lupex.base.compiled` keeps the machine code under the digest of the kernel's file and of those it imports.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

from lupex.base.compiled import kept

_HERE = Path(__file__).parent


def kernel(function: Callable[..., Any]) -> Any:
    """``function`` compiled on its first call, without the interpreter lock, and kept."""
    return kept(njit(nogil=True, error_model="numpy")(function), _HERE)


def inlined(function: Callable[..., Any]) -> Any:
    """Like `kernel`, and copied into the kernels that call it: for a few lines in the innermost loops."""
    return kept(njit(nogil=True, error_model="numpy", inline="always")(function), _HERE)
