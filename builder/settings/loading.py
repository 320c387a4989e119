"""A maintained YAML file → a frozen model, or a ``SettingsFault`` that lists every fault of the file with its line.

The YAML is the part that people write by hand: mappings, lists and scalars. Anchors, tags and documents after the first
are refused, so that no small file unfolds into a large one. ``true``, ``false``, ``null`` and whole numbers are what they
say; every other word is text, ``no``, ``2024-03-08`` and ``1.10`` too.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from string import Formatter, Template
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic import Field as Is

from builder.faults import SettingsFault, regular

Model = TypeVar("Model")
# Where a value stands in its file: the keys and places in lists that lead to it.
Location = tuple[int | str, ...]

# Far above what anyone writes by hand (the largest file has 20 kB, a depth of 5, a text of 2,000 characters).
MOST_BYTES, DEEPEST, LONGEST_TEXT = 2_000_000, 20, 20_000
MOST_FAULTS = 20
_LONGEST_SHOWN = 60
_INVISIBLE = re.compile(
    "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_NAMED: Mapping[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _some(held: Model) -> Model:
    if not held:
        raise ValueError("不能是空的")
    return held


def _visible(text: str) -> str:
    if not text.strip():
        raise ValueError("不能是空的")
    return text


def shaped(pattern: str, said: str) -> AfterValidator:
    """A text that as a whole matches ``pattern``; ``said`` tells what it should be."""
    whole = re.compile(pattern)

    def holds(text: str) -> str:
        if not whole.fullmatch(text):
            raise ValueError(said)
        return text

    return AfterValidator(holds)


def expression(text: str) -> str:
    """A text that is a regular expression."""
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"不是有效的正则表达式（{error}）") from None
    return text


def compiled(template: str = "{}") -> BeforeValidator:
    """A regular expression, put into ``template``."""
    return BeforeValidator(
        lambda text: re.compile(template.format(expression(text))) if isinstance(text, str) else text
    )


Text = Annotated[str, AfterValidator(_visible)]
Line = Annotated[Text, shaped(r"[^\n\r]*", "应写在一行里")]
Slug = Annotated[str, shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "只能用小写字母、数字和连字符")]
Name = Annotated[str, shaped(r"[a-z][a-z0-9_]*", "只能用小写字母、数字和下划线，以字母开头")]
Url = Annotated[str, shaped(r"https?://[^\s]+", "应以 https:// 或 http:// 开头，中间没有空格")]
Whole = Annotated[int, Strict()]
Count = Annotated[Whole, Is(ge=1)]
Flag = Annotated[bool, Strict()]
Words = tuple[Line, ...]
# Not ``min_length``: it counts only entries that are sound, and would call a list of one wrong entry empty.
SOME = AfterValidator(_some)
Expression = Annotated[re.Pattern[str], compiled()]


class Entry(BaseModel):
    """A mapping whose keys are exactly known. An optional key that holds nothing is as good as absent."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _exact_keys(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        fields = {field.alias or name: field.is_required() for name, field in cls.model_fields.items()}
        missing = [name for name, required in fields.items() if required and name not in value]
        unknown = [str(key) for key in value if key not in fields]
        said = [f"缺少 {'、'.join(missing)}"] if missing else []
        if unknown:
            said.append(f"有不认识的键 {'、'.join(map(_cut, unknown))}；可以用的有 {'、'.join(fields)}")
        if said:
            raise wrong("；".join(said))
        return {key: held for key, held in value.items() if held is not None or fields[key]}


def wrong(said: str, *at: int | str) -> ValueError:
    """What a validator of several values raises: ``said`` is the fault, ``at`` leads from the whole to its place."""
    return ValueError(said, at)


def once(words: Iterator[tuple[str, Location]] | Sequence[tuple[str, Location]], what: str) -> None:
    """Raises where one of the ``words``, each with its place, comes twice."""
    seen: set[str] = set()
    for word, at in words:
        if word in seen:
            raise wrong(f"{what}「{_cut(word)}」前面已经写过，请只留一处", *at)
        seen.add(word)


def exactly(held: Collection[str], known: Collection[str], *at: int | str) -> None:
    """Raises where the keys ``held`` are not those that the program has: all of ``known`` and no other."""
    if missing := [key for key in known if key not in held]:
        raise wrong(f"缺少 {'、'.join(missing)}，请从版本库恢复", *at)
    if unknown := [key for key in held if key not in known]:
        raise wrong(f"程序里没有；有的是 {'、'.join(known)}", *at, unknown[0])


def placeholders(text: str, allowed: Sequence[str], *at: int | str) -> None:
    """Raises where a ``{name}`` of ``text`` is none of ``allowed``, or a brace stands alone."""
    known = "、".join(f"{{{name}}}" for name in allowed) or "（这里不能用花括号）"
    try:
        parts = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError:
        raise wrong("花括号没有成对", *at) from None
    if unknown := [name for name, spec, conversion in parts if name not in allowed or spec or conversion]:
        raise wrong(f"里有不认识的 {{{_cut(unknown[0])}}}；可以用的有 {known}", *at)


def dollars(text: str, allowed: Sequence[str], *at: int | str) -> None:
    """Raises where a ``$name`` of ``text`` is none of ``allowed``, or a ``$`` stands alone."""
    try:
        Template(text).substitute(dict.fromkeys(allowed, ""))
    except (KeyError, ValueError) as error:
        known = "、".join(f"${name}" for name in allowed)
        raise wrong(f"里有不认识的 $ 名称（{_cut(str(error))}）；可以用 {known}，写「$」本身用「$$」", *at) from None


def load(
    path: Path, model: type[Model], proof: Callable[[Model], object] | None = None, empty: Model | None = None
) -> Model:
    """The file as ``model``. Raises ``SettingsFault``: one for all faults of the file, each with its line.

    ``proof`` raises what is ``wrong`` with the whole; ``empty`` is what a file without entries stands for, where it may.
    """
    raw, value, lines = read(path)
    if value is None and empty is not None:
        return empty
    try:
        found: Model = _validated(raw, model)  # type: ignore[arg-type]
        if proof is not None:
            proof(found)
    except ValidationError as error:
        raise together(path, [_fault(path, found, lines) for found in error.errors(include_url=False)]) from None
    except ValueError as error:
        raise _fault(path, {"type": "value_error", "loc": (), "ctx": {"error": error}}, lines) from None
    return found


# Whoever reads all settings again after one file has changed (``add`` does; tests try thousands of wrong edits) parses and
# proves only that one. What is kept is frozen.
@lru_cache(maxsize=128)
def _validated(raw: bytes, model: Any) -> Any:
    return _adapter(model).validate_python(_read(raw)[0])


@lru_cache(maxsize=64)
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def together(path: Path, faults: Sequence[SettingsFault]) -> SettingsFault:
    """One fault that tells all of ``faults``, at most 20 of them, a line each."""
    if len(faults) == 1:
        return faults[0]
    more = f"\n……另有 {len(faults) - MOST_FAULTS} 处" if len(faults) > MOST_FAULTS else ""
    return SettingsFault(f"{path} 有 {len(faults)} 处要改：\n" + "\n".join(map(str, faults[:MOST_FAULTS])) + more)


def read(path: Path) -> tuple[bytes, Any, Mapping[Location, int]]:
    """A YAML file, its plain value, and the line of each part of it. Raises ``SettingsFault``."""
    try:
        raw = regular(path).read_bytes()
        return raw, *_read(raw)
    except FileNotFoundError:
        raise SettingsFault("文件不存在", file=path, remedy="请从版本库恢复它。") from None
    except SettingsFault as fault:
        fault.file = path
        raise


@lru_cache(maxsize=128)
def _read(raw: bytes) -> tuple[Any, Mapping[Location, int]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsFault("不是 UTF-8 文字", place=f"第 {line} 行", remedy="请另存为 UTF-8。") from None
    if len(raw) > MOST_BYTES:
        raise SettingsFault(f"太大（{len(raw):,} 字节）", remedy="请核对内容，多半是粘贴错了。")
    if found := _INVISIBLE.search(text):
        raise _invisible(text.count("\n", 0, found.start()) + 1, found[0])
    lines: dict[Location, int] = {}
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            return None, {(): 1}
        value = _value(next(events), events, (), lines)
        next(events)
        if not isinstance(after := next(events), yaml.StreamEndEvent):
            raise _at(after, "一个文件里有两份内容（---）", "请只留一份。")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
        remedy = "请检查这里和上一行：缩进用空格，冒号后空一格，括号和引号成对，特殊符号开头的文字加引号。"
        raise SettingsFault("写法不对", place=place, remedy=remedy) from None
    return value, lines


def _value(event: Any, events: Iterator[Any], place: Location, lines: dict[Location, int]) -> Any:
    lines[place] = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _at(event, "用了锚点（& 或 *）", "请把内容直接写出来；以 & 或 * 开头的文字加引号。")
    if event.tag is not None:
        raise _at(event, "用了以 ! 开头的标注", "请去掉它；以 ! 开头的文字加引号。")
    if len(place) > DEEPEST:
        raise _at(event, f"嵌套超过 {DEEPEST} 层", "请核对括号和缩进。")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        held: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            held.append(_value(event, events, (*place, len(held)), lines))
        return held
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise _at(event, "键是一个列表或一组键值", "键应为一个词；以 [ 或 { 开头的文字加引号。")
        key = event.value
        if key in found:
            raise _at(event, f"键「{_cut(key)}」写了两次", "请只留一处。")
        found[key] = _value(next(events), events, (*place, key), lines)
    return found


def _scalar(event: Any) -> str | int | bool | None:
    text: str = event.value
    if len(text) > LONGEST_TEXT:
        raise _at(event, f"一段文字有 {len(text):,} 字", f"最多 {LONGEST_TEXT:,} 字；请核对引号是否成对。")
    if found := _INVISIBLE.search(text):
        raise _invisible(event.start_mark.line + 1, found[0])
    if event.style:
        return text
    if text.lower() in _NAMED:
        return _NAMED[text.lower()]
    return int(text) if _WHOLE.fullmatch(text) else text


def _at(event: Any, what: str, remedy: str) -> SettingsFault:
    return SettingsFault(what, place=f"第 {event.start_mark.line + 1} 行", remedy=remedy)


def _invisible(line: int, character: str) -> SettingsFault:
    what = f"有看不见的字符（U+{ord(character):04X}）"
    return SettingsFault(what, place=f"第 {line} 行", remedy="请删去它，多半是粘贴时带进来的。")


_SAID = {
    "string_type": ("应为文字", "像数字的文字、以特殊符号开头的文字加引号。"),
    "int_type": ("应为整数", "请写不带引号的数。"),
    "bool_type": ("应为 true 或 false", ""),
    "tuple_type": ("应为列表", "写成 [甲, 乙]，或每项一行、以「- 」开头。"),
    "dict_type": ("应为「键: 值」", "冒号后空一格。"),
    "model_type": ("应为「键: 值」", "冒号后空一格。"),
    "pattern_type": ("应为正则表达式", "请加引号。"),
    "literal_error": ("只能是 {expected}", ""),
    "greater_than_equal": ("不能小于 {ge}", ""),
    "less_than_equal": ("不能大于 {le}", ""),
}


def _fault(path: Path, found: Mapping[str, Any], lines: Mapping[Location, int]) -> SettingsFault:
    context: Mapping[str, Any] = found.get("ctx") or {}
    said, *at = context["error"].args if found["type"] == "value_error" else ("",)
    place: Location = (*(part for part in found["loc"] if part != "[key]"), *(at[0] if at else ()))
    line = next(lines[place[:length]] for length in range(len(place), -1, -1) if place[:length] in lines or not length)
    remedy = ""
    if not said:
        # What pydantic says of a kind of fault that no file has had yet is better than a traceback.
        said, remedy = _SAID.get(found["type"], (found["msg"], ""))
        allowed = "、".join(re.findall("'([^']*)'", str(context.get("expected", ""))))
        said = said.format_map({**context, "expected": allowed})
    if not at:
        said = f"{said}，读到{_shown(found['input'])}"
    name = _name(place)
    return SettingsFault(f"{name} {said}" if name else said, file=path, place=f"第 {line} 行", remedy=remedy)


def _name(place: Location) -> str:
    """``(1, "labels", 2)`` → 第 2 条的 labels 第 3 项."""
    name = ""
    for depth, part in enumerate(place):
        if isinstance(part, int):
            name += f"{' ' if name else ''}第 {part + 1} {'项' if depth else '条'}"
        else:
            name += f"{'的 ' if depth and isinstance(place[depth - 1], int) else '.' if name else ''}{_cut(part)}"
    return name


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"「{_cut(value)}」"
    if isinstance(value, dict | list):
        return "一组「键: 值」" if isinstance(value, dict) else "一个列表"
    return "空" if value is None else f" {str(value).lower()} "


def _cut(text: str) -> str:
    text = text.replace("\n", "⏎")
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
