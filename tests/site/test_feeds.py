"""The Atom feeds: valid by the rules of RFC 4287, stable, complete, and with names of documents as text."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree, html
from tiny import DATA, tables, told

from builder.dataset import history as releases
from builder.dataset import store
from builder.dataset.rows import Tables
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site import feeds, pages
from builder.site.facts import gather

SCHEMAS = load_schemas(DATA / "schemas")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</title><script>alert(1)</script>]]>&amp;{{ 7*7 }}"
SITE = "https://mingzhang.example/"

# What RFC 4287 §4.1 asks of a feed and of an entry whose author the feed names, in the elements that we use.
RULES = etree.RelaxNG(
    etree.fromstring("""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><optional><attribute name="xml:lang"/></optional><interleave>
    <ref name="common"/><ref name="alternate-and-self"/>
    <element name="subtitle"><text/></element>
    <element name="rights"><text/></element>
    <oneOrMore><element name="author"><element name="name"><text/></element></element></oneOrMore>
    <zeroOrMore><element name="entry"><interleave>
      <ref name="common"/><ref name="alternate"/>
      <optional><element name="published"><data type="dateTime"/></element></optional>
      <element name="summary"><text/></element>
      <element name="content"><attribute name="type"><value>html</value></attribute><text/></element>
    </interleave></element></zeroOrMore>
  </interleave></element></start>
  <define name="common"><interleave>
    <element name="id"><data type="anyURI"><param name="pattern">https?://.+</param></data></element>
    <element name="title"><text/></element>
    <element name="updated"><data type="dateTime">
      <param name="pattern">\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d)</param></data></element>
  </interleave></define>
  <define name="alternate"><element name="link"><ref name="to-page"/></element></define>
  <define name="alternate-and-self"><oneOrMore><element name="link">
    <choice><ref name="to-page"/><ref name="to-self"/></choice></element></oneOrMore></define>
  <define name="to-page">
    <attribute name="rel"><value>alternate</value></attribute>
    <attribute name="type"><value>text/html</value></attribute>
    <attribute name="href"><data type="anyURI"/></attribute></define>
  <define name="to-self">
    <attribute name="rel"><value>self</value></attribute>
    <attribute name="type"><value>application/atom+xml</value></attribute>
    <attribute name="href"><data type="anyURI"/></attribute></define>
</grammar>""")
)

Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Cut releases, one for each dataset given, and write the feeds of the last."""

    def write(*states: Tables, note: str = "第一版") -> Path:
        for number, rows in enumerate(states):
            store.write(rows.by_name(), SCHEMAS, tmp_path / "dataset")
            data = store.load(tmp_path / "dataset", SCHEMAS)
            releases.cut(data, tmp_path / "releases", f"1.{number}.0", f"2026-11-2{number}", note, {})
        history = releases.history(data, tmp_path / "releases", {})
        facts = gather(data, {row.document_id: () for row in rows.documents}, load(DATA))
        facts = replace(facts, url=SITE.rstrip("/"))
        feeds.write(facts, history, pages.environment(), tmp_path / "site")
        return tmp_path / "site"

    return write


def read(path: Path) -> etree._Element:
    root = etree.parse(path).getroot()
    assert RULES.validate(root), RULES.error_log
    return root


def texts(root: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in root.findall(path.replace("/", f"/{ATOM}").replace("#", ATOM))]


def west_changed() -> Tables:
    rows = tables()
    return replace(rows, indicators=(*rows.indicators[:4], replace(rows.indicators[4], name=HOSTILE)))


def test_feeds_are_valid_and_newest_first(publish: Publish) -> None:
    site = publish(tables(), west_changed())
    root = read(site / "feed.xml")
    assert texts(root, "#id") == [f"{SITE}feed.xml"]
    assert [link.get("href") for link in root.findall(f"{ATOM}link")] == [f"{SITE}feed.xml", f"{SITE}changes/"]
    assert texts(root, "#entry/id") == [f"{SITE}changes/#v1.1.0", f"{SITE}changes/#v1.0.0"]
    assert texts(root, "#entry/updated") == ["2026-11-21T00:00:00+08:00", "2026-11-20T00:00:00+08:00"]
    assert texts(root, "#updated") == ["2026-11-21T00:00:00+08:00"]
    for text in (*texts(root, "#updated"), *texts(root, "#entry/updated")):
        assert datetime.fromisoformat(text).utcoffset() is not None


def test_a_region_has_only_what_concerns_it(publish: Publish) -> None:
    site = publish(tables(), west_changed())
    assert sorted(path.relative_to(site).as_posix() for path in site.rglob("*.xml")) == [
        "feed.xml",
        "regions/east/feed.xml",
        "regions/west/feed.xml",
        "themes/housing/feed.xml",
    ]
    east, west = read(site / "regions/east/feed.xml"), read(site / "regions/west/feed.xml")
    assert len(texts(east, "#entry/id")) == 1 and len(texts(west, "#entry/id")) == 2
    assert texts(east, "#updated") == ["2026-11-20T00:00:00+08:00"]
    assert "东区" not in "".join(west.itertext())


def test_a_theme_has_only_its_projects_with_what_they_promise(publish: Publish) -> None:
    root = read(publish(tables()) / "themes/housing/feed.xml")
    assert texts(root, "#title") == ["明账更新：住房"]
    (content,) = texts(root, "#entry/content")
    shown = html.fromstring(f"<div>{content}</div>")
    promises = {
        (link.get("href"), link.getparent().text_content().partition("承诺：")[2])
        for link in shown.xpath("//li/a[contains(@href, '/projects/')]")
    }
    assert promises == {
        (f"{SITE}projects/east-2024-key-001/", "改造户数不少于 95 户"),
        (f"{SITE}projects/east-2024-key-002/", "改造危房"),
        (f"{SITE}projects/east-2025-key-001/", "改造危房"),
        (f"{SITE}projects/west-2024-key-001/", "改造危房"),
    }


def test_a_change_of_another_theme_is_not_in_its_feed(publish: Publish) -> None:
    rows = tables()
    school = replace(rows.projects[3], name="学校食堂", name_as_filed="学校食堂", goal="办好学校食堂", budget_yuan=None)
    site = publish(rows, replace(rows, projects=(*rows.projects[:3], school)))
    ids = {theme: texts(read(site / f"themes/{theme}/feed.xml"), "#entry/id") for theme in ("school", "housing")}
    assert ids == {
        "school": [f"{SITE}themes/school/feed.xml#v1.1.0", f"{SITE}themes/school/feed.xml#v1.0.0"],
        "housing": [f"{SITE}themes/housing/feed.xml#v1.0.0"],
    }


def test_results_are_news_by_the_projects_they_tell_of(publish: Publish) -> None:
    root = read(publish(tables(), told()) / "regions" / "east" / "feed.xml")
    newest = html.fromstring(texts(root, "#entry/content")[0])
    links = {link.text: link.get("href") for link in newest.iter("a")}
    assert links["农村危房改造"] == f"{SITE}projects/east-2025-key-001/#kept"
    assert links["没有承诺过的"] == f"{SITE}results/east-2025-self-002/"


def test_ids_are_never_shared(publish: Publish) -> None:
    site = publish(tables(), west_changed())
    ids = [text for path in site.rglob("*.xml") for text in texts(read(path), "#id") + texts(read(path), "#entry/id")]
    assert len(ids) == len(set(ids)) == 11


def test_entries_stay_as_they_are_when_another_follows(publish: Publish, tmp_path: Path) -> None:
    first = read(publish(tables()) / "feed.xml").find(f"{ATOM}entry")
    (tmp_path / "releases").rename(tmp_path / "aside")
    after = read(publish(tables(), west_changed()) / "feed.xml").findall(f"{ATOM}entry")[-1]
    assert first is not None and etree.tostring(first) == etree.tostring(after)


def test_text_is_text(publish: Publish) -> None:
    rows = tables()
    hostile = replace(rows, projects=(replace(rows.projects[0], name=HOSTILE), *rows.projects[1:]))
    root = read(publish(hostile, note=f"说明 {HOSTILE}") / "feed.xml")
    assert texts(root, "#entry/title") == [f"1.0.0 版：说明 {HOSTILE}"]
    (content,) = texts(root, "#entry/content")
    shown = html.fromstring(f"<div>{content}</div>")
    assert not shown.xpath("//script")
    assert shown.xpath("//p")[0].text == f"说明 {HOSTILE}"
    assert HOSTILE in [link.text for link in shown.xpath("//a")]


def test_links_are_whole_addresses_on_the_site(publish: Publish) -> None:
    (content,) = texts(read(publish(tables()) / "feed.xml"), "#entry/content")
    hrefs = html.fromstring(f"<div>{content}</div>").xpath("//@href")
    assert f"{SITE}projects/east-2024-key-001/" in hrefs and f"{SITE}regions/west/2024/" in hrefs
    assert all(href.startswith(SITE) and ".." not in urlsplit(href).path for href in hrefs)


def test_the_same_releases_give_the_same_bytes(publish: Publish, tmp_path: Path) -> None:
    first = (publish(tables()) / "feed.xml").read_bytes()
    (tmp_path / "releases").rename(tmp_path / "aside")
    assert (publish(tables()) / "feed.xml").read_bytes() == first


def test_without_a_release_there_is_no_feed(tmp_path: Path) -> None:
    store.write(tables().by_name(), SCHEMAS, tmp_path / "dataset")
    data = store.load(tmp_path / "dataset", SCHEMAS)
    facts = gather(data, {row.document_id: () for row in data.tables.documents}, load(DATA))
    history = releases.history(data, tmp_path / "releases", {})
    assert feeds.write(facts, history, pages.environment(), tmp_path / "site") == []
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("path", ["#id", "#updated", "#title", "#entry/id", "#entry/updated", "#entry/title"])
def test_the_rules_would_notice_what_is_missing(publish: Publish, path: str) -> None:
    root = read(publish(tables()) / "feed.xml")
    found = root.find(path.replace("/", f"/{ATOM}").replace("#", ATOM))
    assert found is not None
    parent = found.getparent()
    assert parent is not None
    parent.remove(found)
    assert not RULES.validate(root)
