"""A rover that is followed: a simulated day under way, its archive and desk served, a page that gives a go."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.ops.scenes import START_S, day_inputs

from browser.conftest import Looked, looked_at
from lupex.base.errors import LupexError
from lupex.ops.loop.day import STEP_S
from lupex.ops.loop.desk import Desk
from lupex.ops.loop.inputs import operations_day

SPEED = 600.0


class Day(threading.Thread):
    """A day in which every stack waits for a go, ten minutes in a second."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.ready, self.stop, self.far_m = folder, threading.Event(), threading.Event(), 0.0

    def run(self) -> None:
        # One long pass: however slowly the page opens, the rover can still hear a go.
        contacts = ((START_S + 1800.0, START_S + 140_000.0),)
        inputs = day_inputs(faults=False, go="", water=None, hours=40.0, contacts_tai_s=contacts)
        day = operations_day(inputs, self.folder / "archive.sqlite")
        day.desk = Desk(self.folder)
        self.ready.set()
        try:
            while day.craft.tai_s < day.settings.stop_tai_s and not self.stop.is_set():
                day.step()
                time.sleep(STEP_S / SPEED)
                self.far_m = day.craft.onboard.body.odometer_m
        except LupexError:  # the test ended and took the folder away
            if not self.stop.is_set():
                raise


@dataclass
class Following:
    look: Looked
    token: str
    day: Day
    process: subprocess.Popen[str]


@pytest.fixture
def following(browser: Browser, folder: Path, tmp_path: Path) -> Iterator[Following]:
    day = Day(tmp_path)
    day.start()
    assert day.ready.wait(60)
    command = [sys.executable, "-m", "lupex", "serve", str(folder), "--no-browser", "--follow", str(tmp_path)]
    process = subprocess.Popen(
        [*command, "--allow-commands"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    said = process.stderr.readline()
    token = said.rpartition(" ")[2].strip()
    look = looked_at(browser, process.stdout.readline().strip())
    yield Following(look, token, day, process)
    day.stop.set()
    look.page.close()
    process.terminate()
    process.wait(30)
    day.join(30)


def test_the_chart_of_live_telemetry_moves_and_a_go_sets_the_rover_in_motion(following: Following) -> None:
    page = following.look.page
    expect(page.locator("#follow-link")).to_contain_text("packets", timeout=60_000)
    expect(page.locator("[data-chart=rover_charge_wh] canvas")).to_be_visible(timeout=30_000)
    counted = "() => lupex.follow.plots.rover_charge_wh.data[0].length"
    before = page.evaluate(counted)
    page.wait_for_function(f"(n) => ({counted})() > n", arg=before, timeout=30_000)
    ms = page.evaluate("() => Array.from(lupex.follow.plots.rover_charge_wh.data[0])")
    assert ms == sorted(ms)

    expect(page.locator("#waiting")).to_contain_text("drive_to", timeout=60_000)
    page.locator("#go-person").fill("Asha")
    page.locator("#go-token").fill("not this one")
    page.locator("#go").click()
    expect(page.locator("#say")).to_contain_text("not the token", timeout=10_000)
    page.locator("#go-token").fill(following.token)
    page.locator("#go").click()
    expect(page.locator("#sent")).to_contain_text("drive_to", timeout=60_000)
    page.wait_for_function("() => lupex.follow.state.track.odometer_m.at(-1) > 20", timeout=60_000)
    assert following.day.far_m > 0.0
    ellipses = page.evaluate("() => lupex.follow.state.track.ellipses")
    assert ellipses[0]["major_m"] < 0.1 < ellipses[-1]["major_m"]
    assert ellipses[-1]["minor_m"] <= ellipses[-1]["major_m"]
    following.look.shot("follow")

    page.evaluate("() => lupex.follow.setTime(lupex.follow.state.track.ms[0])")
    expect(page.locator("#follow-now")).to_contain_text("played back")
    expect(page.locator("#follow-facts")).to_contain_text("0.0 m")
    page.locator("#follow-play").click()
    at = page.inner_text("#follow-now")
    page.wait_for_function("(t) => document.getElementById('follow-now').innerText !== t", arg=at, timeout=20_000)
    page.locator("#follow-live").click()
    expect(page.locator("#follow-now")).to_contain_text("newest")
    errors = [one for one in following.look.complaints if "403" not in one]  # Chromium tells of the refused go
    assert errors == []

    following.process.terminate()
    following.process.wait(30)
    expect(page.locator("#follow-link")).to_contain_text(re.compile("trying again"), timeout=20_000)
    assert page.evaluate("() => lupex.follow.state.packets") > 0  # what came stays
