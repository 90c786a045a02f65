"""A dictionary read from XTCE 1.2: what changes a value is honoured or refused by name; nothing is skipped unsaid."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.io.xtce.document import Reader, xml_root
from lupex.io.xtce.read_commands import read_commands
from lupex.io.xtce.read_types import read_type
from lupex.io.xtce.references import Scope
from lupex.io.xtce.write import ERROR_CONTROL
from lupex.model.telemetry.dictionary import Command, Comparison, Container, Dictionary, Entry, Parameter
from lupex.model.telemetry.types import ValueType

_CONDITIONS = ("Comparison", "ComparisonList", "BooleanExpression", "Condition", "ANDedConditions")


def read_xtce(path: str | Path) -> Dictionary:
    """The dictionary in an XTCE file. Names of nested systems are written 'inner/name'.

    Args:
        path: of the file; at most 64 MB, no DOCTYPE.

    Raises:
        InputError: not XTCE; an element that changes values and cannot be honoured (it is named); a reference that
            leads nowhere, or in a circle.
    """
    reader = Reader(path)
    root = xml_root(path)
    if root.tag != "SpaceSystem":
        reader.refuse(root, "is not the root of an XTCE file", "give a SpaceSystem")
    found = _System(reader, Scope(reader, root))
    found.read(root, ())
    extra = [one for one in root.iter("AncillaryData") if one.get("name") == ERROR_CONTROL]
    try:
        return Dictionary(
            name=root.get("name", "system"), parameters=found.parameters, containers=found.containers,
            commands=found.commands, error_control=any((one.text or "").strip() == "CRC-16-CCITT" for one in extra),
            source=str(path), notes=tuple(reader.notes),
        )  # fmt: skip
    except InputError as error:
        raise InputError(f"{path}: {error.what}", error.fix) from None


class _System:
    """What has been read so far of all nested systems."""

    def __init__(self, reader: Reader, scope: Scope) -> None:
        self.reader, self.scope = reader, scope
        self.types: dict[str, ValueType] = {}
        self.parameters: dict[str, Parameter] = {}
        self.containers: dict[str, Container] = {}
        self.commands: dict[str, Command] = {}

    def read(self, element: ElementTree.Element, where: tuple[str, ...]) -> None:
        """Read a SpaceSystem whose name is the path ``where``."""
        self._telemetry(element, where)
        for part in self.reader.parts(element, "TelemetryMetaData", "CommandMetaData", "SpaceSystem"):
            if part.tag == "CommandMetaData":
                self.commands |= read_commands(self.reader, part, self.scope, where)
            elif part.tag == "SpaceSystem":
                self.read(part, (*where, self.reader.word(part, "name")))

    def _telemetry(self, element: ElementTree.Element, where: tuple[str, ...]) -> None:
        for meta in element.findall("TelemetryMetaData"):
            order = {"ParameterTypeSet": 0, "ParameterSet": 1, "ContainerSet": 2}
            known = (*order, "AlgorithmSet", "MessageSet", "StreamSet")
            for part in sorted(self.reader.parts(meta, *known), key=lambda one: order.get(one.tag, 3)):
                if part.tag == "ParameterTypeSet":
                    for one in part:
                        self._add(self.types, where, one, self._type(one, where))
                elif part.tag == "ParameterSet":
                    for one in self.reader.parts(part, "Parameter", "ParameterRef"):
                        self._parameter(one, where)
                elif part.tag == "ContainerSet":
                    for one in self.reader.parts(part, "SequenceContainer"):
                        self._add(self.containers, where, one, self._container(one, where))
                elif len(part):
                    self.reader.note(part, "is not run: values computed by algorithms, messages and streams")

    def _type(self, element: ElementTree.Element, where: tuple[str, ...]) -> ValueType:
        made = read_type(self.reader, element, self.scope.full(where, element))
        if not made.encoding.size_parameter:
            return made
        name = self.scope.resolve("parameter", made.encoding.size_parameter, where, element)
        return replace(made, encoding=replace(made.encoding, size_parameter=name))

    def _parameter(self, element: ElementTree.Element, where: tuple[str, ...]) -> None:
        if element.tag == "ParameterRef":
            return
        for _ in self.reader.parts(element, "ParameterProperties"):
            self.reader.note(element, "has properties, which are not used")
        type_name = self.scope.resolve("type", self.reader.word(element, "parameterTypeRef"), where, element)
        name = self.scope.full(where, element)
        meaning = element.get("shortDescription", "")
        self._add(self.parameters, where, element, Parameter(name, self.types[type_name], meaning))

    def _container(self, element: ElementTree.Element, where: tuple[str, ...]) -> Container:
        entries: list[Entry] = []
        base = ""
        conditions: tuple[Comparison, ...] = ()
        for part in self.reader.parts(element, "EntryList", "BaseContainer", "BinaryEncoding", "DefaultRateInStream"):
            if part.tag == "EntryList":
                entries = [
                    self._entry(one, where) for one in self.reader.parts(part, "ParameterRefEntry", "ContainerRefEntry")
                ]
            elif part.tag == "BaseContainer":
                base = self.scope.resolve("container", self.reader.word(part, "containerRef"), where, part)
                for criteria in self.reader.parts(part, "RestrictionCriteria"):
                    conditions = self._conditions(criteria, where)
            else:
                self.reader.note(part, "is not used: packets are cut by their length field")
        return Container(
            name=self.scope.full(where, element), entries=tuple(entries), base=base, conditions=conditions,
            abstract=self.reader.truth(element, "abstract", False), meaning=element.get("shortDescription", ""),
        )  # fmt: skip

    def _entry(self, element: ElementTree.Element, where: tuple[str, ...]) -> Entry:
        kind = "parameter" if element.tag == "ParameterRefEntry" else "container"
        name = self.scope.resolve(kind, self.reader.word(element, f"{kind}Ref"), where, element)
        start, from_start = 0, False
        conditions: tuple[Comparison, ...] = ()
        for part in self.reader.parts(element, "LocationInContainerInBits", "IncludeCondition"):
            if part.tag == "IncludeCondition":
                conditions = self._conditions(part, where)
                continue
            reference = part.get("referenceLocation", "previousEntry")
            if reference not in ("previousEntry", "containerStart"):
                self.reader.refuse(part, f"counts from {reference}")
            from_start = reference == "containerStart"
            start = sum(self.reader.number_of(one) for one in self.reader.parts(part, "FixedValue"))
        return Entry(
            parameter=name if kind == "parameter" else "", container=name if kind == "container" else "",
            start_bit=start, from_start=from_start, conditions=conditions,
        )  # fmt: skip

    def _conditions(self, element: ElementTree.Element, where: tuple[str, ...]) -> tuple[Comparison, ...]:
        found: list[Comparison] = []
        for part in self.reader.parts(element, *_CONDITIONS):
            if part.tag == "Comparison":
                found.append(self._comparison(part, part, self.reader.word(part, "value"), where))
            elif part.tag == "Condition":
                found.append(self._condition(part, where))
            else:
                found += self._conditions(part, where)
        return tuple(found)

    def _condition(self, element: ElementTree.Element, where: tuple[str, ...]) -> Comparison:
        texts = {one.tag: (one.text or "").strip() for one in element}
        refs = list(element.findall("ParameterInstanceRef"))
        if len(refs) != 1 or not {"ComparisonOperator", "Value"} <= set(texts):
            self.reader.refuse(element, "does not compare one parameter with one value")
        return self._comparison(refs[0], element, texts["Value"], where, texts["ComparisonOperator"])

    def _comparison(
        self,
        ref: ElementTree.Element,
        element: ElementTree.Element,
        value: str,
        where: tuple[str, ...],
        operator: str = "",
    ) -> Comparison:
        if self.reader.whole(ref, "instance", 0) != 0:
            self.reader.refuse(element, "compares an earlier value of a parameter")
        name = self.scope.resolve("parameter", self.reader.word(ref, "parameterRef"), where, element)
        operator = operator or element.get("comparisonOperator", "==")
        try:
            return Comparison(name, value, operator, self.reader.truth(ref, "useCalibratedValue", True))
        except InputError as error:
            self.reader.refuse(element, error.what, error.fix)

    def _add(self, held: dict[str, Any], where: tuple[str, ...], element: ElementTree.Element, made: object) -> None:
        name = self.scope.full(where, element)
        if name in held:
            self.reader.refuse(element, "is defined twice", "keep one of them")
        held[name] = made
