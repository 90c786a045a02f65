"""Commands out of XTCE."""

import xml.etree.ElementTree as ElementTree

from lupex.io.xtce.document import Reader
from lupex.io.xtce.read_types import read_type
from lupex.io.xtce.references import Scope
from lupex.model.telemetry.dictionary import Argument, Command, Fixed
from lupex.model.telemetry.types import ValueType


def read_commands(
    reader: Reader, element: ElementTree.Element, scope: Scope, where: tuple[str, ...]
) -> dict[str, Command]:
    """The commands of one CommandMetaData, by full name.

    Args:
        reader: for errors and notes. element: CommandMetaData. scope: names of the file. where: path of the system.

    Raises InputError naming what cannot be honoured.
    """
    types: dict[str, ValueType] = {}
    found: dict[str, Command] = {}
    known = ("ParameterTypeSet", "ParameterSet", "ArgumentTypeSet", "MetaCommandSet", "CommandContainerSet")
    for part in reader.parts(element, *known):
        if part.tag in ("ParameterTypeSet", "ParameterSet", "CommandContainerSet") and len(part):
            reader.refuse(part, "inside CommandMetaData cannot be honoured", "put it under TelemetryMetaData")
        if part.tag == "ArgumentTypeSet":
            for one in part:
                types[scope.full(where, one)] = read_type(reader, one, scope.full(where, one))
    for one in element.findall("MetaCommandSet/*"):
        if one.tag != "MetaCommand":
            reader.refuse(one, "cannot be honoured", "write a MetaCommand")
        made = _command(reader, one, scope, where, types)
        if made.name in found:
            reader.refuse(one, "is defined twice", "keep one of them")
        found[made.name] = made
    return found


def _command(
    reader: Reader, element: ElementTree.Element, scope: Scope, where: tuple[str, ...], types: dict[str, ValueType]
) -> Command:
    base, assigned, arguments, layout = "", {}, [], []
    passed = ("VerifierSet", "TransmissionConstraintList", "Interlock", "ParameterToSetList")
    for part in reader.parts(element, "BaseMetaCommand", "ArgumentList", "CommandContainer", *passed):
        if part.tag == "BaseMetaCommand":
            base = scope.resolve("command", reader.word(part, "metaCommandRef"), where, part)
            for one in part.iter("ArgumentAssignment"):
                assigned[reader.word(one, "argumentName")] = reader.word(one, "argumentValue")
        elif part.tag == "ArgumentList":
            arguments = [_argument(reader, one, scope, where, types) for one in reader.parts(part, "Argument")]
        elif part.tag == "CommandContainer":
            layout = _layout(reader, part)
        else:
            reader.note(part, "is not used: verification follows PUS-1, release follows flight rules")
    significance = element.find("DefaultSignificance")
    level = "normal" if significance is None else significance.get("consequenceLevel", "normal")
    return Command(
        name=scope.full(where, element), base=base, assigned=assigned, arguments=tuple(arguments), layout=tuple(layout),
        abstract=reader.truth(element, "abstract", False), meaning=element.get("shortDescription", ""),
        critical=level in ("vital", "critical", "severe", "forbidden"),
    )  # fmt: skip


def _argument(
    reader: Reader, element: ElementTree.Element, scope: Scope, where: tuple[str, ...], types: dict[str, ValueType]
) -> Argument:
    name = scope.resolve("argument type", reader.word(element, "argumentTypeRef"), where, element)
    if name not in types:
        reader.refuse(element, f"has the type {name} of another system", "define the type beside the command")
    return Argument(
        reader.word(element, "name"), types[name], element.get("shortDescription", ""), element.get("initialValue")
    )


def _layout(reader: Reader, element: ElementTree.Element) -> list[Fixed | str]:
    layout: list[Fixed | str] = []
    for part in reader.parts(element, "EntryList", "BaseContainer"):
        if part.tag == "BaseContainer":
            continue
        for one in reader.parts(part, "ArgumentRefEntry", "FixedValueEntry"):
            for place in reader.parts(one, "LocationInContainerInBits"):
                offset = sum(reader.number_of(value) for value in reader.parts(place, "FixedValue"))
                if place.get("referenceLocation", "previousEntry") != "previousEntry" or offset:
                    reader.refuse(place, "moves an entry of a command", "write the entries one after the other")
            if one.tag == "ArgumentRefEntry":
                layout.append(reader.word(one, "argumentRef"))
                continue
            text, bits = reader.word(one, "binaryValue"), reader.whole(one, "sizeInBits")
            if any(c not in "0123456789abcdefABCDEF" for c in text) or not 0 < bits <= 65536:
                reader.refuse(one, f"holds '{text[:20]}' in {bits} bits", "write hexadecimal digits")
            layout.append(Fixed(bits, int(text, 16) & ((1 << bits) - 1)))
    return layout
