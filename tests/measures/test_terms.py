"""What people will quote means one thing, on whichever page it stands."""

from decimal import Decimal

import pytest
import yaml
from tiny import DATA, finding, indicator

from builder.dataset import store
from builder.measures import terms, wording
from builder.settings import load
from builder.settings.schema import load_schemas
from builder.site.facts import Facts, gather

WORDS = load(DATA).wording.words


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("群众满意度", True),
        ("社会 满意率", True),
        ("城市自体检综合报告及社会满意度调查报告数", False),
        ("满意度调查次数", False),
        ("满意人数", False),
        ("改造户数", False),
    ],
)
def test_satisfaction_is_known_by_its_name(name: str, meant: bool) -> None:
    assert terms.is_satisfaction(indicator("a", 1, name, "10"), WORDS) is meant


@pytest.mark.parametrize(
    ("name", "comparison", "target", "unit", "share"),
    [
        ("覆盖率", "ge", "95", "%", 95),
        ("覆盖率", "gt", "95", "％", 95),
        ("发放率", "eq", "100", "%", 100),
        ("投诉率", "le", "100", "%", None),
        ("投诉率", "lt", "5", "%", None),
        ("覆盖率", "qualitative", "100", "%", None),
        ("覆盖率", None, "95", "%", None),
        ("覆盖率", "ge", None, "%", None),
        ("满意度", "ge", "90", "分", None),
        ("死亡率", "ge", "3", "‰", None),
        ("收入增长率", "ge", "100", "%", None),
    ],
)
def test_a_share_is_a_lower_limit_in_percent_that_is_no_growth(
    name: str, comparison: str | None, target: str | None, unit: str, share: int | None
) -> None:
    value = None if target is None else Decimal(target)
    row = indicator("a", 1, name, "10", comparison=comparison, target_value=value, unit=unit)
    assert terms.share(row, WORDS) == share


def test_satisfaction_targets_are_percentages_that_can_be_reached() -> None:
    rows = [indicator("a", at, "满意度", "10", target_value=Decimal(value)) for at, value in enumerate((90, 100, 9000))]
    rows += [indicator("a", 4, "满意度", "10", unit="分"), indicator("a", 5, "覆盖率", "10")]
    assert terms.satisfaction_targets(rows, WORDS) == [90, 100]


@pytest.mark.parametrize(
    ("yuan", "named"),
    [
        ("0", "不到 10 万元"),
        ("99999.99", "不到 10 万元"),
        ("100000", "10 万至 100 万元"),
        ("999999999", "1 亿至 10 亿元"),
        ("1000000000", "10 亿元以上"),
        ("9E+20", "10 亿元以上"),
    ],
)
def test_a_size_begins_with_its_lower_end(yuan: str, named: str) -> None:
    assert terms.size_class(Decimal(yuan)) == named


def test_own_indicators_and_doubts() -> None:
    rows = [indicator("a", 1, "户数", "90"), indicator("a", 2, "预算执行率", "10", is_execution_rate=True)]
    assert terms.own(rows) == (rows[0],)
    found = [finding(key, "weight-sum", key, "d", "a", "甲") for key in ("error", "warning", "note")]
    assert terms.doubts(found) == 2


def test_every_term_is_in_the_glossary() -> None:
    glossary = yaml.safe_load((DATA / "glossary.yml").read_text(encoding="utf-8"))
    assert set(terms.DEFINED) <= {entry["term"] for entry in glossary}


# The five documents


@pytest.fixture(scope="module")
def facts() -> Facts:
    loaded = store.load(DATA / "dataset", load_schemas(DATA / "schemas"))
    return gather(loaded, {row.document_id: () for row in loaded.tables.documents}, load(DATA))


def test_one_count_of_satisfaction_in_all_documents(facts: Facts) -> None:
    own = facts.own_indicators(facts.projects.values())
    assert sum(terms.is_satisfaction(row, WORDS) for row in own) == 107
    assert facts.wording_report.by("satisfaction-without-survey")[()].judged == 107
    assert len(terms.satisfaction_targets(own, WORDS)) == 102
    assert facts.wording_report.by("trivially-full")[()] == wording.Rate(len(terms.shares(own, WORDS)), 140)
