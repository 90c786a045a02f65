"""A dictionary written as XTCE 1.2: one flat system, in the subset on which Yamcs and space-packet-parser agree."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from lupex.base.errors import InputError
from lupex.io.atomic import write_bytes
from lupex.io.text import xml_line, xml_text
from lupex.io.xtce.write_types import add_type
from lupex.model.telemetry.dictionary import Command, Comparison, Container, Dictionary, Fixed

NAMESPACE = "http://www.omg.org/spec/XTCE/20180204"
ERROR_CONTROL = "lupex.packet_error_control"
_STAGES = (
    ("Accepted", "AcceptedVerifier", 1),
    ("Started", "ExecutionVerifier", 3),
    ("Completed", "CompleteVerifier", 7),
)
_INPUTS = (
    ("/yamcs/cmd/arg/ccsds_apid", "sentApid"), ("/yamcs/cmdHist/ccsds-seqcount", "sentSeq"),
    ("request_apid", "rcvdApid"), ("request_count", "rcvdSeq"), ("pus_subservice", "subtype"),
    ("request_failure", "errorCode"),
)  # fmt: skip


def write_xtce(path: str | Path, dictionary: Dictionary, yamcs: bool = False) -> None:
    """Write `xtce_text` to ``path``, whole or not at all."""
    write_bytes(Path(path), xtce_text(dictionary, yamcs).encode())


def xtce_text(dictionary: Dictionary, yamcs: bool = False) -> str:
    """The dictionary as XTCE 1.2.

    Args:
        dictionary: telemetry and commands.
        yamcs: add verifiers that follow PUS-1 reports, by an algorithm only Yamcs knows.

    Raises InputError for what readers of XTCE do not read alike.
    """
    root = ElementTree.Element("SpaceSystem", {"name": dictionary.name, "xmlns": NAMESPACE})
    extra = ElementTree.SubElement(root, "AncillaryDataSet")
    data = ElementTree.SubElement(extra, "AncillaryData", {"name": ERROR_CONTROL})
    data.text = "CRC-16-CCITT" if dictionary.error_control else "none"
    ElementTree.SubElement(root, "Header", {"version": "1", "validationStatus": "Working"})
    _add_telemetry(ElementTree.SubElement(root, "TelemetryMetaData"), dictionary)
    _add_commands(ElementTree.SubElement(root, "CommandMetaData"), dictionary, yamcs)
    for element in root.iter():  # the one gate for text; names and references to them change alike
        element.attrib.update({key: xml_text(value) for key, value in element.attrib.items()})
        element.text = element.text and xml_text(element.text)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_telemetry(parent: ElementTree.Element, dictionary: Dictionary) -> None:
    types = ElementTree.SubElement(parent, "ParameterTypeSet")
    written = set()
    for parameter in dictionary.parameters.values():
        if parameter.type.name not in written:
            written.add(parameter.type.name)
            add_type(types, parameter.type, f"{parameter.type.name}_type")
    parameters = ElementTree.SubElement(parent, "ParameterSet")
    for parameter in dictionary.parameters.values():
        words = {"name": parameter.name, "parameterTypeRef": f"{parameter.type.name}_type"}
        ElementTree.SubElement(parameters, "Parameter", words | _meaning(parameter.meaning))
    containers = ElementTree.SubElement(parent, "ContainerSet")
    for container in dictionary.containers.values():
        _add_container(containers, container)


def _add_container(parent: ElementTree.Element, container: Container) -> None:
    words = {"name": container.name, "abstract": "true" if container.abstract else "false"}
    element = ElementTree.SubElement(parent, "SequenceContainer", words | _meaning(container.meaning))
    entries = ElementTree.SubElement(element, "EntryList")
    for entry in container.entries:
        if entry.container or entry.conditions or entry.from_start or entry.start_bit:
            raise InputError(
                f"container {container.name}: an entry with a place or condition of its own is not written as XTCE",
                "readers do not agree on it; write one container for each case",
            )
        ElementTree.SubElement(entries, "ParameterRefEntry", {"parameterRef": entry.parameter})
    if container.base:
        base = ElementTree.SubElement(element, "BaseContainer", {"containerRef": container.base})
        if container.conditions:
            _add_conditions(ElementTree.SubElement(base, "RestrictionCriteria"), container.conditions)


def _add_conditions(parent: ElementTree.Element, conditions: tuple[Comparison, ...]) -> None:
    listed = ElementTree.SubElement(parent, "ComparisonList")
    for one in conditions:
        words = {
            "parameterRef": one.parameter, "value": one.value, "comparisonOperator": one.operator,
            "useCalibratedValue": "true" if one.calibrated else "false",
        }  # fmt: skip
        ElementTree.SubElement(listed, "Comparison", words)


def _add_commands(parent: ElementTree.Element, dictionary: Dictionary, yamcs: bool) -> None:
    types = ElementTree.SubElement(parent, "ArgumentTypeSet")
    for command in dictionary.commands.values():
        for argument in command.arguments:
            add_type(types, argument.type, f"{command.name}__{argument.name}", argument=True)
    commands = ElementTree.SubElement(parent, "MetaCommandSet")
    for command in dictionary.commands.values():
        _add_command(commands, command, yamcs)


def _add_command(parent: ElementTree.Element, command: Command, yamcs: bool) -> None:
    words = {"name": command.name, "abstract": "true" if command.abstract else "false"}
    element = ElementTree.SubElement(parent, "MetaCommand", words | _meaning(command.meaning))
    if command.base:
        base = ElementTree.SubElement(element, "BaseMetaCommand", {"metaCommandRef": command.base})
        if command.assigned:
            assigned = ElementTree.SubElement(base, "ArgumentAssignmentList")
            for name, value in command.assigned.items():
                ElementTree.SubElement(assigned, "ArgumentAssignment", {"argumentName": name, "argumentValue": value})
    if command.arguments:
        listed = ElementTree.SubElement(element, "ArgumentList")
        for argument in command.arguments:
            words = {"name": argument.name, "argumentTypeRef": f"{command.name}__{argument.name}"}
            if argument.default is not None:
                words["initialValue"] = argument.default
            ElementTree.SubElement(listed, "Argument", words | _meaning(argument.meaning))
    container = ElementTree.SubElement(element, "CommandContainer", {"name": command.name})
    entries = ElementTree.SubElement(container, "EntryList")
    for part in command.layout:
        if isinstance(part, Fixed):
            octets = (part.bits + 7) // 8
            words = {"binaryValue": part.value.to_bytes(octets, "big").hex(), "sizeInBits": str(part.bits)}
            ElementTree.SubElement(entries, "FixedValueEntry", words)
        else:
            ElementTree.SubElement(entries, "ArgumentRefEntry", {"argumentRef": part})
    if command.base:
        ElementTree.SubElement(container, "BaseContainer", {"containerRef": command.base})
    level = "critical" if command.critical else "normal"
    ElementTree.SubElement(element, "DefaultSignificance", {"consequenceLevel": level})
    if yamcs and not command.abstract:
        _add_verifiers(ElementTree.SubElement(element, "VerifierSet"), command.name)


def _add_verifiers(parent: ElementTree.Element, command: str) -> None:
    """Stages of PUS-1; each algorithm has a name of its own, since Yamcs refuses two of one name."""
    for name, kind, stage in _STAGES:
        element = ElementTree.SubElement(parent, kind, {"name": name})
        algorithm = ElementTree.SubElement(element, "CustomAlgorithm", {"name": f"{command}_{name.lower()}"})
        text = ElementTree.SubElement(algorithm, "AlgorithmText", {"language": "java"})
        text.text = f'org.yamcs.pus.Pus1Verifier({{stage: {stage}, template: "{{errorCode}}"}})'
        inputs = ElementTree.SubElement(algorithm, "InputSet")
        for parameter, word in _INPUTS:
            words = {"parameterRef": parameter, "instance": "0", "inputName": word}
            ElementTree.SubElement(inputs, "InputParameterInstanceRef", words)
        words = {
            "timeToStartChecking": "PT0S",
            "timeToStopChecking": "PT60S",
            "timeWindowIsRelativeTo": "commandRelease",
        }
        ElementTree.SubElement(element, "CheckWindow", words)


def _meaning(text: str) -> dict[str, str]:
    return {"shortDescription": xml_line(text)} if text else {}
