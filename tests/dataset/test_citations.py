"""立项依据 → cited documents: which number belongs to which title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.dataset.citations import citations


@pytest.mark.parametrize(
    ("basis", "cited"),
    [
        (
            "重庆市人民政府办公厅《关于开展巨灾保险的实施意见》（渝府办发〔2017〕121号）",
            [("渝府办发〔2017〕121号", "关于开展巨灾保险的实施意见")],
        ),
        (
            "《关于农业品牌化的意见》的通知(长寿府发[2017] 52号)；《水资源管理条例》",
            [("长寿府发〔2017〕52号", "关于农业品牌化的意见"), (None, "水资源管理条例")],
        ),
        (
            "《防范和处置非法集资条例》(中华人民共和国国务院令第737号)",
            [("中华人民共和国国务院令第737号", "防范和处置非法集资条例")],
        ),
        ("按照沙府发〔2020〕41号文件规定", [("沙府发〔2020〕41号", None)]),
        ("结合实际贯彻落实渝财〔2020〕1号", [("渝财〔2020〕1号", None)]),
        ("渝财绩【2020】14号和渝财绩（2023）24号", [("渝财绩〔2020〕14号", None), ("渝财绩〔2023〕24号", None)]),
        # A number within a title is part of the title.
        (
            "《转发<关于贯彻人发〔2002〕82号文件的意见>的通知》（中办发〔2003〕29号）",
            [("中办发〔2003〕29号", "转发<关于贯彻人发〔2002〕82号文件的意见>的通知")],
        ),
        (
            "《关于印发《评价管理办法》的通知》（渝绿金改办〔2023〕10号）",
            [("渝绿金改办〔2023〕10号", "关于印发《评价管理办法》的通知")],
        ),
        # A number further on is not the title's.
        ("《残疾证》。另据长交委发〔2018〕1号执行", [(None, "残疾证"), ("长交委发〔2018〕1号", None)]),
        ("《甲办法》《乙办法》（渝财〔2020〕1号）", [(None, "甲办法"), ("渝财〔2020〕1号", "乙办法")]),
        # Broken by the width of a column.
        (
            "《关于建立长效机制的\n通知》（长寿府办发〔2015〕\n48号）",
            [("长寿府办发〔2015〕48号", "关于建立长效机制的通知")],
        ),
        ("市级考核指标。", []),
        ("", []),
        ("《没有写完的标题", []),
    ],
)
def test_citations(basis: str, cited: list[tuple[str | None, str | None]]) -> None:
    assert [(found.number, found.title) for found in citations(basis)] == cited


def test_place_in_the_text() -> None:
    basis = "一、《甲办法》；二、渝财〔2020〕1号"
    assert [found.start for found in citations(basis)] == [basis.index("《"), basis.index("渝")]


WORDS = st.text("预算资金管理办法实施细则试行", min_size=2, max_size=12)
BODIES = st.sampled_from(["渝府办发", "长寿府发", "财社", "国办发", "沙财政发"])


@st.composite
def cited_documents(draw: st.DrawFn) -> tuple[str | None, str | None]:
    title = draw(st.none() | WORDS)
    number = f"{draw(BODIES)}〔{draw(st.integers(1990, 2030))}〕{draw(st.integers(1, 999))}号"
    return (number if title is None else draw(st.none() | st.just(number))), title


@given(st.lists(cited_documents(), max_size=5), st.sampled_from("（([〔【"), st.sampled_from(["；", "。", "\n"]))
def test_what_was_written_is_cited(documents: list[tuple[str | None, str | None]], bracket: str, end: str) -> None:
    close = {"（": "）", "(": ")", "[": "]", "〔": "〕", "【": "】"}[bracket]
    written = [
        (f"《{title}》" if title else "") + (f"{bracket}{number}{close}" if title and number else number or "")
        for number, title in documents
    ]
    assert [(number, title) for number, _, title, _ in citations(end.join(written))] == documents


@given(st.text("渝府发〔2020〕1号《》（）通知及 \n第令", max_size=40))
def test_nothing_is_cited_that_is_not_printed(basis: str) -> None:
    for number, as_filed, title, start in citations(basis):
        assert number or title is not None
        assert 0 <= start < len(basis)
        assert (title or "").replace(" ", "") in "".join(basis.split())
        assert set(number or "") <= set(basis) | set("〔〕")
        assert (as_filed or "") in "".join(basis.split())
