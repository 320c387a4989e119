"""/data/questions/: what people ask of the data, each answered in SQL, pandas and Excel, in both languages."""

from dataclasses import dataclass
from typing import ClassVar

from builder.settings.questions import Question
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import Link, Page


@dataclass(frozen=True, slots=True)
class QuestionsView:
    template: ClassVar[str] = "questions.html.jinja"

    questions: tuple[Question, ...]
    setup: str
    data: Link
    sqlite: Link


def page(facts: Facts) -> Page:
    here = Here("data/questions/")
    address = f"{facts.url}/data/parquet"
    files = {"projects": "projects_flat", "indicators": "indicators_flat"}
    names = ("projects", "indicators", "findings", "citations")
    setup = "import pandas as pd\n\n" + "\n".join(
        f'{name} = pd.read_parquet("{address}/{files.get(name, name)}.parquet")' for name in names
    )
    file = f"{facts.policy.name}.sqlite"
    view = QuestionsView(
        tuple(facts.questions.values()), setup, Link("下载数据", here.data()), Link(file, here.data(file))
    )
    count = len(facts.questions)
    return Page(
        here.path,
        f"{count} 个问题",
        f"关于这些数据常问的 {count} 个问题，每个都能用 SQL、pandas 或 Excel 自己算出来。",
        view,
    )
