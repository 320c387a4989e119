"""What each document was found to hold, against what is read of it now: nothing gets lost without a word.

Two floors. The manifest says what a document held when it was added (``holds``). The committed dataset says which values
were read of it last; a word removed from the vocabulary, or pasted under the wrong heading, shows there first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from pathlib import Path

from builder.dataset import store
from builder.dataset.rows import Provenance, Tables, added
from builder.faults import DatasetFault, regular
from builder.model import Document, Holds
from builder.settings.schema import Table
from builder.words import number

NAMES = {
    "forms": "表",
    "indicators": "指标",
    "amounts": "金额",
    "total_yuan": "金额合计",
    "values": "读出的值",
}
SHOWN = 3


def held(tables: Tables, document_id: str) -> Holds:
    """What the tables hold of a document: its forms, their indicators, forms with a known budget (of results, with what
    was spent), the sum of these, values read."""
    projects = [row for row in tables.projects if row.document_id == document_id]
    ids = {row.project_id for row in projects}
    budgets = [row.budget_yuan for row in projects if row.budget_yuan is not None]
    results = [row for row in tables.results if row.document_id == document_id]
    scored = {row.result_id for row in results}
    budgets += [row.executed_yuan for row in results if row.executed_yuan is not None]
    return Holds(
        forms=len(projects) + len(results),
        indicators=sum(row.project_id in ids for row in tables.indicators)
        + sum(row.result_id in scored for row in tables.scores),
        amounts=len(budgets),
        total_yuan=added(budgets),
        values=sum(row.document_id == document_id for row in tables.provenance),
    )


def published(folder: Path, schemas: Mapping[str, Table]) -> tuple[Provenance, ...]:
    """The values of the committed dataset; none where nothing was committed yet. Raises ``DatasetFault``.

    Of its tables only this one is read, in whatever order its columns stand, so that a dataset that an earlier version
    of the program wrote can be built anew.
    """
    path, table = folder / "provenance.csv", schemas["provenance"]
    if not path.exists():
        return ()
    header = regular(path).read_text(encoding="utf-8-sig").partition("\n")[0].split(",")
    fields = (
        table.fields
        if set(header) != set(table.names)
        else sorted(table.fields, key=lambda one: header.index(one.name))
    )
    alone = table.model_copy(update={"foreign_keys": (), "fields": tuple(fields)})
    rows = store.read(folder, {table.name: alone})[table.name]
    return tuple(Provenance(**dict(zip(alone.names, row, strict=True))) for row in rows)


def require(
    tables: Tables, published: Sequence[Provenance], documents: Sequence[Document], unreadable: Set[str]
) -> None:
    """Raises ``DatasetFault`` where less is read of a document than it holds, or a published value is read no more.

    ``published`` are the values of the committed dataset, none in a fork's first build. A loss is allowed where the
    manifest's ``holds`` says exactly what is read now, and ``because`` why. Unreadable documents say so elsewhere.
    """
    kept = {(row.table, row.record_id, row.field) for row in tables.provenance}
    # What moves from ``attributes`` to a column of its own is not lost.
    gone = [row for row in published if row.table != "attributes" and (row.table, row.record_id, row.field) not in kept]
    said = []
    for document in documents:
        if document.document_id in unreadable:
            continue
        now = held(tables, document.document_id)
        if document.holds is not None and now.counts() == document.holds.counts() and document.holds.because:
            continue
        fewer = [] if document.holds is None else list(_fewer(document.holds, now))
        lost = [row for row in gone if row.document_id == document.document_id]
        if fewer or lost:
            said.append(
                f"{document.document_id}：{'；'.join((*fewer, *_told(lost)))}。确实应当如此的话，把它在 data/sources.yml 里的 holds 改成 "
                f"{{{', '.join(f'{key}: {value}' for key, value in now.counts().items())}, because: 原因}}"
            )
    if said:
        raise DatasetFault(
            "读出的比原来少，已停下，什么都没有改。多半是刚改的词表（data/labels.yml、data/lookups/）里少了或贴错了一个词："
            "撤回那一处，再运行一次。没有改词表的话，就是 data/sources.yml 里的 holds 被改过。\n" + "\n".join(said)
        )


def _fewer(holds: Holds, now: Holds) -> Iterator[str]:
    before, after = holds.counts(), now.counts()
    for key, name in NAMES.items():
        if Decimal(after[key]) < Decimal(before[key]):
            yield f"{name} {number(Decimal(before[key]))} → {number(Decimal(after[key]))}"


def _told(lost: Sequence[Provenance]) -> Iterator[str]:
    for (table, field), count in Counter((row.table, row.field) for row in lost).most_common(SHOWN):
        first = next(row for row in lost if (row.table, row.field) == (table, field))
        yield f"少了 {count} 个 {table}.{field}（如第 {first.line} 行“{first.printed[:20]}”）"
