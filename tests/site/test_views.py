"""What pages say: formats, sums, comparisons and links, on a dataset small enough to reckon by hand."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest
import tiny
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tiny import DATA, finding, indicator, tables

from builder import words
from builder.dataset import store
from builder.dataset.rows import Indicator, Project, Tables
from builder.measures import compare
from builder.measures.promise import Promise
from builder.measures.scope import full_names
from builder.measures.similar import nearest
from builder.model import Line
from builder.package.record_schema import json_schema
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import pages
from builder.site.facts import Facts, gather
from builder.site.paths import Here
from builder.site.views import about, departments, home, policies, project, quality, region_year, regions, sectors
from builder.site.views.parts import amount, total_value
from builder.site.views.record import record
from builder.site.views.terms import FirstUses

SCHEMAS = load_schemas(DATA / "schemas")
HOUSES = indicator(
    "east-2025-key-001", 9, "改造户数", "20", comparison="eq", target_value=Decimal(116), unit="户", is_core=True
)
PRINTED = ("绩效目标表", "项目名称\t农村危房改造", "项目总资金额\t见原文", "区级资金\t121.070055", "", "目标\t改造危房")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return gathered(tables(), tmp_path_factory.mktemp("tiny") / "dataset")


def gathered(written: Tables, folder: Path) -> Facts:
    store.write(written.by_name(), SCHEMAS, folder)
    lines = {
        row.document_id: tuple(Line(number, text) for number, text in enumerate(PRINTED, 1))
        for row in written.documents
    }
    return gather(store.load(folder, SCHEMAS), lines, load(DATA))


# Formats


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("0", "0 元"),
        ("9999.994", "9,999.99 元"),
        ("10000", "1 万元"),
        ("280500", "28.05 万元"),
        ("99999999", "10,000.00 万元"),
        ("100000000", "1 亿元"),
        ("39687539300", "396.88 亿元"),
        ("239852200", "2.40 亿元"),
        ("240000000", "2.4 亿元"),
        ("125000", "12.5 万元"),
        ("120050", "12.01 万元"),
        ("-1210700", "-121.07 万元"),
    ],
)
def test_money_reads_in_the_unit_people_use(yuan: str, text: str) -> None:
    assert words.money(Decimal(yuan)) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33.3%"), (1, 1, "100%"), (0, 5, "0%"), (1, 5000, "不到 0.1%"), (1, 2000, "0.1%"), (1, 8, "12.5%")],
)
def test_a_share_that_is_not_nothing_never_reads_as_nothing(part: int, whole: int, text: str) -> None:
    assert words.percent(part, whole) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        ("2000000", "2000000", "持平"),
        ("2500000", "2000000", "增加 50 万元（+25%）"),
        ("1990000", "2000000", "减少 1 万元（−0.5%）"),
        ("10000", "0", "增加 1 万元"),
    ],
)
def test_a_change_says_how_much_and_of_what(now: str, before: str, text: str) -> None:
    assert words.change(Decimal(now), Decimal(before)) == text


@pytest.mark.parametrize(
    ("comparison", "target", "value", "unit", "text"),
    [
        ("ge", "20", "20", "家", "不少于 20 家"),
        ("ge", "98", "98", "%", "不低于 98%"),
        ("gt", "90.0", "90.0", "%", "高于 90%"),
        ("le", "1", "1", "mg/m³", "不超过 1 mg/m³"),
        ("lt", "20", "20", "起", "少于 20 起"),
        ("eq", "8000", "8000", "万元", "等于 8,000 万元"),
        ("eq", "2", "2", None, "等于 2"),
        ("qualitative", "显著", None, None, "显著"),
        ("qualitative", None, None, None, "未写明"),
        ("ge", "三成以上", None, None, "不少于 三成以上"),
        (None, "12 月底前", None, None, "12 月底前"),
        ("le", "2026年12月底前", "12", "月", "2026年12月底前"),
    ],
)
def test_a_target_reads_as_words(
    comparison: str | None, target: str | None, value: str | None, unit: str | None, text: str
) -> None:
    assert words.promise(comparison, target, None if value is None else Decimal(value), unit) == text


def test_no_line_ends_inside_a_figure() -> None:
    assert words.bound("不少于 8,000 万元（20 分）") == "不少于 8,000\u00a0万元（20\u00a0分）"
    assert words.bound("原文 ≥ 98 %") == "原文 ≥\u00a098\u00a0%"
    assert words.bound("2 3 项") == "2 3\u00a0项"


def test_small_formats() -> None:
    assert words.exact_money(Decimal("1210700.55")) == "1,210,700.55 元"
    assert words.wan(Decimal(39687539300)) == "3,968,753.93"
    assert words.points(Decimal("29.50")) == "29.5 分"
    assert words.listing(["“两江四岸”治理", "公租房"]) == "“‘两江四岸’治理”“公租房”"
    assert words.day("2025-04-09") == "2025 年 4 月 9 日"
    assert [words.file_size(size) for size in (12, 192_066, 2_500_000)] == ["12 字节", "192 kB", "2.5 MB"]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_a_number_loses_no_digit(value: Decimal) -> None:
    assert Decimal(words.number(value).replace(",", "")) == value


@given(st.integers(0, 10**14), st.integers(-5, 10**14))
def test_a_bar_never_leaves_its_track(part: int, whole: int) -> None:
    assert 0 <= Decimal(words.width(part, whole).rstrip("%")) <= 100


# Sums


def test_sums_keep_years_and_regions_apart_and_count_what_they_do_not_know(facts: Facts) -> None:
    east = facts.by_region_year_type["east", 2024, "special_fund"]
    assert (east.forms, east.yuan, east.unknown) == (2, Decimal("1210700.55"), 1)
    assert total_value(east).text == "121.07 万元（另有 1 项金额不明）"
    assert facts.by_region_year_type["east", 2025, "special_fund"].yuan == Decimal(200_000_000)


def test_a_department_without_a_sector_stays_in_the_sums(facts: Facts) -> None:
    assert facts.by_region_year_type_sector["west", 2024, "special_fund", None].forms == 1
    view = next(region_year.pages(facts, "west", 2024)).view
    assert isinstance(view, region_year.RegionYearView)
    assert [item.sector for item in view.projects[0].items] == ["未归领域"]


def test_no_page_adds_different_kinds_of_form(facts: Facts) -> None:
    view = next(region_year.pages(facts, "east", 2024)).view
    assert isinstance(view, region_year.RegionYearView)
    assert "".join(span.text for span in view.lead) == (
        "2024 年收录：2 个重点专项。专项资金 2 项，合计 121.07 万元（另有 1 项金额不明）。"
    )
    assert view.caution == "这不是东区的全部预算，是已收录文件里的项目：2 个重点专项。"


def test_a_department_drops_its_regions_name_in_a_list_under_it(facts: Facts) -> None:
    view = next(region_year.pages(facts, "east", 2024)).view
    assert isinstance(view, region_year.RegionYearView)
    assert {item.department.text for item in view.projects[0].items if item.department} == {"住建委"}


@pytest.mark.parametrize(
    ("name", "aliases", "names"),
    [
        ("长寿区", ("长寿区", "重庆市长寿区", "长寿"), ("重庆市长寿区", "长寿区")),
        ("重庆市", ("重庆市", "重庆", "重庆市本级", "重庆市级"), ("重庆市",)),
        ("万盛经开区", ("万盛经济技术开发区",), ("万盛经济技术开发区", "万盛经开区")),
        ("东区", (), ("东区",)),
    ],
)
def test_only_a_full_name_of_a_region_can_be_dropped(
    name: str, aliases: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """重庆大学 is not 大学, and 重庆市长寿高新区服务中心 keeps its name."""
    assert full_names(name, aliases) == names


def test_a_region_opens_with_its_latest_year_and_largest_project(facts: Facts) -> None:
    view = regions.page(facts, "east").view
    assert isinstance(view, regions.RegionView)
    assert "".join(span.text for span in view.lead) == "2025 年收录的范围是 1 个重点专项：专项资金 1 项，预算 2 亿元。"


def test_the_projects_of_a_year_come_at_once_with_promise_and_money(facts: Facts) -> None:
    view = next(region_year.pages(facts, "east", 2025)).view
    assert isinstance(view, region_year.RegionYearView)
    (only,) = view.projects[0].items
    promise = facts.promises["east-2025-key-001"].text
    assert (only.name.text, only.promise, only.budget.text) == ("农村危房改造", promise, "2 亿元")


def test_what_is_much_is_told_by_rank_unit_standard_year_and_elsewhere(facts: Facts) -> None:
    counted = replace(
        facts,
        promises={"east-2025-key-001": Promise("改造 116 户", "core", HOUSES)},
        carrying={"east-2025-key-001": HOUSES},
        lines={**facts.lines, "east-2025-key": (Line(1, "补助标准\t每户补助17,500元，C级4000元/户"),)},
    )
    view = project_view(counted, "east-2025-key-001")
    said = [("".join(span.text for span in one.against), one.result) for one in view.yardsticks]
    assert said == [
        ("钱 ÷ 承诺的 116 户", "约 172.41 万元/户"),
        ("原文写的标准", "每户补助17,500元；C级4000元/户"),
        ("与 2024 年比", "增加 1.99 亿元（+16,419.4%）（2024 年 121.07 万元）"),
    ]
    assert [link.text for link in view.yardsticks[1].sources] == ["第 1 行"]
    first = project_view(replace(counted, carrying={}), "east-2025-key-001").yardsticks[0]
    assert first.against[0].text == "原文写的标准", "where no count carries the money, nothing is divided"
    beside = project_view(facts, "east-2024-key-001").yardsticks
    assert not [one for one in beside if "大，占" in one.result], (
        "the other project of the year prints no amount: there is nothing to stand among"
    )


# Words


def test_a_word_explains_itself_once_under_any_spelling(facts: Facts) -> None:
    words = FirstUses(facts, Here("projects/a/"))
    first, again, alias, unknown = (words.word(text) for text in ("权重", "权重", "分值", "承诺"))
    assert first.plain.startswith("这项指标在总分 100 分里") and first.glossary == "../../about/#g-%E6%9D%83%E9%87%8D"
    assert [word.plain for word in (again, alias, unknown)] == ["", "", ""]
    assert [word.text for word in (again, alias, unknown)] == ["权重", "分值", "承诺"]


def test_the_labels_of_a_project_explain_themselves_where_they_come_first(facts: Facts) -> None:
    view = project_view(facts, "east-2024-key-001")
    labels = (view.kind, view.goal.label, view.columns[0], view.columns[2])
    assert [label.text for label in labels] == ["专项资金", "绩效目标", "指标", "权重"]
    assert all(label.plain for label in labels)
    assert {fact.label.text for fact in view.facts if fact.label.plain} == {"主管部门", "实施单位"}


def test_a_form_without_background_says_so_once(facts: Facts) -> None:
    def background(basis: str | None) -> list[tuple[str, ...]]:
        row = replace(facts.projects["east-2024-key-002"], overview=None, basis=basis)
        bare = replace(facts, projects={**facts.projects, "east-2024-key-002": row})
        return [text.paragraphs for text in project_view(bare, "east-2024-key-002").background]

    assert background(None) == []
    assert background("渝办发〔2017〕121号") == [(), ("渝办发〔2017〕121号",)]


def test_the_strip_of_weights_tells_its_colours(facts: Facts) -> None:
    view = project_view(facts, "east-2024-key-001")
    assert {item.kind for item in view.legend} == {segment.kind for segment in view.strip}
    assert [(item.word.text, item.points) for item in view.legend] == [
        ("核心指标", "60 分"),
        ("其他指标", "29.5 分"),
        ("预算执行率", "10 分"),
    ]


# Project


def project_view(facts: Facts, project_id: str) -> project.ProjectView:
    view = project.page(facts, project_id).view
    assert isinstance(view, project.ProjectView)
    return view


def test_the_lead_says_who_spends_how_much_against_what_and_how_it_is_judged(facts: Facts) -> None:
    lead = project.page(facts, "east-2025-key-001").description
    assert lead.startswith("东区住建委 2025 年为这个项目安排 2 亿元，比 2024 年增加 1.99 亿元（+16,419.4%）；")
    lead = project.page(facts, "east-2024-key-001").description
    assert lead == (
        "东区住建委 2024 年为这个项目安排 121.07 万元，占东区当年公开的 2 项专项资金的 100%；"
        "用 2 项指标考核，权重最高的是“改造户数”（60 分）。"
    )


@pytest.mark.parametrize(
    ("yuan", "as_filed", "state", "text"),
    [
        ("10", "10", "known", "10 元"),
        ("0", "0", "zero", "0 元"),
        (None, None, "absent", "未公开"),
        (None, "约三百", "unreadable", "原文“约三百”，未能读出"),
    ],
)
def test_not_disclosed_not_readable_and_zero_are_three_things(
    yuan: str | None, as_filed: str | None, state: str, text: str
) -> None:
    value = amount(None if yuan is None else Decimal(yuan), as_filed)
    assert (value.state, value.text) == (state, text)


def test_weights_are_told_apart_from_budget_execution(facts: Facts) -> None:
    view = project_view(facts, "east-2024-key-001")
    assert view.indicator_summary == "2 项指标共 89.5 分，另有 10 分看预算执行率；1 项是核心指标。"
    assert [segment.kind for segment in view.strip] == ["core", "plain", "execution"]
    assert [row.width for row in view.indicators] == ["100%", "49.2%", "16.7%"]


def test_figures_link_to_their_printed_line(facts: Facts) -> None:
    view = project_view(facts, "east-2024-key-001")
    assert view.budget.source is not None and view.budget.source.href == "../../sources/east-2024-key/#L3"
    assert view.funding[0].value.source is not None
    assert view.funding[0].value.source.href == "../../sources/east-2024-key/#L3"
    assert view.goal.source is not None and view.goal.source.href == "../../sources/east-2024-key/#L6"


def test_a_line_is_the_one_on_record(facts: Facts) -> None:
    project = facts.projects["east-2024-key-001"]
    assert facts.line_of(project, "budget_yuan", "goal") == 3
    assert facts.line_of(project, "overview", "goal") == 6
    assert facts.line_of(project, "overview") == project.line_start == 1


def test_funding_that_could_not_be_read_keeps_its_words(facts: Facts) -> None:
    rows = project_view(facts, "east-2024-key-001").funding
    assert [(row.value.state, row.value.text) for row in rows] == [
        ("known", "121.07 万元"),
        ("unreadable", "原文“待定”，未能读出"),
    ]


def test_findings_for_the_reader_and_notes_are_apart(facts: Facts) -> None:
    view = project_view(facts, "east-2024-key-001")
    assert [item.message for item in view.findings] == ["权重合计 89.5，应为 90"]
    assert [item.message for item in view.notes] == ["指标值带单位"]
    assert [link.text for link in view.alert] == ["权重合计 89.5，应为 90。"]


def test_a_correction_shows_what_was_filed(facts: Facts) -> None:
    assert [(what, c.was, c.is_) for what, c in project_view(facts, "east-2024-key-001").corrections] == [
        ("满意度：权重", "2O", "29.5")
    ]


def test_the_error_report_fills_in_the_form(facts: Facts) -> None:
    """Every part of the query is a field of the issue form, so that nothing prefilled is lost."""
    form_link, letter = project_view(facts, "east-2024-key-001").report
    place = urlsplit(form_link.href)
    told = dict(parse_qsl(place.query))
    form = yaml.safe_load((DATA.parent / ".github/ISSUE_TEMPLATE" / told.pop("template")).read_text(encoding="utf-8"))
    assert place.geturl().startswith("https://github.com/mingzhang/mingzhang/issues/new?")
    assert told.pop("title").startswith(form["title"])
    assert told.keys() <= {field["id"] for field in form["body"] if "id" in field}
    assert told["record"] == "east-2024-key-001"
    assert "行" in told["evidence"] and "/projects/east-2024-key-001/" in told["evidence"]
    mail = urlsplit(letter.href)
    assert (mail.scheme, mail.path) == ("mailto", facts.mail)
    written = dict(parse_qsl(mail.query))
    assert told["evidence"] in written["body"] and "农村危房改造" in written["subject"]


def test_a_site_without_a_mailbox_names_none(facts: Facts) -> None:
    silent = replace(facts, mail="")
    assert [link.text for link in project_view(silent, "east-2024-key-001").report] == ["发现错误？告诉我们"]
    assert "mailto:" not in pages.markdown(pages.environment(), about.page(silent))
    assert f"mailto:{facts.mail}" in pages.markdown(pages.environment(), about.page(facts))


@pytest.mark.parametrize(
    ("sign", "target", "unit", "printed"),
    [
        ("≥", "98", "%", "≥ 98 %"),
        (None, "≥98%", "%", "≥98%"),
        ("定性", "较好", None, "定性 较好"),
        (None, None, None, ""),
    ],
)
def test_what_is_printed_of_a_target_is_shown_once(
    sign: str | None, target: str | None, unit: str | None, printed: str
) -> None:
    filed = indicator("a", 1, "满意度", None, comparison_as_filed=sign, target_as_filed=target, unit=unit)
    assert project.printed_target(filed) == printed


def test_the_record_holds_every_part_and_plain_numbers(facts: Facts) -> None:
    told = json.loads(json.dumps(record(facts, "east-2024-key-001")))
    assert told["project"]["budget_yuan"] == 1210700.55
    assert told["project"]["contact_phone"] == "02340257077"
    assert [part["source"] for part in told["funding"]] == ["own", "upper_grant"]
    assert len(told["indicators"]) == 3 and len(told["findings"]) == 2 and len(told["corrections"]) == 1
    assert told["provenance"]["document"]["sha256"] == "0a" * 32
    assert told["provenance"]["lines"]["url"].endswith("/sources/east-2024-key/#L1")
    assert told["version"] == facts.policy.version and told["license"] == facts.policy.licence.path
    assert {one["field"] for one in told["provenance"]["values"]} == {"budget_yuan", "goal"}


def test_every_record_is_as_its_schema_says(facts: Facts) -> None:
    schema = json_schema(facts.schemas, "https://example.org/record.schema.json")
    judge = jsonschema.Draft202012Validator(schema)
    judge.check_schema(schema)
    for project_id in facts.projects:
        told = json.loads(json.dumps(record(facts, project_id)))
        assert [fault.message for fault in judge.iter_errors(told)] == []
    assert told["results"] == []
    told["project"]["budget_yaun"] = told["project"].pop("budget_yuan")
    assert len(list(judge.iter_errors(told))) == 2


# Year against year


def row(name: str, weight: str | None, target: str | None, unit: str | None = "%") -> Indicator:
    value = None if target is None else Decimal(target)
    return indicator("a", 1, name, weight, target_as_filed=target or "较好", target_value=value, unit=unit)


def test_indicators_of_two_years_are_matched_by_name_and_compared_by_number() -> None:
    before = (
        row("满意度", "10", "90"),
        row("户数", "20", "100", unit="户"),
        row("旧项", "5", "1"),
        row("质量", "5", None),
    )
    after = (
        row("满 意度", "15", "90"),
        row("户数", "20", "80", unit="户"),
        row("质量", "5", "1"),
        row("新项", "5", "1"),
    )
    assert [(s.name, s.kind, s.remark) for s in compare.shifts(before, after)] == [
        ("满 意度", "调整", "权重提高"),
        ("户数", "调整", "目标值降低"),
        ("质量", "调整", "目标写法改变"),
        ("新项", "新增", ""),
        ("旧项", "取消", ""),
    ]


def test_a_missing_weight_is_shown_as_missing() -> None:
    before, after = row("满意度", "10", "90"), row("满意度", None, "90")
    (shift,) = compare.shifts((before,), (after,))
    assert (shift.kind, shift.before, shift.after) == ("调整", "不低于 90%（10 分）", "不低于 90%（权重未公开）")


@given(st.text("甲乙丙丁", max_size=30), st.text("甲乙丙丁", max_size=30))
def test_a_text_difference_gives_both_texts_back(before: str, after: str) -> None:
    pieces = compare.pieces(before, after)
    assert "".join(p.text for p in pieces if p.kind != "ins") == before
    assert "".join(p.text for p in pieces if p.kind != "del") == after


def test_texts_too_long_to_compare_are_shown_whole() -> None:
    before, after = "甲" * 4_000, "乙" * 4_000
    assert compare.pieces(before, after) == (compare.Piece("del", before), compare.Piece("ins", after))
    shorter = compare.pieces("甲" * 40, "甲" * 39)
    assert [piece.kind for piece in shorter] == ["same", "del"]


# Elsewhere


def some(key: str, region: str, sector: str, name: str, year: int = 2024, **changes: object) -> Project:
    """A project of the department that is called like its sector."""
    series = {"series_id": key, **changes}
    return tiny.project(1, "", region, year, None, project_id=key, name=name, department_id=sector, **series)


def test_similar_projects_share_telling_words_and_lie_elsewhere() -> None:
    rows = [
        some("a", "east", "party", "老党员补贴专项"),
        some("b", "west", "party", "老党员生活补助专项", 2023, series_id="s"),
        some("c", "west", "party", "老党员生活补助专项", 2024, series_id="s"),
        some("d", "east", "party", "老党员慰问专项"),
        some("e", "west", "forest", "森林防火专项"),
        some("f", "west", "party", "老党员补贴", form_type="department_overall"),
        some("g", "west", "road", "公路养护专项"),
        some("h", "east", "water", "水库养护专项"),
    ]
    found = nearest(rows, {}, {name: name for name in ("party", "forest", "road", "water")})
    assert [(n.project_id, n.shared_words, n.same_sector) for n in found["a"]] == [("c", "老党员", True)]
    assert found["h"] == (), "“养护专项” alone joins nothing"
    assert "f" not in found and found["e"] == ()


# Overviews


def test_the_books_add_up_to_the_difference_of_their_sums(facts: Facts) -> None:
    view = next(region_year.pages(facts, "east", 2024)).view
    assert isinstance(view, region_year.RegionYearView)
    (books,) = view.books
    assert [(r.label, r.stated, r.catalogue, r.forms) for r in books.reckonings] == [
        ("项目数", "2 项", "2 项", "2 项"),
        ("预算", "", "121.07 万元", "121.070055 万元"),
    ]
    assert books.reckonings[1].verdict == "表比目录多 0.000055 万元"
    assert [(i.name, i.doubt) for i in books.catalogue][1:] == [
        ("（没有印名称）", "没有对应的表"),
        (facts.projects["east-2024-key-002"].name, "目录没有列这一项"),
    ]


@pytest.mark.parametrize(
    ("listed", "doubted", "verdict", "agrees"),
    [
        ("1210700.55", False, "一致", True),
        ("1210700.55", True, "表比说明少 0 万元", False),
        ("1210700.56", False, "表比目录少 0.000001 万元", False),
        ("1210700.56", True, "表比目录少 0.000001 万元；表比说明少 0 万元", False),
    ],
)
def test_sums_agree_where_neither_notes_nor_catalogue_differ(
    listed: str, doubted: bool, verdict: str, agrees: bool, tmp_path: Path
) -> None:
    rows = tables()
    budget = rows.projects[0].budget_yuan
    rows = replace(
        rows,
        documents=(replace(rows.documents[0], stated_total_yuan=budget), *rows.documents[1:]),
        catalogue=(replace(rows.catalogue[0], amount_yuan=Decimal(listed)),),
        findings=(finding("t", "stated-total", "warning", "east-2024-key", None, "合计不同"),) if doubted else (),
    )
    view = next(region_year.pages(gathered(rows, tmp_path / "dataset"), "east", 2024)).view
    assert isinstance(view, region_year.RegionYearView)
    (line,) = (line for line in view.books[0].reckonings if line.label == "预算")
    assert (line.verdict, line.agrees) == (verdict, agrees)


def test_quality_counts_each_rule_and_lists_the_silent_ones(facts: Facts) -> None:
    view = quality.page(facts).view
    assert isinstance(view, quality.QualityView)
    told = {rule.anchor: rule.count for group in view.groups for rule in group.rules}
    assert told == {
        "duplicate-indicator": "2 处",
        "weight-sum": "1 处",
        "stated-count": "1 处",
        "unit-in-value": "1 处",
    }
    silent = {rule.anchor for group in view.groups for rule in group.silent}
    assert told.keys() | silent == facts.codes.keys()
    assert (view.coverage[0].cells, view.coverage[0].reported, view.coverage[0].share) == ("40", "1", "97.5%")


def test_a_sector_has_its_projects_by_place_the_newest_year_first(facts: Facts) -> None:
    view = next(sectors.pages(facts, "housing")).view
    assert isinstance(view, sectors.SectorView)
    assert [(p.place.text, p.scope, [len(found.items) for found in p.lists], p.rest) for p in view.places] == [
        ("东区 2025 年", "1 个重点专项", [1], None),
        ("东区 2024 年", "2 个重点专项", [2], None),
    ]


def test_a_paragraph_to_send_on_names_money_promise_document_and_address(facts: Facts) -> None:
    said = project_view(facts, "east-2024-key-001").citations[0].text
    document = facts.documents["east-2024-key"]
    for part in ("“农村危房改造”", "121.07", "改造户数不少于", f"《{document.title}》第 1 至 9 行"):
        assert part in said
    assert said.endswith(f"据明账 {facts.policy.version} 版整理，{facts.url}/projects/east-2024-key-001/")


def test_a_paragraph_about_a_place_says_what_its_sum_covers(facts: Facts) -> None:
    said = next(region_year.pages(facts, "east", 2024)).view.paragraph.text  # type: ignore[attr-defined]
    assert facts.scopes["east", 2024].caution in said and said.endswith(f"{facts.url}/regions/east/2024/")


def test_a_policy_lists_who_cites_it(facts: Facts) -> None:
    view = next(policies.pages(facts)).view
    assert isinstance(view, policies.PoliciesView)
    assert [(p.number, p.several, p.money) for p in view.policies] == [
        ("渝府办发〔2017〕121号", "", ("东区 2024 年 1 项专项资金，预算 121.07 万元",))
    ]


def test_a_department_and_home_hold_their_projects(facts: Facts) -> None:
    view = next(departments.pages(facts, "east-zhujian")).view
    assert isinstance(view, departments.DepartmentView)
    assert view.names == ("334-东区住建委",)
    assert [[len(found.items) for found in year.lists] for year in view.years] == [[1], [2]]
    front = home.page(facts).view
    assert isinstance(front, home.HomeView)
    assert front.lead.startswith("2 个地区公开的 4 个项目、5 项指标")
    assert [place.text for place in front.places] == ["东区", "西区"]
    absent = [cell.absence for line in front.coverage.rows for cell in line.cells if cell.link is None]
    assert absent == ["尚未收录"]


@pytest.mark.parametrize(
    ("path", "href"),
    [("", "./projects/x/"), ("about/", "../projects/x/"), ("regions/a/2024/", "../../../projects/x/")],
)
def test_links_are_relative_to_the_page(path: str, href: str) -> None:
    assert Here(path).project("x") == href


def test_links_survive_words_that_mean_something_in_an_address() -> None:
    assert Here("").search("a&b=老党员?#") == "./search/?q=a%26b%3D%E8%80%81%E5%85%9A%E5%91%98%3F%23"
