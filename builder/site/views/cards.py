"""The cards that stand for a project, a region's year or a lead where its address is sent on."""

from builder import words
from builder.dataset.rows import Project
from builder.measures.slips import Slip
from builder.site.charts.cards import Card
from builder.site.facts import Facts
from builder.site.views.parts import amount, total_value

_FOOT = "明账・数字来自政府公开的文件，点开就是原文的那一行"
_CAUTION = "明账・只是文件里数字的出入，引用前请向公开单位核实"

# Signs of one meaning: the font has the second.
_DRAWN_AS = str.maketrans({"\u00a0": " ", "·": "・"})


def of_region_year(facts: Facts, region_id: str, year: int) -> Card | None:
    """None where the font of the cards lacks a character, as for all cards."""
    projects = facts.by_region_year.get((region_id, year), ())
    totals = tuple(facts.totals_of(region_id, year))
    return _card(
        name=f"regions/{region_id}-{year}",
        place=f"收录：{facts.scopes[region_id, year].text}",
        title=f"{facts.place(region_id, year)}的预算绩效目标",
        figure=total_value(totals[0][2]).text if totals else "",
        text=f"{totals[0][1]}合计。{len(projects)} 张表，{words.number(facts.count_indicators(projects))} 项指标。"
        if totals
        else "",
        foot=_FOOT,
    )


def of_project(facts: Facts, row: Project) -> Card | None:
    """None also where there are more projects than the site draws a card each for."""
    if len(facts.projects) > facts.policy.most_cards:
        return None
    promise = facts.promises.get(row.project_id)
    return _card(
        name=f"projects/{row.project_id}",
        place=facts.place(row.region_id, row.year),
        title=row.name,
        figure=amount(row.budget_yuan, row.budget_as_filed).text,
        text="" if promise is None else f"承诺：{promise.text}",
        foot=_FOOT,
    )


def of_lead(facts: Facts, slip: Slip) -> Card | None:
    document = facts.documents[slip.document_id]
    return _card(
        name=f"leads/{slip.slip_id}",
        place=facts.place(document.region_id, document.year),
        title=slip.findings[0].message,
        figure="" if slip.yuan is None else f"{words.wan(slip.yuan)} 万元",
        text=f"可能的解释：{slip.explanation}" if slip.explanation else "",
        foot=_CAUTION,
    )


def _card(**texts: str) -> Card | None:
    card = Card(**{name: text.translate(_DRAWN_AS) for name, text in texts.items()})
    return card if card.can_be_drawn else None
