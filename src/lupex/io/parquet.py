"""Packets as Arrow tables and Parquet files, one for each kind of packet. Needs the extra ``parquet`` (pyarrow)."""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from numpy.typing import NDArray

from lupex.base.errors import InputError, StoreError
from lupex.model.telemetry.dictionary import Parameter
from lupex.model.telemetry.types import ValueType

PARTIAL = ".part"


def arrow_table(parameters: Mapping[str, Parameter], columns: Mapping[str, NDArray[Any]]) -> Any:
    """A pyarrow Table of decoded columns; what a packet does not have is null, types follow the dictionary.

    Args:
        parameters: name -> definition. columns: name -> values (n,); names that are no parameters keep their own type.

    Raises InputError where pyarrow is not installed.
    """
    pa = _pyarrow()
    made = {}
    for name, column in columns.items():
        wanted = _arrow_type(parameters[name].type, pa) if name in parameters else None
        values = column.tolist() if column.dtype == object else column
        made[name] = pa.array(values, type=wanted)
    return pa.table(made)


class ParquetFiles:
    """Parquet files of a folder, grown table by table; they get their names when `close` is called."""

    def __init__(self, folder: str | Path) -> None:
        _pyarrow()
        self._folder = Path(folder)
        if self._folder.exists() and (not self._folder.is_dir() or any(self._folder.iterdir())):
            raise InputError(f"{self._folder}: not an empty folder", "name a new one")
        self._writers: dict[str, Any] = {}

    def add(self, name: str, table: Any) -> None:
        """Add rows to the file ``name``. Raises StoreError where it cannot be written."""
        import pyarrow.parquet as parquet

        try:
            if name not in self._writers:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._writers[name] = parquet.ParquetWriter(self._path(name, PARTIAL), table.schema, compression="zstd")
            self._writers[name].write_table(table)
        except OSError as error:
            raise StoreError(f"{self._path(name)}: {error}", "is there room on the disk?") from error

    def close(self) -> list[Path]:
        """Complete the files; their paths."""
        for name, writer in self._writers.items():
            writer.close()
            self._path(name, PARTIAL).replace(self._path(name))
        return [self._path(name) for name in self._writers]

    def _path(self, name: str, ending: str = "") -> Path:
        return self._folder / f"{name}.parquet{ending}"


def _arrow_type(type_: ValueType, pa: ModuleType) -> Any:
    if type_.kind in ("enumerated", "string"):
        return pa.string()
    if type_.kind == "boolean":
        return pa.bool_()
    if type_.kind == "binary":
        return pa.binary()
    if type_.kind == "integer" and type_.calibrator is None and type_.encoding.kind not in ("float", "mil_1750a"):
        return pa.uint64() if type_.encoding.kind == "unsigned" else pa.int64()
    return pa.float64()


def _pyarrow() -> ModuleType:
    try:
        import pyarrow
    except ImportError:
        raise InputError("Parquet and Arrow need pyarrow", "pip install lupex[parquet]") from None
    found: ModuleType = pyarrow
    return found
