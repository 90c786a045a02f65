"""Hooks of the docs site: a reference page per room, made from the public stubs, and the pages that lie outside docs/.

The stub of a room's face lists its public names; each name becomes a section rendered from its docstring, so the
reference cannot lag behind the code. mkdocs.yml names this file.
"""

import ast
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "lupex"
OUTSIDE = ("CHANGELOG.md",)
"""Pages of the checkout that the docs link to although they lie beside docs/."""

ELSEWHERE = re.compile(
    r"\[(?P<text>[^\]]*)\]"
    r"\((?:\.\./)+(?P<target>(?:examples|src|scripts|benchmarks|tests)/[^)\s]*)\)"
)
"""Links to files that have no page: the site shows their names."""


def public_names() -> dict[str, list[str]]:
    """Room -> public names of the front door that live there, from ``lupex/__init__.pyi``."""
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for node in stub.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found.setdefault(node.module.split(".")[0], []).extend(alias.name for alias in node.names)
    return {room: sorted(names) for room, names in sorted(found.items())}


def room_page(room: str, names: list[str]) -> str:
    """The reference page of one room: its purpose, then every public name."""
    purpose = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    sections = "\n\n".join(f"::: {_definition(room, name)}" for name in names)
    return f"# lupex.{room}\n\n{purpose.splitlines()[0]}\n\n{sections}\n"


def on_files(files: Any, config: Any) -> Any:
    """Add the reference pages and the pages outside docs/."""
    index = ["# API reference", "", "Every public name of the package, by room. Each can be imported from `lupex`.", ""]
    for room, names in public_names().items():
        files.append(File.generated(config, f"reference/{room}.md", content=room_page(room, names)))
        index += [f"* [lupex.{room}]({room}.md): {', '.join(f'`{name}`' for name in names)}"]
    files.append(File.generated(config, "reference/index.md", content="\n".join(index) + "\n"))
    for name in OUTSIDE:
        files.append(File.generated(config, name, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links that leave docs/ lead to the page on the site, or become plain text where there is none."""
    if page.file.src_uri not in OUTSIDE:
        markdown = markdown.replace("](../CHANGELOG.md", "](CHANGELOG.md")
        markdown = markdown.replace("](../../CHANGELOG.md", "](../CHANGELOG.md")
    else:
        markdown = re.sub(r"\]\(docs/", "](", markdown)
    markdown = re.sub(r"\[([^\]]*)\]\((?:\.\./)+README\.md[^)]*\)", _front_page(page), markdown)
    return ELSEWHERE.sub(lambda found: f"{found['text']} (`{found['target']}`)", markdown)


def _front_page(page: Any) -> Any:
    # docs/README.md is the site's index; the checkout's README has no page of its own here.
    depth = page.file.src_uri.count("/")
    return lambda found: f"[{found[1]}]({'../' * depth}README.md)"


def _definition(room: str, name: str) -> str:
    """Dotted path of a public name where it is defined, followed through stubs and faces."""
    module = PACKAGE / room
    for face in (module / "__init__.pyi", module / "__init__.py"):
        if not face.exists():
            continue
        for node in ast.parse(face.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == name for alias in node.names):
                return f"{node.module if node.level == 0 else f'lupex.{room}.{node.module}'}.{name}"
    for node in ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == name for alias in node.names):
            return f"lupex.{node.module}.{name}"
    return f"lupex.{room}.{name}"
