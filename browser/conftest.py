"""A study served by the command itself, and Debian's Chromium to look at it: WebGL by software, or none at all."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from tests.web.made_study import made_study

SHOTS = Path(__file__).resolve().parents[1] / "build" / "browser"
SOFTWARE_GL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
NO_GL = ("--disable-gpu", "--disable-3d-apis")


@dataclass
class Served:
    """A running server: its process, its address with the token, and the study's folder."""

    process: subprocess.Popen[str]
    address: str
    folder: Path


def served(folder: Path, *more: str) -> Served:
    command = [sys.executable, "-m", "lupex", "serve", str(folder), "--no-browser", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return Served(process, process.stdout.readline().strip(), folder)


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no chromium: install Debian's package, or name one in CHROMIUM"
    return found


def launched(playwright: Playwright, *gl: str) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", *gl])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_study(tmp_path_factory.mktemp("served") / "study")


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[Served]:
    running = served(folder)
    yield running
    running.process.terminate()
    running.process.wait(30)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = launched(playwright, *SOFTWARE_GL)
    yield found
    found.close()


@dataclass
class Looked:
    """An open page and whatever it complained of."""

    page: Page
    complaints: list[str]

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")


def looked_at(browser: Browser, address: str) -> Looked:
    page = browser.new_page(viewport={"width": 1400, "height": 860})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(address)
    page.wait_for_selector("body[data-ready]", timeout=180_000)
    return Looked(page, complaints)


@pytest.fixture
def look(browser: Browser, server: Served) -> Iterator[Looked]:
    looked = looked_at(browser, server.address)
    yield looked
    looked.page.close()
    assert looked.complaints == []
