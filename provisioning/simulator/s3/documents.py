"""A request's XML as the members that boto3 sent. moto reads the elements that it knows and drops the rest; this refuses the rest."""

from typing import Any
from xml.etree import ElementTree

from botocore.model import ListShape, Shape, StructureShape
from botocore.utils import parse_timestamp
from moto.s3.exceptions import S3ClientError

from provisioning.simulator import shapes

Element = ElementTree.Element


def malformed(message: str) -> S3ClientError:
    return S3ClientError(
        "MalformedXML", f"The XML you provided was not well-formed or did not validate against our published schema. {message}"
    )


def parse(body: bytes, operation: str, member: str) -> dict[str, Any]:
    """The payload `member` of an S3 operation. Raises S3ClientError (MalformedXML) for anything that the service model does not know."""
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  (the tester's own request, on loopback)
    except ElementTree.ParseError as error:
        raise malformed(str(error)) from error
    shape = shapes.service_model("s3").operation_model(operation).input_shape.members[member]
    value = _structure(root, shape, member)
    for problem in shapes.problems(value, shape):
        raise malformed(problem)
    return value


def _structure(element: Element, shape: StructureShape, path: str) -> dict[str, Any]:
    names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    found: dict[str, Any] = {}
    for child in element:
        tag = _tag(child)
        if tag not in names:
            raise malformed(f"{path} has no element {tag}.")
        name = names[tag]
        member = shape.members[name]
        if isinstance(member, ListShape) and member.serialization.get("flattened"):
            found.setdefault(name, []).append(_value(child, member.member, f"{path}.{tag}"))
        elif name in found:
            raise malformed(f"{path} has {tag} twice.")
        else:
            found[name] = _value(child, member, f"{path}.{tag}")
    return found


def _value(element: Element, shape: Shape, path: str) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(element, shape, path)
    if isinstance(shape, ListShape):
        return [_value(child, shape.member, f"{path}.{_tag(child)}") for child in element]
    text = element.text or ""
    try:
        return _scalar(text, shape.type_name)
    except ValueError as error:
        raise malformed(f"{path} is {text!r}, not a {shape.type_name}.") from error


def _scalar(text: str, kind: str) -> Any:
    if kind in ("integer", "long"):
        return int(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise ValueError(text)
        return text == "true"
    return parse_timestamp(text) if kind == "timestamp" else text


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
