"""Each finding code: one small document that raises it, and one much like it that does not."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from printed import compiled

from builder.dataset import compile as compiling
from builder.dataset.rows import FindingRow
from builder.model import Document
from builder.settings import Settings
from builder.settings.manifest import sha256
from builder.settings.rules import FINDINGS

FORM = """\
长寿区2024年重点专项绩效目标表
单位：万元
主管部门	长寿区财政局	实施单位	长寿区财政局
项目名称	农村危房改造
预算执行率权重	10
项目总资金额	20	区级资金	20
当年绩效目标	改造危房
指标名称	指标性质	指标值	指标单位	分值	是否核心
改造户数	≥	20	户	50	是
群众满意度	≥	90	%	40	否
联系电话：40232529
"""
CATALOGUE = """\
单位：万元
序号	专项资金名称	主管部门	2024年预算
合计			20.0
1	农村危房改造	长寿区财政局	20.0
"""
LONG_GOAL = "按照全市统一部署，开展农村危房动态监测和改造工作。"


@dataclass(frozen=True)
class File:
    content: str | bytes
    name: str = "doc.txt"
    source_url: str | None = "https://example.gov.cn/doc.pdf"


def form(*changes: tuple[str, str]) -> File:
    """The sound form with some words exchanged."""
    return exchanged(FORM, changes)


def listed(*changes: tuple[str, str]) -> File:
    """The sound form under its catalogue, with some words exchanged."""
    return exchanged(CATALOGUE + FORM, changes)


def exchanged(text: str, changes: tuple[tuple[str, str], ...]) -> File:
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} 在样本里出现 {text.count(old)} 次"
        text = text.replace(old, new)
    return File(text)


def serial(*numbers: str) -> File:
    return File("".join((f"序号：{number}\n" if number else "\n") + FORM for number in numbers))


def reused(goal: str) -> File:
    text = FORM.replace("改造危房\n", f"{goal}\n")
    return File(text + text.replace("农村危房改造", "城镇危房改造"))


def basis(text: str) -> File:
    return form(("项目名称", f"立项依据\t{text}\n项目名称"))


# code: raises it, does not
PAIRS: dict[str, tuple[File, File]] = {
    "document-unreadable": (File(b""), form()),
    "encoding-gb18030": (File(FORM.encode("gb18030")), File(FORM.encode("utf-8-sig"))),
    "reader-remark": (File(FORM, "doc.pdf"), File(FORM, "doc.text")),
    "no-forms": (File("关于公开绩效目标的通知\n各单位：\n"), form()),
    "source-unrecorded": (File(FORM, source_url=None), File(FORM)),
    "other-kind": (
        File(FORM + "绩效自评表\n项目名称\t道路养护\n全年执行数\t20\n三级指标\t年度指标值\t实际完成值\t得分\n"),
        form(("改造户数", "提交绩效自评表")),
    ),
    "stated-count": (File(f"提交2个重点专项\n{FORM}"), File(f"提交1个重点专项\n{FORM}")),
    "stated-total": (File(f"预算资金0.21亿元\n{FORM}"), File(f"预算资金0.002亿元\n{FORM}")),
    "catalogue-missing-form": (
        listed(("20.0\n1", "50.0\n1"), ("\t20.0\n长寿", "\t20.0\n2\t妇女发展\t长寿区妇联\t30.0\n长寿")),
        listed(),
    ),
    "form-missing-catalogue": (listed(("1\t农村危房改造\t长寿区财政局", "1\t妇女发展\t长寿区妇联")), listed()),
    "catalogue-name-differs": (
        listed(("1\t农村危房改造", "1\t危房改造")),
        listed(("1\t农村危房改造", "1\t农村 危房改造")),
    ),
    "catalogue-amount-differs": (
        listed(("合计\t\t\t20.0", "合计\t\t\t20.2"), ("局\t20.0", "局\t20.2")),
        listed(("合计\t\t\t20.0", "合计\t\t\t20.1"), ("局\t20.0", "局\t20.1")),
    ),
    "catalogue-department-differs": (
        listed(("1\t农村危房改造\t长寿区财政局", "1\t农村危房改造\t长寿区民政局")),
        listed(("1\t农村危房改造\t长寿区财政局", "1\t农村危房改造\t211-长寿区财政局")),
    ),
    "catalogue-total": (listed(("合计\t\t\t20.0", "合计\t\t\t20.2")), listed(("合计\t\t\t20.0", "合计\t\t\t20.1"))),
    "weight-sum": (form(("户\t50", "户\t49")), form(("户\t50", "户\t60"), ("预算执行率权重\t10\n", ""))),
    "funding-sum": (form(("资金\t20\n", "资金\t18\n")), form(("资金\t20\n", "资金\t\n"))),
    "serial-missing": (serial("1", "2", ""), serial("", "", "")),
    "heading-typo": (form(("项目总资金额", "项目总金额")), form(("项目总资金额", "当年预算"))),
    "label-unknown": (
        form(("单位：万元\n", "单位：万元\n神秘栏目\t某值\n")),
        form(("单位：万元\n", "单位：万元\n备注\t某值\n")),
    ),
    "label-repeated": (
        form(("当年", "项目名称\t城镇危房改造\n当年")),
        form(("当年", "项目名称\t农村 危房改造\n当年")),
    ),
    "cell-unread": (form(("当年", "孤零零的一格\n当年")), form(("当年", "第1页\n当年"))),
    "row-ambiguous": (form(("户数\t≥\t20\t户\t50", "户数\t多少\t20\t户\t多少")), form(("户数\t≥", "户数\t\t≥"))),
    "value-unparsed": (form(("金额\t20", "金额\t待定")), form(("金额\t20", "金额\t２０.00"))),
    "field-missing": (
        form(("项目总资金额\t20\t区级资金\t20\n", "项目总资金额\t\n")),
        form(("项目总资金额", "年度预算")),
    ),
    "heading-missing": (form(("项目总资金额\t20\t区级资金\t20\n", "")), form(("项目总资金额", "年度预算"))),
    "indicators-missing": (
        File(FORM.partition("改造户数")[0]),
        form(("改造户数\t≥\t20\t户\t50\t是\n", ""), ("%\t40", "%\t90")),
    ),
    "department-unmapped": (
        form(("主管部门\t长寿区财政局", "主管部门\t长寿区神秘处")),
        form(("主管部门\t长寿区财政局", "主管部门\t长寿区民政局")),
    ),
    "policy-two-titles": (
        basis("《甲》（渝财〔2020〕1号）；《乙》（渝财〔2020〕1号）"),
        basis("《甲》（渝财〔2020〕1号）；《甲（修订）》（渝财〔2020〕1号）"),
    ),
    "policy-two-numbers": (
        basis("《甲》（渝财〔2020〕1号）；《甲》（渝财〔2020〕2号）"),
        basis("《甲》（渝财〔2020〕1号）；《甲》（渝财〔2021〕1号）"),
    ),
    "unit-in-value": (form(("90\t%", "90%\t%")), form(("90\t%", "90%\t"))),
    "sign-in-value": (form(("90\t%", "≥90\t%")), form(("90\t%", "90.0\t%"))),
    "qualitative-with-number": (form(("满意度\t≥", "满意度\t定性")), form(("满意度\t≥\t90", "满意度\t定性\t优"))),
    "quantitative-without-unit": (form(("90\t%", "90\t无")), form(("90\t%", "90\t分"))),
    "percent-over-100": (form(("90\t%", "110\t%")), form(("群众满意度\t≥\t90", "户数增长率\t≥\t110"))),
    "duplicate-indicator": (form(("群众满意度", "改造 户数")), form(("群众满意度", "改造户数（二期）"))),
    "text-markup": (form(("\t改造危房", "\t<p>改造危房</p>")), form(("\t改造危房", "\t按<条例>改造危房"))),
    "text-reused": (reused(LONG_GOAL), reused("改造农村危房。")),
    "phone-malformed": (form(("40232529", "402325")), form(("40232529", "023-40232529"))),
}
# What one fault brings with it.
ALSO = {
    "form-missing-catalogue": {"catalogue-missing-form"},
    "label-unknown": {"cell-unread"},
}
Raise = Callable[[File], list[FindingRow]]


@pytest.fixture
def found(tmp_path: Path, settings: Settings) -> Raise:
    """The findings of a document that stands alone."""

    def read(file: File) -> list[FindingRow]:
        path = tmp_path / file.name
        path.write_bytes(file.content if isinstance(file.content, bytes) else file.content.encode())
        proof = (sha256(path), path.stat().st_size)
        document = Document("doc", "changshou", 2024, "", "", path, "text/plain", *proof, file.source_url, "2024-02-01")
        alone = replace(settings, documents=(document,), corrections=(), series=())
        # What cannot be read at all is refused in a document's own room.
        made = compiled(alone) if file.content else compiling.compile_dataset(alone, lambda message: None)
        return list(made.tables.findings)

    return read


def test_the_sound_form_raises_nothing(found: Raise) -> None:
    assert found(form()) == []
    assert found(listed()) == []


@pytest.mark.parametrize("code", PAIRS)
def test_raised_and_not_raised(code: str, found: Raise, settings: Settings) -> None:
    faulty, sound = PAIRS[code]
    assert found(sound) == []
    rows = found(faulty)
    assert {row.code for row in rows} == {code} | ALSO.get(code, set())
    (row,) = (row for row in rows if row.code == code)
    assert row.severity == settings.codes[code].severity
    assert "{" not in row.message + row.message_en
    said = re.sub("“[^”]*”", "", row.message_en).partition(", in Chinese: ")[0]
    assert said.isascii(), "what is not printed, and so quoted, is said in English"
    lines = faulty.content.splitlines() if isinstance(faulty.content, str) else [""]
    assert row.line is None or 1 <= row.line <= len(lines)


def test_every_code_that_is_raised_has_its_pair(settings: Settings) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(compiling.__file__).parents[1].rglob("*.py"))
    raised = {code for code in settings.codes if source.count(f'"{code}"') > 1}
    # What results say is planted in typed self-evaluations: tests/dataset/test_results.py.
    codes = list(FINDINGS)
    assert set(PAIRS) == raised - set(codes[codes.index("result-nameless") :])
    assert set(settings.codes) == raised


EXECUTION = ("联系", "年度预算执行率\t=\t100\t%\t10\t否\n联系")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([EXECUTION], None),
        ([EXECUTION, ("户\t50", "户\t40")], "100"),
        ([("户\t50", "户\t60")], "90"),
        ([("户\t50", "户\t59"), ("预算执行率权重\t10\n", "")], "90 或 100"),
        ([("户\t50", "户\t55"), ("预算执行率权重\t10", "预算执行率权重\t5")], None),
        # A weight that is not printed is reported as missing; what the others add up to says nothing.
        ([("户\t50", "户\t")], None),
    ],
)
def test_what_the_weights_should_add_up_to(changes: list[tuple[str, str]], expected: str | None, found: Raise) -> None:
    rows = [row for row in found(form(*changes)) if row.code == "weight-sum"]
    assert [row.expected for row in rows] == ([] if expected is None else [expected])


def test_a_departments_whole_budget_is_not_added_to_its_funds(found: Raise) -> None:
    whole = FORM.replace("长寿区2024年重点专项绩效目标表", "部门整体绩效目标表").replace("20\t区级资金\t20", "500")
    assert found(File(f"提交1个重点专项，预算资金20万元\n{FORM}{whole}")) == []


def test_findings_alike_have_ids_of_their_own(found: Raise) -> None:
    rows = found(
        form(("改造户数", "改造户"), ("群众满意度\t≥\t90", "改造户\t≥\t90%"), ("联系", "改造户\t≥\t1\t户\t0\t否\n联系"))
    )
    assert [(row.finding_id, row.line) for row in rows] == [
        ("doc-001-02-duplicate-indicator", 10),
        ("doc-001-02-unit-in-value", 10),
        ("doc-001-03-duplicate-indicator", 11),
    ]
    strays = found(form(("当年", "孤零零的一格\n又一格\n当年")))
    assert [row.finding_id for row in strays] == ["doc-001-cell-unread", "doc-001-cell-unread-2"]


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [(("1", ""), []), (("1", "2", ""), ["3"]), (("1", "", "3", ""), []), (("", "2", "3", "", "5"), ["1", "4"])],
)
def test_a_number_is_missed_where_more_than_half_bear_one(
    numbers: tuple[str, ...], missing: list[str], found: Raise
) -> None:
    rows = [row for row in found(serial(*numbers)) if row.code == "serial-missing"]
    assert [str(row.project_id)[-1] for row in rows] == missing


@pytest.mark.parametrize(("own", "expected"), [("19", []), ("18.9", ["20 万元"]), ("21", []), ("21.1", ["20 万元"])])
def test_parts_may_differ_by_one_unit_of_the_last_digit(own: str, expected: list[str], found: Raise) -> None:
    rows = found(form(("资金\t20\n", f"资金\t{own}\n")))
    assert [row.expected for row in rows if row.code == "funding-sum"] == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("20.1万元", []),
        ("20.2万元", ["20.2 万元"]),
        ("20万元", []),
        ("19万元", []),
        ("18万元", ["18 万元"]),
        ("0.003亿元", []),
        ("0.004亿元", ["40 万元"]),
    ],
)
def test_a_stated_total_may_differ_by_one_unit_of_its_last_digit(
    stated: str, expected: list[str], found: Raise
) -> None:
    stated_total = found(File(f"预算资金{stated}\n{FORM}"))
    assert [(row.code, row.expected) for row in stated_total] == [("stated-total", item) for item in expected]


def test_the_second_of_two_of_a_name_is_the_one_found(found: Raise) -> None:
    (row,) = found(form(("群众满意度", "改造户数")))
    assert (row.indicator_id, row.expected, row.event_id) == ("doc-001-02", None, None)


def test_a_number_that_differs_is_given_as_a_number(found: Raise) -> None:
    (row,) = found(form(("户\t50", "户\t49.5")))
    assert (row.expected_value, row.actual_value, row.difference) == (
        Decimal(90),
        Decimal("89.5"),
        Decimal("-0.5"),
    )
    (row,) = found(form(("资金\t20\n", "资金\t18\n")))
    assert (row.expected_value, row.actual_value, row.difference, row.value_unit) == (
        Decimal(200_000),
        Decimal(180_000),
        Decimal(-20_000),
        "yuan",
    )


def test_a_hundred_percent_is_possible(found: Raise) -> None:
    assert found(form(("90\t%", "100\t%"))) == []
    assert [row.actual for row in found(form(("90\t%", "100.1\t%")))] == ["100.1"]


@pytest.mark.parametrize(("length", "codes"), [(19, []), (20, ["text-reused"])])
def test_a_text_is_the_same_from_its_shortest_length_on(
    length: int, codes: list[str], found: Raise, settings: Settings
) -> None:
    assert settings.checks.reuse_min_length == 20
    assert [row.code for row in found(reused("字" * length))] == codes


def test_a_form_that_the_catalogue_leaves_out(found: Raise) -> None:
    whole = FORM.replace("长寿区2024年重点专项绩效目标表", "部门整体绩效目标表").replace("农村危房改造", "部门整体")
    assert found(File(CATALOGUE + FORM + whole)) == []
    other = FORM.replace("农村危房改造", "城镇危房改造").replace("20\t区级资金\t20", "30\t区级资金\t30")
    rows = found(File(CATALOGUE + FORM + other))
    assert [(row.code, row.project_id) for row in rows] == [("form-missing-catalogue", "doc-002")]


def test_findings_stand_in_the_order_of_their_lines(found: Raise) -> None:
    rows = found(form(("90\t%", "90%\t%"), ("户\t50", "户\t49"), ("40232529", "402325")))
    assert [(row.code, row.line) for row in rows] == [("weight-sum", 1), ("unit-in-value", 10), ("phone-malformed", 11)]
    assert [row.finding_id for row in rows] == [
        "doc-001-weight-sum",
        "doc-001-02-unit-in-value",
        "doc-001-phone-malformed",
    ]


@pytest.mark.parametrize(
    ("code", "expected", "actual"),
    [
        ("catalogue-name-differs", "危房改造", "农村危房改造"),
        ("catalogue-amount-differs", "20.2 万元", "20 万元"),
        ("catalogue-department-differs", "长寿区民政局", "长寿区财政局"),
    ],
)
def test_the_catalogue_says_what_it_lists_and_what_the_form_prints(
    code: str, expected: str, actual: str, found: Raise
) -> None:
    faulty, _ = PAIRS[code]
    (row,) = found(faulty)
    assert (row.expected, row.actual, row.line, row.project_id) == (expected, actual, 4, "doc-001")


def test_totals_say_what_is_printed_and_what_adds_up(found: Raise) -> None:
    (row,) = found(PAIRS["catalogue-total"][0])
    assert (row.expected, row.actual, row.line, row.project_id) == ("20.2 万元", "20 万元", 3, None)
    assert "目录合计" in row.message
    (row,) = found(PAIRS["stated-count"][0])
    assert (row.expected, row.actual, row.line) == ("2", "1", 1)
    (row,) = found(PAIRS["weight-sum"][0])
    assert (row.expected, row.actual) == ("90", "89")
