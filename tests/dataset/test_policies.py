"""Citations → policies: one row each, with who issued it; a card is none."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import DATA

from builder import settings as configuration
from builder.dataset import policies
from builder.dataset.compile import Compiled
from builder.dataset.rows import Citation, PolicyRow

SETTINGS = configuration.load(DATA)
KINDS = SETTINGS.kinds.policies
PLACES = ["changshou", "chongqing"]


def cited(*pairs: tuple[str | None, str | None]) -> tuple[Citation, ...]:
    rows = [Citation(f"d-{place:03d}", 1, number, title, 1) for place, (number, title) in enumerate(pairs, 1)]
    return policies.identified(rows, KINDS)


def made(*pairs: tuple[str | None, str | None]) -> tuple[PolicyRow, ...]:
    rows = cited(*pairs)
    return policies.policies(rows, {row.project_id: PLACES for row in rows}, KINDS, SETTINGS.issuers)


@pytest.mark.parametrize(
    ("pairs", "ids"),
    [
        # One document, cited with its number and without; the id stays what it was first.
        ([("渝财〔2020〕1号", "资金办法"), (None, "资金 办法")], ["渝财〔2020〕1号"] * 2),
        ([(None, "资金办法"), ("渝财〔2020〕1号", "资金办法")], ["资金办法"] * 2),
        # Two documents of one title: which of them is meant is not told.
        (
            [("渝财〔2020〕1号", "资金办法"), ("渝财〔2021〕1号", "资金办法"), (None, "资金办法")],
            ["渝财〔2020〕1号", "渝财〔2021〕1号", "资金办法"],
        ),
        # A card and a certificate are no policies; rules about a card are.
        ([(None, "残疾证"), (None, "爱心卡"), (None, "爱心卡实施细则")], [None, None, "爱心卡实施细则"]),
        ([(None, " ")], [None]),
    ],
)
def test_which_policy_is_cited(pairs: Sequence[tuple[str | None, str | None]], ids: list[str | None]) -> None:
    assert [row.policy_id for row in cited(*pairs)] == ids


@pytest.mark.parametrize(
    ("number", "title", "issuer", "year"),
    [
        ("财行〔2017〕515号", "财政部、司法部关于印发〈财务管理办法〉的通知", ("财政部、司法部", "printed"), 2017),
        ("渝府办发〔2017〕121号", "关于开展巨灾保险的实施意见", ("重庆市人民政府办公厅", "by_sign"), 2017),
        ("国办发〔2019〕44号", None, ("国务院办公厅", "by_sign"), 2019),
        ("国务院令第737号", "防范和处置非法集资条例", ("国务院", "by_sign"), None),
        # 沙坪坝 is no place above 长寿: the sign is that of another office here, or of none.
        ("沙府发〔2020〕41号", None, (None, None), 2020),
        ("甲乙丙〔2020〕1号", "农业农村工作关于什么的意见", (None, None), 2020),
        (None, "水资源管理条例", (None, None), None),
    ],
)
def test_who_issued_it_and_when(
    number: str | None, title: str | None, issuer: tuple[str | None, str | None], year: int | None
) -> None:
    (row,) = made((number, title))
    assert (row.issuer, row.issuer_method) == issuer
    assert row.year == year


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["渝财〔2020〕1号", "渝财〔2020〕2号", None]),
            st.sampled_from(["甲办法", "乙办法", "证", None]),
        )
    )
)
def test_every_policy_has_one_row_and_every_citation_its_policy(pairs: list[tuple[str | None, str | None]]) -> None:
    rows = cited(*pairs)
    known = [row.policy_id for row in made(*pairs)]
    assert len(known) == len(set(known))
    assert {row.policy_id for row in rows} - {None} == set(known)


def test_the_policies_of_the_five_documents(compiled: Compiled) -> None:
    rows = {row.policy_id: row for row in compiled.tables.policies}
    assert not any(row.title and row.title.endswith(("证", "卡")) for row in rows.values())
    assert rows["长交委〔2018〕1号"].projects == 1
    assert "公共汽车爱心卡实施细则" not in rows
    assert rows["沙府办发〔2010〕103号"].projects == 4
    filed = {row.number_as_filed: row.document_number for row in compiled.tables.citations}
    assert filed["渝银发2022〕59号"] == "渝银发〔2022〕59号"
