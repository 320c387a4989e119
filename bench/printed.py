"""The forms of data/sources printed again, under names of their own: a document as long as wanted, in any format.

Prose, indicators and figures are the real ones. What stands in a name or a text carries the number of the copy, so that
no two forms read alike.
"""

from collections.abc import Iterator, Mapping
from itertools import count, islice
from pathlib import Path

from builder.dataset import compile as compiling
from builder.model import Filed, FiledForm
from builder.settings import load
from tests.forms_rendered import Grid, render

TITLE = "2024年重点专项资金绩效目标表"
TEXTS = {"overview": "项目概况", "basis": "立项依据", "goal": "当年绩效目标"}
COLUMNS = {
    "name": "指标名称",
    "comparison": "指标性质",
    "target": "指标值",
    "unit": "指标单位",
    "weight": "指标权重",
    "is_core": "是否核心",
}
SPAN = len(COLUMNS)


def write(data: Path, forms: int, fmt: str, path: Path) -> None:
    """Print ``forms`` forms into ``path``, in a format of ``forms_rendered``."""
    render(list(islice(_grids(data), forms)), fmt, path)


def _grids(data: Path) -> Iterator[Grid]:
    settings = load(data)
    originals: list[FiledForm] = []
    for document in settings.current_documents:
        originals += compiling.read_document(document, settings, lambda message: None, lambda _, extract: extract.forms)
    for copy in count(1):
        for form in originals:
            yield _grid(form, f"（{copy}）")


def _grid(form: FiledForm, mark: str) -> Grid:
    fields = {name: "".join(filed.text.split()) for name, filed in form.fields.items()}
    department = fields["department"]
    head = [
        _wide("项目名称", fields.get("name", department) + mark),
        _wide("主管部门", department),
        _wide("项目总资金额", fields["budget"]),
        *(_wide(heading, fields[name] + mark) for name, heading in TEXTS.items() if name in fields),
    ]
    body = [("", *(_printed(row, name, mark) for name in COLUMNS)) for row in form.indicators]
    rows = (*head, ("绩效指标", *COLUMNS.values()), *body)
    merges = ((number, 1, number, SPAN) for number in range(len(head)))
    return Grid(
        (TITLE, "单位：万元"),
        rows,
        (*merges, (len(head), 0, len(rows) - 1, 0)),
        ("联系人：王敏", "联系电话：13812345678"),
    )


def _wide(heading: str, value: str) -> tuple[str, ...]:
    """A row of one heading and one value that takes all other columns."""
    return (heading, value, *[""] * (SPAN - 1))


def _printed(indicator: Mapping[str, Filed], name: str, mark: str) -> str:
    if name not in indicator:
        return ""
    text = "".join(indicator[name].text.split())
    return text + mark if name == "name" else text
