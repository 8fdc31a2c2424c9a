"""A column of text that lies sealed, bound to its row."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from doudi.web.sealing.errors import SealingError
from doudi.web.sealing.values import seal, unseal


class Sealed(str):
    """A text as it lies in the database; the row that holds it opens it."""

    __slots__ = ()


class _Opening(DeferredAttribute):
    """Opens a value when it is first read, since only then its row is known whole."""

    field: SealedTextField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__
        name = self.field.attname
        value = held[name] if name in held else super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = held[name] = unseal(value, self.field.about(instance))
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):  # type: ignore[type-arg]  # generic to the type checker alone
    """Encrypted on its way in, decrypted when it is read from its row.

    ``bound_to``: the attributes that name the row to the seal; they must be known before it is stored and never change.
    """

    descriptor_class = _Opening

    def __init__(self, *args: Any, bound_to: tuple[str, ...] = ("pk",), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bound_to = bound_to

    def about(self, row: models.Model) -> str:
        """The place that the value of this column in ``row`` belongs to."""
        names = [getattr(row, name) for name in self.bound_to]
        if None in names:
            raise SealingError("密封内容要先知道它属于哪一条记录。")
        return f"{row._meta.db_table}.{self.column}:{'/'.join(map(str, names))}"

    def sealed(self, row: models.Model, text: str | None) -> Sealed | None:
        """``text`` as this column of ``row`` keeps it."""
        if text is None or isinstance(text, Sealed):
            return text
        return Sealed(seal(str(text), self.about(row)) if text else "")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        held = model_instance.__dict__
        text = held[self.attname] if self.attname in held else super().pre_save(model_instance, add)
        return self.sealed(model_instance, text)

    def get_prep_value(self, value: object) -> Any:
        if value is None or isinstance(value, Sealed) or value == "":
            return value if value is None else str(value)
        raise TypeError(f"{self.name} lies sealed: it is written with its row and never compared")

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Sealed | None:
        return value if value is None else Sealed(value)


def sealed_for(row: models.Model, column: str, text: str) -> Sealed | None:
    """``text`` as a column of ``row`` keeps it: for a change by a queryset, where nothing seals on the way."""
    field = row._meta.get_field(column)
    assert isinstance(field, SealedTextField)
    return field.sealed(row, text)


def sealed_fields(table: type[models.Model]) -> list[SealedTextField]:
    return [field for field in table._meta.concrete_fields if isinstance(field, SealedTextField)]
