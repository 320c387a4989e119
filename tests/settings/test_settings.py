"""The maintained files: a fault names file, line and place, and says what to do; it is never a traceback."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.dataset import compile as compiling
from builder.faults import SettingsFault
from builder.model import Document
from builder.settings import Settings, load
from builder.settings.manifest import Correction, SeriesRule, sha256
from builder.settings.vocabulary import Labels
from builder.upkeep import report

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.yml"))
# What corrections and series look like; the maintained files hold only comments.
ENTRIES: dict[str, Any] = {
    "corrections.yml": [
        {"record": "a-001", "field": "name", "was": "甲", "is": "乙", "reason": "笔误", "evidence": "第 1 行"}
    ],
    "matches.yml": [{"result": "a-001", "project": "b-001", "reason": "核对过"}],
    "series.yml": [{"projects": ["a-001", "a-002"], "reason": "改了名称"}],
}
# Files that may have no entry yet: then they hold comments only.
MAY_BE_EMPTY = (
    "sources.yml",
    "corrections.yml",
    "series.yml",
    "population.yml",
    "matches.yml",
    "aliases.yml",
    "headlines.yml",
    "themes.yml",
    "tiles.yml",
    "lookups/departments.yml",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the maintained files."""
    for name in (*FILES, "divisions.csv"):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DATA / name, tmp_path / "data" / name)
    return tmp_path / "data"


def fault(data: Path) -> str:
    with pytest.raises(SettingsFault) as raised:
        load(data)
    return str(raised.value)


def test_a_place_is_known_once(data: Path) -> None:
    """A city without counties was there a second time as its own district, so that its name could not be told."""
    named = {name: [*load(data).gazetteer.named(name)] for name in ("东莞市", "中山市", "儋州市", "嘉峪关市")}
    assert {name: len(meant) for name, (meant,) in named.items()} == dict.fromkeys(named, 1)
    with (data / "divisions.csv").open("a", encoding="utf-8") as file:
        file.write("dongguan-dongguan,东莞市,district,dongguan,441900\n")
    assert "的代码 441900 已经用过。一个地方只写一行" in fault(data)


@pytest.mark.parametrize(
    ("put", "said"),
    [
        ("beijing,北京\x00市,municipality,,110000", "第 2 行：名称里有空格、换行或符号。请只写地名"),
        ("beijing,<b>北京市,municipality,,110000", "第 2 行：名称里有空格、换行或符号。请只写地名"),
        ('beijing,"北京\n市",municipality,,110000', "第 2 行：名称里有空格、换行或符号。请只写地名"),
        ("beijing,北京市,municipality,,１１００００", "第 2 行：编号、级别或代码写法不对"),
        ('beijing,"北京市,municipality,,110000', "引号不成对，从少一个引号的地方起都读成了一格"),
        ("beijing,北京\udcff市,municipality,,110000", "不是 UTF-8 编码。请用编辑器另存为 UTF-8"),
        (None, "找不到或打不开。请从版本库恢复它"),
    ],
)
def test_a_wrong_line_of_the_divisions(put: str | None, said: str, data: Path) -> None:
    path = data / "divisions.csv"
    text = path.read_text(encoding="utf-8")
    if put is None:
        path.unlink()
    else:
        changed = text.replace("beijing,北京市,municipality,,110000", put, 1)
        path.write_text(changed, encoding="utf-8", errors="surrogateescape")
    assert f"divisions.csv：{said}" in fault(data)


def test_the_divisions_may_have_been_saved_by_a_spreadsheet_program(data: Path) -> None:
    path = data / "divisions.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(data).gazetteer.full_name("beijing") == "北京市"


def test_the_maintained_files_load(settings: Settings) -> None:
    assert {document.document_id for document in settings.documents} >= {"changshou-2023-finance", "chongqing-2024-key"}
    assert settings.kept_readings == DATA.parent / ".cache" / "readings"
    assert settings.package.publisher == "明账 Mingzhang"
    assert settings.form.find("项 目 名 称：") == settings.form.find("项目名称")
    assert settings.form.find("2024年预算（万元）") == settings.form.find("当年预算")
    assert settings.form.find("3024年预算") is None
    assert settings.form.find("专项概况") == settings.form.find("项目概况")
    assert settings.form.find("项目用款单位") == settings.form.find("用款单位")
    assert settings.form.find("项目某某") is None
    assert settings.indicator.find("专项指标值") is None


def test_a_document_that_is_replaced_is_not_current(settings: Settings) -> None:
    first, second, *_ = settings.documents
    changed = replace(settings, documents=(first, replace(second, replaces=first.document_id)))
    assert [document.document_id for document in changed.current_documents] == [second.document_id]


def test_the_site_of_mkdocs_is_that_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SITE_URL", "REPOSITORY_URL"):
        monkeypatch.delenv(name, raising=False)
    text = (DATA.parent / "mkdocs.yml").read_text(encoding="utf-8")
    package = load(DATA).package
    assert f'site_url: !ENV [SITE_URL, "{package.base_url}"]' in text
    assert f'repo_url: !ENV [REPOSITORY_URL, "{package.repository}"]' in text


def test_a_workflow_says_where_it_publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/a")
    monkeypatch.setenv("REPOSITORY_URL", "https://example.org/code/")
    package = load(DATA).package
    assert (package.base_url, package.repository) == ("https://example.org/a/", "https://example.org/code")
    monkeypatch.setenv("SITE_URL", "example.org")
    with pytest.raises(SettingsFault, match="SITE_URL"):
        load(DATA)


# All files go through one reader, which the next two tests prove of each: every slip is tried in one of them.
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "写法不对"),
        ("a: 1\na: 2", "第 2 行：键「a」写了两次"),
        ("a:\n\tb: 1", "第 2 行第 1 列：写法不对"),
        ("一句话", "第 1 行：应为"),
        ("a: 1\nb: 1\x07", "第 2 行：有看不见的字符（U+0007）"),
        ('a: "\\0"', "第 1 行：有看不见的字符（U+0000）"),
        ("a: 甲\u200b", "第 1 行：有看不见的字符（U+200B）"),
        ("[a]: 1", "第 1 行：键是一个列表或一组键值"),
        ("{a: 1}: 1", "第 1 行：键是一个列表或一组键值"),
        ("!!int 甲", "第 1 行：用了以 ! 开头的标注"),
        ("!!python/object:os.system {}", "第 1 行：用了以 ! 开头的标注"),
        ("a: *b", "第 1 行：用了锚点"),
        ("a: &a [1]\nb: [*a, *a]", "第 1 行：用了锚点"),
        ("[" * 5000, "第 1 行：嵌套超过 20 层"),
        ("a: " + "甲" * 30_000, "第 1 行：一段文字有 30,000 字"),
        ("a: 1\n---\nb: 1", "第 2 行：一个文件里有两份内容"),
        ("#" * 3_000_000, "太大（3,000,000 字节）"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_its_yaml(text: str, said: str, data: Path) -> None:
    path = data / "checks.yml"
    path.write_text(text, encoding="utf-8")
    message = fault(data)
    assert message.startswith(f"{path}：")
    assert said in message
    assert len(message) < 300


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_comments_only(name: str, data: Path) -> None:
    (data / name).write_text("# 每条一份\n", encoding="utf-8")
    if name == "themes.yml":
        # Headlines name themes.
        (data / "headlines.yml").write_text("# 每条一句\n", encoding="utf-8")
    if name in MAY_BE_EMPTY:
        assert load(data).regions
    else:
        message = fault(data)
        assert message.startswith(f"{data / name}：")
        assert "读到空" in message


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_or_in_another_encoding(name: str, data: Path) -> None:
    (data / name).write_bytes("a: 1\n说明: 甲".encode("gb18030"))
    assert fault(data) == f"{data / name}：第 2 行：不是 UTF-8 文字。请另存为 UTF-8。"
    (data / name).unlink()
    # Nobody misses a schema but the list of tables and those that refer to it.
    assert "文件不存在" in fault(data) or name.startswith("schemas/")


def test_a_file_that_begins_with_a_byte_order_mark(data: Path) -> None:
    path = data / "checks.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(data).checks.weight_total == 100


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("labels.yml", lambda f: f.pop("sections"), "缺少 sections"),
        ("labels.yml", lambda f: f.update(titels=[]), "有不认识的键 titels；可以用的有 titles、"),
        ("labels.yml", lambda f: f.update(titles=[]), "titles 不能是空的"),
        ("labels.yml", lambda f: f["titles"][0].pop("form_type"), "titles 第 1 项 缺少 form_type"),
        ("labels.yml", lambda f: f["titles"][0].update(form_type="fund"), "titles 第 1 项的 form_type 只能是 special_fund、"),
        ("labels.yml", lambda f: f["titles"][0].update(pattern="("), "titles 第 1 项的 pattern 不是有效的正则表达式"),
        ("labels.yml", lambda f: f["other_kinds"][0].pop("columns"), "other_kinds 第 1 项 缺少 columns"),
        ("labels.yml", lambda f: f["other_kinds"][0].update(columns=["["]), "other_kinds 第 1 项的 columns 第 1 项 不是有效的正则表达式"),
        ("labels.yml", lambda f: f["furniture"].append("["), "不是有效的正则表达式"),
        ("labels.yml", lambda f: f["form"].update(nmae={"labels": ["甲甲"]}), "form.nmae 只能是 name、"),
        ("labels.yml", lambda f: f["form"]["name"].update(label=[]), "form.name 有不认识的键 label；可以用的有 labels、"),
        ("labels.yml", lambda f: f["form"]["name"].update(labels="名称"), "form.name.labels 应为列表，读到「名称」。写成 [甲, 乙]"),
        ("labels.yml", lambda f: f["form"]["name"]["labels"].insert(0, 2024), "form.name.labels 第 1 项 应为文字，读到 2024"),
        ("labels.yml", lambda f: f["form"]["name"].update(kind="words"), "form.name.kind 只能是 text、"),
        # 全角、空白、括号注不算两种写法
        ("labels.yml", lambda f: f["form"]["unit"]["labels"].append("项目 名称（必填）："), "「项目 名称（必填）：」已经是 form.name 的写法"),
        ("labels.yml", lambda f: f["form"]["name"].update(misprints=["当年预算"]), "「当年预算」已经是 form."),
        ("labels.yml", lambda f: f["statements"][0].update(figure="sum"), "statements 第 1 项的 figure 只能是 projects、"),
        ("labels.yml", lambda f: f["statements"][2].update(pattern=r"共(?P<value>\d+)"), "pattern 缺少 (?P<unit>…)"),
        ("lookups/tokens.yml", lambda f: f.pop("level2"), "缺少 level2"),
        ("lookups/tokens.yml", lambda f: f["comparison"].update(above=["高于"]), "comparison.above 只能是 ge、"),
        ("lookups/tokens.yml", lambda f: f["comparison"]["le"].append(" ≥"), "「 ≥」既是 ge 又是 le"),
        ("lookups/tokens.yml", lambda f: f["yes_no"].update(true="是"), "yes_no.true 应为列表"),
        ("lookups/departments.yml", lambda f: f.update(经济局=["应急局"]), "「应急局」既是 应急管理局 又是 经济局"),
        ("lookups/departments.yml", lambda f: f.update(经济局="经信局"), "经济局 应为列表"),
        ("regions.yml", lambda f: f[1].pop("level"), "第 2 条 缺少 level"),
        ("regions.yml", lambda f: f[1].update(parent="city"), "第 2 条 有不认识的键 parent"),
        ("regions.yml", lambda f: f[1].update(level="county"), "第 2 条的 level 只能是 province、"),
        ("regions.yml", lambda f: f[1].update(division_code=500101), "division_code 应为文字，读到 500101 。像数字的文字"),
        ("regions.yml", lambda f: f[1].update(region_id="../a"), "第 2 条的 region_id 只能用小写字母"),
        ("regions.yml", lambda f: f[1].update(region_id="chongqing"), "地区「chongqing」前面已经写过"),
        ("regions.yml", lambda f: f[1].update(parent_id="town"), "的上级 town 既不在这里，也不在 divisions.csv 里"),
        ("regions.yml", lambda f: f[0].update(parent_id=f[1]["region_id"]), "的上级绕了一圈又回到"),
        ("regions.yml", lambda f: f[2].update(aliases=[f[1]["name"]]), "的写法，请只留一处"),
        ("sectors.yml", lambda f: f[1].update(sector_id=f[0]["sector_id"]), "领域「government-affairs」前面已经写过"),
        ("sectors.yml", lambda f: f[1].update(keywords=["人大"]), "关键词「人大」前面已经写过"),
        ("sectors.yml", lambda f: f[1].update(cofog=10), "第 2 条的 cofog 应为文字，读到 10 "),
        ("sources.yml", lambda f: f[1].pop("sha256"), "第 2 条 缺少 sha256"),
        ("sources.yml", lambda f: f[1].update(url="https://"), "有不认识的键 url；可以用的有 document_id、"),
        ("sources.yml", lambda f: f[1].update(document_id=f[0]["document_id"]), "changshou-2023-finance 写了两次"),
        ("sources.yml", lambda f: f[1].update(document_id="东区-2024"), "document_id 只能用小写字母、数字和连字符"),
        ("sources.yml", lambda f: f[1].update(region_id="west"), "地区 west 既不在 data/regions.yml 里，也不在 data/divisions.csv 里"),
        ("sources.yml", lambda f: f[1].update(year="2024年"), "year 应为整数，读到「2024年」"),
        ("sources.yml", lambda f: f[1].update(year=1999), "year 不能小于 2000，读到 1999"),
        ("sources.yml", lambda f: f[1].update(bytes=True), "bytes 应为整数，读到 true"),
        ("sources.yml", lambda f: f[1].update(file="../secret.txt"), "只写 data/sources 里的文件名"),
        ("sources.yml", lambda f: f[1].update(file=f[0]["file"]), "前面已经登记过"),
        ("sources.yml", lambda f: f[1].update(source_url="http://a.cn/甲 乙.pdf"), "source_url 应以 https:// 或 http:// 开头"),
        ("sources.yml", lambda f: f[1].update(replaces="east-2023"), "east-2023 不在它前面"),
        ("sources.yml", lambda f: (f[1].update(replaces=f[0]["document_id"]), f[2].update(replaces=f[0]["document_id"])),
         "changshou-2024-key 已经替换 changshou-2023-finance。请让后一份替换前一份：replaces: changshou-2024-key"),
        ("corrections.yml", lambda f: f[0].pop("reason"), "第 1 条 缺少 reason"),
        ("corrections.yml", lambda f: f[0].update({"is": 20}), "第 1 条的 is 应为文字，读到 20 。像数字的文字"),
        ("matches.yml", lambda f: f[0].update(score="a-001-01"), "要写 result 和 project，或者 score 和 indicator"),
        ("scoring.yml", lambda f: f["words"]["met"].append("未完成"), "未完成"),
        ("series.yml", lambda f: f[0].pop("projects"), "第 1 条 要写 projects（接上）或 separate（分开）其中一个"),
        ("series.yml", lambda f: f[0].update(separate=["a-001"]), "其中一个"),
        ("checks.yml", lambda f: f.pop("share_words"), "缺少 share_words"),
        ("checks.yml", lambda f: f.update(weight_total="100"), "weight_total 应为整数，读到「100」"),
        ("checks.yml", lambda f: f.update(phone_pattern="("), "phone_pattern 不是有效的正则表达式"),
        ("findings.yml", lambda f: f["weight-sum"].pop("fix"), "weight-sum 缺少 fix"),
        ("findings.yml", lambda f: f.pop("weight-sum"), "缺少 weight-sum"),
        ("findings.yml", lambda f: f.update(more=dict(f["weight-sum"])), "more 程序里没有"),
        ("findings.yml", lambda f: f["weight-sum"].update(severity="fatal"), "weight-sum.severity 只能是 error、"),
        ("findings.yml", lambda f: f["weight-sum"].update(message="{name}"), "weight-sum.message 里有不认识的 {name}；可以用的有 {expected}、"),
        ("findings.yml", lambda f: f["weight-sum"].update(message="{"), "weight-sum.message 花括号没有成对"),
        ("findings.yml", lambda f: f["weight-sum"].update(message="{expected:>99999999}"), "里有不认识的 {expected}"),
        ("population.yml", lambda f: f.append({**f[0], "counted_on": "2020-11-01"}), "普查「chongqing 2020-11-01」前面已经写过"),
        ("population.yml", lambda f: f[0].update(region_id="nowhere"), "第 1 条：没有地区 nowhere"),
        ("population.yml", lambda f: f[0].update(people="三千万"), "people 应为整数，读到「三千万」"),
        ("population.yml", lambda f: f[0].pop("source"), "第 1 条 缺少 source"),
        ("population.yml", lambda f: f[0].pop("url"), "第 1 条 缺少 url"),
        ("calendar.yml", lambda f: f.update(due_month=13), "due_month 不能大于 12，读到 13"),
        ("glossary.yml", lambda f: f[0].update(plian=f[0].pop("plain")), "第 1 条 缺少 plain；有不认识的键 plian"),
        ("glossary.yml", lambda f: f[1].update(term=f[0]["term"]), "词「绩效目标」前面已经写过"),
        ("glossary.yml", lambda f: f[0].update(field="projects.aim"), "field「projects.aim」不是数据集里的「表.字段」"),
        ("aliases.yml", lambda f: f[1]["words"].append("教 委"), "词「教委」前面已经写过"),
        ("aliases.yml", lambda f: f[1].update(words="医保"), "第 2 条的 words 应为列表"),
        ("package.yml", lambda f: f.update(tables=[1000]), "tables 第 1 项 应为文字，读到 1000"),
        ("package.yml", lambda f: f["tables"].pop(), "tables 应列出 data/schemas 里的每张表各一次；不同的是 regions"),
        ("package.yml", lambda f: f.update(readme="$titel"), "readme 里有不认识的 $ 名称（'titel'）；可以用 $name、"),
        ("package.yml", lambda f: f.update(licence_text="100$"), "licence_text 里有不认识的 $ 名称"),
        ("package.yml", lambda f: f["leads"]["few_indicators"].update(rule="$many"), "leads.few_indicators.rule 里有不认识的 $ 名称"),
        ("package.yml", lambda f: f["leads"].update(findings_each=["weight-summ"]), "data/findings.yml 没有 weight-summ"),
        ("package.yml", lambda f: f["contributors"][0].update(roles=["dataCurator"]), "contributors 没有一项的 roles 含有 publisher"),
        ("package.yml", lambda f: f.update(base_url="https://a.example"), "base_url 应以 / 结尾"),
        ("package.yml", lambda f: f.update(version=1), "version 应为文字，读到 1 "),
        ("package.yml", lambda f: f.update(published="20261121"), "published 应为日期"),
        ("schemas/projects.yml", lambda f: f.update(title="项目'"), "title 应为 31 字以内"),
        ("schemas/projects.yml", lambda f: f.update(title="绩效指标"), "title 与 indicators.yml 的相同"),
        ("schemas/projects.yml", lambda f: f["fields"][0].update(title=f["fields"][1]["title"]), "字段的标题「"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_place(name: str, change: Callable[[Any], object], said: str, data: Path) -> None:
    text = yaml.safe_dump(ENTRIES[name]) if name in ENTRIES else (data / name).read_text(encoding="utf-8")
    content = yaml.load(text, yaml.CSafeLoader)
    change(content)
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    (data / name).write_text(text, encoding="utf-8")
    message = fault(data)
    assert str(data / name) in message or "schemas" in name
    assert said in message
    assert "\n" not in message


def test_all_faults_of_a_file_are_told_at_once(data: Path) -> None:
    text = (data / "checks.yml").read_text(encoding="utf-8")
    text = text.replace("weight_total: 100", "weight_total: 一百").replace(
        "reuse_min_length: 20", "reuse_min_length: 0"
    )
    (data / "checks.yml").write_text(text, encoding="utf-8")
    first, *rest = fault(data).splitlines()
    assert first == f"{data / 'checks.yml'} 有 2 处要改："
    lines = {number for number, line in enumerate(text.splitlines(), 1) if "一百" in line or "length: 0" in line}
    assert {int(found[1]) for line in rest if (found := re.search(r"第 (\d+) 行", line))} == lines


def test_spellings_that_no_document_printed_are_told(tmp_path: Path) -> None:
    fresh = load(DATA)
    made = compiled(fresh, tmp_path)
    said = list(report.unused(made.tables, replace(fresh, task=Labels({}, (), {}))))
    form, indicator, catalogue, comparison, advice = said
    assert form.startswith(f"data/labels.yml form：{len(fresh.form.exact)} 个写法里 ")
    assert "、项目代码、" in form and {"项目名称", "主管部门", "当年预算"}.isdisjoint(fresh.form.unmet())
    assert not re.search("[：、](指标名称|分值)(、|$)", indicator) and "、指标权重、" in indicator
    assert catalogue.startswith("data/labels.yml catalogue：")
    assert comparison.startswith("data/lookups/tokens.yml comparison：") and "：≥、" not in comparison
    assert advice.endswith("改正或删去。")


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
    document = replace(document, source_url="https://example.org/doc", retrieved_on="2024-03-01")
    changes = {"documents": (document,), "corrections": (), "series": (), **changes}
    return compiling.compile_dataset(replace(settings, **changes), lambda message: None)


def correction(record: str = "doc-001", field: str = "budget_yuan", was: str = "2O") -> Correction:
    return Correction(
        **{
            "record": record,
            "field": field,
            "was": was,
            "is": "20",
            "reason": "字母 O 打成了零。",
            "evidence": "原文第 5 行",
        }
    )


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
def test_a_stale_correction_stops_the_build(stale: Correction, said: str, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match=r"^data/corrections\.yml：") as raised:
        compiled(settings, tmp_path, corrections=(stale,))
    assert said in str(raised.value)


def test_a_series_of_unknown_projects_stops_the_build(settings: Settings, tmp_path: Path) -> None:
    rule = SeriesRule(("doc-001", "doc-009"), True, "改名")
    with pytest.raises(SettingsFault, match=r"^data/series\.yml：没有项目 doc-009"):
        compiled(settings, tmp_path, series=(rule,))
