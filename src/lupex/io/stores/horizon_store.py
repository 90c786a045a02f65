"""Horizon maps on disk, written azimuth by azimuth, killed and resumed at will.

A store is a folder that is a Zarr v3 group: ``elevation`` (azimuth, row, col) int16 in steps of 0.003 deg, one file
(shard) per azimuth cut into compressed tiles, with the coordinate arrays and the CF grid mapping ``crs`` beside it, so
that any Zarr reader opens the path the user knows. Beside them ``manifest.jsonl`` lists the azimuths that are
safely on the disk: a line is added only after the azimuth's file has been fsynced, and every line
carries its own CRC, so a line torn by a crash is ignored and that azimuth is computed again.
"""

import json
import os
import shutil
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec, Crc32cCodec

from lupex.base.cache import clear_stale, partial_path
from lupex.base.digest import array_sha256, settings_sha256
from lupex.base.errors import GridError, InputError, StoreError
from lupex.base.gate import file_json
from lupex.io.atomic import store_error, sync_file, sync_folder, write_bytes
from lupex.io.crs import cf_grid_mapping, crs_wkt
from lupex.io.manifest import Manifest
from lupex.io.stores.removal import remove_own
from lupex.io.tables import json_text, plain
from lupex.model import Grid, HorizonMap

_ARRAY = "elevation"
_MANIFEST = "manifest.jsonl"
_RECORD = "lupex.json"
_FORMAT = "lupex horizon store 2"


_ARRAYS = (_ARRAY, "azimuth_pencil_deg", "y", "x", "y_m", "x_m", "crs")
_COORDINATES: dict[str, dict[str, Any]] = {
    "azimuth_pencil_deg": {"units": "degree", "long_name": "direction in the polar gnomonic map, clockwise from +y"},
    "y": {"units": "m", "standard_name": "projection_y_coordinate", "axis": "Y"},
    "x": {"units": "m", "standard_name": "projection_x_coordinate", "axis": "X"},
}


@dataclass(frozen=True, eq=False)
class HorizonInputs:
    """All that decides the content of a horizon store; its digest guards against mixing two runs.

    Attributes:
        grid: where the cells lie.
        azimuths_pencil_deg: (azimuth,) as in HorizonMap.
        observer_height_m, search_radius_m, synthetic_below_m: as in HorizonMap.
        settings: whatever else the heights depend on: digests of the terrain levels, engine options.
    """

    grid: Grid
    azimuths_pencil_deg: NDArray[np.float64]
    observer_height_m: float
    search_radius_m: float
    synthetic_below_m: float | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hex digest of all of it."""
        return settings_sha256([self._record(), array_sha256(np.asarray(self.azimuths_pencil_deg, dtype=np.float64))])

    def _record(self) -> dict[str, Any]:
        names = ("grid", "observer_height_m", "search_radius_m", "synthetic_below_m", "settings")
        return {name: plain(getattr(self, name)) for name in names}


class HorizonStore:
    """A horizon map on disk. Make one with `create` (resumes an unfinished one) or `open`."""

    def __init__(self, path: Path, inputs: HorizonInputs) -> None:
        self.path = path
        self.inputs = inputs
        self._array = zarr.open_array(str(path / _ARRAY), mode="r+")
        self._manifest = Manifest(path / _MANIFEST)

    @classmethod
    def create(cls, path: str | Path, inputs: HorizonInputs, chunk: int = 512, fresh: bool = False) -> "HorizonStore":
        """A store ready for `write_azimuth`; one that is already there for the same inputs is resumed.

        Args:
            path: folder of the store.
            inputs: what the horizons are computed from.
            chunk: side of the compressed tiles, cells.
            fresh: throw away what is there.

        Raises:
            StoreError: the folder holds something else or the horizons of other inputs; disk full.
        """
        folder = Path(path)
        if fresh and folder.is_dir():
            remove_own(folder, _is_own)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            store = cls.open(folder)
            if store.inputs.sha256 != inputs.sha256:
                raise StoreError(
                    f"{folder}: holds the horizons of other inputs ({_difference(store.inputs, inputs)})",
                    "choose another folder or start afresh",
                )
            return store
        try:
            _make(folder, inputs, chunk)
        except OSError as error:
            raise store_error(folder, error) from error
        return cls.open(folder)

    @classmethod
    def open(cls, path: str | Path) -> "HorizonStore":
        """An existing store, complete or not. Raises StoreError when it is none or is damaged.

        Args:
            path: of the store's folder.
        """
        folder = Path(path)
        if not (folder / _RECORD).is_file():
            raise StoreError(f"{folder}: is no horizon store", "make one with `lupex horizons DEM --out STORE`")
        try:
            record = file_json(folder / _RECORD)
            if record["format"] != _FORMAT:
                raise StoreError(f"{folder}: format is '{record['format']}', expected '{_FORMAT}'", "make it again")
            azimuths = np.array(record["azimuths_pencil_deg"], dtype=np.float64)
            rest = {key: record[key] for key in ("observer_height_m", "search_radius_m", "synthetic_below_m")}
            inputs = HorizonInputs(Grid(**record["grid"]), azimuths, **rest, settings=record["settings"])
            store = cls(folder, inputs)
        except (InputError, GridError, OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{folder}: damaged horizon store ({type(error).__name__})", "make it again") from error
        if record.get("sha256") != inputs.sha256 or store._array.shape != (azimuths.size, *inputs.grid.shape):
            raise StoreError(f"{folder}: damaged horizon store (its record does not match its data)", "make it again")
        return store

    def write_azimuth(self, index: int, counts: NDArray[np.int16]) -> None:
        """Put one azimuth (row, col) safely on the disk and note it in the manifest; threads may call this.

        Args:
            index: of the azimuth.

        Raises:
            GridError: wrong shape or type, or no such azimuth.
            StoreError: disk full or not writable; the azimuth then counts as missing.
        """
        grid, total = self.inputs.grid, self.inputs.azimuths_pencil_deg.size
        if counts.shape != grid.shape or counts.dtype != np.int16:
            raise GridError(f"horizon store: plane is {counts.dtype} {counts.shape}, expected int16 {grid.shape}")
        if not 0 <= index < total:
            raise GridError(f"horizon store: azimuth index {index}, there are {total}")
        try:
            self._array[index] = counts
            shard = self._shard(index)
            if shard.exists():  # a plane of nothing but no-data has no file
                sync_file(shard)
                for folder in (shard.parent, shard.parent.parent, shard.parent.parent.parent):
                    sync_folder(folder)
            self._manifest.note({"azimuth": index, "crc32": _crc(counts)})
        except OSError as error:
            raise store_error(self.path, error) from error

    def done(self) -> set[int]:
        """Indices of the azimuths that are safely on the disk."""
        return set(self._noted())

    def missing(self) -> list[int]:
        """Indices still to be written, ascending."""
        done = self.done()
        return [i for i in range(self.inputs.azimuths_pencil_deg.size) if i not in done]

    def whole(self) -> set[int]:
        """Indices of the azimuths that are on the disk as they were written (reads everything)."""
        return self.done() - set(self.damaged())

    def damaged(self) -> list[int]:
        """Noted azimuths whose counts cannot be read or do not match their CRC (reads everything)."""
        return [index for index, crc in sorted(self._noted().items()) if not self._is_whole(index, crc)]

    def plane(self, index: int) -> NDArray[np.int16]:
        """Counts of one azimuth (row, col). Raises StoreError when it cannot be read."""
        return self._read(index, slice(None), slice(None))

    def read(self, rows: slice = slice(None), cols: slice = slice(None)) -> HorizonMap:
        """The horizon map of a window of rows and columns, all azimuths, in memory.

        Args:
            cols: the window's columns.

        Raises:
            StoreError: the store is not complete or cannot be read.
            GridError: the window is empty.
        """
        todo = len(self.missing())
        if todo:
            raise StoreError(f"{self.path}: {todo} azimuths are missing", "run `lupex horizons` again to resume it")
        grid = self.inputs.grid
        (top, bottom, _), (left, right, _) = rows.indices(grid.rows), cols.indices(grid.cols)
        window = grid.crop(top, left, bottom - top, right - left)
        counts = self._read(slice(None), slice(top, bottom), slice(left, right))
        i = self.inputs
        return HorizonMap(
            grid=window,
            azimuths_pencil_deg=i.azimuths_pencil_deg,
            counts=counts,
            observer_height_m=i.observer_height_m,
            search_radius_m=i.search_radius_m,
            synthetic_below_m=i.synthetic_below_m,
        )

    def finalise(self) -> None:
        """Mark the store complete. Raises StoreError when azimuths are missing."""
        todo = self.missing()
        if todo:
            raise StoreError(f"{self.path}: {len(todo)} azimuths are missing", "write them before finalising")
        place = self.path / "zarr.json"
        group = json.loads(place.read_text())
        group["attributes"]["complete"] = True
        write_bytes(place, json_text(group).encode())

    @property
    def is_complete(self) -> bool:
        """Whether `finalise` has been reached."""
        return bool(json.loads((self.path / "zarr.json").read_text())["attributes"].get("complete"))

    def _read(self, azimuth: int | slice, rows: slice, cols: slice) -> NDArray[np.int16]:
        """Counts of a window, every tile checked against its CRC-32C on the way (zarr reads a lost file as no data)."""
        lost = next((i for i in self._with_files(azimuth) if not self._shard(i).is_file()), None)
        if lost is not None:
            raise StoreError(f"{self.path}: the file of azimuth {lost} is missing", "make the store again to mend it")
        try:
            return np.ascontiguousarray(self._array[azimuth, rows, cols])
        except Exception as error:  # codecs raise many kinds for damaged files
            raise StoreError(f"{self.path}: a horizon file is damaged ({error})", "make the store again") from error

    def _shard(self, index: int) -> Path:
        return self.path / _ARRAY / "c" / str(index) / "0" / "0"

    def _with_files(self, azimuth: int | slice) -> list[int]:
        """Noted azimuths among these whose planes are not all no data, so that they have a file."""
        empty = _crc(np.full(self.inputs.grid.shape, HorizonMap.NODATA, np.int16))
        noted, total = self._noted(), self.inputs.azimuths_pencil_deg.size
        wanted = [azimuth] if isinstance(azimuth, int) else range(*azimuth.indices(total))
        return [index for index in wanted if index in noted and noted[index] != empty]

    def _is_whole(self, index: int, crc: str) -> bool:
        try:
            return _crc(self.plane(index)) == crc
        except StoreError:
            return False

    def _noted(self) -> dict[int, str]:
        return {int(entry["azimuth"]): entry["crc32"] for entry in self._manifest.entries()}


def _make(folder: Path, inputs: HorizonInputs, chunk: int) -> None:
    """Build an empty store beside its place and move it there whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_stale(folder.parent)
    partial = partial_path(folder)
    grid, azimuths = inputs.grid, np.asarray(inputs.azimuths_pencil_deg, dtype=np.float64)
    side = max(1, min(chunk, max(grid.rows, grid.cols)))
    shard = (1, -(-grid.rows // side) * side, -(-grid.cols // side) * side)
    try:
        group = zarr.create_group(str(partial), zarr_format=3, attributes=_attributes(inputs))
        group.create_array(
            _ARRAY,
            shape=(azimuths.size, *grid.shape),
            dtype="int16",
            chunks=(1, side, side),
            shards=shard,
            fill_value=HorizonMap.NODATA,
            compressors=[BloscCodec(cname="lz4", clevel=5, shuffle="shuffle", typesize=2), Crc32cCodec()],
            dimension_names=("azimuth_pencil_deg", "y", "x"),
            attributes={
                "units": "degree",
                "scale_factor": HorizonMap.UNIT_DEG,
                "_FillValue": HorizonMap.NODATA,
                "long_name": "elevation of the skyline above the local horizontal",
                "grid_mapping": "crs",
            },
        )
        for name, values in (("azimuth_pencil_deg", azimuths), ("y", grid.y_m()), ("x", grid.x_m())):
            array = group.create_array(
                name, shape=values.shape, dtype="float64", dimension_names=(name,), attributes=_COORDINATES[name]
            )
            array[:] = values
        crs = group.create_array("crs", shape=(), dtype="int32", dimension_names=(), attributes=cf_grid_mapping(grid))
        crs[...] = 0
        record = {"format": _FORMAT, "azimuths_pencil_deg": azimuths.tolist(), "sha256": inputs.sha256}
        write_bytes(partial / _RECORD, json_text(record | inputs._record()).encode())
        (partial / _MANIFEST).touch()
        for path in partial.rglob("*"):
            sync_file(path)
        sync_folder(partial)
        if folder.exists():
            folder.rmdir()  # an empty folder was asked for
        os.replace(partial, folder)
        sync_folder(folder.parent)
    except BaseException:
        for _ in range(3):  # threads of zarr may write on for a moment after one of them has failed
            shutil.rmtree(partial, ignore_errors=True)
            time.sleep(0.02)
        raise


def _is_own(name: str, path: Path) -> bool:
    """Whether a file of the folder is one a horizon store writes, by its name and content."""
    if name == _RECORD:
        try:
            return str(file_json(path)["format"]).startswith("lupex horizon store ")
        except (InputError, KeyError, TypeError):
            return False
    if name == _MANIFEST:
        return Manifest(path).is_one()
    parts = name.removeprefix("horizon.zarr/").split("/")  # where format 1 had it
    if parts == ["zarr.json"] or (len(parts) == 2 and parts[0] in _ARRAYS and parts[1] == "zarr.json"):
        try:
            return file_json(path)["zarr_format"] == 3
        except (InputError, KeyError, TypeError):
            return False
    if path.name.startswith(".partial-") or (len(parts) > 2 and path.name.endswith(".partial")):
        return True
    return len(parts) >= 2 and parts[0] in _ARRAYS and parts[1] == "c" and all(p.isdigit() for p in parts[2:])


def _attributes(inputs: HorizonInputs) -> dict[str, Any]:
    synthetic = inputs.synthetic_below_m
    label = {} if synthetic is None else {"synthetic": f"below {synthetic:g} m"}
    return label | {
        "title": "skyline elevations",
        "lupex_crs": inputs.grid.crs_name,
        "crs_wkt": crs_wkt(inputs.grid.pole),
        "observer_height_m": inputs.observer_height_m,
        "search_radius_m": inputs.search_radius_m,
        "inputs_sha256": inputs.sha256,
        "complete": False,
    }


def _difference(old: HorizonInputs, new: HorizonInputs) -> str:
    """The first things in which two sets of inputs differ, for the message."""
    before, after = old._record(), new._record()
    names = [key for key in before if before[key] != after[key]]
    if not np.array_equal(old.azimuths_pencil_deg, new.azimuths_pencil_deg):
        names.append("azimuths")
    return "different " + ", ".join(names) if names else "another digest"


def _crc(counts: NDArray[np.int16]) -> str:
    return f"{zlib.crc32(np.ascontiguousarray(counts, dtype='<i2').tobytes()):08x}"
