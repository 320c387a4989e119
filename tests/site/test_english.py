"""What a reader without Chinese meets: one page wholly in English, and one line on each page of a record."""

import re
from pathlib import Path

import pytest
from lxml import html

HAN = re.compile("[\u4e00-\u9fff]+")

RECORDS = (
    "projects/changshou-2024-key-018/",
    "regions/chongqing/",
    "regions/wansheng/2025/",
    "departments/changshou-caizhengju/",
    "sectors/education/",
    "themes/elderly/",
    "themes/elderly/changshou/",
    "sources/changshou-2023-finance/",
    "years/2024/",
)


@pytest.mark.site
def test_the_english_page_has_english_navigation(built_site: Path) -> None:
    page = html.parse(built_site / "en" / "index.html").getroot()
    for part in ("header[@lang='en']", "footer//ul[@lang='en']"):
        (found,) = page.xpath(f"//body//{part}" if part.startswith("footer") else f"//body/{part}")
        said = [text for text in found.xpath(".//text()[not(ancestor::*[@lang='zh'])]") if HAN.search(text)]
        assert said == []
    names = [(link.text or "").strip() for link in page.xpath("//nav[contains(@class, 'mz-nav')]/a")]
    chinese = html.parse(built_site / "index.html").getroot()
    assert len(names) == len(chinese.xpath("//nav[contains(@class, 'mz-nav')]/a")) and all(names)
    assert page.xpath("//button[@data-scheme-switch]")[0].get("data-scheme-switch").isascii()


@pytest.mark.site
@pytest.mark.parametrize("path", RECORDS)
def test_a_record_says_in_one_english_line_what_it_is(built_site: Path, path: str) -> None:
    page = html.parse(built_site / path / "index.html").getroot()
    (line,) = page.xpath("//footer//p[@lang='en']")
    assert re.fullmatch(r"One [A-Za-z ,:-]+\.", line.text) or re.fullmatch(r"The [A-Za-z ,:-]+\.", line.text)


@pytest.mark.site
def test_a_page_of_no_record_has_no_such_line(built_site: Path) -> None:
    for path in ("", "projects/", "quality/", "data/", "search/"):
        assert not html.parse(built_site / path / "index.html").getroot().xpath("//footer//p[@lang='en']")
