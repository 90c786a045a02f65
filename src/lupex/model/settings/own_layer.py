"""Layers a mission file names itself: [[layer]]."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MissionLayer:
    """[[layer]]: names, regions, craters, scarps or outlines of the user's own, shown on maps and in tables.

    Attributes:
        name: of the layer on maps and in tables.
        file: absolute path of a GeoPackage, GeoJSON or CSV.
        kind: 'names', 'regions', 'craters', 'scarps' or 'outlines'.
        label: column with the names of features; '' for the first of name, label, region, crater name that is there.
        group: CSV only: column whose equal values make rows the corners of one line or area; '' for ``label``.
        diameter: column with diameters in km; '' for the first of diameter_km, diam (km).
        layer: of a GeoPackage with several.
    """

    name: str
    file: str
    kind: str
    label: str = ""
    group: str = ""
    diameter: str = ""
    layer: str = ""
