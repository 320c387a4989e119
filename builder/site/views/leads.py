"""/leads/: what does not add up, one slip a line, the most money first; and what names and units say apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import FindingRow
from builder.dataset.store import csv_bytes
from builder.measures import wording
from builder.measures.slips import Slip
from builder.measures.wording import Hit
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views import cards
from builder.site.views.paging import Pager, address, leaves, place, titled
from builder.site.views.parts import FindingItem, Link, Page, finding_item, place_link, source_link

# The rules of wording whose hits are likely slips of the pen, as opposed to a way of writing.
WORDING = ("magnitude-apart", "name-unit-disagrees")
FILE = "leads/leads.csv"
# On a page, and of the slips of the pen, which the first page alone shows; the file holds all.
MOST, MOST_WORDING = 20, 10


@dataclass(frozen=True, slots=True)
class SlipItem:
    """A slip in a list: where, how much, the facts each with its line, what explains them, and a paragraph to copy."""

    anchor: str
    place: Link
    yuan: str
    facts: tuple[FindingItem, ...]
    explanation: str
    paragraph: str
    card: str


@dataclass(frozen=True, slots=True)
class WordingItem:
    place: Link
    project: Link
    text: str
    source: Link


@dataclass(frozen=True, slots=True)
class WordingGroup:
    title: str
    meaning: str
    normal: str
    items: tuple[WordingItem, ...]
    rest: Link | None


@dataclass(frozen=True, slots=True)
class LeadsView:
    template: ClassVar[str] = "leads.html.jinja"

    lead: str
    slips: tuple[SlipItem, ...]
    pager: Pager | None
    wording: tuple[WordingGroup, ...]
    file: Link
    quality: str
    lint: str


def pages(facts: Facts) -> Iterator[Page]:
    found = facts.slips
    explained = sum(slip.explanation is not None for slip in found)
    count = sum(len(slip.findings) for slip in found)
    lead = (
        f"程序核对出 {words.number(count)} 处值得核对的地方，归成 {words.number(len(found))} 件事，"
        f"其中 {words.number(explained)} 件，数字自己就说明了原因。"
        if found
        else "没有发现对不上的地方。"
    )
    for number, here, part, through in leaves("leads/", found, MOST):
        drawn = {slip.slip_id: card for slip in part if (card := cards.of_lead(facts, slip))}
        view = LeadsView(
            lead=lead,
            slips=tuple(
                slip_item(facts, here, slip, here.at(drawn[slip.slip_id].path) if slip.slip_id in drawn else "")
                for slip in part
            ),
            pager=through,
            wording=tuple(_wording(facts, here, rule_id, facts.wording_report.hits[rule_id]) for rule_id in WORDING)
            if number == 1
            else (),
            file=Link("下载全部（CSV）", here.at(FILE)),
            quality=here.quality(),
            lint=here.quality("indicators/"),
        )
        title, shown = titled("线索：哪里对不上", number), tuple(drawn.values())
        yield Page(here.path, title, lead, view, cards=shown, image=shown[0].path if shown else "")


def slip_link(facts: Facts, here: Here, slip_id: str) -> str:
    return here.at(f"{address('leads/', place(facts.slip_rank, slip_id, MOST))}#{slip_id}")


def slip_item(facts: Facts, here: Here, slip: Slip, card: str) -> SlipItem:
    document = facts.documents[slip.document_id]
    said = "；".join(f"{row.message}（第 {row.line} 行）" if row.line else row.message for row in slip.findings)
    proved = f"可能的解释：{slip.explanation}。" if slip.explanation else ""
    return SlipItem(
        anchor=slip.slip_id,
        place=place_link(facts, here, document.region_id, document.year, "#books"),
        yuan="" if slip.yuan is None else f"{words.wan(slip.yuan)} 万元",
        facts=tuple(finding_item(facts, here, row, name_project=True) for row in slip.findings),
        explanation=slip.explanation or "",
        paragraph=f"《{document.title}》：{said}。{proved}"
        f"这只是文件里数字的出入，引用前请向公开单位核实。明账整理，{facts.url}/{slip_link(facts, Here(''), slip.slip_id).removeprefix('./')}",
        card=card,
    )


def _wording(facts: Facts, here: Here, rule_id: str, hits: Sequence[Hit]) -> WordingGroup:
    rule = facts.rules.rules[rule_id]
    items = []
    for hit in hits[:MOST_WORDING]:
        project = facts.projects[hit.project_id]
        items.append(
            WordingItem(
                place_link(facts, here, project.region_id, project.year),
                Link(project.name, here.project(hit.project_id, f"#{indicator_anchor(hit.record_id)}")),
                hit.text,
                source_link(here, hit.document_id, hit.line),
            )
        )
    rest = (
        Link(f"全部 {words.number(len(hits))} 处", here.data(wording.HITS_FILE)) if len(hits) > MOST_WORDING else None
    )
    return WordingGroup(rule.title, rule.meaning, rule.normal, tuple(items), rest)


def indicator_anchor(indicator_id: str) -> str:
    """``east-2024-key-001-03`` → ``i-03``, the place of an indicator on its project's page."""
    return f"i-{indicator_id.rpartition('-')[2]}"


def file(facts: Facts) -> bytes:
    """Every slip, a row for each of its findings, with both numbers and the explanation."""
    names = (
        *("slip_id", "region", "year", "project_id", "project", "fact", "expected_value", "actual_value", "difference"),
        *("unit", "explanation", "document_id", "line", "finding_id"),
    )
    rows = [_row(facts, slip, row) for slip in facts.slips for row in slip.findings]
    return csv_bytes(names, rows, bom=True)


def _row(facts: Facts, slip: Slip, row: FindingRow) -> tuple[object, ...]:
    document = facts.documents[row.document_id]
    project = None if row.project_id is None else facts.projects[row.project_id].name
    return (
        *(slip.slip_id, facts.regions[document.region_id].name, document.year, row.project_id, project, row.message),
        *(row.expected_value, row.actual_value, row.difference, row.value_unit, slip.explanation),
        *(row.document_id, row.line, row.finding_id),
    )
