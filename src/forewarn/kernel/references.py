"""Groups of arrays that compiled functions pass to one another by reference.

A tuple of arrays is passed array by array, which makes compilation slow where a dozen functions share a
hundred arrays. A reference is one pointer. The fields are those of the named tuples in
`forewarn.kernel.arrays`.
"""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.experimental import structref

from forewarn.kernel import arrays


@structref.register
class _RoadsType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _PlacesType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _PlanType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _TraitsType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _RecordType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _PeopleType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _TodayType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _ChoiceSetsType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _PartiesType(types.StructRef):  # type: ignore[misc]
    pass


@structref.register
class _ScratchType(types.StructRef):  # type: ignore[misc]
    pass


class Roads(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Roads` by reference."""


class Places(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Places` by reference."""


class Plan(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Plan` by reference."""


class Traits(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Traits` by reference."""


class Record(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Record` by reference."""


class People(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.People` by reference."""


class Today(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Today` by reference."""


class ChoiceSets(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.ChoiceSets` by reference."""


class Parties(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Parties` by reference."""


class Scratch(structref.StructRefProxy):  # type: ignore[misc]
    """`arrays.Scratch` by reference."""


def _bind(proxy: type, kind: type, group: Any) -> None:
    structref.define_constructor(proxy, kind, list(group._fields))
    structref.define_attributes(kind)


_bind(Roads, _RoadsType, arrays.Roads)
_bind(Places, _PlacesType, arrays.Places)
_bind(Plan, _PlanType, arrays.Plan)
_bind(Traits, _TraitsType, arrays.Traits)
_bind(Record, _RecordType, arrays.Record)
_bind(People, _PeopleType, arrays.People)
_bind(Today, _TodayType, arrays.Today)
_bind(ChoiceSets, _ChoiceSetsType, arrays.ChoiceSets)
_bind(Parties, _PartiesType, arrays.Parties)
_bind(Scratch, _ScratchType, arrays.Scratch)
