"""Rules over how indicators are written: what each says of one record, what it counts, and how the page shows it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import meta
from lxml import html
from tiny import DATA, NASTY, indicator, project, tables

from builder.dataset import store
from builder.dataset.rows import Attribute, Indicator, Project, Tables
from builder.measures import wording
from builder.measures.wording import Rate, Report
from builder.model import Line
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.settings.wording import RULES as KNOWN
from builder.site import pages
from builder.site.facts import Facts, gather
from builder.site.views import wording as view

RULES = load(DATA).wording
SCHEMAS = load_schemas(DATA / "schemas")
BEFORE, NOW = "east-2024-key-001", "east-2025-key-001"
TEXT = {"comparison": "qualitative", "target_value": None, "unit": None}


def measure(position: int = 1, name: str = "改造户数", project_id: str = NOW, **changes: object) -> Indicator:
    weight = changes.pop("weight", "30")
    return indicator(project_id, position, name, weight, **changes)  # type: ignore[arg-type]


def examine(
    indicators: Sequence[Indicator], forms: Sequence[Project] | None = None, attributes: Sequence[Attribute] = ()
) -> Report:
    """The rules over a form of 2025 and, in its series, one of 2024."""
    forms = forms or (
        project(1, "east-2024-key", "east", 2024, "1", series_id="weifang"),
        project(1, "east-2025-key", "east", 2025, "1", series_id="weifang"),
    )
    rows = replace(tables(), projects=tuple(forms), indicators=tuple(indicators), attributes=tuple(attributes))
    return wording.examine(rows, RULES)


def the_rate(report: Report, rule_id: str) -> Rate:
    return report.by(rule_id).get((), Rate(0, 0))


# Each rule: indicators that it applies to, the sentence, and indicators that it can judge and does not apply to.
PAIRS: Mapping[str, tuple[Sequence[Indicator], str, Sequence[Indicator]]] = {
    "unquantified": (
        [measure(target_as_filed="合格", **TEXT)],
        "改造户数：指标值写作“合格”",
        [measure(target_as_filed="每月20日前", **TEXT)],
    ),
    "degree-words": (
        [measure(name="生活水平明显提高", target_as_filed="是", **TEXT)],
        "生活水平明显提高：指标值写作“是”",
        [measure(name="不发生拉闸限电", target_as_filed="是", **TEXT)],
    ),
    "core-without-number": (
        [measure(is_core=True, target_as_filed="良好", **TEXT)],
        "改造户数：指标值写作“良好”",
        [measure(is_core=True)],
    ),
    "no-unit": ([measure(unit=None)], "改造户数：不少于 95，没有写单位", [measure(unit="户")]),
    "trivially-full": (
        [measure(name="发放率", comparison="eq", target_as_filed="100", target_value=Decimal(100))],
        "发放率：等于 100%",
        [measure(name="发放率", target_as_filed="99", target_value=Decimal(99))],
    ),
    "satisfaction-without-number": (
        [measure(name="群众满意度", target_as_filed="较高", **TEXT)],
        "群众满意度：指标值写作“较高”",
        [measure(name="群众满意度")],
    ),
    "satisfaction-without-survey": (
        [measure(name="群众满意度")],
        "群众满意度：不低于 95%，这一行没有写怎么调查",
        [measure(name="服务对象抽样调查满意度")],
    ),
    "target-equals-last-year": (
        [measure(project_id=BEFORE), measure(target_as_filed="95.0", target_value=Decimal("95.0"))],
        "改造户数：2024 年和 2025 年都是不低于 95%",
        [measure(project_id=BEFORE), measure(target_value=Decimal(96))],
    ),
    "target-raised": (
        [measure(project_id=BEFORE), measure(target_value=Decimal(96))],
        "改造户数：2024 年不低于 95%，2025 年不低于 96%，下限提高",
        [measure(project_id=BEFORE), measure()],
    ),
    "target-lowered": (
        [measure(project_id=BEFORE, comparison="le"), measure(comparison="le", target_value=Decimal(90))],
        "改造户数：2024 年不超过 95%，2025 年不超过 90%，上限收紧",
        [measure(project_id=BEFORE, comparison="le"), measure(comparison="le")],
    ),
    "cost-indicator-absent": (
        [measure(), measure(2, "补助标准", unit="户")],
        "列了 2 项指标，没有一项说到成本",
        [measure(), measure(2, "补助标准", unit="元/户")],
    ),
    "weight-concentrated": (
        [measure(weight="45"), measure(2, "满意度", weight="45.0")],
        "改造户数：占 45 分，各项指标合计 90 分",
        [measure(weight="44"), measure(2, "甲", weight="44"), measure(3, "乙", weight="2")],
    ),
    "name-unit-disagrees": (
        [measure(name="危害因素检测率", target_as_filed="20", target_value=Decimal(20), unit="家", comparison="eq")],
        "危害因素检测率：等于 20 家，名称说的是一个比例，单位却是“家”",
        [measure(name="危害因素检测率", target_as_filed="20", target_value=Decimal(20), unit="%")],
    ),
    "magnitude-apart": (
        [
            measure(1, "投保公益林面积", target_as_filed="19.55", target_value=Decimal("19.55"), unit="亩"),
            measure(
                2,
                "公益林管护面积",
                target_as_filed="10.4",
                target_value=Decimal("10.4"),
                unit="万亩",
                base_value=Decimal(104000),
                base_unit="亩",
            ),
        ],
        "投保公益林面积：不少于 19.55 亩；同一张表的“公益林管护面积”是不少于 10.4 万亩",
        [
            measure(1, "投保公益林面积", target_as_filed="900", target_value=Decimal(900), unit="亩"),
            measure(
                2,
                "公益林管护面积",
                target_as_filed="10.4",
                target_value=Decimal("10.4"),
                unit="万亩",
                base_value=Decimal(104000),
                base_unit="亩",
            ),
        ],
    ),
    "name-equals-project": (
        [measure(name="农村 危房改造")],
        "农村 危房改造：与项目名称相同，指标值不低于 95%",
        [measure(name="农村危房改造户数")],
    ),
}


def test_every_rule_has_a_pair() -> None:
    assert set(PAIRS) == set(wording.RULES) == set(RULES.rules) == set(KNOWN)


@pytest.mark.parametrize("rule_id", PAIRS)
def test_a_rule_applies_to_what_it_says_and_not_to_the_like(rule_id: str) -> None:
    rows, sentence, others = PAIRS[rule_id]
    found = examine(rows).hits[rule_id]
    assert [hit.text for hit in found] == [sentence]
    assert (found[0].rule_id, found[0].project_id, found[0].document_id) == (rule_id, NOW, "east-2025-key")
    assert found[0].line == (1 if rule_id == "cost-indicator-absent" else 5)
    assert found[0].record_id == (NOW if rule_id == "cost-indicator-absent" else f"{NOW}-01")
    report = examine(others)
    assert report.hits[rule_id] == ()
    assert the_rate(report, rule_id).judged > 0, "the rule must be able to judge what it lets pass"


UNJUDGED: Sequence[tuple[str, Sequence[Indicator]]] = [
    *((rule_id, [measure(name="满意度", is_core=True, is_execution_rate=True)]) for rule_id in PAIRS),
    ("unquantified", [measure(target_as_filed=None, **TEXT)]),
    ("degree-words", [measure(target_as_filed=None, **TEXT)]),
    ("core-without-number", [measure(is_core=None, target_as_filed="良好", **TEXT)]),
    ("core-without-number", [measure(is_core=True, target_as_filed=None, **TEXT)]),
    ("satisfaction-without-number", [measure(name="满意度", target_as_filed=None, **TEXT)]),
    ("satisfaction-without-number", [measure(name="满意度调查报告数")]),
    ("no-unit", [measure(target_as_filed="良好", **TEXT)]),
    ("trivially-full", [measure(name="投诉率", comparison="le", target_value=Decimal(100))]),
    ("trivially-full", [measure(name="收入增长率", target_value=Decimal(100))]),
    ("trivially-full", [measure(unit="户", target_value=Decimal(100))]),
    ("trivially-full", [measure(comparison="qualitative", target_value=Decimal(100))]),
    ("weight-concentrated", [measure(weight=None), measure(2, "甲")]),
    ("target-raised", [measure(project_id=BEFORE, unit="户"), measure(target_value=Decimal(96))]),
    ("target-raised", [measure(project_id=BEFORE, comparison="eq"), measure(target_value=Decimal(96))]),
    ("target-raised", [measure(project_id=BEFORE), measure(2, "甲", target_value=Decimal(96))]),
    ("target-raised", [measure(project_id=BEFORE), measure(target_as_filed="良好", **TEXT)]),
    ("target-raised", [measure(project_id=BEFORE), measure(), measure(2, target_value=Decimal(96))]),
]


@pytest.mark.parametrize(("rule_id", "rows"), UNJUDGED)
def test_what_a_rule_cannot_judge_is_in_no_denominator(rule_id: str, rows: Sequence[Indicator]) -> None:
    report = examine(rows)
    assert report.rates[rule_id] == {}
    assert report.hits[rule_id] == ()


@pytest.mark.parametrize("target", ["无", "动态清零", "全天", "1—2 年", "平坝地区达到 100%"])
def test_a_definite_text_is_as_good_as_a_number(target: str) -> None:
    report = examine([measure(is_core=True, target_as_filed=target, **TEXT)])
    assert the_rate(report, "unquantified") == the_rate(report, "core-without-number") == Rate(1, 0)


def test_a_number_read_from_a_row_marked_qualitative_counts() -> None:
    assert the_rate(examine([measure(comparison="qualitative")]), "unquantified") == Rate(1, 0)


def test_how_satisfaction_is_asked_may_stand_in_another_cell_of_the_row() -> None:
    note = Attribute(NOW, 1, f"{NOW}-01", "评价方式", "第三方测评", 9)
    rows = [measure(name="满意度"), measure(2, "家长满意度")]
    assert the_rate(examine(rows, attributes=[note]), "satisfaction-without-survey") == Rate(2, 1)


def test_ten_thousands_compare_with_ones() -> None:
    before = measure(project_id=BEFORE, unit="万元", base_value=Decimal(950000), base_unit="元")
    assert the_rate(examine([before, measure(unit="元", target_value=Decimal(950000))]), "target-equals-last-year") == (
        Rate(1, 1)
    )


def test_last_year_is_the_last_year_with_a_form_and_the_first_has_none() -> None:
    forms = [
        project(1, f"east-{year}-key", "east", year, "1", series_id="weifang") for year in (2025, 2020, 2023, 2026)
    ]
    rows = [
        measure(project_id=form.project_id, target_value=Decimal(value))
        for form, value in zip(forms, (70, 90, 80, 70), strict=True)
    ]
    report = examine(rows, forms)
    assert [hit.text for hit in report.hits["target-lowered"]] == [
        "改造户数：2023 年不低于 80%，2025 年不低于 70%，下限降低",
        "改造户数：2020 年不低于 90%，2023 年不低于 80%，下限降低",
    ]
    assert [hit.project_id for hit in report.hits["target-equals-last-year"]] == ["east-2026-key-001"]
    assert the_rate(report, "target-raised") == Rate(3, 0)


def test_two_forms_of_one_year_both_look_at_the_year_before() -> None:
    forms = [
        project(number, f"east-{year}-key", "east", year, "1", series_id="weifang")
        for number, year in ((1, 2024), (1, 2025), (2, 2025))
    ]
    rows = [measure(project_id=form.project_id) for form in forms]
    found = examine(rows, forms).hits["target-equals-last-year"]
    assert [hit.project_id for hit in found] == ["east-2025-key-001", "east-2025-key-002"]


# Rates


def test_rates_count_by_place_and_add_up() -> None:
    forms = (
        project(1, "east-2024-key", "east", 2024, "1"),
        project(2, "east-2024-key", "east", 2024, "1", form_type="department_overall"),
        project(1, "west-2024-key", "west", 2024, "1", department_id=None),
    )
    rows = [
        measure(1, "甲", "east-2024-key-001", target_as_filed="良好", **TEXT),
        measure(2, "乙", "east-2024-key-001"),
        measure(1, "丙", "east-2024-key-002"),
        measure(1, "丁", "west-2024-key-001", target_as_filed="显著", **TEXT),
        measure(2, "预算执行率", "west-2024-key-001", is_execution_rate=True),
    ]
    report = examine(rows, forms)
    assert report.by("unquantified") == {(): Rate(4, 2)}
    assert report.by("unquantified", "region_id", "year") == {("east", 2024): Rate(3, 1), ("west", 2024): Rate(1, 1)}
    assert report.by("unquantified", "form_type") == {
        ("special_fund",): Rate(3, 2),
        ("department_overall",): Rate(1, 0),
    }
    assert report.by("unquantified", "department_id") == {("east-zhujian",): Rate(3, 1), (None,): Rate(1, 1)}
    assert report.by("cost-indicator-absent", "region_id") == {("east",): Rate(2, 2), ("west",): Rate(1, 1)}


# Wording

ACCUSING = ("造假", "作假", "违规", "违法", "错误", "虚报", "隐瞒", "舞弊", "敷衍", "偷懒", "照抄", "抄袭")


def test_no_wording_accuses_and_every_rule_says_what_is_normal() -> None:
    for rule_id, rule in RULES.rules.items():
        for text in (rule.title, rule.judged, rule.meaning, rule.matters, rule.normal, rule.text):
            assert not any(word in text for word in ACCUSING), rule_id
        assert rule.judged[0] in "项张", "the denominator begins with its counter word"
    for kind in RULES.copies.values():
        assert not any(word in text for word in ACCUSING for text in dict(kind).values())


# The page


def facts_of(written: Tables, folder: Path) -> Facts:
    store.write(written.by_name(), SCHEMAS, folder)
    lines = {row.document_id: tuple(Line(n, "绩效目标表") for n in range(1, 10)) for row in written.documents}
    return gather(store.load(folder, SCHEMAS), lines, load(DATA))


def page_of(facts: Facts) -> str:
    report = facts.wording_report
    return pages.markdown(pages.environment(), view.page(facts, report))


def test_the_template_prints_all_of_its_view_and_nothing_else() -> None:
    templates = pages.environment()
    assert templates.loader is not None
    text = templates.loader.get_source(templates, view.WordingView.template)[0]
    assert meta.find_undeclared_variables(templates.parse(text)) == {field.name for field in fields(view.WordingView)}
    assert not re.search(r"\|\s*safe", text)


def test_text_of_a_document_stays_text(tmp_path: Path) -> None:
    written = tables()
    spoilt = replace(
        written,
        projects=tuple(replace(row, name=NASTY) for row in written.projects),
        departments=tuple(replace(row, name=NASTY) for row in written.departments),
        indicators=tuple(replace(row, name=f"满意度{NASTY}", target_as_filed=NASTY) for row in written.indicators),
    )
    tree = html.fromstring(page_of(facts_of(spoilt, tmp_path / "dataset")).split("---\n", 2)[2])
    assert not tree.xpath("//script | //img | //*[starts-with(@href, 'javascript')]")
    assert "<script>alert(1)</script>" in tree.text_content() and "{{ 7*7 }}" in tree.text_content()


def test_the_page_leads_to_its_downloads(tmp_path: Path) -> None:
    links = {element.get("href") for element in html.fromstring(page_of(facts_of(tables(), tmp_path / "d"))).iter("a")}
    assert {"../../data/lint.csv", "../../data/lint_rates.csv", "../../quality/copies/"} <= links


def test_the_page_is_the_same_every_time(tmp_path: Path) -> None:
    one, two = (facts_of(tables(), tmp_path / name) for name in ("one", "two"))
    assert page_of(one) == page_of(two)


def test_a_percentage_needs_enough_records_and_a_place_without_any_is_named(tmp_path: Path) -> None:
    written = tables()
    vague = measure(1, "质量", "west-2024-key-001", target_as_filed="良好", is_core=True, **TEXT)
    many = tuple(measure(n, f"指标{n}", "west-2024-key-001", is_core=True) for n in range(2, 26))
    facts = facts_of(
        replace(written, indicators=(*written.indicators[:2], vague, *many), attributes=()), tmp_path / "dataset"
    )
    report = facts.wording_report
    shown = view.page(facts, report).view
    assert isinstance(shown, view.WordingView)
    rule = {item.anchor: item for item in shown.rules}["core-without-number"]
    assert rule.judged == "1 / 26 项标为核心、印了指标值的指标"
    assert [(row.name.text, row.share, row.width, row.count) for row in rule.places] == [
        ("东区 2024 年", "", "", "0 / 1"),
        ("西区 2024 年", "4%", "4%", "1 / 25"),
    ]
    assert rule.unjudged == "东区 2025 年"
    assert [row.name.text for row in rule.departments] == ["西区住建局（西区）"]
    assert rule.examples[0].project.href == "../../projects/west-2024-key-001/#indicators"
    assert rule.examples[0].source.href == "../../sources/west-2024-key/#L5"
    silent = {item.anchor for item in shown.silent}
    assert silent | {item.anchor for item in shown.rules} == set(RULES.rules)


def test_examples_take_turns_among_documents(tmp_path: Path) -> None:
    written = tables()
    forms = ("east-2024-key-001", "east-2025-key-001", "west-2024-key-001")
    rows = [measure(n, f"质量{n}", form, target_as_filed="良好", **TEXT) for form in forms for n in range(1, 12)]
    facts = facts_of(replace(written, indicators=tuple(rows), attributes=()), tmp_path / "dataset")
    report = facts.wording_report
    shown = view.page(facts, report).view
    assert isinstance(shown, view.WordingView)
    rule = shown.rules[0]
    assert [example.place for example in rule.examples] == ["东区 2024 年", "东区 2025 年", "西区 2024 年"]
    assert len(rule.examples) + len(rule.more) == view.MOST_EXAMPLES < len(rows)


# The five documents


@pytest.fixture(scope="module")
def real() -> Report:
    return wording.examine(store.load(DATA / "dataset", SCHEMAS).tables, RULES)


def applied(report: Report, rule_id: str) -> set[str]:
    return {hit.record_id for hit in report.hits[rule_id]}


def test_the_insurance_of_two_years(real: Report) -> None:
    """巨灾保险 of 长寿 is the one series: five indicators stand on both forms with a number."""
    assert the_rate(real, "target-raised") == Rate(5, 2)
    assert [hit.text for hit in real.hits["target-raised"]] == [
        "区级保费补贴比例：2023 年不低于 98%，2024 年不低于 100%，下限提高",
        "保险赔付金额：2023 年不少于 20 万元，2024 年不少于 50 万元，下限提高",
    ]
    assert applied(real, "target-equals-last-year") == {f"changshou-2024-key-018-0{n}" for n in (1, 5, 6)}
    assert applied(real, "target-lowered") == set()


def test_forms_that_rest_on_one_indicator(real: Report) -> None:
    assert {hit.project_id: hit.text for hit in real.hits["weight-concentrated"]} == {
        "changshou-2024-key-008": "防控物资：占 45 分，各项指标合计 90 分",
        "shapingba-2024-finance-010": "考试天数：占 50 分，各项指标合计 90 分",
        "shapingba-2024-finance-011": "维修及时率：占 50 分，各项指标合计 90 分",
        "shapingba-2024-finance-012": "培训次数：占 50 分，各项指标合计 90 分",
    }


def test_satisfaction_and_its_survey(real: Report) -> None:
    """抽样调查满意度 and 满意度调查得分 say how; a number of survey reports is no satisfaction at all."""
    said = applied(real, "satisfaction-without-survey")
    assert not said & {"chongqing-2024-key-019-05", "chongqing-2024-key-055-02", "chongqing-2024-key-033-01"}
    rate = the_rate(real, "satisfaction-without-survey")
    assert rate.judged - rate.applies == 2
    assert applied(real, "satisfaction-without-number") == set()


def test_words_without_a_number(real: Report) -> None:
    vague = applied(real, "degree-words")
    assert {"chongqing-2024-key-050-03", "chongqing-2024-key-046-04", "changshou-2024-key-013-05"} <= vague
    without = applied(real, "unquantified")
    assert vague <= without
    assert {"chongqing-2024-key-030-06", "chongqing-2024-key-066-06"} <= without - vague, "grades: A and B等"
    definite = {
        *("chongqing-2024-key-049-03", "chongqing-2024-key-009-09"),  # 无; 动态清零
        *("wansheng-2025-key-048-07", "changshou-2024-key-003-04"),  # 每月20日前; 半天, 全天
        "shapingba-2024-finance-002-03",  # marked 定性, and yet 100 %
    }
    assert not definite & without


def test_shares_set_to_all(real: Report) -> None:
    full = applied(real, "trivially-full")
    assert {"changshou-2024-key-013-09", "changshou-2024-key-029-02", "wansheng-2025-key-005-01"} <= full
    assert not any(hit.text.startswith("年度预算执行率") for hit in real.hits["trivially-full"])


def test_costs(real: Report) -> None:
    absent = applied(real, "cost-indicator-absent")
    with_cost = ("chongqing-2024-key-040", "changshou-2024-key-023", "wansheng-2025-key-021", "wansheng-2025-key-043")
    assert not absent & set(with_cost), "造价, 成本控制, 以元计的标准, 手术成本"
    assert "changshou-2024-key-018" in absent


def test_every_hit_stands_on_its_line(real: Report) -> None:
    printed = {
        path.stem: path.read_text(encoding="utf-8").splitlines() for path in (DATA / "sources").glob("*-key.txt")
    }
    for hit in real.hits["target-raised"] + real.hits["degree-words"]:
        assert hit.text.split("：")[0].replace(" ", "")[:4] in printed[hit.document_id][hit.line - 1].replace(" ", "")


def test_denominators_are_the_indicators_without_the_execution_rate(real: Report) -> None:
    assert the_rate(real, "name-equals-project") == Rate(1362 - 82, 0)
    assert the_rate(real, "cost-indicator-absent").judged == the_rate(real, "weight-concentrated").judged == 181
    for rule_id in RULES.rules:
        by_place = real.by(rule_id, "region_id", "year", "form_type").values()
        assert sum(rate.judged for rate in by_place) == the_rate(real, rule_id).judged
        assert all(0 <= rate.applies <= rate.judged for rate in by_place)
        assert sum(rate.applies for rate in by_place) == len(real.hits[rule_id])
