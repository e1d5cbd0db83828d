"""As much of JSON Schema 2020-12 as the schemas of this package use; any other word fails."""

import re

_KINDS = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
_SILENT = {"$schema", "$defs", "title", "description", "default", "format", "then", "else"}


def fits(schema, value, root=None):
    """Return whether a value is what the schema says."""
    root = root or schema
    return all(
        name in _SILENT or _RULES[name](wanted, value, schema, root)
        for name, wanted in schema.items()
    )


def _is_kind(kinds, value, *_):
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return any(
        isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in kinds
    )


def _members(wanted, value, _schema, root):
    known = wanted.items() if isinstance(value, dict) else ()
    return all(fits(each, value[key], root) for key, each in known if key in value)


def _others(wanted, value, schema, root):
    others = [v for k, v in value.items() if k not in schema.get("properties", {})]
    return not others if wanted is False else all(fits(wanted, each, root) for each in others)


def _choice(condition, value, schema, root):
    branch = "then" if fits(condition, value, root) else "else"
    return fits(schema.get(branch, {}), value, root)


_RULES = {
    "type": _is_kind,
    "properties": _members,
    "additionalProperties": _others,
    "if": _choice,
    "$ref": lambda ref, value, _, root: fits(root["$defs"][ref.split("/")[-1]], value, root),
    "enum": lambda wanted, value, *_: value in wanted,
    "const": lambda wanted, value, *_: value == wanted,
    "required": lambda wanted, value, *_: {*wanted} <= {*value},
    "dependentRequired": lambda wanted, value, *_: all(
        {*needed} <= {*value} for key, needed in wanted.items() if key in value
    ),
    "items": lambda each, value, _, root: all(fits(each, one, root) for one in value),
    "oneOf": lambda ways, value, _, root: sum(fits(way, value, root) for way in ways) == 1,
    "minItems": lambda least, value, *_: len(value) >= least,
    "minProperties": lambda least, value, *_: len(value) >= least,
    "minLength": lambda least, value, *_: len(value) >= least,
    "maxLength": lambda most, value, *_: len(value) <= most,
    "minimum": lambda least, value, *_: value >= least,
    "maximum": lambda most, value, *_: value <= most,
    "pattern": lambda text, value, *_: not isinstance(value, str) or bool(re.search(text, value)),
}
