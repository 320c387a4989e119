"""``wording.yml``: a fault names the key."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.faults import SettingsFault
from builder.settings.wording import wording

DATA = Path(__file__).parents[2] / "data"

FAULTS: Sequence[tuple[str, Any, str]] = [
    ("rules", None, "rules 应为「键: 值」"),
    ("words.zero", None, "words 缺少 zero"),
    ("words.more", ["甲"], "不认识的键 more"),
    ("words.zero", [0], "words.zero 第 1 项 应为文字，读到 0"),
    ("numbers.concentrated_percent", "一半", "numbers.concentrated_percent 应为整数"),
    ("rules.no-unit", None, "rules 缺少 no-unit"),
    ("rules.no-unit.normal", "  ", "rules.no-unit.normal 不能是空的"),
    ("rules.no-unit.text", "{weight} 分", "rules.no-unit.text 里有不认识的 {weight}；可以用的有 {name}、{target}"),
    ("rules.no-unit.text", "{name", "rules.no-unit.text 花括号没有成对"),
    ("rules.no-unit.text", "{name:>9999999999}", "rules.no-unit.text 里有不认识的 {name}"),
    ("rules.no-unit.title", "{name}", "rules.no-unit.title 里有不认识的 {name}；可以用的有 （这里不能用花括号）"),
    ("rules.no-unit.shows", ["colours"], "rules.no-unit.shows words 里没有 colours"),
    ("rules.no-unit.direction", {"ge": "提高"}, "rules.no-unit.direction 不比较两年的规则没有 direction"),
    ("rules.target-raised.direction", {"ge": "提高"}, "rules.target-raised.direction 缺少 gt"),
    ("copies.goal.judged", "{most} 段", "copies.goal.judged 里有不认识的 {most}"),
    ("copies.poem", {"title": "诗", "judged": "首", "rule": "一样", "normal": "常见"}, "copies.poem 程序里没有"),
]


@pytest.mark.parametrize(("key", "value", "said"), FAULTS)
def test_a_fault_in_the_file_names_the_key(tmp_path: Path, key: str, value: Any, said: str) -> None:
    content = yaml.load((DATA / "wording.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    *parents, last = key.split(".")
    block = content
    for parent in parents:
        block = block[parent]
    if value is None:
        del block[last]
    else:
        block[last] = value
    if key == "rules":
        content["rules"] = "没有"
    shutil.copy(DATA / "checks.yml", tmp_path)
    path = tmp_path / "wording.yml"
    path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SettingsFault) as fault:
        wording(path, 20)
    assert str(fault.value).startswith(f"{path}：第 ")
    assert said in str(fault.value)
