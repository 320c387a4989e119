"""The texts a citizen reads: finding codes, glossary, search aliases."""

import re
import string
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.settings.rules import FINDINGS

DATA = Path(__file__).parents[2] / "data"
CODES: dict[str, dict[str, Any]] = yaml.load((DATA / "findings.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
GLOSSARY: list[dict[str, Any]] = yaml.load((DATA / "glossary.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
ALIASES: list[dict[str, Any]] = yaml.load((DATA / "aliases.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)

TEXTS = ("title", "explain", "reader", "fix", "message", "message_en")
ACCUSING = ["造假", "作假", "违规", "违法", "错误", "虚报", "隐瞒", "舞弊", "骗", "wrong", "fraud", "false", "illegal"]


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", CODES)
def test_entry_is_whole(code: str) -> None:
    entry = CODES[code]
    assert set(entry) == {"severity", "group", *TEXTS}
    assert entry["severity"] in ("error", "warning", "note")
    assert entry["group"] in ("government", "reading", "ours", "normal")
    for key in TEXTS:
        assert entry[key].strip() == entry[key] != ""
        assert not any(word in entry[key].lower() for word in ACCUSING), key
    assert 1 <= entry["explain"].count("。") <= 3


@pytest.mark.parametrize("code", CODES)
def test_messages_use_exactly_what_the_program_fills_in(code: str) -> None:
    entry = CODES[code]
    used = placeholders(entry["message"])
    assert used == placeholders(entry["message_en"])
    assert used - {"expected", "actual"} == set(FINDINGS[code])
    values = {name: f"<{name}>" for name in ("expected", "actual", *FINDINGS[code])}
    for key in ("message", "message_en"):
        message = entry[key].format(**values)
        assert all(values[name] in message for name in used)
        assert message[-1] not in "。."


def test_fixes_name_maintained_files() -> None:
    files = {file for entry in CODES.values() for file in re.findall(r"data/[a-z/]+\.yml", entry["fix"])}
    assert "data/labels.yml" in files
    assert [file for file in sorted(files) if not (DATA.parent / file).is_file()] == []


def test_glossary() -> None:
    assert 30 <= len(GLOSSARY) <= 50
    for entry in GLOSSARY:
        assert {"term", "aliases", "plain"} <= set(entry) <= {"term", "aliases", "plain", "field"}
        assert entry["plain"].endswith("。")
        assert 1 <= entry["plain"].count("。") <= 2, entry["term"]
        assert "." in entry.get("field", "table.field")
    counts = Counter(word for entry in GLOSSARY for word in (entry["term"], *entry["aliases"]))
    assert [word for word, count in counts.items() if count > 1] == []


def test_a_search_word_stands_in_one_group() -> None:
    assert all(set(group) == {"words"} and len(group["words"]) > 1 for group in ALIASES)
    counts = Counter(word for group in ALIASES for word in group["words"])
    assert [word for word, count in counts.items() if count > 1] == []
