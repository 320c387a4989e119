"""The policy documents that bases cite, in the order in which pages show them."""

from collections.abc import Iterable

from builder.dataset.rows import Citation, group


def ranked(citations: Iterable[Citation]) -> dict[str, tuple[Citation, ...]]:
    """The citations of each policy by its id, the one that most projects cite first."""
    cited = group((row for row in citations if row.policy_id is not None), lambda row: row.policy_id or "")
    order = sorted(cited, key=lambda found: (-len({row.project_id for row in cited[found]}), found))
    return {found: tuple(cited[found]) for found in order}
