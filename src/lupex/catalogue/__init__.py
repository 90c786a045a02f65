"""The catalogue of the package and of users: one folder of TOML files per kind, read here and nowhere else."""

from lupex.catalogue.dem_products import PGDA, dem_product, dem_products, is_published
from lupex.catalogue.entry import Entry
from lupex.catalogue.nouns import radio, radio_names, station, station_names, stations
from lupex.catalogue.read import catalogue_entry, catalogue_folder, catalogue_names, overridden
from lupex.catalogue.shadow_names import shadow_names
from lupex.catalogue.toml_file import TomlFile, read_toml

__all__ = [
    "PGDA",
    "Entry",
    "TomlFile",
    "catalogue_entry",
    "catalogue_folder",
    "catalogue_names",
    "dem_product",
    "dem_products",
    "is_published",
    "overridden",
    "radio",
    "radio_names",
    "read_toml",
    "shadow_names",
    "station",
    "station_names",
    "stations",
]
