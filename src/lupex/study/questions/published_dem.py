"""Fetching a DEM of the catalogue by name."""

from pathlib import Path

from lupex.base.progress import Progress, silent
from lupex.catalogue import dem_product
from lupex.io import FetchSettings, fetch_product, fetch_window


def fetch_dem(
    name: str,
    cache_dir: str | Path,
    table: str | Path | None = None,
    progress: Progress = silent,
    settings: FetchSettings | None = None,
) -> Path:
    """Path of a published DEM in the cache, downloaded when it is not there yet (with its label).

    Args:
        name: of the product in the catalogue.
        cache_dir: folder that keeps what was fetched.
        table: another TOML file of products; None for the catalogue of the package.
        progress: counts bytes.
        settings: time limits and retries.

    Raises:
        MissionError: no such name in the table, or a faulty table.
        DownloadError, StoreError: as `lupex.io.fetch_product`.
    """
    return fetch_product(dem_product(name, table), cache_dir, progress, settings)


def fetch_dem_window(
    name: str,
    around: tuple[float, float, float],
    cache_dir: str | Path,
    table: str | Path | None = None,
    settings: FetchSettings | None = None,
) -> Path:
    """Path of a window of a published DEM in the cache, of which only the parts needed are fetched.

    Args:
        name: of the product in the catalogue.
        around: latitude and east longitude (deg) and half the side (m) of the square.
        cache_dir: folder that keeps what was fetched.
        table: another TOML file of products; None for the catalogue of the package.
        settings: time limits and tries.

    Raises:
        MissionError: no such name in the table, or a faulty table.
        DownloadError, InputError, StoreError: as `lupex.io.fetch_window`.
    """
    return fetch_window(dem_product(name, table), around, cache_dir, settings)
