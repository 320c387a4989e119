"""Citations → the policies that they cite: one each, however often and in which words it is cited.

A number names a document. A title alone names the document of that title: the numbered one, where one number alone stands
beside this title anywhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from builder.dataset.rows import Citation, PolicyRow, group
from builder.settings.kinds import NATIONAL, Issuers, PolicyKinds
from builder.text import fold

_YEAR = re.compile(r"〔((?:19|20)\d{2})〕")
# What stands before the year: the sign of the office that issued the document.
_SIGN = re.compile(r"(.+?)(?:〔|令第)")
# An office that a title begins with: 重庆市财政局关于……, 财政部、司法部印发……
_AUTHOR = re.compile(r"([^《〈<“(（]{2,60}?)\s*(?:关于|印发|转发|〈|<)")


def identified(cited: Sequence[Citation], kinds: PolicyKinds) -> tuple[Citation, ...]:
    """The citations with their policies' ids: the number, or the title of one without, as it was cited first.

    What stands in 《》 and is no policy (a card, a certificate) has none.
    """
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in cited:
        if row.title and row.document_number:
            numbers[fold(row.title)].add(row.document_number)
    ids: dict[str, str] = {}

    def of(row: Citation) -> str | None:
        number, title = row.document_number, fold(row.title or "")
        if number is None and (not title or title.endswith(kinds.not_endings)):
            return None
        same = number or (min(numbers[title]) if len(numbers[title]) == 1 else title)
        return ids.setdefault(fold(same), fold(number or title))

    return tuple(replace(row, policy_id=of(row)) for row in cited)


def policies(
    cited: Sequence[Citation], places: Mapping[str, Sequence[str]], kinds: PolicyKinds, issuers: Issuers
) -> tuple[PolicyRow, ...]:
    """A row for each policy of ``identified`` citations, by its id. ``places`` are each project's region and those above.

    The issuer is the one that the title begins with, or whose sign the number bears, which ``issuers`` knows for each
    place and, as ``national``, for the whole country.
    """
    rows = []
    for policy_id, mine in sorted(_by_policy(cited).items()):
        number = next((row.document_number for row in mine if row.document_number), None)
        title = next((row.title for row in mine if row.title), None)
        issuer, method = _author(title, kinds.issuer_endings), "printed"
        if issuer is None and number is not None and (sign := _SIGN.match(number)):
            known = [issuers.get(place, {}) for place in (*places[mine[0].project_id], NATIONAL)]
            issuer, method = next((names[sign[1]] for names in known if sign[1] in names), None), "by_sign"
        projects = len({row.project_id for row in mine})
        rows.append(PolicyRow(policy_id, number, title, issuer, method if issuer else None, _year(number), projects))
    return tuple(rows)


def conflicting(cited: Sequence[Citation]) -> Iterator[tuple[str, Citation, Citation]]:
    """Citations that cannot both be right, each after the first: ``policy-two-titles`` where one number stands beside
    two titles of which neither holds the other, ``policy-two-numbers`` where one title has two numbers of a year."""
    whole = [row for row in cited if row.title and row.document_number]
    for mine in group(whole, lambda row: row.document_number).values():
        for row in mine[1:]:
            shorter, longer = sorted((fold(mine[0].title or ""), fold(row.title or "")), key=len)
            if shorter not in longer:
                yield "policy-two-titles", mine[0], row
    for mine in group(whole, lambda row: (fold(row.title or ""), _year(row.document_number))).values():
        for row in mine[1:]:
            if row.document_number != mine[0].document_number:
                yield "policy-two-numbers", mine[0], row


def _by_policy(cited: Sequence[Citation]) -> Mapping[str, tuple[Citation, ...]]:
    return {key: rows for key, rows in group(cited, lambda row: row.policy_id).items() if key is not None}


def _year(number: str | None) -> int | None:
    found = _YEAR.search(number or "")
    return int(found[1]) if found else None


def _author(title: str | None, endings: Sequence[str]) -> str | None:
    """The offices that a title begins with; ``None`` where it begins with something else."""
    found = _AUTHOR.match(title or "")
    return found[1] if found and found[1].endswith(tuple(endings)) else None
