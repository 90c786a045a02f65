"""What a page may ask: strict models, so that NaN and true are no numbers and unknown names are refused."""

from typing import Annotated

from fastapi import Path as InPath
from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

Latitude = Annotated[FiniteFloat, Field(ge=-90.0, le=90.0, description="degrees north")]
Longitude = Annotated[FiniteFloat, Field(ge=-360.0, le=360.0, description="degrees east")]
Name = Annotated[str, InPath(pattern=r"^[\w.,() -]{1,64}$", description="of a layer or a site")]
Level = Annotated[int, InPath(ge=0, le=13)]
Index = Annotated[int, InPath(ge=0, le=8191)]
Utc = Annotated[
    str, Field(pattern=r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z?)?$", description="like 2028-09-01T00:00:00Z")
]
QueryLatitude = Annotated[FiniteFloat, Query(ge=-90.0, le=90.0, description="degrees north")]
QueryLongitude = Annotated[FiniteFloat, Query(ge=-360.0, le=360.0, description="degrees east")]
Height = Annotated[FiniteFloat, Query(ge=0.0, le=100.0, description="of the eye above the ground, metres")]
MOST_WAYPOINTS = 500


class Strict(BaseModel):
    """No word turned into a number, no number that is none, no name that is not known."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="forbid")


class Weights(Strict):
    """Weights of criteria; they are scaled to sum to 1."""

    weights: dict[str, Annotated[FiniteFloat, Field(ge=0.0, le=1e6)]] = Field(min_length=1, max_length=64)
    uncertain: Annotated[str, Field(pattern="^(any|around|order)$")] = "around"
    spread: Annotated[FiniteFloat, Field(ge=0.0, le=1.0)] = 0.5


class Point(Strict):
    """A place on the Moon."""

    lat_deg: Latitude
    lon_deg: Longitude


class Drive(Strict):
    """Waypoints to be checked; ``begin_utc``: None for the landing of the mission."""

    waypoints: list[Point] = Field(min_length=2, max_length=MOST_WAYPOINTS)
    begin_utc: Utc | None = None


class Plan(Strict):
    """A drive to be planned; ``goal``: None for permanent shadow and back."""

    start: Point
    goal: Point | None = None
    begin_utc: Utc | None = None
    one_way: bool = False


class Link(Strict):
    """A link between a station and the radio of the mission."""

    station: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    range_m: Annotated[FiniteFloat, Field(ge=1e3, le=1e10)]
    elevation_deg: Annotated[FiniteFloat, Field(ge=0.0, le=90.0)]
    direction: Annotated[str, Field(pattern="^(down|up)$")] = "down"
