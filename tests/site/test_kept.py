"""What pages say of results: told by whom, counted right, what fell short first; and, where there are none, when and how."""

import csv
import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from printed import compiled
from results_site import HOUSES, NOBODYS, TOLD, settings_with_results
from results_typed import GUARDS, OIL

from builder.dataset import store
from builder.dataset.compile import Compiled
from builder.dataset.rows import Result, Tables
from builder.measures import kept, leads
from builder.package import derived, xlsx
from builder.package.datapackage import Content
from builder.package.record_schema import json_schema, result_schema
from builder.settings import Settings
from builder.site.facts import Facts, gather
from builder.site.paths import Here
from builder.site.views import region_year, results
from builder.site.views.parts import Link, finding_item
from builder.site.views.record import record, record_of_result

PLACE = ("changshou", 2024)
HERE = Here("")


@pytest.fixture(scope="module")
def read(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiled, Settings]:
    mine = settings_with_results(settings, tmp_path_factory.mktemp("told"))
    return compiled(mine), mine


def facts_of(tables: Tables, read: tuple[Compiled, Settings]) -> Facts:
    compiled, settings = read
    return gather(store.Dataset(tables, settings.schemas), compiled.lines, settings)


@pytest.fixture(scope="module")
def facts(read: tuple[Compiled, Settings]) -> Facts:
    return facts_of(read[0].tables, read)


def with_kind(tables: Tables, kind: str) -> Tables:
    """The tables with the sheet of the first project told by another judge."""
    return replace(tables, results=tuple(replace(one, kind=kind) if one.name == OIL else one for one in tables.results))


def sheet(facts: Facts, name: str) -> Result:
    return next(row for row in facts.results.values() if row.name == name)


# Counting


def test_every_promise_of_the_year_is_counted_once(facts: Facts, read: tuple[Compiled, Settings]) -> None:
    tally, tables = facts.kept[PLACE][0], read[0].tables
    ours = {row.indicator_id for row in tables.indicators if row.project_id.startswith("changshou-2024")}
    told = {row.result_id for row in tables.results if row.kind == "self_evaluation"}
    scored = Counter(row.attainment for row in tables.scores if row.indicator_id in ours and row.result_id in told)
    assert (tally.promised, tally.outcomes) == (len(ours), scored)
    assert dict(tally.outcomes) == {"met": 13, "missed": 2, "partly": 1, "unreadable": 1}
    silent = {project.project_id for project in tally.silent}
    of_silent = sum(row.project_id in silent for row in tables.indicators)
    assert (tally.told, tally.awaited, tally.untold) == (17, of_silent, 179 - 17 - of_silent)
    assert (tally.changed, tally.unpromised, tally.unmatched, len(tally.silent)) == (1, 5, 1, 25)


def test_a_promise_that_may_stand_in_what_was_not_read_is_not_left_out(read: tuple[Compiled, Settings]) -> None:
    tables, settings = read[0].tables, read[1]
    (row,) = [row for row in tables.results if row.name == HOUSES]
    gap = replace(tables.findings[0], code="row-ambiguous", document_id=row.document_id, line=row.line_end)
    before, after = (
        kept.tallies(replace(tables, findings=found), settings)[PLACE][0]
        for found in (tables.findings, (*tables.findings, gap))
    )
    assert (before.unread, after.unread, before.untold - after.untold) == (0, 1, 1)
    assert (after.told, after.promised) == (before.told, before.promised)


def test_money_and_totals_are_those_that_are_printed(facts: Facts) -> None:
    tally = facts.kept[PLACE][0]
    # 10 + 160 + 107.8 + 10 + 10 万元 given; 9 + 160 + 60.5 + 9 + 9 spent.
    assert (tally.money.budget, tally.money.spent) == (Decimal("2978000"), Decimal("2475000"))
    assert (tally.money.sheets, tally.money.left, tally.money.with_left) == (5, Decimal("503000"), 4)
    assert sorted(tally.totals) == [49, Decimal("85.6"), 97, 98]


def test_a_project_told_twice_counts_once_and_under_what_is_worse(read: tuple[Compiled, Settings]) -> None:
    tables, settings = read[0].tables, read[1]
    (row,) = [row for row in tables.results if row.name == OIL]
    again = replace(row, result_id=f"{TOLD}-009")
    scores = [replace(one, result_id=again.result_id) for one in tables.scores if one.result_id == row.result_id]
    worse = [replace(one, attainment="partly" if one.attainment == "met" else "unreadable") for one in scores]
    twice = replace(tables, results=(*tables.results, again), scores=(*tables.scores, *worse))
    once, more = (kept.tallies(one, settings)[PLACE][0] for one in (tables, twice))
    assert more.money == once.money
    assert sum(more.outcomes.values()) == sum(once.outcomes.values())
    # Four that were met are partly met now; the one that fell short does not become unreadable.
    assert (more.outcomes["missed"], more.outcomes["partly"]) == (once.outcomes["missed"], once.outcomes["partly"] + 4)


def test_a_whole_departments_money_is_not_added_to_its_projects(read: tuple[Compiled, Settings]) -> None:
    tables, settings = read[0].tables, read[1]
    (row,) = [row for row in tables.results if row.name_as_filed is None and row.region_id == "shapingba"]
    assert row.executed_yuan is not None
    assert kept.tallies(tables, settings)["shapingba", 2024][0].money.sheets == 0


def test_judges_are_never_added_up_and_half_a_year_is_no_outcome(read: tuple[Compiled, Settings]) -> None:
    tables, settings = read[0].tables, read[1]
    own, other, half = kept.tallies(with_kind(tables, "evaluation"), settings)[PLACE]
    assert [one.kind for one in (own, other, half)] == ["self_evaluation", "evaluation", "monitoring"]
    assert (dict(other.outcomes), len(own.totals), len(other.totals)) == (
        {"met": 4, "missed": 1, "unreadable": 2},
        3,
        2,
    )
    assert dict(half.outcomes) == {}
    # What was looked at in the middle of the year is not told at its end.
    assert "changshou-2024-key-021" in {one.project_id for one in own.silent}


# What pages say


def test_a_project_tells_what_fell_short_first_with_both_wordings(facts: Facts) -> None:
    (told,) = results.kept(facts, HERE, facts.projects["changshou-2024-key-004"]).told
    assert [one.attainment for one in told.outcomes] == ["未达到", "看不出来", "达到", "达到", "达到", "达到"]
    first = told.outcomes[0]
    assert (first.name, first.promised, first.actual, first.method) == (
        "提高农户生活质量",
        "是",
        "未完成",
        "照文件的话",
    )
    changed = next(one for one in told.outcomes if one.changed)
    assert (changed.promised, changed.changed, changed.actual) == ("等于 116 户", "等于 96 户", "96户")
    # 96 of 116 promised is no promise kept: it is met only by the target as it was printed later.
    assert changed.method == "按改过的目标算的"
    assert next(one for one in told.outcomes if one.name == "新增的满意度").promised == (
        "年初没有这一项；这张表的目标：不低于 90%"
    )
    assert next(one for one in told.outcomes if one.name == "保障居民居住安全").points == "没有打分（满分 10）"
    assert [one.text for one in told.missing] == ["危房改造对象投诉"]
    assert told.spent == "全年预算 107.8 万元，花了 60.5 万元（56.1%），没有花的 47.3 万元。"
    assert (told.kind, told.judged_by) == ("绩效自评", "用钱的单位自己评的")


def test_the_budget_that_was_promised_stands_beside_another(facts: Facts) -> None:
    (told,) = results.kept(facts, HERE, facts.projects["changshou-2024-key-003"]).told
    assert told.spent == "年初的目标表写 151 万元；全年预算 160 万元，花了 160 万元（100%）。"


def test_a_year_says_in_sentences_what_was_counted(facts: Facts) -> None:
    said = results.year(facts, HERE, *PLACE)
    judged = said.judged[0]
    assert judged.sheets == "5 张表，1 张没有找到拿得准的年初承诺。"
    assert judged.promises == (
        "年初承诺的 179 项指标，说到 17 项，没有说到 14 项；其余 148 项所在的项目，结果还没有收录。其中 1 项的目标后来改过，照改过的目标算。"
        "表里另有 5 项指标，年初没有承诺。"
    )
    assert [(one.label, one.count) for one in judged.outcomes] == [
        ("未达到", "2 项"),
        ("部分达到", "1 项"),
        ("看不出来", "1 项"),
        ("达到", "13 项"),
        ("结果里没有说到", "14 项"),
    ]
    assert judged.scores == "4 张印了总分，2 张在 90 分以上，从 49 分到 98 分。"
    assert [one.count for one in judged.bands] == ["2 张", "1 张", "0 张", "1 张"]
    assert (
        judged.money == "5 个项目印了全年预算和执行数：预算 297.8 万元，花了 247.5 万元；4 个没有花完，共剩 50.3 万元。"
    )
    assert said.silence == "年初公开了目标的 30 个项目，25 个的结果还没有收录，不代表没有做。"
    assert {one.name.text for one in said.results} >= {OIL, GUARDS, HOUSES, NOBODYS}
    assert len(said.silent) == 25 and OIL not in {one.text for one in said.silent}


def test_half_a_year_is_told_without_any_judgement(facts: Facts) -> None:
    (told,) = results.kept(facts, HERE, facts.projects["changshou-2024-key-021"]).told
    assert (told.kind, told.judged_by) == ("运行监控", "年度中间看进度，还不是结果，数到 7 月底")
    assert {(one.attainment, one.method, one.short) for one in told.outcomes} == {("", "", False)}
    assert told.summary == "运行监控：4 项指标。" and told.columns == ("承诺", "完成了多少", "全年预计")
    assert [one.points for one in told.outcomes][:2] == ["97.5%；完成目标：确定能", "2.6‰；完成目标：确定能"]
    assert told.spent.endswith("年初预算 1,376 万元，到 7 月底花了 688 万元（50%），预计全年花 1,376 万元。")
    assert told.money_columns == ("年初预算", "花了", "预计全年")
    half = results.year(facts, HERE, *PLACE).judged[-1]
    assert (half.promises, half.outcomes, half.scores, half.bands, half.money) == ("", (), "", (), "")


def test_an_evaluation_says_who_published_it_and_what_lost_points_first(facts: Facts) -> None:
    (told,) = results.kept(facts, HERE, facts.projects["changshou-2024-key-018"]).told
    assert (told.kind, told.judged_by) == ("绩效评价", "财政部门，或者它请的第三方评的，由财政局公开")
    assert (told.summary, told.score, told.missing) == ("绩效评价：7 项指标。", "91.5 分", ())
    assert [one.points for one in told.outcomes[:2]] == ["24 / 30", "8 / 10"]
    own = next(one for one in told.outcomes if one.name == "立项依据充分性")
    assert (own.promised, own.attainment, own.actual) == ("评价自己的指标", "", "")
    judged = results.year(facts, HERE, *PLACE).judged[1]
    assert (judged.promises, judged.outcomes) == ("评价用自己的指标打分，没有逐项写做到了多少。", ())
    assert judged.scores == "1 张印了总分，1 张在 90 分以上，91.5 分。"


def test_where_nothing_is_told_a_page_says_which_document_when_and_how(facts: Facts) -> None:
    said = results.kept(facts, HERE, facts.projects["changshou-2024-key-002"])
    assert said.told == ()
    assert "2024 年度部门决算" in said.due and "2025 年" in said.due and "商务委员会" in said.ask
    assert said.letter.href.endswith("results/#ask-changshou-2024")
    view: Any = next(results.index(facts)).view
    assert [one.anchor for one in view.awaited] == [
        "ask-shapingba-2024",
        "ask-changshou-2024",
        "ask-changshou-2023",
    ]
    assert all(
        f"{one.year.place.text} 年度项目支出绩效自评表".replace("年 年度", "年度") in one.letter for one in view.awaited
    )


def test_the_evaluations_that_a_place_promised_are_awaited_too(facts: Facts) -> None:
    said = results.year(facts, HERE, "shapingba", 2024)
    assert (
        said.evaluations
        == "这一年还承诺做 5 个绩效评价（部门整体评价 1 个、项目绩效评价 4 个），评价的结果还没有收录。"
    )
    assert [one.text for one in said.evaluating] == ["预算资金财政重点绩效评价"]
    assert results.year(facts, HERE, *PLACE).evaluations == ""


def test_without_any_result_the_pages_still_say_what_is_due(read: tuple[Compiled, Settings]) -> None:
    facts = facts_of(replace(read[0].tables, results=(), result_funding=(), scores=()), read)
    view: Any = next(results.index(facts)).view
    assert (view.years, view.explore) == ((), "") and "还没有收录结果" in view.lead
    said = results.year(facts, HERE, *PLACE)
    assert said.judged == () and said.silence == "年初公开了目标的 30 个项目，结果都还没有收录。"


def test_results_of_a_year_without_targets_are_a_page_and_promise_nothing(read: tuple[Compiled, Settings]) -> None:
    tables = read[0].tables
    mine = {TOLD, "changshou-2024-transfers"}
    later = tuple(
        replace(one, year=2019, project_id=None, match="none") for one in tables.results if one.document_id in mine
    )
    documents = tuple(replace(one, year=2019) if one.document_id in mine else one for one in tables.documents)
    scores = tuple(
        replace(one, indicator_id=None, match="none")
        for one in tables.scores
        if one.result_id in {row.result_id for row in later}
    )
    facts = facts_of(replace(tables, results=later, documents=documents, scores=scores), read)
    view: Any = next(region_year.pages(facts, "changshou", 2019)).view
    assert "只有结果，没有年初的目标" in view.lead[0].text
    (judged,) = view.kept.judged
    assert (
        judged.promises == "表里另有 22 项指标，年初没有承诺。年初的目标没有收录，不能对照。" and judged.outcomes == ()
    )


def test_promises_that_one_sheet_leaves_out_are_one_lead_that_names_the_sheet(facts: Facts) -> None:
    found = [slip for slip in facts.slips if slip.findings[0].code == "indicator-dropped"]
    # The sheet of half a year may leave out what it likes.
    assert sorted(len(slip.findings) for slip in found) == [1, 7]
    item = finding_item(facts, HERE, found[-1].findings[0], name_project=True)
    sheet = facts.sheet_at(found[-1].document_id, found[-1].findings[0].line)
    assert sheet is not None and item.project == Link(sheet.name, f"./results/{sheet.result_id}/")


def test_the_records_of_a_project_and_of_its_result_hold_what_came_of_it(facts: Facts) -> None:
    schemas = [make(facts.schemas, "https://example.org/") for make in (json_schema, result_schema)]
    judges = [jsonschema.Draft202012Validator(schema) for schema in schemas]
    told = json.loads(json.dumps(record(facts, "changshou-2024-key-004")))
    assert [fault.message for fault in judges[0].iter_errors(told)] == []
    (of_project,) = told["results"]
    assert of_project["result"]["executed_yuan"] == 605000 and len(of_project["scores"]) == 6
    for result_id, row in facts.results.items():
        own = json.loads(json.dumps(record_of_result(facts, result_id)))
        assert [fault.message for fault in judges[1].iter_errors(own)] == []
        assert own["result"]["name"] == row.name and own["url"].endswith(f"/results/{result_id}/")
    own = json.loads(json.dumps(record_of_result(facts, of_project["result"]["result_id"])))
    assert (own["result"], own["scores"]) == (of_project["result"], of_project["scores"])
    assert {"target-changed", "missed-full-score"} <= {found["code"] for found in own["findings"]}
    printed = {(one["record_id"], one["field"]): one["printed"] for one in own["provenance"]["values"]}
    assert printed[f"{TOLD}-003", "executed_yuan"] == "60.5"
    assert printed[f"{TOLD}-003-03", "actual_value"] == "96户"


@pytest.mark.site
def test_downloads_hold_results_in_one_wide_table_and_their_records_in_one_file(told_site: Path, facts: Facts) -> None:
    data = told_site / "data"
    wide, loose = pd.read_csv(data / "results_flat.csv"), pd.read_parquet(data / "parquet" / "results_flat.parquet")
    assert (
        list(wide.score_id) == list(loose.score_id) == [row.score_id for rows in facts.scores.values() for row in rows]
    )
    fell_short = wide[(wide.kind == "self_evaluation") & (wide.attainment == "missed")]
    assert {(row.region, row.year, row.project, row.name) for row in fell_short.itertuples(index=False)} >= {
        ("长寿区", 2024, HOUSES, "提高农户生活质量")
    }
    row = wide.iloc[0]
    assert row.url.endswith(f"results/{row.result_id}/#s-01")
    assert 'id="s-01"' in (told_site / "results" / row.result_id / "index.html").read_text(encoding="utf-8")
    with gzip.open(data / "results.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = {json.loads(line)["id"]: line for line in lines}
    assert records.keys() == facts.results.keys()
    for name, line in records.items():
        assert line == (told_site / "results" / name / "record.json").read_text(encoding="utf-8")
    page = (data / "index.html").read_text(encoding="utf-8")
    assert "results_flat.csv" in page and "results.jsonl.gz" in page


@pytest.mark.site
def test_without_results_no_file_of_them_is_offered(built_site: Path) -> None:
    assert not [*built_site.glob("data/results_flat*"), *built_site.glob("data/results.jsonl*")]
    assert "results_flat" not in (built_site / "data" / "index.html").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_workbook_names_what_a_result_is_of_and_leads_to_it(
    facts: Facts, read: tuple[Compiled, Settings], tmp_path: Path
) -> None:
    compiled, settings = read
    whole = derived.published(store.Dataset(compiled.tables, settings.schemas), settings)
    xlsx.write(Content(whole, settings.package, None, leads.find(whole.tables, settings), []), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    sheets = {name: list(book[name].iter_rows(values_only=True)) for name in ("结果", "指标的结果", "结果的资金")}
    assert [len(rows) - 1 for rows in sheets.values()] == [len(facts.results), len(compiled.tables.scores), 9]
    for rows in sheets.values():
        assert rows[0][:2] in (("地区·名称", "年度"), ("地区·名称", "评的是哪一年"))
        assert {row[:2] for row in rows[1:]} <= {("长寿区", 2024), ("沙坪坝区", 2024)}
    told = [dict(zip(sheets["指标的结果"][0], row, strict=True)) for row in sheets["指标的结果"][1:]]
    houses = next(row for row in told if row["指标名称"] == "提高农户生活质量")
    assert (houses["结果·名称"], houses["实际完成（原文）"], houses["达到没有"]) == (HOUSES, "未完成", "未达到")
    assert houses["网址"] == f"{settings.package.base_url}results/{TOLD}-003/#s-04"


# In a browser

KINDS = (
    "",
    "results/",
    f"results/{TOLD}-001/",
    f"results/{TOLD}-003/",
    f"results/{TOLD}-004/",
    "results/changshou-2024-watched-001/",
    "results/changshou-2024-judged-001/",
    "results/shapingba-2024-self-001/",
    "results/changshou-2024-transfers-001/",
    "projects/changshou-2024-key-002/",
    "projects/changshou-2024-key-004/",
    "regions/",
    "regions/changshou/2024/",
    "regions/shapingba/2024/",
    f"sources/{TOLD}/",
    "sources/",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.site
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_pages_with_results_are_accessible_and_fit_the_screen(
    told_url: str, browser: Browser, width: int, scheme: Any
) -> None:
    tab = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    faults = []
    for path in KINDS:
        tab.goto(f"{told_url}/{path}")
        tab.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true })")
        if (wide := tab.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"/{path}: {wide} px wide")
        for found in Axe().run(tab, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]:
            faults.append(f"/{path}: {found['id']}: {found['nodes'][0]['html'][:160]}")
    tab.context.close()
    assert faults == []


@pytest.mark.site
def test_the_third_table_shows_filters_and_hands_out_results(
    told_url: str, browser: Browser, read: tuple[Compiled, Settings]
) -> None:
    tables = read[0].tables
    missed = [row for row in tables.scores if row.attainment == "missed"]
    tab = browser.new_page()
    tab.goto(f"{told_url}/explore/?view=results&attainment=missed&sort=score")
    tab.wait_for_selector("[data-explore-table] tbody tr")
    assert tab.inner_text("[data-explore-status]") == f"{len(missed)} 项结果（全部 {len(tables.scores)}）"
    shown = tab.locator("[data-explore-table] tbody th a").all_inner_texts()
    assert sorted(shown) == sorted(row.name for row in missed)
    tab.locator("select[name=judge]").select_option("self_evaluation")
    expect(tab).to_have_url(re.compile("judge=self_evaluation"))
    assert "attainment=missed" in tab.url
    with tab.expect_download() as waiting:
        tab.click("[data-download=csv]")
    rows = list(csv.DictReader(waiting.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert {(row["结果指标编号"], row["达到没有"], row["原因"] or None) for row in rows} == {
        (row.score_id, "未达到", row.reason) for row in missed
    }
    by_name = {row["指标"]: row for row in rows}
    assert by_name["提高农户生活质量"]["年初的承诺"] == "是"
    assert by_name["提高农户生活质量"]["实际完成（原文）"] == "未完成"
    assert by_name["提高农户生活质量"]["网址"].endswith(f"/results/{TOLD}-003/#s-04")
    tab.close()


@pytest.mark.site
def test_what_a_results_document_says_is_found(told_url: str, browser: Browser) -> None:
    tab = browser.new_page()
    for query, heading in (("静稳天气 长寿", OIL), (NOBODYS, NOBODYS)):
        tab.goto(f"{told_url}/search/?q={query}&kind=结果")
        tab.wait_for_selector("[data-search-results] li")
        first = tab.locator("[data-search-results] li").first
        assert (first.locator(".badge").inner_text(), first.locator("a").inner_text()) == ("结果", heading)
    first.locator("a").click()
    tab.wait_for_url("**/results/**")
    expect(tab.locator("h1")).to_have_text(NOBODYS)
    # What a project promises is found as an indicator, what came of it as a result.
    tab.goto(f"{told_url}/search/?q=静稳天气&kind=指标")
    tab.wait_for_function("document.querySelector('[data-search-status]').innerText !== ''")
    assert tab.locator("[data-search-results] li").count() == 0
    tab.close()


@pytest.mark.site
def test_an_empty_third_table_says_where_to_look(site_url: str, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto(f"{site_url}/explore/?view=results")
    tab.wait_for_selector("[data-explore-table] tbody tr")
    assert tab.inner_text("[data-explore-status]") == "共 0 项结果"
    assert "还没有收录结果文件" in tab.inner_text("[data-explore-table] tbody")
    tab.close()
