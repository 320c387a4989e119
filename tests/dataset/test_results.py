"""What came of the promises: self-evaluations typed for real projects, read, joined, judged and checked."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from forms_rendered import Grid, extension, render
from results_typed import GUARDS, OIL, OIL_SCORES, Scored, national, sichuan, transfer, with_cell

from builder.dataset import compile as compiling
from builder.dataset import store
from builder.dataset.compile import Compiled
from builder.model import Document
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


@pytest.fixture
def read(targets: Settings, tmp_path: Path) -> Read:
    def reading(*sheets: Grid, fmt: str = "xlsx-sheets", matches: tuple[Match, ...] = ()) -> Compiled:
        path = tmp_path / f"told{extension(fmt)}"
        render(sheets, fmt, path)
        media = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".html": "text/html"}
        media |= {".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
        media |= {".pdf": "application/pdf"}
        document = Document(
            *(TOLD, "changshou", 2024, "自评", "长寿区财政局", path, media[path.suffix], sha256(path)),
            path.stat().st_size,
            kind="self_evaluation",
        )
        settings = replace(targets, documents=(*targets.documents, document), matches=matches)
        compiled = compiling.compile_dataset(settings, lambda message: None)
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
    alone = compiling.compile_dataset(targets, lambda message: None).tables.by_name()
    beside = read(national(), sichuan()).tables.by_name()
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


PLANTED = {
    "score-sum": (national(total=("100", "97")), "98"),
    "score-total-zero": (national(total=("100", "0")), "98"),
    "points-sum": (with_cell(national(), "15", "14", 0), "99"),
    "score-over-points": (with_cell(national(total=("100", "99")), "19", "20.5"), "20.5"),
    "execution-rate-differs": (national(money=("100", "100", "90", "10", "95%", "9")), "95%"),
    "execution-score-differs": (national(money=("10", "10", "9", "10", "90%", "8"), total=("100", "97")), "8"),
    "executed-over-adjusted": (national(money=("10", "10", "12", "10", "120%", "10"), total=("100", "99")), "12 万元"),
    "target-changed": (with_cell(national(), "≥300天", "≥280天"), "≥280天"),
    "missed-full-score": (with_cell(national(total=("100", "99")), "19", "20"), "285天"),
    "short-without-reason": (with_cell(national(), "连续静稳天气较多，将加强管控", ""), "285天"),
    "far-above-target": (with_cell(national(), "285天", "395天"), "395天"),
    "indicator-new": (with_cell(national(), "油烟整治", "店铺走访次数"), ""),
    "result-department-unknown": (national(owner="长寿区不知道什么局"), "长寿区不知道什么局"),
}


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_contradiction_is_found(code: str, read: Read) -> None:
    sheet, actual = PLANTED[code]
    found = [row for row in read(sheet).tables.findings if row.document_id == TOLD and row.code == code]
    assert len(found) == 1
    assert (found[0].actual or "") == actual
    assert found[0].line is not None


def test_a_rate_of_the_first_budget_is_told(read: Read) -> None:
    sheet = sichuan(start="151", budget="200", spent="151", rate="100%", score="7.55")
    found = [row for row in read(sheet).tables.findings if row.code == "execution-rate-differs"]
    assert "按年初预算数算正好是它" in found[0].message


def test_a_grade_is_held_against_its_band(read: Read) -> None:
    grid = national()
    for grade, said in (("优", []), ("良", ["grade-differs"])):
        sheet = replace(grid, rows=(*grid.rows, ("自评等级", grade, *[""] * 7)))
        assert codes(read(sheet)) == said


def test_one_reason_for_many_is_told(read: Read) -> None:
    sheet = national(scores=[(*row[:5], row[5], "受市场影响进度较慢") for row in OIL_SCORES])
    assert "reason-repeated" in codes(read(sheet))


def test_an_indicator_never_heard_of_again_is_told(read: Read) -> None:
    sheet = national(scores=OIL_SCORES[:4], total=("85", "83"))
    found = [row for row in read(sheet).tables.findings if row.code == "indicator-dropped"]
    assert [row.message for row in found] == [f"“{OIL}”年初的指标“城区PM2.5排放浓度达标率”，结果里没有"]


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
