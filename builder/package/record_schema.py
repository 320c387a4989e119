"""The JSON Schema of a project's record, made from the schemas of the tables whose rows it holds."""

from collections.abc import Mapping
from typing import Any

from builder.settings.schema import Field, Table

Node = dict[str, Any]

TYPES = {"string": "string", "date": "string", "integer": "integer", "boolean": "boolean", "number": "number"}
# What a record holds many of, and the table that each is a row of.
LISTS = ("funding", "indicators", "attributes", "citations", "findings", "corrections")
# A row of provenance within a record: its document is named once, and what is empty is left out.
ORIGIN = ("table", "record_id", "field", "line", "place", "label_as_filed", "printed", "rule")


def json_schema(schemas: Mapping[str, Table], address: str) -> Node:
    """Draft 2020-12; ``address`` is where it is published."""
    text: Node = {"type": "string"}
    department: Node = {"anyOf": [_row(schemas["departments"]), {"type": "null"}]}
    origin = _row(schemas["provenance"])
    origin["properties"] = {name: origin["properties"][name] for name in ORIGIN}
    origin["required"] = [name for name in ORIGIN if name in ("table", "record_id", "field", "line", "printed")]
    lines = _object({"first": {"type": "integer"}, "last": {"type": "integer"}, "url": text})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "明账：一个项目的全部数据",
        **_object(
            {
                "$schema": text,
                "version": text,
                "license": text,
                "id": text,
                "url": text,
                "project": _row(schemas["projects"]),
                "region": _row(schemas["regions"]),
                "department": department,
                **{name: {"type": "array", "items": _row(schemas[name])} for name in LISTS},
                "provenance": _object(
                    {
                        "document": _row(schemas["documents"]),
                        "lines": lines,
                        "values": {"type": "array", "items": origin},
                    }
                ),
            }
        ),
    }


def _object(properties: Node) -> Node:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _row(table: Table) -> Node:
    return {"title": table.title, **_object({field.name: _value(field) for field in table.fields})}


def _value(field: Field) -> Node:
    node: Node = {"type": TYPES[field.type] if field.constraints.required else [TYPES[field.type], "null"]}
    node |= {"title": field.heading, "description": field.description}
    if field.categories:
        choices: list[str | None] = [category.value for category in field.categories]
        node["enum"] = choices if field.constraints.required else [*choices, None]
    if field.type == "date":
        node["format"] = "date"
    return node
