"""Maps and vectors out: GeoTIFF, GeoPackage, GeoJSON, styles, xarray."""
