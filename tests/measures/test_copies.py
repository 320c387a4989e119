"""Texts and indicator sets that stand on several forms: what counts as the same, and how the page shows it."""

from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import meta
from lxml import html
from tiny import DATA, FORMULA, NASTY, indicator, origin, project, tables

from builder.dataset import store
from builder.dataset.rows import Indicator, Project, Tables
from builder.measures import copies
from builder.measures.copies import Kind, Same
from builder.model import Line
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.settings.wording import COPY_KINDS
from builder.site import pages
from builder.site.facts import Facts, gather
from builder.site.views import copies as view
from builder.site.views.copies import Change

SETTINGS = load(DATA)
RULES = SETTINGS.wording
SCHEMAS = load_schemas(DATA / "schemas")
GOAL = "改造农村危房 120 户，让困难群众住上安全房，全年不发生一起因房屋倒塌造成的伤亡。"
FIRST, SECOND, THIRD = "east-2024-key-001", "east-2025-key-001", "west-2024-key-001"


def forms(*goals: str | None, field: str = "goal") -> tuple[Project, ...]:
    """Projects of 东区 2024, 东区 2025 and 西区 2024 with these goals (or overviews)."""
    places = (("east", 2024), ("east", 2025), ("west", 2024))
    blank: dict[str, object] = {"goal": None, "overview": None}
    return tuple(
        project(1, f"{region}-{year}-key", region, year, "1", **{**blank, field: goal})
        for goal, (region, year) in zip(goals, places, strict=False)
    )


def find(projects: Sequence[Project], indicators: Sequence[Indicator] = ()) -> dict[str, Kind]:
    rows = replace(tables(), projects=tuple(projects), indicators=tuple(indicators))
    return {
        kind.kind: kind for kind in copies.find(rows, RULES.numbers.fewest_indicators, SETTINGS.checks.reuse_min_length)
    }


def groups(projects: Sequence[Project], kind: str, indicators: Sequence[Indicator] = ()) -> list[tuple[str, ...]]:
    return [same.projects for same in find(projects, indicators)[kind].groups]


def test_every_kind_is_worded_and_in_its_order() -> None:
    assert tuple(find(())) == COPY_KINDS == tuple(RULES.copies)


# What counts as the same


@pytest.mark.parametrize("field", copies.TEXTS)
@pytest.mark.parametrize(
    ("other", "exact", "near"),
    [
        (GOAL, True, False),
        (GOAL.replace(" ", "").replace("，", ",\n"), True, False),
        (GOAL.replace("120", "1,116.5"), False, True),
        (GOAL.replace(" 120 ", ""), False, True),
        (GOAL.replace("困难", "贫困"), False, False),
        (None, False, False),
    ],
)
def test_texts_are_the_same_word_for_word_or_but_for_numbers(
    field: str, other: str | None, exact: bool, near: bool
) -> None:
    rows = forms(GOAL, other, field=field)
    assert groups(rows, field) == ([(FIRST, SECOND)] if exact else [])
    assert groups(rows, f"{field}-but-numbers") == ([(FIRST, SECOND)] if near else [])
    assert groups(rows, "sentences") == []
    assert find(rows)[field].judged == (1 if other is None else 2)


def test_a_text_below_the_length_is_not_compared() -> None:
    shortest = SETTINGS.checks.reuse_min_length
    assert groups(forms("甲" * shortest, "甲" * shortest), "goal") == [(FIRST, SECOND)]
    found = find(forms("甲" * (shortest - 1), "甲" * (shortest - 1)))
    assert found["goal"].groups == () and found["goal"].judged == 0


def test_a_text_of_little_but_numbers_is_not_compared_without_them() -> None:
    assert groups(forms("1234567890 户 1234567890 人", "123 户 1234567890123456 人"), "goal-but-numbers") == []


def test_a_group_but_for_numbers_holds_all_that_belong_to_it() -> None:
    found = find(forms(GOAL, GOAL.replace("120", "90"), GOAL))
    assert [same.projects for same in found["goal"].groups] == [(FIRST, THIRD)]
    assert found["goal-but-numbers"].groups == (Same((FIRST, THIRD, SECOND), (GOAL,)),), "the earliest year first"


SENTENCE = "切实保障低保对象、特困人员等困难群众的基本生活"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (f"{SENTENCE}；其一。", f"其二。{SENTENCE}。", [SENTENCE]),
        (f"1.{SENTENCE}；", f"（二）{SENTENCE}\n三、其三", [SENTENCE]),
        (f"一是{SENTENCE}；", f"第二，{SENTENCE}！", [SENTENCE]),
        (f"{SENTENCE}。{SENTENCE[::-1]}。", f"{SENTENCE[::-1]}。{SENTENCE}。其二", [SENTENCE, SENTENCE[::-1]]),
        (f"{SENTENCE}，其一。", f"{SENTENCE}，其二。", []),
        (f"{SENTENCE}。", f"{SENTENCE}", [SENTENCE]),
        ("保障基本生活。其一", "保障基本生活。其二", []),
    ],
)
def test_whole_sentences_are_the_same_without_the_number_of_their_point(
    one: str, other: str, shared: list[str]
) -> None:
    found = find(forms(one, other))["sentences"].groups
    assert found == ((Same((FIRST, SECOND), tuple(shared)),) if shared else ())


def test_a_sentence_may_stand_in_a_goal_here_and_an_overview_there() -> None:
    (one,) = forms(f"{SENTENCE}；其一。")
    other = replace(forms(None, f"其二。{SENTENCE}")[1], goal=None, overview=f"其二。{SENTENCE}")
    assert groups((one, other), "sentences") == [(FIRST, SECOND)]
    assert groups((replace(one, overview=f"其二。{SENTENCE}"),), "sentences") == [], "within one form it is no copy"


def measures(project_id: str, **second: object) -> list[Indicator]:
    return [
        indicator(project_id, 1, "改造户数", "60", unit="户"),
        indicator(project_id, 2, "满意度", "30", **second),  # type: ignore[arg-type]
        indicator(project_id, 3, f"{project_id} 预算执行率", "10", is_execution_rate=True),
    ]


@pytest.mark.parametrize(
    ("changes", "exact", "near"),
    [
        ({}, True, False),
        ({"target_as_filed": "95.00", "target_value": Decimal("95.00"), "weight": Decimal("30.0")}, True, False),
        ({"name": "满 意 度"}, True, False),
        ({"target_value": Decimal(90)}, False, True),
        ({"weight": Decimal(20)}, False, True),
        ({"comparison": "eq"}, False, False),
        ({"unit": "分"}, False, False),
        ({"name": "群众满意度"}, False, False),
    ],
)
def test_sets_of_indicators_are_the_same_whole_or_but_for_targets(
    changes: dict[str, object], exact: bool, near: bool
) -> None:
    rows = forms(None, None)
    second = measures(SECOND)
    second[1] = replace(second[1], **changes)  # type: ignore[arg-type]
    indicators = [*measures(FIRST), *reversed(second)]
    assert groups(rows, "indicators", indicators) == ([(FIRST, SECOND)] if exact else [])
    assert groups(rows, "indicators-but-targets", indicators) == ([(FIRST, SECOND)] if near else [])


def test_a_set_with_one_more_is_another_and_a_single_indicator_is_no_set() -> None:
    rows = forms(None, None)
    more = indicator(SECOND, 4, "改造质量", "5")
    assert groups(rows, "indicators", [*measures(FIRST), *measures(SECOND), more]) == []
    single = [indicator(project_id, 1, "满意度", "90") for project_id in (FIRST, SECOND)]
    found = find(rows, single)["indicators"]
    assert found.groups == () and found.judged == 0


def test_the_largest_group_comes_first() -> None:
    rows = [
        replace(row, project_id=f"p{number}", goal=goal)
        for number, (row, goal) in enumerate(
            (forms(GOAL)[0], goal) for goal in (GOAL, GOAL[::-1], GOAL[::-1], GOAL, GOAL[::-1])
        )
    ]
    assert groups(rows, "goal") == [("p1", "p2", "p4"), ("p0", "p3")]


# The page


def facts_of(written: Tables, folder: Path, *printed: str) -> Facts:
    store.write(written.by_name(), SCHEMAS, folder)
    text = [*printed, *[""] * 9][:9]
    lines = {row.document_id: tuple(Line(n, line) for n, line in enumerate(text, 1)) for row in written.documents}
    return gather(store.load(folder, SCHEMAS), lines, load(DATA))


def shown(facts: Facts) -> view.CopiesView:
    kinds = facts.copies
    found = view.page(facts, RULES.copies, kinds).view
    assert isinstance(found, view.CopiesView)
    return found


def rendered(facts: Facts) -> str:
    kinds = facts.copies
    return pages.markdown(pages.environment(), view.page(facts, RULES.copies, kinds))


def with_goals(*goals: str, **changes: object) -> Tables:
    """The tiny dataset with goals for its four projects, in their order."""
    written = tables()
    return replace(
        written,
        projects=tuple(
            replace(row, goal=goal, overview=None, **changes)  # type: ignore[arg-type]
            for row, goal in zip(written.projects, goals, strict=True)
        ),
        indicators=written.indicators[:4],
    )


def test_the_template_prints_all_of_its_view_and_nothing_else() -> None:
    templates = pages.environment()
    assert templates.loader is not None
    text = templates.loader.get_source(templates, view.CopiesView.template)[0]
    assert meta.find_undeclared_variables(templates.parse(text)) == {field.name for field in fields(view.CopiesView)}


def test_a_group_says_what_its_forms_share_and_what_differs(tmp_path: Path) -> None:
    written = with_goals(GOAL, "其一", GOAL.replace("120", "90").replace("全年", "全 2025 年"), "其二")
    written = replace(written, provenance=(origin(FIRST, "goal", 3, "目标", GOAL, None),))
    facts = facts_of(written, tmp_path / "dataset")
    (kind,) = shown(facts).kinds
    assert (kind.anchor, kind.count, kind.judged) == ("goal-but-numbers", "1 组", "比了 2 段 20 字以上的绩效目标")
    (item,) = kind.groups
    assert item.title == "同一个项目 2024、2025 年的 2 张表"
    assert item.texts == (GOAL,) and item.indicators == ()
    first, second = item.members
    assert first.changes == ()
    assert second.changes == (
        Change("改造农村危房", "120", "90", "户,让困难群"),
        Change("上安全房,全", "", "2025", "年不发生一起"),
    )
    assert first.source.href == "../../sources/east-2024-key/#L3", "the line where the goal begins"
    assert (first.name.href, first.place.text) == ("../../projects/east-2024-key-001/", "东区 2024 年")
    assert (first.budget.text, second.budget.text) == ("121.07 万元", "2 亿元")


def test_a_sentence_is_shown_on_its_line_of_the_cell(tmp_path: Path) -> None:
    written = with_goals(f"其一。{SENTENCE}。", "其一", f"其二。{SENTENCE}。", "其二")
    written = replace(written, provenance=(origin(FIRST, "goal", 3, "目标", "其一", None),))
    printed = ("绩效目标表", f"依据\t{SENTENCE}", "目标\t其一。", f"{SENTENCE}。", f"{SENTENCE}。")
    (kind,) = shown(facts_of(written, tmp_path / "dataset", *printed)).kinds
    first, second = kind.groups[0].members
    assert first.source.href == "../../sources/east-2024-key/#L4", "neither where another cell quotes it, nor later"
    assert second.source.href.endswith("/#L2"), "of a cell that is not on record, in its form"


def test_numbers_that_differ_are_shown_where_they_stand(tmp_path: Path) -> None:
    written = with_goals(GOAL, "其一", GOAL.replace(" 120 户", "户").replace("一起", "1 起"), "其二")
    assert shown(facts_of(written, tmp_path / "one")).kinds == (), "a numeral written out is a word"
    written = with_goals(GOAL, "其一", GOAL.replace(" 120 户", "户"), "其二")
    (kind,) = shown(facts_of(written, tmp_path / "two")).kinds
    assert kind.groups[0].members[1].changes == (Change("改造农村危房", "120", "", "户,让困难群"),)


def test_targets_that_differ_are_shown_by_indicator(tmp_path: Path) -> None:
    second = measures("west-2024-key-001", target_value=Decimal(90))
    written = replace(
        with_goals("甲", "乙", "丙", "丁"), indicators=(*measures("east-2024-key-001"), *second), attributes=()
    )
    (kind,) = shown(facts_of(written, tmp_path / "dataset")).kinds
    assert kind.anchor == "indicators-but-targets"
    (item,) = kind.groups
    assert item.title == "2 个地区的 2 张表"
    assert item.indicators == ("改造户数：不少于 95 户（60 分）", "满意度：不低于 95%（30 分）")
    assert item.members[1].changes == (Change("满意度：", "不低于 95%（30 分）", "不低于 90%（30 分）", ""),)
    assert item.members[0].source.href == "../../sources/east-2024-key/#L5"


def test_a_group_is_named_by_the_least_that_holds_it_together(tmp_path: Path) -> None:
    def title(name: str, **changes: object) -> str:
        written = with_goals(GOAL, GOAL, "其一", "其二", **changes)
        return shown(facts_of(written, tmp_path / name)).kinds[0].groups[0].title

    assert title("department") == "东区住建委的 2 张表"
    assert title("region", department_id=None) == "东区的 2 张表"


def test_long_lists_are_cut_and_say_so(tmp_path: Path) -> None:
    written = tables()
    many = tuple(
        replace(written.projects[3], project_id=f"west-2024-key-{n:03d}", form_no=n, goal=GOAL, overview=None)
        for n in range(1, view.MOST_MEMBERS + 4)
    )
    facts = facts_of(replace(written, projects=(*written.projects[:3], *many)), tmp_path / "dataset")
    item = shown(facts).kinds[0].groups[0]
    assert len(item.members) == view.MOST_MEMBERS and item.more == "另有 3 份，见下载的数据。"


def test_without_any_copy_the_page_says_so(tmp_path: Path) -> None:
    found = shown(facts_of(with_goals("甲", "乙", "丙", "丁"), tmp_path / "dataset"))
    assert found.kinds == () and [kind.anchor for kind in found.silent] == list(COPY_KINDS)
    assert found.summary.endswith("没有两个项目有相同的地方。")


def test_text_of_a_document_stays_text(tmp_path: Path) -> None:
    written = with_goals(*[f"{NASTY}{FORMULA}{GOAL}"] * 4, name=NASTY)
    spoilt = replace(written, departments=tuple(replace(row, name=NASTY) for row in written.departments))
    tree = html.fromstring(rendered(facts_of(spoilt, tmp_path / "dataset")).split("---\n", 2)[2])
    assert not tree.xpath("//script | //img | //*[starts-with(@href, 'javascript')]")
    assert "<script>alert(1)</script>" in tree.text_content() and FORMULA in tree.text_content()


def test_the_page_is_the_same_every_time(tmp_path: Path) -> None:
    one, two = (rendered(facts_of(with_goals(*[GOAL] * 4), tmp_path / name)) for name in ("one", "two"))
    assert one == two


# The five documents


def test_copies_in_the_five_documents() -> None:
    found = {
        kind.kind: kind
        for kind in copies.find(
            store.load(DATA / "dataset", SCHEMAS).tables,
            RULES.numbers.fewest_indicators,
            SETTINGS.checks.reuse_min_length,
        )
    }
    insurance = ("changshou-2023-finance-001", "changshou-2024-key-018")
    assert found["goal"].groups == (
        Same(insurance, ("给全区群众提供风险保障，降低政府救灾压力，确保百姓及时获得救助。",)),
    )
    sentences = {same.projects: same.texts for same in found["sentences"].groups}
    assert set(sentences) == {
        insurance,
        ("chongqing-2024-key-018", "wansheng-2025-key-036"),
        ("chongqing-2024-key-079", "chongqing-2024-key-080"),
    }
    assert len(sentences[insurance]) == 4, "the overview was rewritten at its beginning and kept from there on"
    assert found["indicators"].groups == found["indicators-but-targets"].groups == ()
    assert found["indicators"].judged == 181


def test_what_checks_call_reused_is_what_copies_group() -> None:
    """text-reused names each later bearer of a goal or overview; both go by the same length and folding."""
    published = store.load(DATA / "dataset", SCHEMAS).tables
    reused = {row.project_id for row in published.findings if row.code == "text-reused"}
    kinds = copies.find(published, RULES.numbers.fewest_indicators, SETTINGS.checks.reuse_min_length)
    later = {key for kind in kinds if kind.kind in copies.TEXTS for same in kind.groups for key in same.projects[1:]}
    assert later == reused
