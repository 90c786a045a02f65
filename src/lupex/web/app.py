"""The server: what the page may ask, and which room answers it."""

import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, TypeVar

import anyio
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Query, Request
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from pydantic import FiniteFloat
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from lupex.base.errors import InputError, LupexError
from lupex.base.version import __version__
from lupex.io.tables import json_text, text_bytes
from lupex.report import budget_rows, budget_summary
from lupex.signals.geometry.orbit import Orbit
from lupex.study import link_asked, link_budget
from lupex.web import drives, place, records
from lupex.web.asked import (
    Drive,
    Height,
    Index,
    Level,
    Link,
    Name,
    Plan,
    QueryLatitude,
    QueryLongitude,
    Utc,
    Weights,
)
from lupex.web.folder import StudyFolder
from lupex.web.follow.routes import add_follow
from lupex.web.follow.source import Followed
from lupex.web.ground import Ground, grid_json
from lupex.web.guard import NAMES, Guard
from lupex.web.tiles import TileMaker
from lupex.web.toward import EARTH, bodies, sky_bytes

T = TypeVar("T")
LONGEST_S = 120.0
AT_ONCE = 4
KEPT = {"Cache-Control": "private, max-age=3600"}
Responses = dict[int | str, dict[str, Any]]
BINARY: Responses = {200: {"content": {"application/octet-stream": {}}}}
PICTURE: Responses = {200: {"content": {"image/png": {}}}}
REFUSED: Responses = {
    code: {"description": words, "content": {"application/json": {}}}
    for code, words in (
        (400, "not possible here, with what to do"),
        (401, "no token"),
        (403, "another site's page"),
        (413, "too large"),
        (422, "not understood"),
        (503, "busy, or it took too long"),
    )
}
NO_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>lupex</title><h1>lupex</h1>
<p>The page is not built in this checkout: run <code>make web</code> once. The API is there:
<a href="/api/openapi.json">its description</a>.</p></html>"""


class Answer(JSONResponse):
    """JSON without NaN: what is not finite becomes null."""

    def render(self, content: Any) -> bytes:
        """The bytes of an answer."""
        try:
            return text_bytes(json_text(content))
        except RecursionError:
            raise InputError("the record of the study is nested too deeply", "run the study again") from None


def page_folder() -> Path | None:
    """Where the built page lies, None where it was not built."""
    place = Path(str(files("lupex"))) / "web" / "page"
    return place if (place / "index.html").is_file() else None


@dataclass(frozen=True, eq=False)
class Beside:
    """What is shown beside the study: an archive whose rover is followed, a relay in lunar orbit; None for none."""

    followed: Followed | None = None
    relay: Orbit | None = None


def make_app(study: StudyFolder, token: str, names: tuple[str, ...] = NAMES, beside: Beside = Beside()) -> Guard:
    """The ASGI application of one study.

    Args:
        study: to show.
        token: that everything under /api/ asks for.
        names: hosts the server may be called by.
        beside: the study.
    """
    jobs = drives.Jobs()
    tiles, ground, limit = TileMaker(study), Ground(study), CapacityLimiter(AT_ONCE)

    @asynccontextmanager
    async def life(_: FastAPI) -> Any:
        threading.Thread(target=tiles.warm, daemon=True).start()
        yield
        jobs.close()

    app = FastAPI(
        title="lupex", version=__version__, description="A landing site study, as its map asks for it.",
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None, default_response_class=Answer,
        responses=REFUSED, lifespan=life,
    )  # fmt: skip
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(LupexError, _refused)
    app.add_exception_handler(Exception, _unexpected)

    async def ask(work: Callable[[], T]) -> T:
        """What a question gives, in a thread; given up after two minutes."""
        with anyio.move_on_after(LONGEST_S):
            return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=limit)
        raise drives.BusyError(f"no answer within {LONGEST_S:.0f} s", "ask for less, or wait until others are done")

    _add_maps(app, study, tiles, ask)
    _add_places(app, ground, tiles, ask)
    _add_light(app, ground, ask)
    _add_sky(app, study, beside.relay, ask)
    _add_choices(app, study, ask)
    _add_drives(app, study, jobs)
    add_follow(app, beside.followed, Answer)
    _add_page(app)
    return Guard(app, token, names)


def _add_maps(app: FastAPI, study: StudyFolder, tiles: TileMaker, ask: Any) -> None:
    @app.get("/api/study")
    async def overview() -> Any:
        """What the study holds: layers with legends, sites, names, season, what could not be used."""
        return Answer(await ask(lambda: records.overview(study, tiles)))

    @app.get("/api/tiles/{name}/{z}/{x}/{y}.png", responses=PICTURE, response_class=Response)
    def tile(name: Name, z: Level, x: Index, y: Index) -> Response:
        """A tile of a layer as PNG, transparent without data."""
        return Response(tiles.png(name, z, x, y), media_type="image/png", headers=KEPT)

    @app.get("/api/raw/{name}/{z}/{x}/{y}", responses=BINARY, response_class=Response)
    def raw(name: Name, z: Level, x: Index, y: Index) -> Response:
        """A tile of plain numbers: 256 x 256 float32, little-endian, NaN without data."""
        numbers = tiles.raw(name, z, x, y).astype("<f4", copy=False)
        return Response(numbers.tobytes(), media_type="application/octet-stream", headers=KEPT)


def _add_places(app: FastAPI, ground: Ground, tiles: TileMaker, ask: Any) -> None:
    @app.get("/api/place")
    async def at(lat_deg: QueryLatitude, lon_deg: QueryLongitude) -> Any:
        """Every map at a place, from the finest that holds it."""
        return Answer(await ask(lambda: place.values_at(ground, tiles, lat_deg, lon_deg)))

    @app.get("/api/place/skyline")
    async def skyline(
        lat_deg: QueryLatitude, lon_deg: QueryLongitude, start_utc: Utc, height_m: Height = 2.0,
        days: Annotated[FiniteFloat, Query(gt=0.0, le=366.0)] = 29.0,
    ) -> Any:  # fmt: skip
        """The skyline of a place, and hourly tracks of Sun and Earth."""
        return Answer(await ask(lambda: place.horizon_at(ground, (lat_deg, lon_deg), height_m, start_utc, days)))

    @app.get("/api/place/calendar")
    async def calendar(lat_deg: QueryLatitude, lon_deg: QueryLongitude, height_m: Height = 2.0) -> Any:
        """Light and Earth view of every day of the mission's span."""
        return Answer(await ask(lambda: place.calendar_at(ground, (lat_deg, lon_deg), height_m)))

    @app.get("/api/place/temperature")
    async def temperature(lat_deg: QueryLatitude, lon_deg: QueryLongitude) -> Any:
        """Temperatures with depth, behind the place's own skyline."""
        return Answer(await ask(lambda: place.temperature_at(ground, (lat_deg, lon_deg))))


def _add_light(app: FastAPI, ground: Ground, ask: Any) -> None:
    @app.get("/api/light/{part}")
    async def light(part: Name, height_m: Height = 0.0) -> Any:
        """Ground whose light the page computes: its cells, azimuths and units."""
        lit = await ask(lambda: ground.lit(part, height_m))
        return Answer(
            {
                "part": part,
                "grid": grid_json(lit.terrain.grid),
                "azimuths": lit.horizons.azimuths_pencil_deg.size,
                "unit_deg": lit.horizons.UNIT_DEG,
                "nodata": lit.horizons.NODATA,
                "height_m": height_m,
                "source": lit.terrain.source,
                "synthetic": lit.terrain.label,
            }
        )

    @app.get("/api/light/{part}/horizons", responses=BINARY, response_class=Response)
    async def horizons(part: Name, height_m: Height = 0.0) -> Response:
        """Skylines of every cell: int16 (azimuth, row, col), little-endian, in the unit of /api/light."""
        lit = await ask(lambda: ground.lit(part, height_m))
        return Response(lit.horizons.counts.astype("<i2", copy=False).tobytes(), media_type="application/octet-stream")

    @app.get("/api/light/{part}/elevation", responses=BINARY, response_class=Response)
    async def elevation(part: Name) -> Response:
        """Heights of every cell: float32 (row, col), little-endian, NaN without."""
        terrain = await ask(lambda: ground.terrain(part))
        return Response(terrain.elevation_m.astype("<f4").tobytes(), media_type="application/octet-stream")

    @app.get("/api/light/{part}/disc", responses=BINARY, response_class=Response)
    async def disc(part: Name, utc: Utc, height_m: Height = 0.0) -> Response:
        """Visible share of the Sun's disc at one instant: uint8 (row, col), 255 is the whole disc."""
        shares = await ask(lambda: ground.disc_at(part, utc, height_m))
        return Response(shares.tobytes(), media_type="application/octet-stream")


def _add_sky(app: FastAPI, study: StudyFolder, relay: Orbit | None, ask: Any) -> None:
    @app.get("/api/bodies")
    async def seen_from() -> Any:
        """Antennas and relay whose view of the ground the map can show, beside Sun and Earth."""
        return Answer(await ask(lambda: bodies(study, relay)))

    @app.get("/api/sky", responses=BINARY, response_class=Response)
    async def sky(
        start_utc: Utc, stop_utc: Utc, step_s: Annotated[FiniteFloat, Query(ge=1.0, le=1e7)],
        toward: Annotated[str, Query(pattern=r"^[a-z0-9_]{1,40}$")] = EARTH,
    ) -> Response:  # fmt: skip
        """Sun and a body over time: rows of 8 float64 (ms since 1970; Sun x, y, k; body x, y, k, metres; 1 if on)."""
        rows = await ask(lambda: sky_bytes(study, (start_utc, stop_utc), step_s, toward, relay))
        return Response(rows, media_type="application/octet-stream")


def _add_choices(app: FastAPI, study: StudyFolder, ask: Any) -> None:
    @app.get("/api/ranking")
    async def ranking() -> Any:
        """The criteria of the sites with the study's own weights and ranks."""
        return Answer(await ask(lambda: records.criteria(study)))

    @app.post("/api/ranking")
    async def rerank(asked: Weights) -> Any:
        """The sites ranked anew with other weights."""
        return Answer(await ask(lambda: records.ranked(study, asked)))

    @app.get("/api/contacts/{site}")
    async def contacts(site: Name) -> Any:
        """Passes of a site by station, those booked, and one pass in detail."""
        return Answer(await ask(lambda: records.contacts(study, site)))

    @app.post("/api/link")
    async def link(asked: Link) -> Any:
        """The link budget between a station and the mission's radio, row by row."""

        def budget() -> Any:
            mission = study.mission
            found = link_budget(
                asked.station, mission.ground.radio, asked.range_m, asked.elevation_deg,
                link_asked(mission.link), asked.direction,
            )  # fmt: skip
            return {**budget_summary(found), "rows": budget_rows(found)}

        return Answer(await ask(budget))

    @app.get("/api/position/{site}")
    async def position(site: Name) -> Any:
        """How well the place of a lander at a site would be known, by data and methods."""
        return Answer(await ask(lambda: records.position(study, site)))

    @app.get("/api/layers")
    async def layers() -> Any:
        """The user's own layers of the mission, in map metres."""
        return Answer(await ask(lambda: records.own(study)))

    @app.get("/api/water")
    async def water() -> Any:
        """What the study says of water: before, after, the decision."""
        return Answer(await ask(lambda: records.chapter(study, "water")))

    @app.get("/api/payload")
    async def payload() -> Any:
        """The instruments, their accommodation and what each is worth."""
        return Answer(await ask(lambda: records.chapter(study, "payload")))


def _add_drives(app: FastAPI, study: StudyFolder, jobs: drives.Jobs) -> None:
    @app.post("/api/drive/check", status_code=202)
    async def check(asked: Drive) -> Any:
        """Begin to check drawn waypoints; the answer comes from /api/jobs."""
        return Answer({"job": jobs.start(lambda: drives.check(study, asked, jobs.running))}, 202)

    @app.post("/api/drive/plan", status_code=202)
    async def plan(asked: Plan) -> Any:
        """Begin to plan a drive; the answer comes from /api/jobs."""
        return Answer({"job": jobs.start(lambda: drives.plan(study, asked, jobs.running))}, 202)

    @app.get("/api/jobs/{number}")
    async def job(number: Annotated[int, InPath(ge=1, le=1_000_000_000)]) -> Any:
        """How far a job is, and what it gave."""
        return Answer(jobs.state(number))


def _add_page(app: FastAPI) -> None:
    page = page_folder()
    if page is not None:
        app.mount("/", StaticFiles(directory=page, html=True))
        return

    @app.get("/", include_in_schema=False)
    async def nothing() -> Response:
        return HTMLResponse(NO_PAGE)


async def _not_understood(_: Request, error: Exception) -> Response:
    """422 that names what is wrong, without the value: NaN has no place in JSON."""
    assert isinstance(error, RequestValidationError)
    kept = [{key: one.get(key) for key in ("type", "loc", "msg")} for one in error.errors()]
    return Answer({"error": "not understood", "detail": kept}, 422)


async def _unexpected(_: Request, error: Exception) -> Response:
    """500 for a fault of ours, in words the page can show; the server prints where it happened."""
    return Answer({"error": f"unexpected {type(error).__name__}; this is a fault of lupex {__version__}"}, 500)


async def _refused(_: Request, error: Exception) -> Response:
    return Answer({"error": str(error)}, 503 if isinstance(error, drives.BusyError) else 400)
