"""/about/: how this is made, where it ends, what the words mean, whom to ask."""

from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Page
from builder.site.views.terms import term_anchor


@dataclass(frozen=True, slots=True)
class Term:
    anchor: str
    term: str
    aliases: str
    plain: str
    field: str
    field_href: str


@dataclass(frozen=True, slots=True)
class AboutView:
    template: ClassVar[str] = "about.html.jinja"

    forms: str
    indicators: str
    documents: str
    texts: str
    rules: str
    coverage: str
    terms: tuple[Term, ...]
    masked: str
    repository: str
    issues: str
    mail: str
    quality: str
    data: str
    sources: str
    changes: str
    results: str
    told: str


def page(facts: Facts) -> Page:
    here = Here("about/")
    cells = sum(row.cells for row in facts.coverage.values())
    reported = sum(row.reported for row in facts.coverage.values())
    view = AboutView(
        forms=words.number(len(facts.projects)),
        indicators=words.number(facts.count_indicators(facts.projects.values())),
        documents=words.number(len(facts.documents)),
        texts=words.number(sum(row.obtained_as == "text_of_original" for row in facts.documents.values())),
        rules=words.number(len(facts.codes)),
        coverage=f"{words.number(cells)} 个非空单元格里，{words.number(cells - reported)} 个有了着落，"
        f"{words.number(reported)} 个没有读懂，列在发现里"
        if reported
        else f"{words.number(cells)} 个非空单元格，每一个都有着落",
        masked=words.number(masked) if (masked := _masked(facts)) else "",
        terms=tuple(
            Term(
                anchor=term_anchor(entry.term),
                term=entry.term,
                aliases="、".join(entry.aliases),
                plain=entry.plain,
                field=entry.field or "",
                field_href=here.data(f"#{entry.field}") if entry.field else "",
            )
            for entry in facts.terms.values()
        ),
        repository=facts.repository,
        issues=f"{facts.repository}/issues",
        mail=facts.mail,
        quality=here.quality(),
        data=here.data(),
        sources=here.sources(),
        results=here.results(),
        told=words.number(len(facts.results)) if facts.results else "",
        changes=here.at("changes/"),
    )
    return Page(here.path, "关于明账", "明账怎么读政府的绩效目标文件，哪些事做不到，名词是什么意思，找谁纠错。", view)


def _masked(facts: Facts) -> int:
    """How many forms print a mobile number whole, which the archived original still does."""
    return sum("****" in f"{row.contact_name or ''}{row.contact_phone or ''}" for row in facts.projects.values())
