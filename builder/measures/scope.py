"""What the sums of a region's year are sums of, in one plain phrase, so that unlike sums never look alike.

The kind of scope is a column of ``documents``; this module says it to people and says which years can be compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from builder.dataset.rows import DocumentRow, Project
from builder.measures import terms

ONE_DEPARTMENT, KEY_PROJECTS, SEVERAL, UNKNOWN = "one_department", "key_projects", "several_departments", "unknown"


@dataclass(frozen=True, slots=True)
class Scope:
    """``text`` stands beside each sum (``30 个重点专项``), ``caution`` where a sum is told at length. ``kind`` holds what
    must be equal for two sums to be of the same things; None where that is not known."""

    text: str
    caution: str
    kind: tuple[tuple[str, str], ...] | None


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
