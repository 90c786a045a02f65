"""Fetching a DEM of the catalogue by name."""

from pathlib import Path

from lupex.base.progress import Progress, silent
from lupex.catalogue import dem_product
from lupex.io import FetchSettings, fetch_product


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
