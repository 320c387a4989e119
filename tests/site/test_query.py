"""SQL in the browser: nothing is loaded unasked, the ready queries give the known answers, and a reader stays in charge."""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from builder.settings import Settings

PAGE = "data/query/"
Open = Callable[..., Page]
# Loading a program and a database of some MB may take its time on a busy machine.
PATIENCE = 60_000
pytestmark = pytest.mark.site


@pytest.fixture(scope="module")
def tab(browser: Browser, site_url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site_url}/{PAGE}")
    yield page
    context.close()


def status(page: Page, said: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(said, timeout=PATIENCE)


def run(page: Page, sql: str) -> None:
    page.get_by_label("SQL", exact=True).fill(sql)
    page.get_by_role("button", name="运行").click()


def rows(page: Page) -> list[list[str]]:
    return page.evaluate(
        "[...document.querySelectorAll('[data-query-result] tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )


def test_nothing_is_loaded_before_it_is_asked_for(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site_url}/{PAGE}", wait_until="networkidle")
    assert not [url for url in asked if "sql" in url]
    run(page, "SELECT 1 + 1 AS two")
    status(page, "1 行")
    assert rows(page) == [["2"]]
    assert [url.rpartition("/")[2] for url in asked if "sql" in url] == ["sql-wasm-inline.js", "mingzhang.sqlite"]
    assert all(url.startswith((site_url, "blob:")) for url in asked)
    page.close()


def test_the_ready_queries_give_what_sqlite_gives(tab: Page, built_site: Path, settings: Settings) -> None:
    for question in settings.questions.values():
        tab.get_by_label("现成的查询").select_option(label=question.title)
        tab.get_by_role("button", name="运行").click()
        with closing(sqlite3.connect(built_site / "data" / "mingzhang.sqlite")) as base:
            expected = base.execute(question.sql).fetchall()
        status(tab, f"{len(expected)} 行")
        tab.wait_for_function("!document.querySelector('[name=run]').disabled")
        shown = rows(tab)
        assert [[number(cell) for cell in row] for row in shown] == [[number(cell) for cell in row] for row in expected]


def number(cell: object) -> object:
    try:
        return float(str(cell))
    except ValueError:
        return "" if cell is None else str(cell)


def test_a_wrong_query_says_what_is_wrong(tab: Page) -> None:
    run(tab, "SELECT absent FROM projects")
    status(tab, "没有查成：no such column: absent")
    assert rows(tab) == []


def test_a_query_without_end_can_be_stopped(tab: Page) -> None:
    run(tab, "SELECT count(*) FROM provenance a, provenance b, provenance c")
    status(tab, "正在查询")
    tab.get_by_role("button", name="停止").click()
    status(tab, "已停止")
    run(tab, "SELECT count(*) FROM projects")
    status(tab, "1 行")
    assert rows(tab) == [["181"]]


def test_what_documents_say_is_text_here_too(tab: Page, tmp_path: Path) -> None:
    run(tab, "SELECT '<img src=x onerror=alert(1)>' AS a, '=1+1' AS b, NULL AS c, 2.5 AS d")
    status(tab, "1 行")
    assert rows(tab) == [["<img src=x onerror=alert(1)>", "=1+1", "", "2.5"]]
    with tab.expect_download() as kept:
        tab.get_by_role("button", name="下载 CSV").click()
    kept.value.save_as(tmp_path / "kept.csv")
    with (tmp_path / "kept.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["a", "b", "c", "d"], ["<img src=x onerror=alert(1)>", "'=1+1", "", "2.5"]]


def test_it_is_accessible_with_a_result_and_fits_a_phone(tab: Page) -> None:
    run(tab, "SELECT * FROM projects")
    status(tab, "181 行")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []


def test_a_question_can_be_named_in_the_address(browser: Browser, site_url: str, settings: Settings) -> None:
    page = browser.new_page()
    page.goto(f"{site_url}/{PAGE}#policies")
    expect(page.get_by_label("SQL", exact=True)).to_have_value(settings.questions["policies"].sql)
    page.close()


def test_a_copy_on_a_disk_asks_for_the_file(browser: Browser, built_site: Path) -> None:
    page = browser.new_page()
    page.goto((built_site / PAGE / "index.html").as_uri())
    run(page, "SELECT count(*) AS n FROM projects")
    status(page, "请先选下载的数据库文件")
    page.get_by_label("数据库文件").set_input_files(built_site / "data" / "mingzhang.sqlite")
    run(page, "SELECT count(*) AS n FROM projects")
    status(page, "1 行")
    assert rows(page) == [["181"]]
    page.get_by_label("数据库文件").set_input_files(built_site / "data" / "mingzhang.xlsx")
    run(page, "SELECT 1")
    status(page, "打不开这个数据库")
    page.close()
