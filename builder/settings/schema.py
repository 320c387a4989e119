"""``data/schemas/*.yml``: the tables that are published, their columns and keys."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator
from pydantic import Field as Is

from builder.faults import SettingsFault
from builder.settings.loading import SOME, Entry, Flag, Line, Name, Text, Whole, expression, load, once, shaped, wrong

# A table is a sheet of the workbook, whose title Excel takes for a file's and a command's.
SheetTitle = Annotated[
    Line, shaped(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')", "应为 31 字以内、没有 [ ] : * ? / \\、不以撇号开头结尾的表名")
]


class Category(Entry):
    """One allowed value of a field, with the words that people read for it."""

    value: Line
    label: Line
    label_en: Line


class Constraints(Entry):
    required: Flag = False
    unique: Flag = False
    pattern: Annotated[str, AfterValidator(expression)] | None = None
    minimum: Whole | None = None


class Field(Entry):
    """A column. ``unit`` is the Chinese unit of its numbers; without ``categories`` any value of the type will do."""

    name: Name
    type: Literal["string", "number", "integer", "boolean", "date"]
    title: Line
    title_en: Line
    description: Text
    description_en: Text
    unit: Line | None = None
    categories: tuple[Category, ...] = ()
    constraints: Constraints = Constraints()

    @property
    def heading(self) -> str:
        """The title with its unit, as a table's head shows it: ``当年预算（元）``."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title

    @model_validator(mode="after")
    def _each_value_once(self) -> Self:
        once([(item.value, ("categories", place, "value")) for place, item in enumerate(self.categories)], "取值")
        return self


class Reference(Entry):
    resource: Name
    fields: tuple[Name, ...]


class ForeignKey(Entry):
    fields: Annotated[tuple[Name, ...], SOME]
    to: Annotated[Reference, Is(alias="reference")]

    @property
    def resource(self) -> str:
        return self.to.resource

    @property
    def reference(self) -> tuple[str, ...]:
        return self.to.fields


class TableFile(Entry):
    """A table as its file describes it. One whose key may hold empty cells has ``uniqueKeys`` and no ``primaryKey``."""

    title: SheetTitle
    title_en: Line
    description: Text
    description_en: Text
    fields: Annotated[tuple[Field, ...], SOME]
    primary_key: Annotated[tuple[Name, ...], Is(alias="primaryKey")] = ()
    unique_keys: Annotated[tuple[tuple[Name, ...], ...], Is(alias="uniqueKeys")] = ()
    foreign_keys: Annotated[tuple[ForeignKey, ...], Is(alias="foreignKeys")] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def words(self, name: str) -> dict[str, str]:
        """What readers see for the codes of a field, in the order of the schema."""
        return {one.value: one.label for field in self.fields if field.name == name for one in field.categories}

    @model_validator(mode="after")
    def _keys_are_of_its_fields(self) -> Self:
        for what in ("name", "title"):
            places = [(getattr(field, what), ("fields", place, what)) for place, field in enumerate(self.fields)]
            once(places, "字段的名称" if what == "name" else "字段的标题")
        keys = (self.primary_key, *self.unique_keys, *(key.fields for key in self.foreign_keys))
        if not any((self.primary_key, *self.unique_keys)):
            raise wrong("需要 primaryKey（或者，键里有可空的字段时，uniqueKeys）")
        if unknown := sorted({name for key in keys for name in key} - set(self.names)):
            raise wrong(f"键里的字段 {'、'.join(unknown)} 不在 fields 里")
        if empty := [
            field.name for field in self.fields if field.name in self.primary_key and not field.constraints.required
        ]:
            raise wrong(f"主键不能为空：{'、'.join(empty)} 的 constraints 要写 required: true", "primaryKey")
        return self


class Table(TableFile):
    """The schema of the table ``name``."""

    name: str


def load_schemas(folder: Path, others: Mapping[str, Table] = MappingProxyType({})) -> Mapping[str, Table]:
    """The tables that ``folder`` describes, by name (the file's name without ``.yml``). Raises ``SettingsFault``.

    Their foreign keys may lead to each other and to ``others``.
    """
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise SettingsFault("没有找到表的定义", file=folder, remedy="每张表需要一个「表名.yml」；请从版本库恢复。")
    tables: dict[str, Table] = {}
    for path in files:
        described = load(path, TableFile)
        tables[path.stem] = Table.model_construct(name=path.stem, **dict(described))
    titles: dict[str, str] = {}
    for name, table in tables.items():
        file = folder / f"{name}.yml"
        if not re.fullmatch("[a-z][a-z0-9_]*", name):
            raise SettingsFault("表名只能用小写字母、数字和下划线", file=file, remedy="请改文件名。")
        if (other := titles.setdefault(table.title.casefold(), name)) != name:
            raise SettingsFault(
                f"title 与 {other}.yml 的相同", file=file, remedy="请改其中一个：工作簿里一张表一个名称。"
            )
        for key in table.foreign_keys:
            target = tables.get(key.resource) or others.get(key.resource)
            if target is None:
                raise SettingsFault(
                    f"foreignKeys：没有名为 {key.resource} 的表；有 {'、'.join([*tables, *others])}", file=file
                )
            if key.reference != target.primary_key:
                own = "、".join(target.primary_key)
                raise SettingsFault(
                    f"foreignKeys：{'、'.join(key.reference)} 不是 {key.resource} 的主键（{own}）", file=file
                )
    return MappingProxyType(tables)
