"""The maintained files: a fault names file, place and key and says what to do; it is never a traceback."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from builder.dataset import compile as compiling
from builder.faults import SettingsFault
from builder.model import Document
from builder.settings import config as configuration
from builder.settings.config import Settings, sha256

DATA = Path(__file__).parents[2] / "data"
FILES = (
    "labels.yml", "lookups/tokens.yml", "lookups/departments.yml", "regions.yml", "sectors.yml", "sources.yml",
    "corrections.yml", "series.yml", "checks.yml", "findings.yml",
)  # fmt: skip
MINIMAL: dict[str, Any] = {
    "labels.yml": {
        "titles": [{"pattern": "绩效目标表", "form_type": "project"}],
        "other_kinds": [{"kind": "self_evaluation", "name": "自评表", "titles": ["自评表"], "columns": ["得分"]}],
        "form": {
            "name": {"kind": "name", "labels": ["项目名称"], "misprints": ["项目名"]},
            "budget": {"kind": "money", "labels": ["当年预算", "{year}年预算"]},
        },
        "sections": ["绩效指标"],
        "indicator": {"name": {"labels": ["指标名称"]}, "target": {"labels": ["指标值"]}},
        "catalogue": {"serial_no": {"labels": ["序号"]}},
        "task": {"task": {"labels": ["任务名称"]}},
        "catalogue_totals": ["合计"],
        "furniture": [r"第\d+页"],
        "statements": [{"figure": "total", "pattern": r"共(?P<value>\d+)(?P<unit>万元|元)"}],
    },
    "lookups/tokens.yml": {
        "comparison": {"ge": ["≥"], "le": ["≤"]},
        "suffix": {"ge": ["以上"]},
        "yes_no": {"true": ["是"], "false": ["否"]},
        "no_unit": ["无"],
        "level1": ["产出指标"],
        "level2": ["数量指标"],
        "execution_rate": ["预算执行率"],
    },
    "lookups/departments.yml": {"应急管理局": ["应急局"]},
    "regions.yml": [
        {"region_id": "city", "name": "某市", "level": "municipality", "aliases": ["某市"]},
        {"region_id": "east", "name": "东区", "level": "district", "parent_id": "city", "division_code": "500101", "aliases": []},
    ],
    "sectors.yml": [
        {"sector_id": "finance", "name": "财政", "name_en": "Finance", "function_code": "201", "cofog": "01", "keywords": ["财政"]},
        {"sector_id": "civil", "name": "民政", "name_en": "Civil", "function_code": "208", "cofog": "10", "keywords": ["民政"]},
    ],
    "sources.yml": [
        {"document_id": "east-2024", "region_id": "east", "year": 2024, "title": "甲", "publisher": "乙", "file": "a.txt",
         "media_type": "text/plain", "sha256": "0a" * 32, "bytes": 9},
        {"document_id": "east-2024-b", "region_id": "east", "year": 2024, "title": "甲", "publisher": "乙", "file": "b.txt",
         "media_type": "text/plain", "sha256": "0b" * 32, "bytes": 9, "replaces": "east-2024"},
    ],
    "corrections.yml": [
        {"record": "east-2024-001", "field": "name", "was": "甲", "is": "乙", "reason": "笔误", "evidence": "第 1 行"},
    ],
    "series.yml": [{"projects": ["east-2024-001", "east-2024-002"], "reason": "改了名称"}],
    "checks.yml": {
        "weight_total": 100, "weight_total_without_execution": 90, "share_words": ["满意度"], "reuse_min_length": 20,
        "phone_pattern": r"\d{8}",
    },
    "findings.yml": {
        "weight-sum": {
            "severity": "warning", "group": "government", "details": ["field"], "title": "甲", "explain": "乙",
            "reader": "丙", "fix": "丁", "message": "{field} {expected} {actual}", "message_en": "{actual}",
        },
    },
}  # fmt: skip


def write(files: dict[str, Any], data: Path) -> Path:
    for name, content in files.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (data / name).write_text(text, encoding="utf-8")
    (data / "divisions.csv").write_text("region_id,name,level,parent_id,division_code\n", encoding="utf-8")
    return data


def fault(files: dict[str, Any], data: Path) -> str:
    with pytest.raises(SettingsFault) as raised:
        configuration.load(write(files, data))
    return str(raised.value)


def changed(name: str, change: Callable[[Any], object]) -> dict[str, Any]:
    files = copy.deepcopy(MINIMAL)
    change(files[name])
    return files


def test_the_minimal_files_load(tmp_path: Path) -> None:
    assert set(MINIMAL) == set(FILES)
    settings = configuration.load(write(MINIMAL, tmp_path))
    assert [document.document_id for document in settings.current_documents] == ["east-2024-b"]
    assert settings.form.find("项 目 名 称：") is not None
    assert settings.form.find("2024年预算（万元）") == settings.form.find("当年预算")
    assert settings.form.find("3024年预算") is None


def test_the_maintained_files_load(settings: Settings) -> None:
    assert {document.document_id for document in settings.documents} >= {"changshou-2023-finance", "chongqing-2024-key"}
    assert settings.kept_readings == DATA.parent / ".cache" / "readings"


# Files that may have no entry yet: then they hold comments only.
MAY_BE_EMPTY = ("sources.yml", "corrections.yml", "series.yml")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "写法不对"),
        ("a: 1\na: 2", "第 2 行第 1 列写法不对（键「a」写了两次）"),
        ("a:\n\tb: 1", "第 2 行第 1 列写法不对"),
        ("一句话", "读到 '一句话'"),
        ("a: 1\x07", "第 5 个字是看不见的控制字符（0x07）"),
        ("[a]: 1", "第 1 行第 1 列写法不对（键是一个列表或一组键值）"),
        ("{a: 1}: 1", "第 1 行第 1 列写法不对（键是一个列表或一组键值）"),
        ("!!int 甲", "标注的类型与内容不符"),
        ("!!python/object:os.system {}", "写法不对"),
        ("a: *b", "第 1 行第 4 列写法不对"),
    ],
)
def test_a_file_that_is_not_its_yaml(name: str, text: str, said: str, tmp_path: Path) -> None:
    message = fault({**MINIMAL, name: text}, tmp_path)
    assert message.startswith(str(tmp_path / name))
    assert said in message


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_comments_only(name: str, tmp_path: Path) -> None:
    files = {**MINIMAL, "corrections.yml": [], name: "# 每条一份\n"}
    if name in MAY_BE_EMPTY:
        write(files, tmp_path)
        assert configuration.load(tmp_path).regions
    else:
        message = fault(files, tmp_path)
        assert message.startswith(str(tmp_path / name))
        assert "读到 空" in message


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_or_in_another_encoding(name: str, tmp_path: Path) -> None:
    write(MINIMAL, tmp_path)
    (tmp_path / name).write_bytes("说明: 甲".encode("gb18030"))
    with pytest.raises(SettingsFault, match="不是 UTF-8 文字"):
        configuration.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(SettingsFault, match="文件不存在"):
        configuration.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("labels.yml", lambda f: f.pop("sections"), "缺少 sections"),
        ("labels.yml", lambda f: f.update(titels=[]), "有不认识的键 titels；可以用的有 titles、"),
        ("labels.yml", lambda f: f.update(titles=[]), "titles 应为以「- 」开头的列表"),
        ("labels.yml", lambda f: f["titles"][0].pop("form_type"), "titles 第 1 条缺少 form_type"),
        ("labels.yml", lambda f: f["titles"][0].update(form_type="fund"), "titles 第 1 条的 form_type 只能是 special_fund、"),
        ("labels.yml", lambda f: f["titles"][0].update(pattern="("), "正则「(」写法不对"),
        ("labels.yml", lambda f: f["other_kinds"][0].pop("columns"), "other_kinds 第 1 条缺少 columns"),
        ("labels.yml", lambda f: f["other_kinds"][0].update(columns=["["]), "正则「[」写法不对"),
        ("labels.yml", lambda f: f["furniture"].append("["), "正则「[」写法不对"),
        ("labels.yml", lambda f: f["form"].update(nmae={"labels": []}), "form 有不认识的键 nmae"),
        ("labels.yml", lambda f: f["form"]["name"].update(label=[]), "form.name 有不认识的键 label；可以用的有 labels、"),
        ("labels.yml", lambda f: f["form"]["name"].update(labels="名称"), "form.name 的 labels 应为词的列表"),
        ("labels.yml", lambda f: f["form"]["name"]["labels"].append(2024), "form.name 的 labels 应为词的列表"),
        ("labels.yml", lambda f: f["form"]["name"].update(kind="words"), "form.name.kind 只能是 text、"),
        # 全角、空白、括号注不算两种写法
        ("labels.yml", lambda f: f["form"]["budget"]["labels"].append("项目 名称（必填）："), "「项目 名称（必填）：」已经是 form.name 的写法"),
        ("labels.yml", lambda f: f["form"]["budget"].update(misprints=["项目名"]), "form.budget 的「项目名」已经是 form.name"),
        ("labels.yml", lambda f: f["statements"][0].update(figure="sum"), "statements 第 1 条的 figure 只能是 projects、"),
        ("labels.yml", lambda f: f["statements"][0].update(pattern=r"共(?P<value>\d+)"), "pattern 缺少 (?P<unit>…)"),
        ("lookups/tokens.yml", lambda f: f.pop("level2"), "缺少 level2"),
        ("lookups/tokens.yml", lambda f: f["comparison"].update(above=["高于"]), "comparison 有不认识的键 above"),
        ("lookups/tokens.yml", lambda f: f["comparison"]["le"].append(" ≥"), "「 ≥」既是 ge 又是 le"),
        ("lookups/tokens.yml", lambda f: f["yes_no"].update(true="是"), "yes_no 的 true 应为词的列表"),
        ("lookups/departments.yml", lambda f: f.update(经济局=["应急局"]), "「应急局」既是 应急管理局 又是 经济局"),
        ("lookups/departments.yml", lambda f: f.update(经济局="经信局"), "：经济局 应为词的列表"),
        ("regions.yml", lambda f: f[1].pop("level"), "第 2 条缺少 level"),
        ("regions.yml", lambda f: f[1].update(parent="city"), "第 2 条有不认识的键 parent"),
        ("regions.yml", lambda f: f[1].update(level="county"), "east 的 level 只能是 province、municipality、"),
        ("regions.yml", lambda f: f[1].update(division_code=500101), "division_code 应为文字，读到 500101。"),
        ("regions.yml", lambda f: f[1].update(region_id="city"), "地区 city 写了两次"),
        ("regions.yml", lambda f: f[1].update(parent_id="town"), "east 的上级 town 既不在这里，也不在 divisions.csv 里"),
        ("regions.yml", lambda f: f[1].update(aliases=["某市"], parent_id=None), "别名「某市」同时属于 city 和 east"),
        ("sectors.yml", lambda f: f[1].update(sector_id="finance"), "领域 finance 写了两次"),
        ("sectors.yml", lambda f: f[1].update(keywords=["财政"]), "关键词「财政」同时属于 finance 和 civil"),
        ("sectors.yml", lambda f: f[1].update(cofog=10.3), "第 2 条的 cofog 应为文字，读到 10.3"),
        ("sources.yml", lambda f: f[1].pop("sha256"), "第 2 条缺少 sha256"),
        ("sources.yml", lambda f: f[1].update(url="https://"), "有不认识的键 url；可以用的有 document_id、"),
        ("sources.yml", lambda f: f[1].update(document_id="east-2024"), "document_id east-2024 写了两次"),
        ("sources.yml", lambda f: f[1].update(document_id="东区-2024"), "只能用小写字母、数字和连字符"),
        ("sources.yml", lambda f: f[1].update(region_id="west"), "的地区 west 既不在 data/regions.yml 里，也不在 data/divisions.csv 里"),
        ("sources.yml", lambda f: f[1].update(year="2024年"), "year 应为整数，读到 '2024年'"),
        ("sources.yml", lambda f: f[1].update(year=24), "year 应为四位年份，读到 24"),
        ("sources.yml", lambda f: f[1].update(file="../secret.txt"), "只写 data/sources 里的文件名"),
        ("sources.yml", lambda f: f[1].update(replaces="east-2023"), "要替换的 east-2023 不在它前面"),
        ("sources.yml", lambda f: f.append({**f[1], "document_id": "east-2024-c"}),
         "east-2024-b 和 east-2024-c 都替换 east-2024。请让后一份替换前一份：replaces: east-2024-b。"),
        ("corrections.yml", lambda f: f[0].pop("reason"), "第 1 条缺少 reason"),
        ("corrections.yml", lambda f: f[0].update({"is": 20}), "第 1 条的 is 应为文字，读到 20。文字里有特殊符号或全是数字时加引号"),
        ("series.yml", lambda f: f[0].pop("projects"), "第 1 条要写 projects（接上）或 separate（分开）其中一个"),
        ("series.yml", lambda f: f[0].update(separate=["east-2024-001"]), "其中一个"),
        ("checks.yml", lambda f: f.pop("share_words"), "缺少 share_words"),
        ("checks.yml", lambda f: f.update(weight_total="100"), "weight_total 应为整数，读到 '100'"),
        ("checks.yml", lambda f: f.update(phone_pattern="("), "正则「(」写法不对"),
        ("findings.yml", lambda f: f["weight-sum"].pop("fix"), "weight-sum 缺少 fix"),
        ("findings.yml", lambda f: f["weight-sum"].update(severity="fatal"), "weight-sum 的 severity 只能是 error、"),
        ("findings.yml", lambda f: f["weight-sum"].update(message="{name}"), "用了 details 里没有的 'name'"),
        ("findings.yml", lambda f: f["weight-sum"].update(message="{"), "花括号不成对"),
    ],
)  # fmt: skip
def test_a_fault_names_file_place_and_key(
    name: str, change: Callable[[Any], object], said: str, tmp_path: Path
) -> None:
    message = fault(changed(name, change), tmp_path)
    assert message.startswith(str(tmp_path / name))
    assert said in message
    assert "\n" not in message


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a file, the whole included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, item in inner for place in places(item, (*at, key)))]


SPOILT = st.sampled_from([None, "", "甲", "(", "{", 5, 1.5, True, [], ["甲"], [None], {}, {"甲": 1}, {5: []}])


@given(data=st.data())
def test_no_spoilt_value_gives_a_traceback(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    files = copy.deepcopy(MINIMAL)
    name = data.draw(st.sampled_from(FILES))
    place = data.draw(st.sampled_from(places(files[name])))
    spoilt = data.draw(SPOILT)
    holder, key = files, name
    for step in place:
        holder, key = holder[key], step
    holder[key] = spoilt
    folder = tmp_path_factory.mktemp("data", numbered=True)
    try:
        configuration.load(write(files, folder))
    except SettingsFault as error:
        assert str(folder) in str(error)
        assert Path(name).name in str(error)


# Corrections and series are proved against what was read


FORM = """\
东区2024年绩效目标表
单位：万元
主管部门	东区财政局
项目名称	农村危房改造
当年预算	2O
指标名称	指标性质	指标值	指标单位	分值
改造户数	≥	20	户	90
"""


def compiled(settings: Settings, folder: Path, **changes: Any) -> compiling.Compiled:
    path = folder / "doc.txt"
    path.write_text(FORM, encoding="utf-8")
    document = Document("doc", "changshou", 2024, "", "", path, "text/plain", sha256(path), path.stat().st_size)
    changes = {"documents": (document,), "corrections": (), "series": (), **changes}
    return compiling.compile_dataset(replace(settings, **changes), lambda message: None)


def correction(record: str = "doc-001", field: str = "budget_yuan", was: str = "2O") -> configuration.Correction:
    return configuration.Correction(record, field, was, "20", "字母 O 打成了零。", "原文第 5 行")


def test_a_correction_changes_its_cell_and_is_published(settings: Settings, tmp_path: Path) -> None:
    before = compiled(settings, tmp_path).tables
    assert [row.code for row in before.findings] == ["value-unparsed"]
    assert before.projects[0].budget_yuan is None
    after = compiled(settings, tmp_path, corrections=(correction(),)).tables
    assert after.findings == ()
    assert after.projects[0].budget_yuan == 200_000
    assert after.projects[0].budget_as_filed == "2O"
    assert [(row.record_id, row.was, row.is_) for row in after.corrections] == [("doc-001", "2O", "20")]


@pytest.mark.parametrize(
    ("stale", "said"),
    [
        (correction(was="30"), "第 1 条说 doc-001 的 budget_yuan 原为「30」，现在读到「2O」（doc.txt 第 5 行）"),
        (correction(record="doc-002"), "第 1 条（doc-002 的 budget_yuan）没有对应的格子"),
        (correction(field="basis"), "第 1 条（doc-001 的 basis）没有对应的格子"),
    ],
)
def test_a_stale_correction_stops_the_build(
    stale: configuration.Correction, said: str, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SettingsFault, match=r"^data/corrections\.yml：") as raised:
        compiled(settings, tmp_path, corrections=(stale,))
    assert said in str(raised.value)


def test_a_series_of_unknown_projects_stops_the_build(settings: Settings, tmp_path: Path) -> None:
    rule = configuration.SeriesRule(("doc-001", "doc-009"), True)
    with pytest.raises(SettingsFault, match=r"^data/series\.yml：没有项目 doc-009"):
        compiled(settings, tmp_path, series=(rule,))
