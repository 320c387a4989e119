"""``data/lint.yml`` → ``Rules``, checked against the rules that there are."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from string import Formatter
from typing import Any

from builder.faults import SettingsFault
from builder.measures.wording.forms import COMPARISONS
from builder.measures.wording.rules import DETAILS, RULES
from builder.measures.wording.words import CopyKind, Numbers, Rule, Rules, Words
from builder.settings.config import read_yaml
from builder.text import fold

COPY_KINDS = (
    "indicators",
    "indicators-but-targets",
    "goal",
    "goal-but-numbers",
    "overview",
    "overview-but-numbers",
    "sentences",
)


def load(data: Path) -> Rules:
    """The rules' wording, words and numbers from ``lint.yml`` in the folder ``data``. Raises ``SettingsFault``."""
    path = data / "lint.yml"
    block = _keys(read_yaml(path), f"{path}", ("numbers", "words", "rules", "copies"))
    words = _keys(block["words"], f"{path}：words", tuple(item.name for item in fields(Words)))
    for name, value in words.items():
        if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
            raise SettingsFault(f"{path}：words.{name}：应为词的列表，现为 {value!r}（像数字的词请加引号）。")
    given = _keys(block["numbers"], f"{path}：numbers", ("concentrated_percent", "fewest_indicators"))
    checks = data / "checks.yml"
    numbers = Numbers(
        _whole(given, "concentrated_percent", f"{path}：numbers"),
        _whole(given, "fewest_indicators", f"{path}：numbers"),
        _whole(read_yaml(checks), "reuse_min_length", f"{checks}"),
    )
    rules = _keys(block["rules"], f"{path}：rules", tuple(RULES))
    copies = _keys(block["copies"], f"{path}：copies", COPY_KINDS)
    return Rules(
        {rule_id: _rule(f"{path}：rules.{rule_id}", rule_id, entry, words) for rule_id, entry in rules.items()},
        {kind: _copy_kind(f"{path}：copies.{kind}", entry, numbers) for kind, entry in copies.items()},
        Words(**{name: tuple(fold(word) for word in value) for name, value in words.items()}),
        numbers,
    )


def _rule(where: str, rule_id: str, entry: object, words: Mapping[str, Sequence[str]]) -> Rule:
    texts = ("title", "judged", "meaning", "matters", "normal", "text")
    directed = isinstance(entry, dict) and "direction" in entry and "direction" in DETAILS[rule_id]
    block = _keys(entry, where, (*texts, "shows", *(("direction",) if directed else ())))
    allowed = DETAILS[rule_id] if directed else DETAILS[rule_id] - {"direction"}
    if unknown := sorted(set(block["shows"]) - set(words)):
        raise SettingsFault(f"{where}.shows：words 里没有 {'、'.join(map(str, unknown))}。")
    return Rule(
        rule_id,
        **{key: _text(block, key, where, allowed if key == "text" else frozenset()) for key in texts},
        direction=_keys(block["direction"], f"{where}.direction", COMPARISONS) if directed else {},
        shown=tuple(word for name in block["shows"] for word in words[name]),
    )


def _copy_kind(where: str, entry: object, numbers: Numbers) -> CopyKind:
    texts = ("title", "judged", "rule", "normal")
    block = _keys(entry, where, texts)
    filled = {"shortest": numbers.shortest_text, "fewest": numbers.fewest_indicators}
    return CopyKind(**{key: _text(block, key, where, frozenset(filled)).format_map(filled) for key in texts})


def _text(block: Mapping[str, Any], key: str, where: str, allowed: frozenset[str]) -> str:
    """A sentence whose ``{…}`` are all of ``allowed``."""
    value = block[key]
    if not isinstance(value, str) or not value.strip():
        raise SettingsFault(f"{where}.{key}：应为文字，现为 {value!r}。")
    try:
        used = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        raise SettingsFault(f"{where}.{key}：花括号没有成对（{error}）。") from None
    if unknown := sorted(used - allowed):
        known = "、".join(sorted(allowed)) or "（这里不能用花括号）"
        raise SettingsFault(f"{where}.{key}：没有 {'、'.join(unknown)} 可用；可以用的有 {known}。")
    return value


def _whole(block: object, key: str, where: str) -> int:
    value = block.get(key) if isinstance(block, dict) else None
    if type(value) is not int or value < 1:
        raise SettingsFault(f"{where}：{key}：应为正整数，现为 {value!r}。")
    return value


def _keys(value: object, where: str, wanted: Sequence[str]) -> Mapping[str, Any]:
    """``value`` as a mapping with exactly the keys ``wanted``."""
    if not isinstance(value, dict):
        raise SettingsFault(f"{where}：应为「键: 值」，现为 {value!r}。")
    if missing := [key for key in wanted if key not in value]:
        raise SettingsFault(f"{where}：缺少 {'、'.join(missing)}。")
    if unknown := [str(key) for key in value if key not in wanted]:
        raise SettingsFault(f"{where}：不认识的键 {'、'.join(unknown)}；可以用的有 {'、'.join(wanted)}。")
    return value
