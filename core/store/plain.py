"""Dataclasses out of the plain values of a JSON file, each value checked against its annotation.

It refuses, with a `ValueError` that names the field, values of another type, missing fields and unknown ones.
"""

import dataclasses
import functools
import types
import typing
from typing import Any, TypeVar

T = TypeVar("T")


def from_plain(kind: type[T], value: Any, name: str) -> T:
    """What `dataclasses.asdict` and JSON made of an instance of a dataclass, as that instance again.

    kind: a dataclass of bool, int, float, str, Any, tuples, string-keyed dicts, optional values and other dataclasses.
    name: what an error calls the value.
    """
    converted: T = _converted(kind, value, name)
    return converted


_hints = functools.cache(typing.get_type_hints)


def _converted(kind: Any, value: Any, name: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return value
    if origin is types.UnionType:
        return None if value is None else _converted(arguments[0], value, name)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and isinstance(value, dict):
        hints = _hints(kind)
        if value.keys() != hints.keys():
            raise ValueError(f"{name}: expected the fields {', '.join(hints)}, found {', '.join(value) or 'none'}")
        return kind(**{field: _converted(hints[field], part, f"{name}.{field}") for field, part in value.items()})
    if origin is dict and isinstance(value, dict):
        return {key: _converted(arguments[1], part, f"{name}.{key}") for key, part in value.items()}
    if origin is tuple and isinstance(value, list | tuple):
        kinds = arguments[:1] * len(value) if arguments[1:] == (...,) else arguments
        if len(kinds) == len(value):
            parts = enumerate(zip(kinds, value, strict=True))
            return tuple(_converted(one, part, f"{name}[{number}]") for number, (one, part) in parts)
    if type(value) is kind:
        return value
    if kind is float and type(value) is int:
        return float(value)
    raise ValueError(f"{name}: expected {getattr(kind, '__name__', kind)}, found {value!r:.50}")
