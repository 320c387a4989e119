"""A project belongs to the themes whose words it bears in its name or promise, or twice elsewhere."""

from dataclasses import replace

import pytest
from tiny import indicator, project, tables

from builder.dataset.compile import Compiled
from builder.measures import promise, themes
from builder.settings import Settings
from builder.settings.answers import Theme

FOOD = Theme(theme_id="food", name="吃饭", words=("食堂", "营养餐"), **{"not": ("食堂管理软件",)})


@pytest.mark.parametrize(
    ("name", "goal", "indicators", "belongs"),
    [
        ("社区食堂", "", (), True),
        ("社区建设", "办食堂", (), False),
        ("社区建设", "办食堂", ("营养餐份数",), True),
        ("社区建设", "办好", ("食堂个数", "营养餐份数"), True),
        ("食堂管理软件", "食堂管理软件", ("食堂管理软件套数",), False),
        ("食堂管理软件和食堂", "", (), True),
    ],
)
def test_a_word_counts_in_the_name_or_twice_elsewhere(
    name: str, goal: str, indicators: tuple[str, ...], belongs: bool
) -> None:
    form = project(1, "east-2024-key", "east", 2024, "1", name=name, goal=goal)
    rows = tuple(indicator(form.project_id, at, text, "10") for at, text in enumerate(indicators, 1))
    found = themes.find(replace(tables(), projects=(form,), indicators=rows), {}, [FOOD])
    assert found == {form.project_id: ("food",) if belongs else ()}


def test_a_whole_department_has_no_theme() -> None:
    form = project(1, "east-2024-key", "east", 2024, "1", name="食堂", form_type="department_overall")
    assert themes.find(replace(tables(), projects=(form,)), {}, [FOOD]) == {}


@pytest.mark.parametrize(
    ("theme_id", "names", "others"),
    [
        ("elderly", {"爱心卡免费乘车补贴", "老干部活动中心及老年大学经费", "残疾人康复"}, {"农村危房改造"}),
        ("school", {"困难群体课后服务补助费"}, {"人才工作项目"}),
        ("housing", {"农村危房改造"}, {"区纪委监委会议室维修项目"}),
    ],
)
def test_the_themes_of_changshou(
    theme_id: str, names: set[str], others: set[str], compiled: Compiled, settings: Settings
) -> None:
    tables = compiled.tables
    found = themes.find(tables, promise.find(tables, settings.promises), settings.themes)
    here = {
        row.name
        for row in tables.projects
        if row.document_id == "changshou-2024-key" and theme_id in found.get(row.project_id, ())
    }
    assert names <= here
    assert not others & here
