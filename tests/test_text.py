"""Text → value: literal examples, and properties that hold for any text."""

import re
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import text as values
from builder.settings import Settings
from builder.text import NO_QUANTITY, Quantity

# What real cells are made of, and what could be taken for it.
DIRT = "0123456789０９²①½٣,，.．+-－%％元万亿《》≥≦<>/p\\geq$&;lt \u3000\u200b\n天人次（）():：年月底前以上不少于"
DIRTY = st.text(DIRT, max_size=24) | st.text(max_size=24)
NUMBERS = st.decimals(min_value=-(10**14) + 1, max_value=10**14 - 1, places=6) | st.integers(0, 10**14 - 1).map(Decimal)


def printed_digits(text: str) -> str:
    """The digits of a text, wide ones as narrow ones; characters that only look like digits are none."""
    return "".join(str(int(character)) for character in text if character in "0123456789０１２３４５６７８９")


def significant(value: Decimal) -> str:
    return values.plain(abs(value)).replace(".", "").strip("0")


# fold, label_key, bracket_unit


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("项目　名 称", "项目名称"),
        ("ＩＤ：１２", "ID:12"),
        ("分值（90分）", "分值(90分)"),
        ("<p>立项依据</p>", "立项依据"),
        (r"$\geq$", "≥"),
        (r"\leq", "≤"),
        ("&amp;lt;", "<"),
        ("\ufeff序\u200b号", "序号"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert values.fold(text) == folded


@given(DIRTY)
def test_fold_twice_is_fold_once(text: str) -> None:
    once = values.fold(text)
    assert values.fold(once) == once
    assert not re.search(r"\s", once)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("分值 (90分)", "分值"),
        ("预算执行率权重（分）：", "预算执行率权重"),
        ("资金情况\n（元）", "资金情况"),
        ("指标权重（%）（必填）", "指标权重"),
        ("（2024年度）", "(2024年度)"),
        ("备注：", "备注"),
    ],
)
def test_label_key(heading: str, key: str) -> None:
    assert values.label_key(heading) == key


@given(DIRTY)
def test_label_key_twice_is_once(text: str) -> None:
    once = values.label_key(text)
    assert values.label_key(once) == once


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("资金情况（元）", "元"),
        ("部门支出预算总量（万元）", "万元"),
        ("资金（单位：亿元）", "亿元"),
        ("权重（%）", None),
        ("万元", None),
    ],
)
def test_bracket_unit(heading: str, unit: str | None) -> None:
    assert values.bracket_unit(heading) == unit


# clean, close_gaps, printable


@pytest.mark.parametrize(
    ("text", "cleaned", "marks"),
    [
        ("<p>一、甲</p> <p>二、乙</p>", "一、甲\n二、乙", ("<p>", "</p>")),
        ('<ol style="list-style-type: none"> 甲', "甲", ('<ol style="list-style-type: none">',)),
        (r"不低于 $\geq 85\%$", "不低于 ≥ 85%", (r"\geq", r"\%", r"$\geq 85\%$")),
        ("甲&nbsp;&nbsp;乙", "甲 乙", ("&nbsp;",)),
        ("当<防范和处置非法集资条例>印发", "当<防范和处置非法集资条例>印发", ()),
        ("a<b 且 c>d", "a<b 且 c>d", ()),
        ("单价 $5，售价 $6", "单价 $5，售价 $6", ()),
        (r"C:\gear", r"C:\gear", ()),
    ],
)
def test_clean(text: str, cleaned: str, marks: tuple[str, ...]) -> None:
    assert values.clean(text) == (cleaned, marks)


@given(DIRTY)
def test_a_text_without_marks_only_loses_blanks(text: str) -> None:
    cleaned, marks = values.clean(text)
    if not marks:
        assert cleaned.split() == text.split()


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("全区财政\n系统类软\n件", "全区财政系统类软件"),
        (" 重庆市 财政局 ", "重庆市财政局"),
        ("PM2.5 排放", "PM2.5 排放"),
        ("mg/m ³", "mg/m ³"),
    ],
)
def test_close_gaps(text: str, closed: str) -> None:
    assert values.close_gaps(text) == closed


def test_printable_keeps_lines_and_columns() -> None:
    assert values.printable("甲\x00乙\x0b\t丙\n\x7f丁") == "甲 乙 \t丙\n 丁"


# number, money, plain, base


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", "10"),
        (" 1,746,000.00 ", "1746000.00"),
        ("１，２３４．５", "1234.5"),
        ("-3", "-3"),
        ("<p>240</p>", "240"),
        ("99999999999999.999999", "99999999999999.999999"),
    ],
)
def test_number(text: str, value: str) -> None:
    assert values.decimal(text) == Decimal(value)
    assert values.is_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "约3", "1.2.3", "12,34", "1,2345", "10%", "10²", "①", "½", "٣", "2O", "1e5", ".5", "一百", "100000000000000"],
)
def test_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"不是数|位数多得"):
        values.decimal(text)


@given(NUMBERS)
def test_a_number_survives_printing(value: Decimal) -> None:
    assert values.decimal(f"{value:f}") == value
    assert values.decimal(f"{value:,f}") == value
    assert (
        values.decimal(f"{value:,f}".translate(str.maketrans("0123456789,.-", "０１２３４５６７８９，．－"))) == value
    )
    assert Decimal(values.plain(value)) == value


@given(DIRTY)
def test_number_invents_no_digit(text: str) -> None:
    try:
        value = values.decimal(text)
    except ValueError:
        return
    assert significant(value) == printed_digits(text).strip("0")


@pytest.mark.parametrize(
    ("text", "unit", "yuan", "kept_unit", "last_digit"),
    [
        ("200", "万元", "2000000", "万元", "10000"),
        ("1,376.05", "万元", "13760500", "万元", "100"),
        ("396.87", "亿元", "39687000000", "亿元", "1000000"),
        ("1,746,000.00", "元", "1746000", "元", "0.01"),
        ("5亿元", "万元", "500000000", "亿元", "100000000"),
        ("47.5 元", "万元", "47.5", "元", "0.1"),
    ],
)
def test_money(text: str, unit: str, yuan: str, kept_unit: str, last_digit: str) -> None:
    assert values.money(text, unit) == values.Money(Decimal(yuan), kept_unit, Decimal(last_digit))


@pytest.mark.parametrize("text", ["", "元", "待定", "约200", "200余万元", "5美元", "1-2万元"])
def test_no_money(text: str) -> None:
    with pytest.raises(ValueError, match="不是数"):
        values.money(text, "万元")


@given(NUMBERS, st.sampled_from(sorted(values.YUAN_PER)))
def test_money_is_the_number_in_its_unit(value: Decimal, unit: str) -> None:
    made = values.money(f"{value:,f}{unit}", "元")
    assert made.yuan == value * values.YUAN_PER[unit]
    assert made.last_digit > 0
    assert abs(made.yuan) < 10**22


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [("30", "万人次", ("300000", "人次")), ("4", "万", ("40000", None)), ("2", "亿元", ("200000000", "元"))],
)
def test_base(value: str, unit: str, base: tuple[str, str | None]) -> None:
    assert values.base(Decimal(value), unit) == (Decimal(base[0]), base[1])


def test_a_number_as_json_writes_it() -> None:
    assert values.json_number(Decimal("1.5")) == 1.5
    assert type(values.json_number(Decimal("150.00"))) is int
    assert type(values.json_number(Decimal(2) ** 63)) is float


def test_base_of_a_plain_unit() -> None:
    assert values.base(Decimal(5), "件") == (Decimal(5), "件")


# quantity


def take_apart(text: str, settings: Settings) -> Quantity:
    return values.quantity(text, settings.tokens.comparison, settings.tokens.suffix)


@pytest.mark.parametrize(
    ("text", "comparison", "value", "unit"),
    [
        ("≥95%", "ge", "95", "%"),
        ("95%以上", "ge", "95", "%"),
        ("不低于95%以上", "ge", "95", "%"),
        ("不少于20家", "ge", "20", "家"),
        ("≤5件", "le", "5", "件"),
        ("控制在5%以内", "le", "5", "%"),
        ("》90", "ge", "90", None),
        (r"$\geq 85\%$", "ge", "85", "%"),
        ("2024年12月底前", "le", "12", "月"),
        ("1,234", None, "1234", None),
        ("１０％", None, "10", "%"),
        ("30 万人次", None, "30", "万人次"),
        ("0.5‰", None, "0.5", "‰"),
        ("≥500㎡", "ge", "500", "㎡"),
        ("20mg/m³", None, "20", "mg/m³"),
        ("<p>240</p>", None, "240", None),
        ("=1年", "eq", "1", "年"),
    ],
)
def test_quantity(text: str, comparison: str | None, value: str, unit: str | None, settings: Settings) -> None:
    assert take_apart(text, settings) == Quantity(comparison, Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "≥",
        "以上",
        "优",
        "日常：半天；重要时段及节假日：全天。",
        "平坝地区达到 100%，丘陵地区 ≥90%",
        "1—2 年",
        "1/3",
        "1:1",
        "10²",
        "5½",
        "2024年",
        "每月20日前",
        "2024年12月31日前",
        "大于5以下",
        "第1名",
        "0.1234567",
        "100000000000000",
    ],
)
def test_prose_is_no_quantity(text: str, settings: Settings) -> None:
    assert take_apart(text, settings) == NO_QUANTITY


def test_the_longest_ending_counts() -> None:
    assert values.quantity("5 ab", {}, {"b": "le", "ab": "ge"}) == Quantity("ge", Decimal(5), None)
    assert values.quantity("ab 5", {"a": "le", "ab": "ge"}, {}) == Quantity("ge", Decimal(5), None)


def test_a_web_address_holds_what_an_address_may() -> None:
    assert values.web_address("https://a.cn/表 {1}.pdf?b=%20#c") == "https://a.cn/表%20%7B1%7D.pdf?b=%20#c"


@given(data=st.data(), value=st.decimals(0, 10**9, places=2), unit=st.sampled_from(["%", "家", "万人次", "㎡", ""]))
def test_a_written_quantity_reads_back(data: st.DataObject, value: Decimal, unit: str, settings: Settings) -> None:
    words = settings.tokens.comparison | {"": None}
    endings = settings.tokens.suffix | {"": None}
    sign, ending = data.draw(st.sampled_from(sorted(words))), data.draw(st.sampled_from(sorted(endings)))
    codes = {words[sign], endings[ending]} - {None}
    read = take_apart(f"{sign}{value:,f}{unit}{ending}", settings)
    expected = Quantity(next(iter(codes), None), value, unit or None) if len(codes) < 2 else NO_QUANTITY
    assert read == expected


@given(text=DIRTY)
def test_quantity_invents_no_digit(text: str, settings: Settings) -> None:
    value = take_apart(text, settings).value
    if value is not None and not re.search("年.*月", text):
        assert significant(value) == printed_digits(text).strip("0")


@pytest.mark.parametrize(
    "text",
    [
        "甲" + "\u2003" * 200_000 + "乙",
        "甲" + "\n" * 200_000 + "乙",
        "&amp;" + "amp;" * 200_000,
        "&amp;" * 200_000 + "lt;",
    ],
)
def test_a_long_run_takes_no_longer_than_its_length(text: str) -> None:
    start = time.process_time()
    for read in (values.fold, values.clean, values.close_gaps, values.web_address):
        read(text)
    assert time.process_time() - start < 5
