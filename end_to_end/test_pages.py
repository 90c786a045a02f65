"""What the server's web page opens: displays of parameters that exist, passes and plan on the timeline."""

import json
from pathlib import Path

from end_to_end.yamcs_server import YamcsServer

from lupex.catalogue.telemetry import dictionary
from lupex.ops.yamcs.push import push_timeline
from lupex.ops.yamcs.timeline import plan_of_file, timeline_items

LUPEX = dictionary("lupex")


def test_every_display_is_listed_and_shows_parameters_the_server_knows(server: YamcsServer) -> None:
    assert '"displayBucket":"displays"' in server.page("/")
    listed = [one["name"] for one in server.call("/storage/buckets/displays/objects")["objects"]]
    packets = {name for name, one in LUPEX.containers.items() if not one.abstract}
    assert {"overview.par", "rover_hk.par", "rover_nav.par"} <= {*listed}
    assert {one.removesuffix(".par") for one in listed} <= packets | {"overview"}
    known = {f"/lupex/{name}" for name in LUPEX.parameters}
    shown = {name for one in listed for name in json.loads(server.object("displays", one))["parameters"]}
    assert shown <= known
    for name in sorted(shown):  # batched by the page; asked one by one here
        assert server.call(f"/mdb/lupex/parameters{name}")["qualifiedName"] == name


def test_passes_drives_and_commands_stand_on_the_timeline_once(server: YamcsServer, tmp_path: Path) -> None:
    drive = tmp_path / "drive.csv"
    drive.write_text(
        "start_time,end_time,activity\n2028-05-14T01:00:00Z,2028-05-14T01:20:00Z,drive\n"
        "2028-05-14T01:20:00Z,2028-05-14T01:40:00Z,drive\n2028-05-14T01:40:00Z,2028-05-14T05:40:00Z,stay\n"
    )
    plan = tmp_path / "plan.json"
    plan.write_text(
        '{"start_utc": "2028-05-14T00:00:00Z", "duration_s": 7200, "commands": '
        '[{"utc": "2028-05-14T00:30:00Z", "command": "drive", "arguments": {"distance_m": 5, "heading_deg": 90}}]}'
    )
    items = timeline_items([("rover at misasa", "2028-05-14T00:00:00Z", 7200.0)])
    items += plan_of_file(drive) + plan_of_file(plan)
    place = server.folder / "timeline.json"
    table = json.loads(place.read_text())
    place.write_text(json.dumps(table | {"items": items}))
    assert push_timeline(server.folder) == {"items": 4, "bands": 3, "views": 1}
    assert push_timeline(server.folder) == {"items": 0, "bands": 0, "views": 0}
    (view,) = server.call("/timeline/lupex/views")["views"]
    assert [one["name"] for one in view["bands"]] == ["Passes", "Drives", "Commands"]
    held = {(one["name"], one["start"], one["duration"], *one["tags"]) for one in
            server.call("/timeline/lupex/items")["items"]}  # fmt: skip
    assert held == {
        ("rover at misasa", "2028-05-14T00:00:00Z", "7200s", "pass"),
        ("drive", "2028-05-14T01:00:00Z", "2400s", "drive"),
        ("stay", "2028-05-14T01:40:00Z", "14400s", "drive"),
        ("drive distance_m=5 heading_deg=90", "2028-05-14T00:30:00Z", "60s", "command"),
    }
