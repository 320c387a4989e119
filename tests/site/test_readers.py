"""The ways of three readers through the site on a phone, by taps and by screens of 844 pixels; and the sums they see."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Locator, Page

from builder import words
from builder.dataset.compile import Compiled
from builder.model import line_address

SCREEN = 844

pytestmark = pytest.mark.site


@pytest.fixture
def phone(browser: Browser, site_url: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": SCREEN}, has_touch=True)
    page.goto(f"{site_url}/")
    yield page
    page.close()


class Finger:
    """Taps, and counts: a reader who has not arrived after ``at_most`` of them has given up."""

    def __init__(self, at_most: int) -> None:
        self.left = at_most

    def taps(self, target: Locator) -> None:
        assert self.left, f"还要点 {target}"
        self.left -= 1
        target.tap()


def screens_down(target: Locator) -> float:
    """How many screens below the top of its page a thing begins."""
    return float(target.evaluate("it => it.getBoundingClientRect().top + scrollY")) / SCREEN


def said(target: Locator) -> str:
    """The text as a person reads it: a figure's unbreakable blank is a blank."""
    return target.inner_text().replace("\u00a0", " ")


def test_the_retired_teacher_finds_what_her_district_promises_old_people(phone: Page) -> None:
    """From home it took four taps, and more than six screens of scrolling, when lists showed sums alone."""
    finger = Finger(at_most=3)
    place = phone.locator(".chips--places a", has_text="长寿区")
    assert screens_down(place) < 1
    finger.taps(place)
    assert phone.locator("h1").inner_text() == "长寿区 2024 年"
    assert screens_down(phone.locator(".promises li").first) < 1
    theme = phone.locator(".chips a", has_text="养老助残")
    assert screens_down(theme) < 1
    finger.taps(theme)
    school = phone.locator(".promises li", has_text="老年大学")
    assert "170.37 万元" in said(school) and "1,800 人" in said(school)
    assert screens_down(school) < 1
    finger.taps(school.locator("a").first)
    # Is it a lot?
    assert screens_down(phone.locator("#much")) < 1
    assert "所公开的 30 项" in said(phone.locator("#much"))


def test_the_reporter_finds_both_numbers_their_lines_and_the_explanation(phone: Page) -> None:
    """A story, and the printed line of a number in it: the one was four accordions deep, the other one tap away."""
    finger = Finger(at_most=2)
    finger.taps(phone.locator("a", has_text="看哪里对不上"))
    first = phone.locator(".slips > li").first
    text = said(first)
    assert screens_down(first) < 1
    assert all(part in text for part in ("5,587 万元", "242.5 万元", "可能的解释", "教育均衡发展提升改造专项"))
    assert "请向公开单位核实" in (first.locator("pre").text_content() or "")
    finger.taps(first.locator(".src").first)
    assert phone.locator("li:target").inner_text().find("应急管理发展") >= 0


def test_the_volunteer_gets_a_letter_for_a_district_that_is_missing(phone: Page) -> None:
    """The missing places were a paragraph of names without a link."""
    finger = Finger(at_most=1)
    finger.taps(phone.locator(".tiles a", has_text="渝中"))
    letter = phone.locator("#ask-yuzhong pre")
    letter.wait_for(state="visible")
    assert "渝中区财政局" in letter.inner_text()


def test_a_year_regroups_without_another_page_and_loses_nobody(phone: Page, site_url: str) -> None:
    phone.goto(f"{site_url}/regions/changshou/2024/")
    before = phone.url
    assert phone.locator(".promises li:visible").count() == 30
    for kind in ("按部门", "按领域", "按主题"):
        phone.get_by_role("button", name=kind).click()
        names = set(phone.locator(".promises li:visible .promises__name").all_inner_texts())
        assert len(names) == 30 and phone.url == before
    phone.get_by_role("button", name="按金额").click()
    assert phone.locator(".promises li:visible").count() == 30


def test_every_sum_and_amount_of_a_year_is_that_of_the_dataset(built_site: Path, compiled: Compiled) -> None:
    projects = {row.project_id: row for row in compiled.tables.projects}
    for region_id, year in {(row.region_id, row.year) for row in projects.values()}:
        page = html.parse(built_site / f"regions/{region_id}/{year}/index.html")
        lead = page.xpath("string((//p[@class='lead'])[1])").replace("\u00a0", " ")
        own = [row for row in projects.values() if (row.region_id, row.year) == (region_id, year)]
        for form_type in {row.form_type for row in own}:
            rows = [row for row in own if row.form_type == form_type]
            total = sum((row.budget_yuan or Decimal(0) for row in rows), Decimal(0))
            assert f"{len(rows)} 项，合计 {words.money(total)}" in lead
        shown = {}
        for item in page.xpath("//ol[contains(@class, 'promises')]/li"):
            project_id = item.xpath(".//span[@class='promises__name']/a/@href")[0].rstrip("/").rpartition("/")[2]
            shown[project_id] = item.xpath("string(.//span[@class='promises__sum'])").strip()
        assert shown == {row.project_id: words.money(row.budget_yuan) for row in own if row.budget_yuan is not None}


def test_a_line_keeps_its_address_whatever_page_it_stands_on(phone: Page, site_url: str) -> None:
    phone.goto(f"{site_url}/sources/chongqing-2024-key/#L2267")
    phone.wait_for_url(f"**/{line_address('chongqing-2024-key', 2267)}")
    assert "进入国家集训队人员数量" in said(phone.locator("li:target"))
    phone.goto(f"{site_url}/sources/chongqing-2024-key/#L1000")
    assert phone.locator("li:target").count() == 1 and "page-" not in phone.url
