"""What the sums of a region's year are sums of, in one plain phrase, so that unlike sums never look alike.

The kind of scope is a column of ``documents``; this module says it to people and says which years can be compared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from builder.dataset.rows import Department, DocumentRow, Project, Tables, added, group
from builder.measures import terms
from builder.settings.gazetteer import Region
from builder.settings.places import Census

ONE_DEPARTMENT, KEY_PROJECTS, SEVERAL, UNKNOWN = "one_department", "key_projects", "several_departments", "unknown"


FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Scope:
    """``text`` stands beside each sum (``30 个重点专项``), ``caution`` where a sum is told at length. ``kind`` holds what
    must be equal for two sums to be of the same things; None where that is not known."""

    text: str
    caution: str
    kind: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class PerHead:
    region_id: str
    year: int
    form_type: str
    projects: int
    budget_yuan: Decimal
    people: int
    counted_on: str
    yuan_per_person: Decimal
    source: str
    url: str


def of(
    place: str, documents: Sequence[DocumentRow], projects: Sequence[Project], department: Callable[[str], str]
) -> Scope:
    """The scope of a region's year from its documents and their forms; ``department`` names a department by its id.

    Two documents, one of the key projects and one of a bureau → ``30 个重点专项；只有财政局一家``. Results promise nothing
    and are of no scope.
    """
    phrases, kinds = [], set()
    for document in documents:
        if document.kind != "targets":
            continue
        forms = [row for row in projects if row.document_id == document.document_id]
        funds = [row for row in forms if row.form_type != terms.WHOLE_DEPARTMENT]
        departments = sorted({row.department_id for row in forms if row.department_id is not None})
        scope = document.scope
        if scope == ONE_DEPARTMENT and departments:
            phrases.append(f"只有{department(departments[0])}一家")
            kinds.add((scope, departments[0]))
        elif scope == KEY_PROJECTS:
            phrases.append(f"{len(funds)} 个重点专项")
            kinds.add((scope, ""))
        elif scope == SEVERAL:
            phrases.append(f"{len(departments)} 个部门的 {len(funds)} 个项目")
            kinds.add((scope, "|".join(departments)))
        else:
            phrases.append(f"{len(funds)} 个项目，收了哪些部门不明")
            kinds.add((UNKNOWN, ""))
    if not phrases:
        return Scope("只有结果，没有年初的目标", f"{place}这一年年初的绩效目标还没有收录。", None)
    text = "；".join(dict.fromkeys(phrases))
    known = bool(kinds) and all(scope != UNKNOWN for scope, _ in kinds)
    return Scope(
        text, f"这不是{place}的全部预算，是已收录文件里的项目：{text}。", tuple(sorted(kinds)) if known else None
    )


def per_head(tables: Tables, censuses: Mapping[str, Sequence[Census]]) -> Iterator[PerHead]:
    """What a place disclosed by the residents that a census counted, the latest up to that year: of each kind of form of a
    region and year of which all documents are of key projects, all budgets are known and a census is on record.

    One bureau's projects, or a whole department, by all residents of a district would be a number about nothing.
    """
    scopes: dict[tuple[str, int], set[str]] = {}
    for document in tables.documents:
        if document.kind == "targets":
            scopes.setdefault((document.region_id, document.year), set()).add(document.scope)
    sums = group(tables.projects, lambda row: (row.region_id, row.year, row.form_type))
    for (region_id, year, form_type), rows in sorted(sums.items()):
        counted = [one for one in censuses.get(region_id, ()) if int(one.counted_on[:4]) <= year]
        budgets = [row.budget_yuan for row in rows if row.budget_yuan is not None]
        if not counted or scopes.get((region_id, year)) != {KEY_PROJECTS} or len(budgets) < len(rows):
            continue
        if form_type != terms.WHOLE_DEPARTMENT:
            census, total = max(counted, key=lambda one: one.counted_on), added(budgets)
            each = (total / census.people).quantize(FEN, ROUND_HALF_UP)
            known = (census.people, census.counted_on, each, census.source, census.url)
            yield PerHead(region_id, year, form_type, len(rows), total, *known)


def every(tables: Tables, regions: Mapping[str, Region]) -> dict[tuple[str, int], Scope]:
    """The scope of each region and year that has a document."""
    names, departments = region_names(tables, regions), {row.department_id: row for row in tables.departments}
    projects = group(tables.projects, lambda row: (row.region_id, row.year))
    places = {row.region_id: row.name for row in tables.regions}
    return {
        key: of(places[key[0]], documents, projects.get(key, ()), lambda one: short_name(departments[one], names))
        for key, documents in group(tables.documents, lambda row: (row.region_id, row.year)).items()
    }


def sentences(tables: Tables, regions: Mapping[str, Region]) -> dict[tuple[str, int], str]:
    """What the sums of each region and year are sums of, said where they are taken away."""
    names = {row.region_id: row.name for row in tables.regions}
    return {
        (region_id, year): f"{names[region_id]} {year} 年：{scope.caution}"
        for (region_id, year), scope in every(tables, regions).items()
    }


def region_names(tables: Tables, regions: Mapping[str, Region]) -> dict[str, tuple[str, ...]]:
    """The ``full_names`` of each region."""
    aliases = {key: region.aliases for key, region in regions.items()}
    return {row.region_id: full_names(row.name, aliases.get(row.region_id, ())) for row in tables.regions}


def full_names(name: str, aliases: Sequence[str]) -> tuple[str, ...]:
    """A region's names that say what it is, longest first: 重庆市长寿区 and 长寿区, but not 长寿."""
    return tuple(sorted({one for one in (name, *aliases) if one.endswith(name[-1])}, key=lambda one: (-len(one), one)))


def short_name(department: Department, names: Mapping[str, Sequence[str]]) -> str:
    """A department's name without its region's at the front: 重庆市长寿区财政局 → 财政局, 中共重庆市长寿区委组织部 → 区委组织部."""
    name = department.name.removeprefix("中共")
    own = next((region for region in names[department.region_id] if name.startswith(region)), "")
    rest = name.removeprefix(own)
    if not own or not rest:
        return department.name
    # What is left of 区委 and 市委.
    return own[-1] + rest if rest.startswith("委") else rest
