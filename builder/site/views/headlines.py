"""What the data themselves say, a sentence each: the headlines of ``data/headlines.yml``, computed at every build."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from builder import words
from builder.dataset import events
from builder.measures import terms
from builder.settings.answers import HeadlineRule
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import regions_with_documents
from builder.site.views.leads import indicator_anchor, slip_link
from builder.site.views.parts import Link


@dataclass(frozen=True, slots=True)
class Headline:
    """``text`` is the sentence, ``where`` leads to what it tells of."""

    text: str
    where: Link


# What fills a sentence, and where it leads; None where there is nothing to tell.
Told = tuple[Mapping[str, str], Link] | None


def headlines(facts: Facts, here: Here) -> tuple[Headline, ...]:
    """The sentences that can be told of this dataset, in the order of the file."""
    told = ((rule, KINDS[rule.kind](facts, here, rule)) for rule in facts.headlines)
    return tuple(Headline(rule.text.format_map(one[0]), one[1]) for rule, one in told if one is not None)


def _satisfaction(facts: Facts, here: Here, rule: HeadlineRule) -> Told:
    latest = [
        row
        for region in regions_with_documents(facts)
        for row in facts.by_region_year.get((region.region_id, facts.years(region.region_id)[0]), ())
    ]
    targets = Counter(terms.satisfaction_targets(facts.own_indicators(latest), facts.rules.words))
    usual = sorted(targets.most_common(2))
    if len(usual) < 2 or targets.total() < rule.least:
        return None
    numbers = {"first": words.number(usual[0][0]), "second": words.number(usual[1][0])}
    counts = {"total": words.number(targets.total()), "count": words.number(sum(count for _, count in usual))}
    return {**numbers, **counts}, Link("各地取最近一年", here.at("#satisfaction"))


def _survey(facts: Facts, here: Here, rule: HeadlineRule) -> Told:
    rate = facts.wording_report.by("satisfaction-without-survey").get(())
    if rate is None or rate.judged < rule.least:
        return None
    details = {"total": words.number(rate.judged), "count": words.number(rate.applies)}
    return details, Link("所有地区和年度", here.quality("indicators/#satisfaction-without-survey"))


def _explained(facts: Facts, here: Here, rule: HeadlineRule) -> Told:
    for slip in facts.slips:
        row = next((row for row in slip.findings if row.code == events.AMOUNT), None)
        if row is not None and slip.explanation and row.project_id and row.expected_value and row.actual_value:
            project = facts.projects[row.project_id]
            details = {
                "name": project.name,
                "listed": words.money(row.expected_value),
                "filed": words.money(row.actual_value),
                "explanation": slip.explanation,
            }
            return details, Link(facts.place(project.region_id, project.year), slip_link(facts, here, slip.slip_id))
    return None


def _raised(facts: Facts, here: Here, rule: HeadlineRule) -> Told:
    """Of the targets that rose while the money stayed, the one that rose the most."""
    found = []
    for hit in facts.wording_report.hits["target-raised"]:
        project = facts.projects[hit.project_id]
        earlier = [row for row in facts.by_series[project.series_id] if row.year < project.year]
        before = max(earlier, key=lambda row: row.year, default=None)
        if before is None or before.budget_yuan is None or before.budget_yuan != project.budget_yuan:
            continue
        now = next(row for row in facts.indicators[hit.project_id] if row.indicator_id == hit.record_id)
        then = next((row for row in facts.indicators.get(before.project_id, ()) if row.name == now.name), None)
        if then is not None and then.target_value and now.target_value is not None and then.unit == now.unit:
            found.append((now.target_value / then.target_value, hit.record_id, before.year, project, then, now))
    if not found:
        return None
    _, record_id, year, project, then, now = max(found, key=lambda one: (one[0], one[1]))
    details = {
        "name": project.name,
        "indicator": now.name,
        "before": words.quantity(then.target_value or Decimal(0), then.unit),
        "after": words.quantity(now.target_value or Decimal(0), now.unit),
    }
    place = f"{facts.regions[project.region_id].name} {year} 至 {project.year} 年"
    return details, Link(place, here.project(project.project_id, f"#{indicator_anchor(record_id)}"))


def _theme(facts: Facts, here: Here, rule: HeadlineRule) -> Told:
    """The largest of a theme among the districts' latest years: a municipality's funds would always come first."""
    known = [
        (row.budget_yuan, row.project_id, row)
        for region in regions_with_documents(facts)
        if region.level != "municipality"
        for row in facts.by_region_year.get((region.region_id, facts.years(region.region_id)[0]), ())
        if row.budget_yuan is not None and rule.theme in facts.themes_of.get(row.project_id, ())
    ]
    if not known:
        return None
    yuan, project_id, row = max(known)
    beside = [
        one.budget_yuan
        for one in facts.by_region_year[row.region_id, row.year]
        if one.form_type == row.form_type and one.budget_yuan is not None
    ]
    promise = facts.promises.get(project_id)
    place = facts.place(row.region_id, row.year)
    details = {
        "money": words.money(yuan),
        "name": row.name,
        "promise": "" if promise is None else promise.text,
        "place": place,
        "forms": str(len(beside)),
        "rank": str(1 + sum(one > yuan for one in beside)),
    }
    return details, Link(place, here.project(project_id))


KINDS: Mapping[str, Callable[[Facts, Here, HeadlineRule], Told]] = {
    "satisfaction": _satisfaction,
    "survey": _survey,
    "explained": _explained,
    "raised": _raised,
    "theme": _theme,
}
