"""/changes/ and the pages of ids that are gone, on a dataset small enough to reckon by hand."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from jinja2 import meta
from lxml import html
from tiny import DATA, document, project, tables

from builder.dataset import history as releases
from builder.dataset import store
from builder.dataset.history import History
from builder.dataset.rows import Coverage, Tables
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import pages
from builder.site.facts import Facts, gather
from builder.site.views import changes, withdrawn
from builder.site.views.changes import ChangesView
from builder.site.views.parts import Page
from builder.site.views.withdrawn import WithdrawnView

SCHEMAS = load_schemas(DATA / "schemas")
TEMPLATES = pages.environment()
REVISED = {"east-2025-final": "east-2025-key"}
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}[x](javascript:alert(1))"

State = Callable[[Tables], tuple[Facts, History]]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "releases"


@pytest.fixture
def release(tmp_path: Path, ledger: Path) -> Callable[..., None]:
    def cut(rows: Tables, version: str, date: str, note: str = "说明") -> None:
        store.write(rows.by_name(), SCHEMAS, tmp_path / "dataset")
        releases.cut(store.load(tmp_path / "dataset", SCHEMAS), ledger, version, date, note, REVISED)

    return cut


@pytest.fixture
def state(tmp_path: Path, ledger: Path) -> State:
    """The facts of a dataset and its history against the releases cut so far."""

    def now(rows: Tables) -> tuple[Facts, History]:
        store.write(rows.by_name(), SCHEMAS, tmp_path / "dataset")
        data = store.load(tmp_path / "dataset", SCHEMAS)
        lines = {row.document_id: () for row in rows.documents}
        return gather(data, lines, load(DATA)), releases.history(data, ledger, REVISED)

    return now


def view(page: Page) -> ChangesView:
    assert isinstance(page.view, ChangesView)
    return page.view


def body(page: Page) -> html.HtmlElement:
    return html.fromstring(pages.markdown(TEMPLATES, page).split("---\n", 2)[2])


def revised(rows: Tables, name: str = "农村危房改造") -> Tables:
    """The east's 2025 document replaced by a final one."""
    final = "east-2025-final"
    return replace(
        rows,
        documents=(rows.documents[0], document(final, "east", 2025), rows.documents[2]),
        projects=(*rows.projects[:2], project(1, final, "east", 2025, "1", name=name), rows.projects[3]),
        indicators=(*rows.indicators[:3], rows.indicators[4]),
        attributes=(),
        coverage=(rows.coverage[0], Coverage(final, 20, 15, 5, 0), rows.coverage[2]),
        findings=rows.findings[:4],
    )


def without_west(rows: Tables) -> Tables:
    """The west gone, and with it its only document, department and year."""
    return replace(
        rows,
        documents=rows.documents[:2],
        departments=rows.departments[:1],
        projects=rows.projects[:3],
        indicators=tuple(row for row in rows.indicators if not row.project_id.startswith("west")),
        coverage=rows.coverage[:2],
        findings=tuple(row for row in rows.findings if row.document_id != "west-2024-key"),
    )


@pytest.mark.parametrize("kind", [ChangesView, WithdrawnView])
def test_templates_print_exactly_what_views_hold(kind: type[ChangesView | WithdrawnView]) -> None:
    assert TEMPLATES.loader is not None
    source = TEMPLATES.loader.get_source(TEMPLATES, kind.template)[0]
    assert meta.find_undeclared_variables(TEMPLATES.parse(source)) == {field.name for field in fields(kind)}


def test_before_the_first_release_all_is_pending(state: State) -> None:
    facts, history = state(tables())
    shown = view(changes.page(facts, history))
    assert shown.pending is not None and "还没有发布第一版" in shown.pending.note
    assert shown.releases == () and shown.feed == ""
    assert "尚未发布的改动" in body(changes.page(facts, history)).text_content()


def test_releases_stand_newest_first_with_their_rows_by_place_and_reason(
    state: State, release: Callable[..., None]
) -> None:
    release(tables(), "1.0.0", "2026-11-21", "第一版")
    release(revised(tables()), "1.1.0", "2027-03-08", "东区发布了修订版")
    facts, history = state(revised(tables()))
    shown = view(changes.page(facts, history))
    assert shown.pending is None and shown.unchanged == "自 1.1.0 版以来，数据没有改动。"
    assert [(item.anchor, item.day) for item in shown.releases] == [
        ("v1.1.0", "2027 年 3 月 8 日"),
        ("v1.0.0", "2026 年 11 月 21 日"),
    ]
    latest, first = shown.releases
    assert latest.summary == "增加 3 行、删除 6 行，涉及 1 个地区年度。"
    (group,) = latest.groups
    assert group.place is not None and group.place.text == "东区 2025 年"
    assert group.place.href == "../regions/east/2025/"
    assert (group.reason, group.counts) == ("修订版", ("3", "", "6"))
    assert [(item.name.href, item.what) for item in group.documents] == [
        ("../sources/east-2025-final/", "增加"),
        ("../sources/east-2025-key/", "删除"),
    ]
    assert [(item.name.href, item.what) for item in group.projects] == [
        ("../projects/east-2025-final-001/", "增加"),
        ("../projects/east-2025-key-001/", "删除"),
    ]
    assert [(item.place.text if item.place else item.place_text, item.reason) for item in first.groups] == [
        ("东区 2025 年", "新文件"),
        ("东区 2024 年", "新文件"),
        ("东区，不分年度", "新文件"),
        ("西区 2024 年", "新文件"),
        ("西区，不分年度", "新文件"),
        ("各地区共用的表", "我们的改动"),
    ]


def test_a_changed_project_names_the_tables(state: State, release: Callable[..., None]) -> None:
    release(tables(), "1.0.0", "2026-11-21")
    rows = tables()
    rows = replace(
        rows,
        indicators=(
            replace(rows.indicators[0], name="户数"),
            replace(rows.indicators[1], name="评价"),
            *rows.indicators[2:],
        ),
        funding=rows.funding[:1],
    )
    facts, history = state(rows)
    pending = view(changes.page(facts, history)).pending
    assert pending is not None
    ((group,), note) = (pending.groups, pending.note)
    assert note.startswith("1.0.0 版之后的改动")
    assert (group.reason, group.counts) == ("我们的改动", ("", "2", "1"))
    assert [(table.title, table.counts) for table in group.tables] == [
        (SCHEMAS["funding"].title, ("", "", "1")),
        (SCHEMAS["indicators"].title, ("", "2", "")),
    ]
    assert [item.what for item in group.projects] == [
        f"{SCHEMAS['funding'].title}删除 1 行；{SCHEMAS['indicators'].title}修改 2 行"
    ]


def test_long_lists_say_what_they_leave_out(state: State) -> None:
    rows = tables()
    many = [project(number, "west-2024-key", "west", 2024, "1") for number in range(2, changes.MOST_NAMED + 4)]
    facts, history = state(replace(rows, projects=(*rows.projects, *many)))
    pending = view(changes.page(facts, history)).pending
    assert pending is not None
    west = next(group for group in pending.groups if group.place and group.place.href.endswith("west/2024/"))
    assert len(west.projects) == changes.MOST_NAMED
    assert west.more == "另有 3 个项目没有列出。"


def test_names_of_documents_and_notes_are_text(state: State, release: Callable[..., None]) -> None:
    rows = tables()
    hostile = replace(rows, projects=(replace(rows.projects[0], name=HOSTILE), *rows.projects[1:]))
    release(hostile, "1.0.0", "2026-11-21", f"说明 {HOSTILE}")
    facts, history = state(without_west(revised(hostile, HOSTILE)))
    for page in (changes.page(facts, history), *withdrawn.pages(facts, history)):
        shown = body(page)
        assert not shown.xpath("//script") and "49" not in shown.text_content()
        assert not [href for href in shown.xpath("//@href") if href.startswith("javascript")]
    assert HOSTILE in body(changes.page(facts, history)).text_content()


def test_each_id_that_is_gone_has_its_page(state: State, release: Callable[..., None]) -> None:
    release(tables(), "1.0.0", "2026-11-21")
    facts, history = state(without_west(revised(tables())))
    shown = {page.path: page for page in withdrawn.pages(facts, history)}
    assert sorted(shown) == [
        "departments/west-zhujian/",
        "projects/east-2025-key-001/",
        "projects/west-2024-key-001/",
        "regions/west/",
        "regions/west/2024/",
        "sources/east-2025-key/",
        "sources/west-2024-key/",
    ]
    replaced = shown["projects/east-2025-key-001/"].view
    assert isinstance(replaced, WithdrawnView)
    assert replaced.name == "农村危房改造" and replaced.identifier == "east-2025-key-001"
    assert replaced.last.text == "1.0.0 版（2026 年 11 月 21 日）"
    assert replaced.last.href == "../../changes/#v1.0.0"
    assert replaced.successor is not None and replaced.successor.href == "../../projects/east-2025-final-001/"
    assert replaced.why == "它所在的文件被公开单位的修订版取代了。"
    assert [part.anchor for part in replaced.parts] == ["east-2025-key-001-01"]
    lost = shown["projects/west-2024-key-001/"].view
    assert isinstance(lost, WithdrawnView)
    assert lost.successor is None and lost.revision is None
    assert lost.why == "它所在的文件不再收录。现在的数据里没有唯一与它对应的一条。"


def test_a_project_that_our_reading_lost_says_so(state: State, release: Callable[..., None]) -> None:
    release(tables(), "1.0.0", "2026-11-21")
    rows = tables()
    facts, history = state(replace(rows, projects=(rows.projects[0], *rows.projects[2:])))
    (page,) = withdrawn.pages(facts, history)
    assert isinstance(page.view, WithdrawnView) and page.path == "projects/east-2024-key-002/"
    assert page.view.why.startswith("它所在的文件仍然收录，是我们读这份文件的办法改了。")


def test_an_indicator_that_is_gone_from_a_project_is_listed(state: State, release: Callable[..., None]) -> None:
    release(tables(), "1.0.0", "2026-11-21")
    rows = tables()
    facts, history = state(replace(rows, indicators=(*rows.indicators[:2], *rows.indicators[3:])))
    assert list(withdrawn.pages(facts, history)) == []
    (listed,) = view(changes.page(facts, history)).gone
    assert (listed.kind, [(item.identifier, item.name.href) for item in listed.items]) == (
        "指标",
        [("east-2024-key-001-03", "../projects/east-2024-key-001/#indicators")],
    )


def test_links_lead_to_pages_that_are_there_or_gone(state: State, release: Callable[..., None]) -> None:
    release(tables(), "1.0.0", "2026-11-21")
    release(revised(tables()), "1.1.0", "2027-01-01")
    facts, history = state(without_west(revised(tables())))
    there = {f"projects/{key}/" for key in facts.projects} | {f"sources/{key}/" for key in facts.documents}
    there |= {f"departments/{key}/" for key in facts.departments}
    there |= {f"regions/{row.region_id}/{row.year}/" for row in facts.documents.values()}
    there |= {page.path for page in withdrawn.pages(facts, history)}
    hrefs = {str(href) for href in body(changes.page(facts, history)).xpath("//@href")}
    inside = {href.removeprefix("../").split("#")[0] for href in hrefs if href.startswith("../")}
    assert {path for path in inside if path.count("/") >= 2 and not path.endswith(".xml")} <= there
