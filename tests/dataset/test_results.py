"""What came of the promises: self-evaluations typed for real projects, read, joined, judged and checked."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import printed
import pytest
from forms_rendered import Grid, extension, render
from results_typed import GUARDS, OIL, OIL_SCORES, Scored, national, sichuan, transfer, with_cell

from builder.dataset import checks, store, tabulate
from builder.dataset.compile import Compiled
from builder.forms.extract import extract
from builder.model import Document, Extract
from builder.readers import text
from builder.readers.formats import MEDIA_TYPES
from builder.settings import Settings, load
from builder.settings.manifest import sha256
from builder.settings.results import Match

ROOT = Path(__file__).parents[2]
TARGETS = "changshou-2024-key"
TOLD = "changshou-2024-self"
Read = Callable[..., Compiled]


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The project with one real document of targets."""
    root = tmp_path_factory.mktemp("results")
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("dataset", "releases"))
    settings = load(root / "data")
    kept = tuple(one for one in settings.documents if one.document_id == TARGETS)
    return replace(settings, documents=kept, corrections=(), series=())


@pytest.fixture(scope="module")
def promised(targets: Settings) -> tuple[Document, Extract]:
    (document,) = targets.documents
    return document, extract(text.read(document.file), TARGETS, targets)


@pytest.fixture
def read(targets: Settings, promised: tuple[Document, Extract], tmp_path: Path) -> Read:
    """Read sheets beside the targets, from text between tabs or from a file of another format."""

    def reading(
        *sheets: Grid, fmt: str = "txt", matches: tuple[Match, ...] = (), kind: str = "self_evaluation"
    ) -> Compiled:
        path = tmp_path / f"told{extension(fmt)}"
        render(sheets, fmt, path)
        media, size = MEDIA_TYPES[path.suffix], path.stat().st_size
        document = Document(TOLD, "changshou", 2024, "自评", "长寿区财政局", path, media, sha256(path), size, kind=kind)
        settings = replace(targets, documents=(*targets.documents, document), matches=matches)
        if fmt != "txt":
            compiled = printed.compiled(settings)
        else:
            extracts = [promised, (document, extract(text.read(path), TOLD, settings))]
            tabulated = tabulate.tabulate(extracts, settings)
            found = checks.check(tabulated, extracts, settings)
            compiled = Compiled(replace(tabulated.tables, findings=found), {}, ())
        store.prove(compiled.tables.by_name(), settings.schemas)
        return compiled

    return reading


def codes(compiled: Compiled) -> list[str]:
    """What was found of the results document, but for what holds of any: that nobody wrote down where it is from."""
    return sorted(
        row.code
        for row in compiled.tables.findings
        if row.document_id == TOLD and row.code not in ("source-unrecorded", "indicator-dropped")
    )


@pytest.mark.long
@pytest.mark.parametrize("fmt", ["xlsx-sheets", "html", "docx", "pdf"])
@pytest.mark.parametrize(
    ("sheet", "project", "amounts", "scores", "total"),
    [
        (national(), "001", ("100000", "100000", "90000"), ["20", "20", "15", "19", "15"], "98"),
        (sichuan(), "003", ("1510000", "1600000", "1600000"), ["20", "10", "15", "12", "10", "10", "10"], "97"),
        (transfer(), "001", (None, "100000", "90000"), [None, None], None),
    ],
    ids=["national", "sichuan", "transfer"],
)
def test_each_layout_in_each_format(
    sheet: Grid,
    project: str,
    amounts: tuple[str | None, ...],
    scores: list[str | None],
    total: str | None,
    fmt: str,
    read: Read,
) -> None:
    compiled = read(sheet, fmt=fmt)
    tables = compiled.tables
    (result,) = tables.results
    assert result.project_id == f"{TARGETS}-{project}"
    assert (result.initial_yuan, result.adjusted_yuan, result.executed_yuan) == tuple(
        None if item is None else Decimal(item) for item in amounts
    )
    assert [row.score for row in tables.scores] == [None if item is None else Decimal(item) for item in scores]
    assert result.total_score == (None if total is None else Decimal(total))
    assert all(row.indicator_id for row in tables.scores)
    assert result.goal is not None and result.goal_result is not None
    coverage = next(row for row in tables.coverage if row.document_id == TOLD)
    assert coverage.cells == coverage.read + coverage.furniture
    assert not set(codes(compiled)) & {"cell-unread", "row-ambiguous", "label-unknown", "value-unparsed"}


def test_every_value_says_where_it_is_printed(read: Read) -> None:
    compiled = read(national())
    origins = {(row.table, row.record_id, row.field) for row in compiled.tables.provenance}
    (result,) = compiled.tables.results
    made = {"name", "executed_yuan", "execution_rate_as_filed", "execution_score", "goal_result", "total_score"}
    assert {("results", result.result_id, field) for field in made} <= origins
    for row in compiled.tables.scores:
        fields = {"name", "actual_value", "points", "score"} | ({"reason"} if row.reason else set())
        assert {("scores", row.score_id, field) for field in fields} <= origins


def test_results_change_nothing_of_the_targets(read: Read, targets: Settings) -> None:
    alone = printed.compiled(targets).tables.by_name()
    beside = read(national(), sichuan(), fmt="xlsx-sheets").tables.by_name()
    for name in ("projects", "indicators", "funding", "departments", "attributes", "catalogue", "citations", "units"):
        assert alone[name] == beside[name]
    of_targets = [row for row in beside["findings"] if row.document_id == TARGETS]
    assert of_targets == list(alone["findings"])


def test_each_outcome_is_judged_by_word_or_figure(read: Read) -> None:
    rows = {row.name: (row.attainment, row.attainment_method) for row in read(national(), sichuan()).tables.scores}
    assert rows["油烟整治"] == ("met", "computed")
    assert rows["全区空气环境质量优良天数"] == ("missed", "computed")
    assert rows["值守时间"] == ("partly", "printed")
    assert rows["过往行车人员满意度"] == ("met", "computed")


@pytest.mark.parametrize(
    ("target", "unit", "actual", "outcome"),
    [
        ("≥300", "天", "基本达到", "unreadable"),
        ("≥300", "天", "未完成", "missed"),
        ("≥300", "天", "300", "met"),
        ("=300", "天", "310", "unreadable"),
        ("≥95", "%", "", "unreadable"),
        ("有效提升", "", "有效提升", "met"),
        ("有效提升", "", "明显好转", "unreadable"),
    ],
)
def test_nothing_is_judged_that_neither_word_nor_figure_tells(
    target: str, unit: str, actual: str, outcome: str, read: Read
) -> None:
    scored: tuple[Scored, ...] = (("全区空气环境质量优良天数", target, unit, actual, "90", "90", ""),)
    (row,) = read(national(scores=scored, total=("100", "99"))).tables.scores
    assert row.attainment == outcome


# Joining


def test_joined_by_name_and_department_and_by_name_where_no_department_is_printed(read: Read) -> None:
    compiled = read(national(), with_cell(sichuan(name=GUARDS), "主管部门", "备注"))
    assert [(row.match, row.project_id) for row in compiled.tables.results] == [
        ("name_and_department", f"{TARGETS}-001"),
        ("name", f"{TARGETS}-003"),
    ]


def test_a_name_of_another_department_is_left_open(read: Read) -> None:
    compiled = read(national(owner="长寿区财政局"), national(name="没有这个项目"))
    assert [row.match for row in compiled.tables.results] == ["none", "none"]
    assert codes(compiled).count("result-unmatched") == 2


def test_a_full_stop_at_the_end_makes_no_other_name(read: Read) -> None:
    (row,) = read(national(name=f"{OIL}.")).tables.results
    assert (row.match, row.project_id) == ("name_and_department", f"{TARGETS}-001")


def test_two_sheets_of_one_project_are_left_open_until_a_person_decides(read: Read) -> None:
    twice = national(), national()
    assert [row.match for row in read(*twice).tables.results] == ["none", "none"]
    decided = (Match(result=f"{TOLD}-002", project=f"{TARGETS}-001", reason="后一张是更正"),)
    rows = read(*twice, matches=decided).tables.results
    assert [(row.match, row.project_id) for row in rows][1] == ("manual", f"{TARGETS}-001")


def test_an_indicator_renamed_is_known_by_level_and_target_if_the_names_are_alike(read: Read) -> None:
    renamed = with_cell(national(), "全区空气环境质量优良天数", "全区空气质量优良天数")
    rows = {row.name: row for row in read(with_cell(renamed, "油烟整治", "店铺走访次数")).tables.scores}
    assert rows["全区空气质量优良天数"].match == "none", "the promise prints no level, the result does"
    assert rows["店铺走访次数"].match == "none"


# What does not add up: each contradiction is found, and the sheet without it says nothing


def test_a_sheet_in_order_says_nothing(read: Read) -> None:
    assert codes(read(national(), sichuan())) == []


def with_rows(grid: Grid, *rows: tuple[str, ...]) -> Grid:
    width = len(grid.rows[0])
    return replace(grid, rows=(*grid.rows, *((*row, *[""] * (width - len(row))) for row in rows)))


def with_reasons(count: int) -> Grid:
    """The reason of the first ``count`` indicators is one and the same."""
    said = ["受市场影响进度较慢"] * count + [row[6] for row in OIL_SCORES[count:]]
    return national(scores=[(*row[:6], reason) for row, reason in zip(OIL_SCORES, said, strict=True)])


def without_name(title: str) -> Grid:
    """A sheet with a heading for the project's name and nothing beside it but the next heading."""
    grid = national()
    heads = ("项目名称", *grid.rows[1][:2])
    first = (*heads, *[""] * (len(grid.rows[1]) - len(heads)))
    return replace(grid, title=(title,) if title else (), rows=(first, *grid.rows[2:]))


IN_ORDER = national()
# Of each finding: a sheet that it is planted in, with what the finding says to be there; and one that is as near to it
# as it can be and right.
PAIRS: dict[str, tuple[Grid, str, Grid]] = {
    "score-sum": (national(total=("100", "97")), "98", with_cell(national(total=("100", "98.5")), "19", "19.5")),
    "score-total-zero": (
        national(total=("100", "0")),
        "98",
        national(
            scores=[(*row[:5], "0", "没有开展，资金收回") for row in OIL_SCORES],
            money=("10", "10", "0", "10", "0%", "0"),
            total=("100", "0"),
        ),
    ),
    "points-sum": (with_cell(IN_ORDER, "15", "14", 0), "99", sichuan()),
    "score-over-points": (with_cell(national(total=("100", "99")), "19", "20.5"), "20.5", IN_ORDER),
    "execution-rate-differs": (
        national(money=("100", "100", "90", "10", "95%", "9")),
        "95%",
        national(money=("10", "11.3", "9.04", "10", "0.80", "8"), total=("100", "97")),
    ),
    "execution-score-differs": (
        national(money=("10", "10", "9", "10", "90%", "8"), total=("100", "97")),
        "8",
        national(money=("10", "10", "8.96", "10", "89.6%", "9")),
    ),
    "executed-over-adjusted": (
        national(money=("10", "10", "12", "10", "120%", "10"), total=("100", "99")),
        "12 万元",
        national(money=("8", "12", "12", "10", "100%", "10"), total=("100", "99")),
    ),
    "grade-differs": (
        with_rows(IN_ORDER, ("自评等级", "良")),
        "98",
        with_rows(IN_ORDER, ("自评等级", "优")),
    ),
    "target-changed": (with_cell(IN_ORDER, "≥300天", "≥280天"), "≥280天", with_cell(IN_ORDER, "≥300天", "300天以上")),
    "weight-changed": (with_cell(IN_ORDER, "15", "10", 0), "10", IN_ORDER),
    "indicator-dropped": (national(scores=OIL_SCORES[:4], total=("85", "83")), "", IN_ORDER),
    "indicator-new": (with_cell(IN_ORDER, "油烟整治", "店铺走访次数"), "", IN_ORDER),
    "missed-full-score": (
        with_cell(national(total=("100", "99")), "19", "20"),
        "285天",
        with_cell(with_cell(national(total=("100", "99")), "19", "20"), "285天", "300天"),
    ),
    "short-without-reason": (with_cell(IN_ORDER, "连续静稳天气较多，将加强管控", ""), "285天", IN_ORDER),
    "far-above-target": (with_cell(IN_ORDER, "285天", "390天"), "390天", with_cell(IN_ORDER, "285天", "389天")),
    "reason-repeated": (with_reasons(3), "受市场影响进度较慢", with_reasons(2)),
    "result-unmatched": (national(name="没有这个项目"), "", IN_ORDER),
    "result-department-unknown": (national(owner="长寿区不知道什么局"), "长寿区不知道什么局", IN_ORDER),
    "result-nameless": (without_name(""), "", without_name("长寿区2024年度部门整体支出绩效自评表")),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_planted_contradiction_is_found_and_a_right_sheet_raises_none(code: str, read: Read) -> None:
    sheet, actual, right = PAIRS[code]
    found = [row for row in read(sheet).tables.findings if row.document_id == TOLD and row.code == code]
    assert len(found) == 1
    assert (found[0].actual or "") == actual
    assert found[0].line is not None
    assert re.sub("“[^”]*”", "", found[0].message_en).isascii(), (
        "what is not printed, and so quoted, is said in English"
    )
    assert code not in {row.code for row in read(right).tables.findings if row.document_id == TOLD}


def test_every_finding_of_results_has_its_pair(targets: Settings) -> None:
    others = {"source-unrecorded", "other-kind", "text-markup"}
    named = {"score", "points", "execution", "executed", "grade", "target", "weight", "indicator", "missed", "short"}
    named |= {"far", "reason", "result"}
    of_results = {code for code in targets.codes if code.split("-")[0] in named} - others
    assert of_results - {"weight-sum", "indicators-missing"} == PAIRS.keys()


@pytest.mark.parametrize(
    ("printed", "grade"),
    [
        ("优（√） 良（ ） 中（ ） 差（ ）", "优"),
        ("☑优 □良 □中 □差", "优"),
        ("优√ 良", "优"),
        ("优（√）良（√）", "优（√）良（√）"),
    ],
)
def test_of_several_grades_the_one_that_is_ticked_is_meant(printed: str, grade: str, read: Read) -> None:
    (row,) = read(with_rows(IN_ORDER, ("自评等级", printed))).tables.results
    assert row.grade == grade


@pytest.mark.parametrize(
    ("was", "now"), [("≤20家", "≤20户"), ("≤20家", "≥20家"), ("≤20家", "整治到位"), ("≤20家", "＜20家")]
)
def test_another_unit_or_sign_or_a_word_for_a_figure_is_another_target(was: str, now: str, read: Read) -> None:
    assert "target-changed" in codes(read(with_cell(IN_ORDER, was, now)))


def test_a_planted_contradiction_raises_no_other_alarm(read: Read) -> None:
    """But for what follows from it: fewer points for one indicator change its weight, its room and the sum."""
    follows = {
        "points-sum": {"weight-changed", "score-over-points"},
        "weight-changed": {"points-sum", "score-over-points"},
        "indicator-dropped": {"points-sum"},
        "result-department-unknown": {"result-unmatched"},
        "result-nameless": {"result-unmatched"},
    }
    for code, (sheet, _, _) in PAIRS.items():
        others = {*codes(read(sheet))} - {code} - follows.get(code, set())
        assert others == set(), code


def test_a_rate_of_the_first_budget_is_told(read: Read) -> None:
    sheet = sichuan(start="151", budget="200", spent="151", rate="100%", score="7.55")
    found = [row for row in read(sheet).tables.findings if row.code == "execution-rate-differs"]
    assert "按年初预算数算正好是它" in found[0].message


def test_an_indicator_never_heard_of_again_is_told(read: Read) -> None:
    sheet = national(scores=OIL_SCORES[:4], total=("85", "83"))
    found = [row for row in read(sheet).tables.findings if row.code == "indicator-dropped"]
    assert [row.message for row in found] == [f"“{OIL}”年初的指标“城区PM2.5排放浓度达标率”，结果里没有"]


def test_an_indicator_that_may_stand_in_what_was_not_read_is_not_missed(read: Read) -> None:
    sheet = with_cell(national(), "城区PM2.5排放浓度达标率", "")
    found = {row.code for row in read(sheet).tables.findings if row.document_id == TOLD}
    assert "row-ambiguous" in found and "indicator-dropped" not in found


def test_a_blank_score_is_not_zero(read: Read) -> None:
    compiled = read(with_cell(national(), "19", ""))
    row = next(row for row in compiled.tables.scores if row.name == "全区空气环境质量优良天数")
    assert row.score is None
    assert "score-sum" not in codes(compiled)


def test_figures_that_do_not_stand_under_their_headings_are_not_read(read: Read) -> None:
    moved = with_cell(with_cell(national(), "100", "", 0), "98", "100")
    rows = [list(row) for row in moved.rows]
    rows[-1][5], rows[-1][8] = "100", "98"
    compiled = read(replace(moved, rows=tuple(map(tuple, rows))))
    assert compiled.tables.results[0].total_score is None
    assert "row-ambiguous" in codes(compiled)


def test_a_sheet_of_half_a_year_may_look_at_some_indicators_only(read: Read) -> None:
    rows = [
        ("项目名称", OIL, "", "", ""),
        ("主管部门", "重庆市生态环境局", "", "", ""),
        ("三级指标", "年度指标值", "1-6月执行情况", "全年预计完成情况", "完成目标可能性"),
        ("油烟整治", "≤20家", "8家", "18家", "确定能"),
        ("店铺走访次数", "≥40次", "22次", "40次", "确定能"),
    ]
    told = read(Grid(("2024年项目支出绩效运行监控表",), tuple(rows)), kind="monitoring").tables
    assert [row.match for row in told.scores] == ["name", "none"]
    found = [row.code for row in told.findings if row.code in ("indicator-dropped", "indicator-new")]
    assert found == ["indicator-new"]
