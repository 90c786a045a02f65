"""What is said about the region: its shadowed areas and what each constraint rules out."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ShadowRegion:
    """One connected area of permanent shadow.

    ``name`` is a published name when the region holds a catalogued permanently shadowed crater,
    else ''; area on the sphere in km^2; place of the cell nearest to the centroid inside it.
    """

    label: int
    name: str
    lat_deg: float
    lon_deg: float
    area_km2: float
    mean_elevation_m: float


@dataclass(frozen=True)
class ConstraintShare:
    """What one constraint does to the region: its rule in words and the share of cells that fail it (0..1),
    alone and as the only one failing."""

    name: str
    rule: str
    share_failing: float
    share_failing_only_this: float
