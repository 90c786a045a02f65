"""A link budget: the rows of a design control table, their mean and variance, and the margins."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.glance import Glance
from lupex.signals.budgets.tolerances import FIXED, Tolerance


@dataclass(frozen=True, kw_only=True, repr=False)
class Row(Glance):
    """One line: a parameter, or a total of several.

    Attributes:
        name, unit: what it is. value: design value; an array for a budget along a pass.
        favourable_db, adverse_db: offsets from the design value. shape: of the density, 'total' for totals.
        mean: of the parameter. variance_db2: of it. source: of the number.
    """

    name: str
    unit: str
    value: F64
    favourable_db: float
    adverse_db: float
    shape: str
    mean: F64
    variance_db2: float
    source: str

    @property
    def worst(self) -> F64:
        """Value with every adverse tolerance in full (their sum, for a total)."""
        return np.asarray(self.value + self.adverse_db)

    def _facts(self) -> dict[str, str]:
        value = f"{np.min(self.value):.2f} {self.unit}".strip()
        return {"name": self.name, "value": value, "source": self.source or self.shape}


def part(name: str, unit: str, value: ArrayLike, source: str, tolerance: Tolerance = FIXED) -> Row:
    """A row for one parameter with its tolerance.

    Args:
        name, unit: as in the table. value: of the design, one or (n,) samples. source: where it comes from.
        tolerance: favourable and adverse (dB), and the shape in between.
    """
    design = np.asarray(value, dtype=np.float64)
    t = tolerance
    return Row(
        name=name,
        unit=unit,
        value=design,
        favourable_db=t.favourable_db,
        adverse_db=t.adverse_db,
        shape=t.shape,
        mean=np.asarray(design + t.mean_db),
        variance_db2=t.variance_db2,
        source=source,
    )


def total(name: str, unit: str, rows: Sequence[Row], less: Sequence[Row] = (), source: str = "") -> Row:
    """Sum of rows less others, taken as independent: means and variances add, tolerances add in full.

    Args:
        name, unit: of the sum. rows: added. less: taken off. source: in words, '' for none.
    """
    value = sum((row.value for row in rows), np.float64(0.0)) - sum((row.value for row in less), np.float64(0.0))
    mean = sum((row.mean for row in rows), np.float64(0.0)) - sum((row.mean for row in less), np.float64(0.0))
    favourable = sum(row.favourable_db for row in rows) - sum(row.adverse_db for row in less)
    adverse = sum(row.adverse_db for row in rows) - sum(row.favourable_db for row in less)
    variance = sum(row.variance_db2 for row in (*rows, *less))
    return Row(
        name=name,
        unit=unit,
        value=np.asarray(value),
        favourable_db=favourable,
        adverse_db=adverse,
        shape="total",
        mean=np.asarray(mean),
        variance_db2=variance,
        source=source,
    )


@dataclass(frozen=True, kw_only=True, repr=False)
class LinkBudget(Glance):
    """What a link carries.

    Attributes:
        title: station, radio, direction. direction: 'down', 'up' or 'surface'.
        rows: in the order of a design control table. margins: names of the rows that are margins.
        sigmas: standard deviations taken off the mean. required_margin_db: asked of the design value.
        notes: what the budget leaves out or assumes.
    """

    title: str
    direction: str
    rows: tuple[Row, ...]
    margins: tuple[str, ...]
    sigmas: float
    required_margin_db: float
    notes: tuple[str, ...] = ()

    def row(self, name: str) -> Row:
        """The row of this name. Raises: InputError when the budget has none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise InputError(f"{self.title}: no row '{name}'", f"rows: {', '.join(row.name for row in self.rows)}")

    def value(self, name: str) -> float:
        """Design value of a row of a budget at one moment."""
        return float(self.row(name).value)

    def worst_db(self, margin: str) -> F64:
        """Mean of a margin less ``sigmas`` standard deviations."""
        row = self.row(margin)
        return np.asarray(row.mean - self.sigmas * np.sqrt(row.variance_db2))

    def spare_db(self, margin: str) -> F64:
        """How far above what is asked: the lesser of design value less required margin, and ``worst_db``."""
        return np.minimum(self.row(margin).value - self.required_margin_db, self.worst_db(margin))

    @property
    def closes(self) -> NDArray[np.bool_]:
        """Whether every margin has what is asked of it (shape of the passage, () at one moment)."""
        spare = [self.spare_db(name) for name in self.margins]
        return np.asarray(np.all(np.array(np.broadcast_arrays(*spare)) >= 0.0, axis=0))

    def __str__(self) -> str:
        """The design control table as text; of a budget along a pass, its least value."""
        head = f"{'parameter':<28}{'unit':<8}{'value':>9}{'fav':>7}{'adv':>7}{'mean':>9}{'var':>8}  source"
        lines = [self.title, head]
        for row in self.rows:
            lines.append(
                f"{row.name:<28}{row.unit:<8}{np.min(row.value):>9.2f}{row.favourable_db:>7.2f}{row.adverse_db:>7.2f}"
                f"{np.min(row.mean):>9.2f}{row.variance_db2:>8.4f}  {row.source or row.shape}"
            )
        for name in self.margins:
            lines.append(f"{name}, mean - {self.sigmas:g} sigma: {np.min(self.worst_db(name)):.2f} dB")
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def _facts(self) -> dict[str, str]:
        margins = {name: f"{name} {np.min(self.row(name).value):.1f} dB" for name in self.margins}
        closes = "closes" if bool(np.all(self.closes)) else "does not close"
        return {"title": self.title, "closes": closes} | margins

    def _details(self) -> dict[str, str]:
        return self._facts() | {row.name: f"{np.min(row.value):.2f} {row.unit}" for row in self.rows}
