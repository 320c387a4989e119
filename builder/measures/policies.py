"""The policy documents that bases cite: which citations name the same one, and in which order pages show them."""

from collections.abc import Iterable

from builder.dataset.rows import Citation, group
from builder.text import fold


def key(cited: Citation) -> str:
    """What makes two citations the same document: its number, or its title where it has none."""
    return fold(cited.document_number or cited.title or "")


def ranked(citations: Iterable[Citation]) -> dict[str, tuple[Citation, ...]]:
    """The citations of each document by its key, the one that most projects cite first."""
    cited = group(citations, key)
    order = sorted(cited, key=lambda found: (-len({row.project_id for row in cited[found]}), found))
    return {found: tuple(cited[found]) for found in order}
