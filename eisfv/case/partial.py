"""What can be read of a tree that does not validate: its records, with None where an entry is faulty or missing.

The checks between tables work on these, so that their faults are told beside those of the schema and not after them.
"""

from functools import lru_cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import Discriminator, Tag, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from eisfv.case.schema_types import fields_of, is_union, record_of
from eisfv.model.fields import Tagged, names_of
from eisfv.model.materials import Mention
from eisfv.model.record import Reading, Record

# Stands where a table should be and none can be read.
UNREADABLE = Record()


def partial(record: Any, tree: dict[str, Any], reading: Reading) -> Any:
    """Return the record of a table, made without its checks."""
    found = object.__new__(record_of(record))
    own = fields_of(record)
    for name, field in own.items():
        value = _default(field)
        if name == found.FLAT:
            rest = {key: entry for key, entry in tree.items() if key not in own or key == name}
            value = _readable(_annotation(record_of(record), name), {"law": "butler_volmer"} | rest, reading)
        elif name in tree:
            value = _entry(_annotation(record_of(record), name), tree[name], value, reading)
        object.__setattr__(found, name, value)
    return found


def _default(field: FieldInfo) -> Any:
    """Return what stands for an entry that is not there; of a list of tables none."""
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    return () if get_origin(_core(field.annotation)) is tuple and _has_records(field.annotation) else None


@lru_cache(maxsize=1000)
def _annotation(record: Any, name: str) -> Any:
    return fields_of(record)[name].rebuild_annotation()


@lru_cache(maxsize=1000)
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _entry(annotation: Any, value: Any, default: Any, reading: Reading) -> Any:
    """Return what can be read of an entry of a table; of what must be a table and is none, its default."""
    found = _readable(annotation, value, reading)
    return default if found is UNREADABLE and not (is_union(annotation) and NoneType in get_args(annotation)) else found


def _readable(annotation: Any, value: Any, reading: Reading) -> Any:
    try:
        return _adapter(annotation).validate_python(value, context=reading)
    except ValidationError:
        pass
    core = _core(annotation)
    if get_origin(core) is dict:
        entries = value if isinstance(value, dict) else {}
        return {key: _readable(get_args(core)[1], entry, reading) for key, entry in entries.items()}
    if get_origin(core) is tuple and _has_records(core):
        item = get_args(core)[0]
        return tuple(_item(item, entry, reading) for entry in value) if isinstance(value, list) else ()
    if not _has_records(annotation):
        return None
    chosen = _member(annotation, value) if isinstance(value, dict) else None
    return UNREADABLE if chosen is None else partial(chosen, value, reading)


def _item(annotation: Any, value: Any, reading: Reading) -> Any:
    """Return an item of a list; one that is no table counts as an empty one where the list holds one kind of record."""
    found = _readable(annotation, value, reading)
    if found is not UNREADABLE or not fields_of(record_of(annotation)):
        return found
    empty = partial(annotation, {}, reading)
    object.__setattr__(empty, "is_table", False)
    return empty


def _core(annotation: Any) -> Any:
    """Return the type behind marks and `| None`."""
    while get_origin(annotation) is Annotated:
        annotation = annotation.__origin__
    if is_union(annotation):
        others = [member for member in get_args(annotation) if member is not NoneType]
        return _core(others[0]) if len(others) == 1 else annotation
    return annotation


def _has_records(annotation: Any) -> bool:
    if any(isinstance(mark, Mention) for mark in getattr(annotation, "__metadata__", ())):
        return False
    core = _core(annotation)
    if is_union(core) or get_origin(core) is tuple:
        return any(_has_records(member) for member in get_args(core) if member is not Ellipsis)
    return bool(fields_of(core))


def _member(annotation: Any, table: dict[str, Any]) -> Any:
    """Return the record of a union that a table is, None where it does not say."""
    if get_origin(annotation) is Annotated:
        for mark in annotation.__metadata__:
            choices = get_args(annotation.__origin__) if is_union(annotation.__origin__) else (annotation.__origin__,)
            if isinstance(mark, Tagged):
                return next((m for m in choices if table.get(mark.tag) in names_of(m, mark.tag)), None)
            if isinstance(mark, Discriminator) and callable(mark.discriminator):
                name = mark.discriminator(table)
                found = next((m for m in choices if Tag(str(name)) in getattr(m, "__metadata__", ())), None)
                return None if found is None else _member(found, table)
        return _member(annotation.__origin__, table)
    if is_union(annotation):
        return next((m for m in (_member(member, table) for member in get_args(annotation)) if m is not None), None)
    return annotation if fields_of(annotation) else None
