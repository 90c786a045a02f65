"""One target for every reader of files: bytes in, an answer or one line that names the file."""

import asyncio
import functools
import json
import os
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.errors import LupexError, UnpublishedError

SEEDS = Path(__file__).parent / "seeds"
LONGEST_LINE = 1000
FOLDER = f"lupex-fuzz-{os.getpid()}"


@dataclass(frozen=True)
class Target:
    """A reader: the name its files have, the files beside it that stay as they are, and the call."""

    file_name: str
    read: Callable[[Path], Any]
    beside: Callable[[Path], None] = lambda folder: None


def _image(folder: Path) -> None:
    (folder / "tile.IMG").write_bytes(bytes(800))


def _record(folder: Path) -> None:
    import numpy as np

    from lupex.io import HorizonInputs, HorizonStore
    from lupex.model import Grid

    inputs = HorizonInputs(Grid("south", 4, 4, 20.0, 0.0, 0.0), np.arange(8) * 45.0, 2.0, 1000.0)
    HorizonStore.create(folder / "store", inputs)
    (folder / "store" / "lupex.json").unlink()


def _store(path: Path) -> object:
    from lupex.io import HorizonStore

    (path.parent / "store" / "lupex.json").write_bytes(path.read_bytes())
    return HorizonStore.open(path.parent / "store")


def _run(path: Path) -> object:
    from lupex.study.fresh import is_up_to_date, recorded_summary

    return is_up_to_date(path.parent, "key"), recorded_summary(path.parent)


def _manifest(path: Path) -> object:
    from lupex.io import Manifest

    return Manifest(path).entries()


def _job(path: Path) -> object:
    from lupex.io import TileStore

    return TileStore.create(path.parent, {"a": 1})


def _polar(name: str) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        import lupex.io

        return getattr(lupex.io, name)(path, "south")

    return read


def _plain(name: str) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        import lupex.io

        return getattr(lupex.io, name)(path)

    return read


def _dem_table(path: Path) -> object:
    from lupex.catalogue.dem_products import dem_products

    return dem_products(path)


def _mission(path: Path) -> object:
    from lupex.mission import load_mission

    return load_mission(path)


def _evidence(path: Path) -> object:
    from lupex.water import read_evidence

    return read_evidence(path).tables()


def _xtce(path: Path) -> object:
    from lupex.io.xtce import read_xtce

    return read_xtce(path)


def _dictionary(path: Path) -> object:
    from lupex.catalogue.telemetry import dictionary

    return dictionary(str(path))


def _plan(path: Path) -> object:
    from lupex.ops.simulator.plan import read_plan

    return read_plan(path)


def _packets(path: Path) -> object:
    from lupex.catalogue.telemetry import dictionary
    from lupex.packets.definitions.decode import decode
    from lupex.packets.streams.cut import packets_in

    found = decode(dictionary("lupex"), packets_in(path.read_bytes())[0])
    return [table.columns() for table in found.tables.values()]


def _frames(path: Path) -> object:
    from lupex.packets.frames.chain import ChainSettings, FrameChain
    from lupex.packets.frames.layout import FrameLayout

    chain = FrameChain(settings=ChainSettings(FrameLayout(kind="tm", length=100), markers=True))
    return chain.feed(path.read_bytes()), chain.end()


def _uplink(path: Path) -> object:
    from lupex.base.errors import InputError
    from lupex.catalogue.telemetry import dictionary
    from lupex.packets.coding.cltu import cltu_content
    from lupex.packets.definitions.commands import decode_command
    from lupex.packets.frames.telecommand import tc_frames

    content = cltu_content(path.read_bytes())
    frames, _ = tc_frames(b"" if content is None else content.octets)
    for frame in frames:
        try:
            decode_command(dictionary("lupex"), frame.data)
        except InputError as error:
            raise InputError(f"{path}: {error.what}", error.fix) from None
    return frames


def _workbook(path: Path) -> object:
    from lupex.io import read_workbook

    return read_workbook(path)


def _sheet(path: Path) -> object:
    """The content as the first sheet of a workbook, which is given back as a table mailed."""
    book = path.with_name("mailed.xlsx")
    with (
        zipfile.ZipFile(SEEDS / "workbook" / "small.xlsx") as old,
        zipfile.ZipFile(book, "w", zipfile.ZIP_STORED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, path.read_bytes() if part == "xl/worksheets/sheet1.xml" else old.read(part))
    return _mailed(book)


def _mailed(path: Path) -> object:
    from lupex.mission import load_mission
    from lupex.payload import entry_text
    from lupex.study import mailed_changes

    _, changes = mailed_changes(load_mission(), path)
    return [entry_text(name, given) for name, given in changes.items()]


def _changes(path: Path) -> object:
    from lupex.payload import change_log

    return change_log(str(path))


def _payload(path: Path) -> object:
    from lupex.mission import load_mission
    from lupex.payload import status_html, status_markdown
    from lupex.study import payload_programme, payload_status

    mission = load_mission(path)
    rows = payload_status(mission)
    # The worth of instruments is simulated unless it is stated: no question of reading.
    payload_programme(mission, worth=dict.fromkeys((row["instrument"] for row in rows), 1.0))
    return status_markdown(rows, ""), status_html(rows, "")


def _panorama(path: Path) -> object:
    from lupex.study import read_panorama

    return read_panorama(path)


def _solved(path: Path) -> object:
    from lupex.study import SolveAsked, solved_position

    return solved_position([path], SolveAsked(prior=(-89.45, 222.7, 0.0)))


def _times(path: Path) -> object:
    from lupex.cli.arguments import times_in

    return times_in(path)


def _layer(kind: str) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        from lupex.io import read_own_layer, write_own_layers
        from lupex.model.settings.own_layer import MissionLayer

        layer = read_own_layer(MissionLayer(name="mine", file=str(path), kind=kind), "south")
        write_own_layers(path.parent / "written.gpkg", [layer], "south")
        return layer

    return read


def _archive(path: Path) -> object:
    from lupex.ops.archive.store import Archive

    with Archive.open(path) as archive:
        return archive.verify(), list(archive.packets())


def _pdus(path: Path) -> object:
    """PDUs of a file that comes in, each after its length in two octets."""
    from lupex.ops.files.entity import FileEntity, FileSettings

    entity = FileEntity(FileSettings(entity=2, peer=1, folder=path.parent / "in"))
    octets, at, now = path.read_bytes(), 0, 0.0
    while at + 2 <= len(octets):
        length = int.from_bytes(octets[at : at + 2], "big")
        entity.receive(octets[at + 2 : at + 2 + length], now)
        entity.tick(now)
        entity.take(2000)
        at, now = at + 2 + length, now + 20.0
    return [verdict.path for verdict in entity.verdicts]


def _entry(kind: str) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        from lupex.catalogue import catalogue_entry, radio, station

        nouns = {"station": station, "radio": radio}
        return nouns[kind](str(path)) if kind in nouns else catalogue_entry(kind, str(path))

    return read


@functools.cache
def _small_map() -> bytes:
    """A map of a study, 8 x 8 cells around the pole."""
    import numpy as np

    from lupex.io import write_cog
    from lupex.model import Grid

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.tif"
        values = np.arange(64, dtype=np.float32).reshape(8, 8)
        write_cog(path, Grid("south", 8, 8, 200.0, -800.0, 800.0), values, name="elevation_m", unit="m", meaning="made")
        return path.read_bytes()


def _maps(folder: Path) -> None:
    (folder / "maps").mkdir()
    (folder / "maps" / "region_elevation_m.tif").write_bytes(_small_map())


def _served(path: Path) -> object:
    """A study's record, shown as `lupex serve` shows it; what the page is told of it names no file."""
    from lupex.web import open_study, records
    from lupex.web.app import Answer
    from lupex.web.asked import Weights
    from lupex.web.tiles import TileMaker

    study = open_study(path.parent)
    tiles = TileMaker(study)
    Answer(records.overview(study, tiles))
    asked = Weights(weights={"slope_deg": 1.0})
    for ask in (records.criteria, lambda one: records.ranked(one, asked), lambda one: records.chapter(one, "water")):
        with suppress(LupexError):
            Answer(ask(study))
    for name in study.sites:
        with suppress(LupexError):
            Answer(records.contacts(study, name))
    return tiles.png("elevation_m", 0, 0, 0)


def _served_map(path: Path) -> object:
    """A file among the maps of a study, cut into tiles."""
    from lupex.web import open_study, records
    from lupex.web.tiles import TileMaker

    study = open_study(path.parent.parent)
    tiles = TileMaker(study)
    records.overview(study, tiles)
    for name, sources in study.maps.items():
        tiles.value_at(sources[0], 1.0, 1.0)
        for level in (0, 7, 13):
            tiles.png(name, level, (1 << level) // 2, (1 << level) // 2)
            tiles.raw(name, level, 0, 0)
    return study.problems


@functools.cache
def _app() -> Any:
    from lupex.web import make_app, open_study

    folder = Path(tempfile.mkdtemp(prefix="lupex-fuzz-study-"))
    _maps(folder)
    return make_app(open_study(folder), "t", names=("h",))


def _request(path: Path) -> object:
    """A request: a line 'POST /api/link?a=1', lines of headers, an empty line, the body; the server answers each."""
    head, _, body = path.read_bytes().partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, target = first.partition(b" ")
    place, _, query = target.partition(b"?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method.decode("latin-1").upper(),
        "scheme": "http", "path": place.decode("utf-8", "replace"), "raw_path": place, "query_string": query,
        "root_path": "", "server": ("h", 80), "client": ("c", 1),
        "headers": [tuple(part.strip() for part in line.lower().split(b":", 1)) for line in lines if b":" in line],
    }  # fmt: skip
    codes: list[int] = []

    told = False

    async def receive() -> dict[str, Any]:
        nonlocal told
        if told:  # nothing more is said: who streams a file listens on for the end of the connection
            await asyncio.Event().wait()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            codes.append(message["status"])

    asyncio.run(_app()(scope, receive, send))
    if not codes or codes[0] == 500:
        raise ValueError(f"answered with {codes}")
    return codes


def _launcher(path: Path) -> object:
    from lupex.catalogue import catalogue_entry
    from lupex.trajectory import launcher_of

    entry = catalogue_entry("launcher", str(path))
    with suppress(UnpublishedError):
        made = launcher_of(str(path), entry.facts)
        with suppress(LupexError):
            return made, made.c3_for(4000.0), made.mass_for(-2.0)
    return entry


def _propulsion(path: Path) -> object:
    """Engines of a lander's file, and a descent with them: one that cannot be names no file."""
    from lupex.catalogue import catalogue_entry
    from lupex.model.settings.descent import DescentSettings
    from lupex.trajectory import descent_plan, mass_budget, propulsion_of

    entry = catalogue_entry("lander", str(path))
    with suppress(UnpublishedError):
        made = propulsion_of(str(path), entry.facts)
        with suppress(LupexError):
            mass_budget(made, made.wet_mass_kg + made.stage_mass_kg, (), 0.05)
            return descent_plan(made, made.wet_mass_kg, DescentSettings(), 100.0)
    return entry


TARGETS: dict[str, Target] = {
    "cltu": Target("up.bin", _uplink),
    "dem": Target("dem.tif", _plain("read_terrain")),
    "dem_info": Target("dem.tif", _plain("describe_dem")),
    "label": Target("tile.LBL", _plain("read_terrain"), _image),
    "pds4": Target("d.xml", _plain("describe_dem"), lambda folder: (folder / "d.img").write_bytes(bytes(800)) and None),
    "cost": Target("cost.tif", _plain("read_plain_raster")),
    "workbook": Target("table.xlsx", _workbook),
    "payload_xlsx": Target("mailed.xlsx", _mailed),
    "payload_sheet": Target("sheet1.xml", _sheet),
    "payload_csv": Target("mailed.csv", _mailed),
    "payload_changes": Target("changes.toml", _changes),
    "payload_mission": Target("mission.toml", _payload),
    "instrument": Target("mine.toml", _entry("instrument")),
    "host": Target("mine.toml", _entry("host")),
    "mount": Target("mine.toml", _entry("mount")),
    "margin_policy": Target("mine.toml", _entry("margin policy")),
    "regolith": Target("mine.toml", _entry("regolith")),
    "site_rules": Target("mine.toml", _entry("site rule")),
    "panorama": Target("view.csv", _panorama),
    "solve_csv": Target("places.csv", _solved),
    "solve_tdm": Target("pass.tdm", _solved),
    "times": Target("times.txt", _times),
    "layer_csv": Target("mine.csv", _layer("craters")),
    "layer_outlines_csv": Target("mine.csv", _layer("outlines")),
    "layer_geojson": Target("mine.geojson", _layer("regions")),
    "layer_gpkg": Target("mine.gpkg", _layer("scarps")),
    "archive": Target("packets.db", _archive),
    "dem_table": Target("dems.toml", _dem_table),
    "xtce": Target("m.xml", _xtce),
    "waypoints_csv": Target("drive.csv", _polar("read_waypoints")),
    "waypoints_geojson": Target("drive.geojson", _polar("read_waypoints")),
    "waypoints_gpkg": Target("drive.gpkg", _polar("read_waypoints")),
    "stops_csv": Target("stops.csv", _polar("read_stops")),
    "stops_geojson": Target("stops.geojson", _polar("read_stops")),
    "tdm": Target("pass.tdm", _plain("read_tdm")),
    "oem": Target("orbit.oem", _plain("read_oem")),
    "schedule": Target("schedule.xml", _plain("read_simple_schedule")),
    "calendar": Target("passes.ics", _plain("read_calendar")),
    "map": Target("a.map", _plain("read_movingai_map")),
    "scenarios": Target("a.scen", _plain("read_movingai_scenarios")),
    "dictionary": Target("mine.toml", _dictionary),
    "evidence": Target("evidence.toml", _evidence),
    "station": Target("mine.toml", _entry("station")),
    "radio": Target("mine.toml", _entry("radio")),
    "rover": Target("mine.toml", _entry("rover")),
    "lander": Target("mine.toml", _entry("lander")),
    "launcher": Target("mine.toml", _launcher),
    "propulsion": Target("mine.toml", _propulsion),
    "request": Target("request.txt", _request),
    "served": Target("study.json", _served, _maps),
    "served_map": Target("maps/site_A_slope_deg.tif", _served_map, _maps),
    "mission": Target("mission.toml", _mission),
    "pdus": Target("down.cfdp", _pdus),
    "packets": Target("p.bin", _packets),
    "plan": Target("plan.json", _plan),
    "run_json": Target("run.json", _run),
    "manifest": Target("manifest.jsonl", _manifest),
    "frames": Target("down.bin", _frames),
    "job": Target("job.json", _job),
    "horizon_record": Target("record.json", _store, _record),
}


class Find(Exception):
    """A reader answered with something other than a value or one line naming the file."""


def attempt(target: Target, content: bytes) -> None:
    """Read ``content`` as a file of this kind. Raises Find when the reader breaks its promise.

    The folder has one name in a process: to guided fuzzing a path that changes would be news.
    """
    with _folder() as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(made)
        target.beside(folder)
        path = folder / target.file_name
        path.write_bytes(content)
        try:
            target.read(path)
        except LupexError as error:
            text = str(error)
            if (
                "\n" in text
                or len(text) > LONGEST_LINE
                or not (made in text or any(one.name in text for one in folder.iterdir()))
            ):
                raise Find(f"a message of {len(text)} characters: {text[:300]!r}") from error
        except Exception as error:
            raise Find(f"{type(error).__name__}: {error}") from error


@contextmanager
def _folder() -> Iterator[str]:
    made = Path(tempfile.gettempdir()) / FOLDER
    made.mkdir()
    try:
        yield str(made)
    finally:
        shutil.rmtree(made)


def seeds(name: str) -> list[Path]:
    """Files a target begins with: what is right, and every find that was mended."""
    return sorted(path for path in (SEEDS / name).glob("*") if path.is_file())


def as_json(value: Any) -> bytes:
    """JSON of a seed."""
    return json.dumps(value).encode()
