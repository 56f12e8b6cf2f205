"""The types behind the fields of records and tables, as messages and partial records look them up."""

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo


def record_of(annotation: Any) -> Any:
    """Return the class behind an annotation: without its marks and parameters."""
    while get_origin(annotation) is Annotated:
        annotation = annotation.__origin__
    origin = get_origin(annotation)
    return origin if isinstance(origin, type) and fields_of(origin) else annotation


def is_union(annotation: Any) -> bool:
    """Return whether an annotation is a union."""
    return get_origin(annotation) in (Union, UnionType)


def fields_of(annotation: Any) -> dict[str, FieldInfo]:
    """Return the fields of a record or a table by key, nothing for other types."""
    record = get_origin(annotation) or annotation
    if not isinstance(record, type):
        return {}
    if issubclass(record, BaseModel):
        return record.model_fields
    fields: dict[str, FieldInfo] = getattr(record, "__pydantic_fields__", {})
    return {field.alias or name: field for name, field in fields.items()}


def keys_of(annotation: Any) -> list[str]:
    """Return the keys that a file may have in a table."""
    beside = getattr(record_of(annotation), "BESIDE", ())
    flat = getattr(record_of(annotation), "FLAT", None)
    return [name for name in fields_of(annotation) if name not in beside and name != flat]


def alternatives(annotation: Any) -> list[Any]:
    """Return the members of a union; a member that carries a tag keeps it."""
    if get_origin(annotation) is Annotated and not any(isinstance(mark, Tag) for mark in annotation.__metadata__):
        return alternatives(annotation.__origin__)
    if is_union(annotation):
        return [member for argument in get_args(annotation) for member in alternatives(argument)]
    return [annotation]


def members(annotation: Any) -> list[Any]:
    """Return the members of a union without their tags."""
    return alternatives(annotation.__origin__) if get_origin(annotation) is Annotated else alternatives(annotation)


def tags(annotation: Any) -> set[str]:
    """Return the names pydantic gives a member of a union in its locations."""
    marks = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    found = {mark.tag for mark in marks if isinstance(mark, Tag)}
    for field in fields_of(record_of(annotation)).values():
        if get_origin(field.annotation) is Literal:
            found |= set(get_args(field.annotation))
    return found
