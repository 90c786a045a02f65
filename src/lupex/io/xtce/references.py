"""Names in XTCE: what a reference means from where it stands."""

import xml.etree.ElementTree as ElementTree

from lupex.io.xtce.document import Reader

_SETS = {
    "type": ("TelemetryMetaData/ParameterTypeSet", "CommandMetaData/ParameterTypeSet"),
    "parameter": ("TelemetryMetaData/ParameterSet", "CommandMetaData/ParameterSet"),
    "container": ("TelemetryMetaData/ContainerSet",),
    "argument type": ("CommandMetaData/ArgumentTypeSet", "TelemetryMetaData/ParameterTypeSet"),
    "command": ("CommandMetaData/MetaCommandSet",),
}


class Scope:
    """Every name a file defines, by kind, written 'inner/name' without the root's own."""

    def __init__(self, reader: Reader, root: ElementTree.Element) -> None:
        self.reader, self.root = reader, root.get("name", "")
        self.held: dict[str, set[str]] = {kind: set() for kind in _SETS}
        self._collect(root, ())

    def full(self, where: tuple[str, ...], element: ElementTree.Element) -> str:
        """The name of an element that stands in the system ``where``."""
        return "/".join((*where, self.reader.word(element, "name")))

    def resolve(self, kind: str, ref: str, where: tuple[str, ...], element: ElementTree.Element) -> str:
        """The full name a reference means: absolute, or in this system, or in the nearest around it.

        Args:
            kind: 'type', 'parameter', 'container', 'argument type' or 'command'.
            ref: as written, with '/', './' and '../'. where: path of the system. element: for errors.

        Raises InputError where nothing of this kind has that name.
        """
        parts = [part for part in ref.split("/") if part not in ("", ".")]
        if ref.startswith("/"):
            tries = ["/".join(parts[1:] if parts and parts[0] == self.root else parts)]
        else:
            base = list(where)
            while parts and parts[0] == "..":
                parts, base = parts[1:], base[:-1]
            tries = ["/".join((*base[:depth], *parts)) for depth in range(len(base), -1, -1)]
        for one in tries:
            if one in self.held[kind]:
                return one
        self.reader.refuse(
            element, f"names the {kind} '{ref[:60]}', which is not defined", "define it, or correct the name"
        )

    def _collect(self, element: ElementTree.Element, where: tuple[str, ...]) -> None:
        for kind, places in _SETS.items():
            for place in places:
                for one in element.findall(f"{place}/*"):
                    if name := one.get("name"):
                        self.held[kind].add("/".join((*where, name)))
        for inner in element.findall("SpaceSystem"):
            self._collect(inner, (*where, inner.get("name", "")))
