"""What maintainers note of regions and years without a document, and the yearly list of what is still to come."""

import copy
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from builder import __main__ as cli
from builder.dataset import store
from builder.dataset.rows import Tables
from builder.faults import SettingsFault
from builder.model import Document
from builder.settings import Settings, places
from builder.settings.places import Calendar, Noted
from builder.upkeep.due import checklist

ROOT = Path(__file__).parents[2]
NO_TABLES = Tables((), (), (), (), (), (), (), (), (), (), (), ())
ENTRY = {"region_id": "yuzhong", "year": 2026, "status": "not_found"}
WHOLE: dict[str, Any] = {
    "due_month": 4,
    "entries": [
        ENTRY,
        {"region_id": "nanan", "year": 2026, "status": "unreadable", "checked_on": "2026-03-08", "note": "扫描图片",
         "url": "https://www.example.gov.cn/a.pdf"},
        {"region_id": "beibei", "year": 2026, "status": "not_due", "checked_on": None},
    ],
}  # fmt: skip


def read(block: object, folder: Path, settings: Settings) -> Calendar:
    path = folder / "calendar.yml"
    text = block if isinstance(block, str) else yaml.safe_dump(block, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return places.calendar(path, settings.regions, settings.documents)


def test_the_statuses(tmp_path: Path, settings: Settings) -> None:
    calendar = read(WHOLE, tmp_path, settings)
    assert calendar.due_month == 4
    assert {key: entry.status for key, entry in calendar.entries.items()} == {
        ("yuzhong", 2026): "not_found",
        ("nanan", 2026): "unreadable",
        ("beibei", 2026): "not_due",
    }
    assert calendar.entries["nanan", 2026].note == "扫描图片"


@pytest.mark.parametrize("block", ["due_month: 4\nentries:\n", "due_month: 4\nentries: []\n", "due_month: 4\n"])
def test_a_calendar_without_entries(block: str, tmp_path: Path, settings: Settings) -> None:
    assert read(block, tmp_path, settings) == Calendar(4, {})


def test_dates_need_no_quotes(tmp_path: Path, settings: Settings) -> None:
    text = "due_month: 4\nentries:\n- {region_id: yuzhong, year: 2026, status: not_due, checked_on: 2026-03-08}\n"
    assert read(text, tmp_path, settings).entries["yuzhong", 2026].checked_on == "2026-03-08"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.pop("due_month"), "缺少 due_month"),
        (lambda c: c.update(due_month="四月"), "due_month 应为整数，读到「四月」"),
        (lambda c: c.update(due_month=13), "due_month 不能大于 12，读到 13"),
        (lambda c: c.update(entry=[]), "有不认识的键 entry；可以用的有 due_month、results、entries"),
        (lambda c: c.update(entries="无"), "entries 应为列表"),
        (lambda c: c.update(entries=["渝中区"]), "entries 第 1 项 应为「键: 值」，读到「渝中区」"),
        (lambda c: c["entries"][1].pop("status"), "entries 第 2 项 缺少 status"),
        (lambda c: c["entries"][1].update(date="2026"), "entries 第 2 项 有不认识的键 date"),
        (lambda c: c["entries"][1].update(year="2026"), "entries 第 2 项的 year 应为整数，读到「2026」"),
        (lambda c: c["entries"][1].update(year=26), "entries 第 2 项的 year 不能小于 2000，读到 26"),
        (lambda c: c["entries"][1].update(region_id="南岸区"), "entries 第 2 项的 region_id 只能用小写字母"),
        (lambda c: c["entries"][1].update(status="lost"), "entries 第 2 项的 status 只能是 unreadable、not_found、not_due，读到「lost」"),
        (lambda c: c["entries"][1].update(status="read"), "只能是 unreadable、not_found、not_due，读到「read」"),
        (lambda c: c["entries"][1].update(checked_on="3月8日"), "checked_on 应为日期，如 2026-03-08，读到「3月8日」"),
        (lambda c: c["entries"][1].update(checked_on="20260308"), "checked_on 应为日期"),
        (lambda c: c["entries"][1].update(url="javascript:alert(1)"), "url 应以 https:// 或 http:// 开头"),
        (lambda c: c["entries"][1].update(note=["扫描"]), "note 应为文字"),
        (lambda c: c["entries"].append(ENTRY), "entries 第 4 项（yuzhong 2026）：前面已经写过"),
        (lambda c: c["entries"][1].update(region_id="wansheng", year=2025),
         "entries 第 2 项（wansheng 2025）：这个地区这一年已经有文件 wansheng-2025-key。请删去这一条"),
    ],
)  # fmt: skip
def test_a_fault_names_file_place_and_key(
    change: Callable[[Any], object], said: str, tmp_path: Path, settings: Settings
) -> None:
    block = copy.deepcopy(WHOLE)
    change(block)
    with pytest.raises(SettingsFault) as raised:
        read(block, tmp_path, settings)
    assert str(raised.value).startswith(f"{tmp_path / 'calendar.yml'}：")
    assert said in str(raised.value)


@pytest.mark.parametrize("text", ["", "无", "- a", "due_month: ["])
def test_a_file_that_is_no_calendar(text: str, tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SettingsFault, match=r"calendar\.yml"):
        read(text, tmp_path, settings)


def test_the_maintained_calendar_agrees_with_the_documents(settings: Settings) -> None:
    assert settings.calendar.due_month == 4


# The list of the yearly issue


def document(region_id: str, year: int) -> Document:
    return Document(f"{region_id}-{year}", region_id, year, "", "", Path("a"), "text/plain", "", 0)


@pytest.fixture
def few(settings: Settings) -> Settings:
    """Four regions: 渝中区 has a document of the year, 万盛 one of the year before."""
    regions = {key: settings.regions[key] for key in ("yuzhong", "nanan", "beibei", "wansheng")}
    return replace(settings, regions=regions, documents=(document("yuzhong", 2026), document("wansheng", 2025)))


def noted(**statuses: str) -> Calendar:
    entries = {
        (key, 2026): Noted(region_id=key, year=2026, status=status, checked_on="2026-03-08")
        for key, status in statuses.items()
    }
    return Calendar(4, entries)


def groups(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("## "):
            found[line[3:]] = []
        elif line.startswith("- "):
            found[list(found)[-1]].append(line)
    return found


def test_the_list_before_the_month_by_which_all_is_due(few: Settings) -> None:
    lines = list(checklist(2026, 4, NO_TABLES, replace(few, calendar=noted(nanan="not_found", beibei="unreadable"))))
    assert lines[0] == "# 2026 年绩效目标表：还缺哪些地区"
    assert groups(lines) == {
        "等待公开：2": [
            "- [ ] 南岸区（nanan），还没有过文件，2026-03-08查过：没有找到",
            "- [ ] 万盛经开区（wansheng）",
        ],
        "已公开，读不了：1": ["- [ ] 北碚区（beibei）：读不了"],
        "已读：1": ["- [x] 渝中区（yuzhong）"],
    }
    assert lines[-1] == "加入一份文件：`python -m builder add 文件`；找过没有找到的，记在 data/calendar.yml。"


def test_the_list_after_that_month(few: Settings) -> None:
    found = groups(
        list(checklist(2026, 5, NO_TABLES, replace(few, calendar=noted(nanan="not_found", beibei="not_due"))))
    )
    assert found == {
        "逾期未见（一般 4 月底以前公开）：2": [
            "- [ ] 南岸区（nanan），还没有过文件，2026-03-08查过：没有找到",
            "- [ ] 万盛经开区（wansheng）",
        ],
        "等待公开：1": ["- [ ] 北碚区（beibei），还没有过文件，2026-03-08查过：还没到公开的时候"],
        "已读：1": ["- [x] 渝中区（yuzhong）"],
    }


def test_a_year_that_is_complete_asks_for_nothing(few: Settings) -> None:
    whole = replace(few, documents=tuple(document(key, 2026) for key in few.regions))
    assert list(groups(list(checklist(2026, 13, NO_TABLES, replace(whole, calendar=noted()))))) == ["已读：4"]


def test_results_count_as_no_targets(few: Settings) -> None:
    told = replace(document("wansheng", 2026), kind="self_evaluation")
    lines = list(checklist(2026, 4, NO_TABLES, replace(few, documents=(*few.documents, told), calendar=noted())))
    assert groups(lines)["已读：1"] == ["- [x] 渝中区（yuzhong）"]


def test_results_are_due_where_there_are_targets_and_evaluations_where_they_are_promised(settings: Settings) -> None:
    """The five evaluations that 沙坪坝 promised for 2024, from its document."""
    tables = store.load(ROOT / "data" / "dataset", settings.schemas).tables
    lines = list(checklist(2025, 10, tables, settings))
    results = lines[lines.index("# 2025 年该公开的结果：目标后来怎样") :]
    assert [line for line in results if "shapingba" in line] == [
        "- [ ] 沙坪坝区（shapingba）2024 年绩效自评表，一般 10 月底以前公开",
        "- [ ] 沙坪坝区（shapingba）2024 年绩效评价表，年初承诺做 5 个（部门整体评价 1 个、项目绩效评价 4 个），一般 12 月底以前公开",
    ]
    late = list(checklist(2025, 11, tables, settings))
    assert "- [ ] 长寿区（changshou）2024 年绩效自评表，一般 10 月底以前公开，逾期未见" in late
    found = Noted(region_id="changshou", year=2024, kind="self_evaluation", status="not_found", checked_on="2025-11-02")
    calendar = replace(settings.calendar, results={("changshou", 2024, "self_evaluation"): found})
    late = list(checklist(2025, 11, tables, replace(settings, calendar=calendar)))
    assert (
        "- [ ] 长寿区（changshou）2024 年绩效自评表，一般 10 月底以前公开，逾期未见，2025-11-02查过：没有找到" in late
    )


def test_results_are_noted_apart_from_targets(tmp_path: Path, settings: Settings) -> None:
    held = {"region_id": "changshou", "year": 2024, "status": "not_found"}
    told = {**held, "kind": "self_evaluation"}
    calendar = read({"due_month": 4, "entries": [told]}, tmp_path, settings)
    assert not calendar.entries
    assert calendar.results["changshou", 2024, "self_evaluation"].status == "not_found"
    with pytest.raises(SettingsFault, match="已经有文件"):
        read({"due_month": 4, "entries": [held]}, tmp_path, settings)


def test_every_region_is_listed_once(settings: Settings) -> None:
    lines = list(checklist(2024, 13, NO_TABLES, replace(settings, calendar=Calendar(4, {}))))
    found = groups(lines)
    assert sum(map(len, found.values())) == len(settings.regions)
    assert "- [x] 沙坪坝区（shapingba）" in found["已读：3"]


def test_the_command() -> None:
    done = CliRunner().invoke(cli.main, ["due", "2025", "--month", "3"])
    assert done.exit_code == 0
    assert done.stdout.startswith("# 2025 年绩效目标表：还缺哪些地区\n\n## 等待公开：")
    assert "逾期未见" in CliRunner().invoke(cli.main, ["due", "2025"]).stdout
    for wrong in (["due", "25"], ["due", "2025", "--month", "0"], ["due", "今年"]):
        assert CliRunner().invoke(cli.main, wrong).exit_code == 2


@pytest.mark.parametrize("command", ["check", "missing", "build"])
def test_every_reading_command_proves_the_calendar(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "calendar.yml").write_text("due_month: 4\nentries: [渝中区]\n", encoding="utf-8")
    monkeypatch.setattr(cli, "DATA", tmp_path / "data")
    done = CliRunner().invoke(cli.main, [command])
    assert isinstance(done.exception, SettingsFault)
    assert "calendar.yml：第 2 行：entries 第 1 项 应为「键: 值」" in str(done.exception)


@pytest.mark.parametrize("name", ["calendar.yml", "package.yml", "aliases.yml", "wording.yml", "schemas/projects.yml"])
def test_check_proves_the_files_that_only_the_site_needs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / name).write_text("一句话\n", encoding="utf-8")
    monkeypatch.setattr(cli, "DATA", tmp_path / "data")
    done = CliRunner().invoke(cli.main, ["check"])
    assert isinstance(done.exception, SettingsFault)
    assert str(tmp_path / "data" / name) in str(done.exception)
