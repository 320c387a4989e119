"""The table of all data: what it is given, and what a browser shows, keeps in the address and hands out."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from builder.dataset import store
from builder.dataset.frames import frames
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import explore

ROOT = Path(__file__).parents[2]
FORMULA = '=HYPERLINK("http://example.com","点我")'
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def published() -> store.Dataset:
    return store.load(ROOT / "data" / "dataset", load_schemas(ROOT / "data" / "schemas"))


@pytest.fixture(scope="module")
def written(published: store.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("site")
    explore.write(published, load(ROOT / "data"), folder)
    return {path.stem: read(path) for path in (folder / "explore").glob("*.js")}


# The rows


def test_all_projects_are_there_as_in_the_dataset(written: dict[str, Any], published: store.Dataset) -> None:
    projects, table = frames(published)["projects"], written["projects"]
    assert table["id"] == projects["project_id"].tolist()
    assert table["name"] == projects["name"].tolist()
    assert table["year"] == projects["year"].tolist()
    assert sum(table["budget"]) == sum(projects["budget_yuan"])
    assert coded(table["region"]) == projects["region_id"].tolist()
    assert coded(table["department"]) == projects["department_id"].tolist()
    sectors = dict(frames(published)["departments"][["department_id", "sector_id"]].itertuples(index=False, name=None))
    assert coded(table["sector"]) == [sectors[department] for department in projects["department_id"]]


def test_all_indicators_are_there_as_in_the_dataset(written: dict[str, Any], published: store.Dataset) -> None:
    indicators, table = frames(published)["indicators"], written["indicators"]
    project_ids = [written["projects"]["id"][place] for place in table["project"]]
    assert project_ids == indicators["project_id"].tolist()
    assert table["name"] == indicators["name"].tolist()
    assert coded(table["comparison"]) == indicators["comparison"].tolist()
    # The page makes an indicator's id from its project's and its position.
    made = [f"{project}-{position:02d}" for project, position in zip(project_ids, table["position"], strict=True)]
    assert made == indicators["indicator_id"].tolist()


def test_findings_are_there_and_notes_are_no_doubts(written: dict[str, Any], published: store.Dataset) -> None:
    findings = frames(published)["findings"].dropna(subset="project_id")
    table = written["projects"]
    shown = {
        (project, table["finding"]["values"][code][0])
        for project, codes in zip(table["id"], table["finding"]["of"], strict=True)
        for code in codes
    }
    assert shown == set(findings[["project_id", "code"]].itertuples(index=False, name=None))
    assert sum(table["doubts"]) == (findings["severity"] != "note").sum()


def test_the_same_dataset_gives_the_same_bytes(tmp_path: Path, published: store.Dataset) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        explore.write(published, load(ROOT / "data"), tmp_path / name)
    for path in (tmp_path / "one" / "explore").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / "explore" / path.name).read_bytes()


# The browser


@pytest.fixture
def open_table(browser: Browser, site_url: str) -> Iterator[Callable[..., Page]]:
    context = browser.new_context()

    def opened(query: str = "", route: Callable[[Route], None] | None = None) -> Page:
        page = context.new_page()
        if route is not None:
            page.route("**/explore/projects.js*", route)
        page.goto(f"{site_url.rstrip('/')}/explore/{query}")
        page.wait_for_selector("[data-explore-table] tbody tr")
        return page

    yield opened
    context.close()


@pytest.mark.site
def test_filters_of_the_address_apply(open_table: Callable[..., Page], published: store.Dataset) -> None:
    projects = frames(published)["projects"]
    chosen = projects[(projects["region_id"] == "changshou") & (projects["year"] == 2024)]
    page = open_table("?region=changshou&year=2024")
    assert status(page).startswith(f"{len(chosen)} 个项目（全部 {len(projects)}）")
    least = projects[projects["budget_yuan"].map(lambda yuan: yuan is not None and yuan >= 1_000_000_000)]
    assert status(open_table("?min=100000")).startswith(f"{len(least)} 个项目")


@pytest.mark.site
@pytest.mark.parametrize(
    ("query", "column", "value"),
    [("comparison=qualitative", "comparison", "qualitative"), ("core=yes", "is_core", True)],
)
def test_indicators_are_filtered_by_what_only_they_have(
    open_table: Callable[..., Page], published: store.Dataset, query: str, column: str, value: object
) -> None:
    rows = frames(published)["indicators"]
    page = open_table(f"?view=indicators&{query}")
    assert status(page).startswith(f"{(rows[column] == value).sum()} 项指标（全部 {len(rows):,}）")


@pytest.mark.site
def test_a_finding_is_a_filter(open_table: Callable[..., Page], published: store.Dataset) -> None:
    findings = frames(published)["findings"]
    of_code = findings[findings["code"] == "heading-typo"]["project_id"].nunique()
    assert status(open_table("?finding=heading-typo")).startswith(f"{of_code} 个项目")
    doubted = findings[findings["severity"] != "note"]["project_id"].nunique()
    assert status(open_table("?finding=any")).startswith(f"{doubted} 个项目")


@pytest.mark.site
def test_choices_go_to_the_address_and_come_back(open_table: Callable[..., Page]) -> None:
    page = open_table()
    page.select_option("[data-explore] [name=region]", "chongqing")
    page.fill("[data-explore] [name=q]", "教育")
    page.select_option("[data-explore] [name=sort]", "-budget")
    page.wait_for_function("() => ['region=', 'q=', 'sort=-budget'].every((part) => location.search.includes(part))")
    before = (status(page), page.locator("tbody tr").all_inner_texts())
    page.reload()
    page.wait_for_selector("[data-explore-table] tbody tr")
    assert (status(page), page.locator("tbody tr").all_inner_texts()) == before
    page.click("[data-explore-clear]")
    page.wait_for_function("() => location.search === '?sort=-budget'")


@pytest.mark.site
def test_text_is_folded_and_every_word_counts(open_table: Callable[..., Page]) -> None:
    page = open_table("?q=农产品２０２４ 两品一标")
    assert status(page).startswith("0 个项目")
    page.fill("[data-explore] [name=q]", "２０２４年 两品一标")
    page.wait_for_function("() => document.querySelector('[data-explore-status]').textContent.startsWith('1 ')")


@pytest.mark.site
def test_heads_sort_by_keyboard_and_say_so(open_table: Callable[..., Page], published: store.Dataset) -> None:
    page = open_table()
    page.get_by_role("button", name="预算（万元）：点击排序").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('sort=-budget')")
    expect(page.locator("thead th[aria-sort=descending]")).to_have_count(1)
    projects = frames(published)["projects"]
    richest = max(projects.itertuples(), key=lambda row: row.budget_yuan or 0)
    expect(page.locator("tbody tr").first).to_contain_text(richest.name)


@pytest.mark.site
def test_pages_turn_by_keyboard_and_reading_starts_at_their_top(open_table: Callable[..., Page]) -> None:
    page = open_table()
    page.get_by_role("link", name="下一页").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('page=2')")
    page.wait_for_function("() => document.activeElement.getAttribute('aria-label') === '第 2 页'")
    second = page.locator("tbody tr").first.inner_text()
    page.reload()
    page.wait_for_selector("[data-explore-table] tbody tr")
    assert page.locator("tbody tr").first.inner_text() == second


@pytest.mark.site
def test_downloads_hold_what_is_shown(
    open_table: Callable[..., Page], published: store.Dataset, tmp_path: Path
) -> None:
    projects = frames(published)["projects"]
    chosen = projects[projects["region_id"] == "shapingba"].sort_values("budget_yuan", ascending=False, kind="stable")
    page = open_table("?region=shapingba&sort=-budget")
    text = download(page, "csv", tmp_path).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert [row["项目编号"] for row in rows] == chosen["project_id"].tolist()
    assert [float(row["当年预算（元）"]) for row in rows] == [float(yuan) for yuan in chosen["budget_yuan"]]
    sheet = openpyxl.load_workbook(download(page, "xlsx", tmp_path)).active
    assert sheet is not None
    head, *cells = sheet.iter_rows(values_only=True)
    assert [row[0] for row in cells] == chosen["project_id"].tolist()
    assert {type(row[head.index("当年预算（元）")]) for row in cells} <= {int, float}
    assert sheet.freeze_panes == "A2"


@pytest.mark.site
def test_indicators_can_be_downloaded(
    open_table: Callable[..., Page], published: store.Dataset, tmp_path: Path
) -> None:
    page = open_table("?view=indicators&q=满意度")
    rows = list(csv.DictReader(io.StringIO(download(page, "csv", tmp_path).read_text("utf-8-sig"), newline="")))
    assert status(page).startswith(f"{len(rows)} 项指标")
    known = set(frames(published)["indicators"]["indicator_id"])
    assert rows and {row["指标编号"] for row in rows} <= known


@pytest.mark.site
def test_document_text_is_never_active(open_table: Callable[..., Page], tmp_path: Path) -> None:
    def spoil(route: Route) -> None:
        answer = route.fetch()
        start, table = answer.text().split(",", 1)
        projects = json.loads(table.rstrip()[:-1])
        projects["name"][:2] = [FORMULA, MARKUP]
        route.fulfill(response=answer, body=f"{start},{json.dumps(projects)})")

    page = open_table(route=spoil)
    assert page.locator("tbody img").count() == 0
    assert page.locator("tbody tr").nth(1).get_by_role("link").inner_text() == MARKUP
    rows = csv.DictReader(io.StringIO(download(page, "csv", tmp_path).read_text("utf-8-sig"), newline=""))
    assert [row["项目"] for row in rows][:2] == [f"'{FORMULA}", MARKUP]
    sheet = openpyxl.load_workbook(download(page, "xlsx", tmp_path)).active
    assert sheet is not None
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", FORMULA)


@pytest.mark.site
def test_a_phone_sees_names_and_amounts_without_scrolling_sideways(browser: Browser, site_url: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{site_url.rstrip('/')}/explore/")
    page.wait_for_selector("[data-explore-table] tbody tr")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    row = page.locator("tbody tr").first
    assert [cell.is_visible() for cell in row.locator("th, td").all()].count(True) == 2
    assert " · " in row.locator("small").inner_text()
    page.close()


@pytest.mark.site
def test_it_works_on_a_copy_on_a_disk(browser: Browser, built_site: Path) -> None:
    page = browser.new_page()
    page.goto(f"{built_site.as_uri()}/explore/index.html?view=indicators")
    page.wait_for_selector("[data-explore-table] tbody tr")
    assert re.search(r"/index\.html#indicators$", page.locator("tbody a").first.get_attribute("href") or "")
    page.close()


@pytest.mark.site
def test_tables_of_two_releases_are_not_joined(browser: Browser, site_url: str) -> None:
    def outdate(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r'"version":"\w+"', '"version":"earlier"', answer.text()))

    page = browser.new_page()
    page.route("**/explore/projects.js*", outdate)
    page.goto(f"{site_url.rstrip('/')}/explore/")
    page.wait_for_function("() => document.querySelector('[data-explore-status]').textContent.includes('刷新')")
    page.close()


@pytest.fixture
def in_parts(published: store.Dataset, tmp_path: Path) -> Path:
    """The tables of a site that is too large to be loaded at once."""
    settings = load(ROOT / "data")
    small = replace(settings, package=settings.package.model_copy(update={"explore_kilobytes": 20}))
    explore.write(published, small, tmp_path)
    return tmp_path


def test_what_is_too_much_at_once_lies_in_parts(in_parts: Path, published: store.Dataset) -> None:
    index = read(in_parts / "explore" / "index.js")
    assert sum(part["rows"]["projects"] for part in index["parts"]) == len(published.tables.projects)
    for part in index["parts"]:
        projects, indicators = (read(in_parts / part["path"] / f"{name}.js") for name in ("projects", "indicators"))
        assert {coded(projects["region"])[0], *projects["year"]} == {part["region"], part["year"]}
        assert len(indicators["project"]) == part["rows"]["indicators"]
        assert max(indicators["project"]) < len(projects["id"])


@pytest.mark.site
def test_of_many_parts_those_are_loaded_that_were_asked_for(
    browser: Browser, site_url: str, in_parts: Path, published: store.Dataset, tmp_path: Path
) -> None:
    page, loaded = browser.new_page(), list[str]()

    def answer(route: Route) -> None:
        loaded.append(route.request.url.partition("/explore/")[2])
        route.fulfill(path=in_parts / "explore" / loaded[-1], content_type="text/javascript")

    page.route(re.compile("/explore/.+[.]js$"), answer)
    page.goto(f"{site_url.rstrip('/')}/explore/?view=indicators")
    page.get_by_text("先在“更多筛选”里选一个地区或年度").wait_for()
    assert status(page) == f"共 {len(published.tables.indicators):,} 项指标，还没有载入"
    assert loaded == ["index.js"] and not page.locator("[data-download=csv]").is_visible()

    page.select_option("[name=region]", "changshou")
    page.wait_for_selector("[data-explore-table] tbody tr")
    here = {row.project_id for row in published.tables.projects if row.region_id == "changshou"}
    count = sum(row.project_id in here for row in published.tables.indicators)
    assert status(page) == f"{count} 项指标（全部 {len(published.tables.indicators):,}）"
    assert {Path(name).parent.name for name in loaded[1:]} == {"changshou-2023", "changshou-2024"}

    # All the same: indicators of every part, beside the projects that they belong to.
    page.click("[data-explore-clear]")
    page.click("text=全部载入")
    page.wait_for_selector("[data-explore-table] tbody tr")
    rows = list(csv.DictReader(io.StringIO(download(page, "csv", tmp_path).read_text("utf-8-sig"), newline="")))
    names = {row.department_id: row.name for row in published.tables.departments}
    projects = {
        row.project_id: (row.name, str(row.year), names[row.department_id]) for row in published.tables.projects
    }
    assert {row["指标编号"] for row in rows} == {row.indicator_id for row in published.tables.indicators}
    assert all(projects[row["项目编号"]] == (row["项目"], row["年度"], row["主管部门"]) for row in rows)
    units = {row.indicator_id: row.unit or "" for row in published.tables.indicators}
    assert all(units[row["指标编号"]] == row["计量单位"] for row in rows)
    page.close()


@pytest.mark.site
def test_without_javascript_it_says_where_to_look(browser: Browser, built_site: Path, site_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url.rstrip('/')}/explore/")
    assert page.get_by_text("这张表要在浏览器里运行 JavaScript").is_visible()
    assert not page.locator("[data-explore-form]").is_visible()
    for link in page.locator("[data-plain] a").all():
        target = (built_site / "explore" / (link.get_attribute("href") or "")).resolve()
        assert target.is_file() or (target / "index.html").is_file()
    context.close()


def coded(column: dict[str, Any]) -> list[str | None]:
    return [None if place is None else column["values"][place][0] for place in column["of"]]


def status(page: Page) -> str:
    return page.locator("[data-explore-status]").inner_text()


def download(page: Page, kind: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(f"[data-download={kind}]")
    target = folder / f"download.{kind}"
    waiting.value.save_as(target)
    return target


def read(script: Path) -> Any:
    """The value that a script of the table hands over."""
    found = re.fullmatch(r'mingzhang\("[^"]+",(.*)\)\n', script.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return json.loads(found[1])
