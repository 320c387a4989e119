"""HTML: the tables of disclosure sites, within what such sites put around them."""

from pathlib import Path

import pytest
from hostile import mhtml

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import draft, html


def read_page(folder: Path, body: str, encoding: str = "utf-8", head: str = "") -> Reading:
    (folder / "a.html").write_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))
    return html.read(folder / "a.html")


def texts(reading: Reading) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in reading.rows]


def test_text_and_tables_come_in_their_order(tmp_path: Path) -> None:
    body = "<h1>标题</h1><table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>尾注<br>第二行<p></p>"
    reading = read_page(tmp_path, body)
    assert texts(reading) == [["标题"], ["甲", "乙"], ["丙", "丁"], ["尾注"], ["第二行"]]
    assert [line.place for line in reading.lines] == ["段落 1", "表 1 第 1 行", "表 1 第 2 行", "段落 2", "段落 3"]


def test_spans_hold_their_text_once(tmp_path: Path) -> None:
    body = """<table><thead><tr><th rowspan=2>甲</th><th colspan="2">乙</th><th rowspan=0>丙</th></tr></thead>
    <tbody><tr><td>丁</td><td>戊</td></tr><tr><td colspan=3>己</td></tr></tbody></table>"""
    assert texts(read_page(tmp_path, body)) == [["甲", "乙", "", "丙"], ["", "丁", "戊", ""], ["己", "", "", ""]]


@pytest.mark.parametrize("span", ["-1", "abc", "", "99999999999999999999", "1.5"])
def test_senseless_spans_are_one(span: str, tmp_path: Path) -> None:
    body = f'<table><tr><td rowspan="{span}" colspan="{span}">甲</td><td>乙</td></tr></table>'
    assert texts(read_page(tmp_path, body)) == [["甲", "乙"]]


def test_endless_spans_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_CELLS", 5_000)
    with pytest.raises(DocumentFault, match="超过 5,000 个单元格"):
        read_page(tmp_path, "<table>" + "<tr><td colspan=1000>甲</td></tr>" * 6 + "</table>")


def test_tables_for_layout_are_text_and_inner_tables_are_tables(tmp_path: Path) -> None:
    inner = "<table><tr><td>项目名称</td><td>巨灾保险</td></tr></table>"
    body = (
        f"<table><tr><td>页头</td></tr><tr><td>栏目</td><td><p>绩效目标表</p>{inner}<p>联系人：张</p></td></tr></table>"
    )
    reading = read_page(tmp_path, body)
    assert [row for row in texts(reading) if any(row)] == [
        ["页头", ""],
        ["栏目"],
        ["绩效目标表"],
        ["项目名称", "巨灾保险"],
        ["联系人：张"],
    ]
    assert [row.table for row in reading.rows] == [1, None, None, 2, None]


def test_the_frame_of_the_page_is_left_out_and_remarked_on(tmp_path: Path) -> None:
    body = """<nav>首页</nav><script>var a = "<table><tr><td>脚本</td></tr></table>";</script><style>td{}</style>
    <noscript>请启用脚本</noscript><div style="DISPLAY : none">二维码</div><p hidden>隐藏</p><!-- 注释 -->
    <button>打印</button><p>正文</p>"""
    reading = read_page(tmp_path, body, head="<title>网站</title>")
    assert texts(reading) == [["正文"]]
    assert [detail for _, detail in reading.notes] == [
        "<nav> 里的文字没有读入：“首页”",
        "网页的<script>里像是内容的文字没有读入：“脚本”",
        "<noscript> 里的文字没有读入：“请启用脚本”",
        "网页不显示的文字没有读入（2 处）：“二维码 隐藏”",
        "<button> 里的文字没有读入：“打印”",
    ]


def test_what_is_filled_into_fields_is_read(tmp_path: Path) -> None:
    row = (
        "<td>名称<td><input value=甲><td><select><option>乙<option selected>丙</select><td><textarea>丁\n戊</textarea>"
    )
    reading = read_page(tmp_path, f"<table><tr>{row}</table><select><option>2023<option>2024</select>")
    assert texts(reading) == [["名称", "甲", "丙", "丁\n戊"], ["2023"]]
    assert [detail for _, detail in reading.notes] == ["<option> 里的文字没有读入（2 处）：“乙 2024”"]


def test_markup_in_text_is_text(tmp_path: Path) -> None:
    body = "<p>&lt;script&gt;alert(1)&lt;/script&gt; {{ x }} =HYPERLINK(1)</p>"
    assert texts(read_page(tmp_path, body)) == [["<script>alert(1)</script> {{ x }} =HYPERLINK(1)"]]


def test_lines_of_a_cell_stay_lines(tmp_path: Path) -> None:
    body = "<table><tr><td><p>1.甲</p><p>2.乙<br/>3.丙</p></td><td> 多 \n 空 <b>白</b> </td></tr></table>"
    assert texts(read_page(tmp_path, body)) == [["1.甲\n2.乙\n3.丙", "多 空 白"]]


def test_wide_blanks_part_a_line(tmp_path: Path) -> None:
    body = "<p>&nbsp;&nbsp;主管部门：财政局&nbsp;&nbsp;&emsp;单位：万元</p><p>目&nbsp;&nbsp;&nbsp;录</p><pre>甲\t乙\n丙</pre>"
    assert texts(read_page(tmp_path, body)) == [["主管部门：财政局", "单位：万元"], ["目 录"], ["甲", "乙"], ["丙"]]


@pytest.mark.parametrize(
    ("encoding", "head", "codes"),
    [
        ("utf-8", "", []),
        ("utf-8", "<meta charset='utf-8'>", []),
        ("utf-8-sig", "<meta charset='gb2312'>", []),
        ("utf-16", "", []),
        ("gb18030", "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>", ["encoding-gb18030"]),
        ("gb18030", "", ["encoding-gb18030"]),
        ("gb18030", "<meta charset='utf-8'>", ["encoding-gb18030"]),
        ("gb18030", "<meta charset='no-such'>", ["encoding-gb18030"]),
        ("big5", "<meta charset='big5'>", []),
    ],
)
def test_encodings_declared_or_not(encoding: str, head: str, codes: list[str], tmp_path: Path) -> None:
    text = "預算目標" if encoding == "big5" else "预算绩效目标表㎡"
    reading = read_page(tmp_path, f"<p>{text}</p>", encoding, head)
    assert texts(reading) == [[text]]
    assert [code for code, _ in reading.notes] == codes


def test_a_spoilt_byte_is_marked_and_noted(tmp_path: Path) -> None:
    page = f"<html><body><p>{'绩效目标' * 200}</p></body></html>".encode()
    (tmp_path / "a.html").write_bytes(page.replace("效".encode(), "效".encode() + b"\xff", 1))
    reading = html.read(tmp_path / "a.html")
    assert texts(reading)[0][0].startswith("绩效\ufffd目标绩效目标")
    assert reading.notes == (("reader-remark", "有 1 处字节不成文字，以 � 代替"),)


def test_web_archive_is_read_by_its_page(tmp_path: Path) -> None:
    (tmp_path / "a.mht").write_bytes(
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<table><tr><td>=BC=D7</td><td>=D2=D2</td></tr></table>\r\n--B--\r\n"
    )
    assert texts(html.read(tmp_path / "a.mht")) == [["甲", "乙"]]


def test_page_that_only_links_to_files_says_so(tmp_path: Path) -> None:
    reading = read_page(tmp_path, "<p>公开</p><a href='/f/1.PDF?x=1'>附件：绩效目标表.pdf</a>")
    assert reading.notes == (
        ("reader-remark", "网页里没有表格，附有文件（附件：绩效目标表.pdf）：目标表多半在附件里，请下载附件再添加"),
    )


@pytest.mark.parametrize("content", [b"<html></html>", b"<html><script>1</script></html>", b"   \n"])
def test_page_without_text_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(content)
    with pytest.raises(DocumentFault, match="没有"):
        html.read(tmp_path / "a.html")


def test_deep_nesting_ends_in_a_reading_or_one_message(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<div>" * 20_000 + "甲", encoding="utf-8")
    try:
        html.read(tmp_path / "a.html")
    except DocumentFault as error:
        assert "网页" in str(error) or "没有文字" in str(error)


TABLE = "<table><tr><td>项目名称<td>{}</table>"
FIRST, SECOND = TABLE.format("甲"), TABLE.format("乙")


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body>{FIRST}</body></html>{SECOND}",
        f"<html><body>{FIRST}</body></html><html><head><title>二</title></head><body>{SECOND}</body></html>",
        FIRST + "<div>" * 300 + SECOND,
        FIRST + "<b><font>" * 200 + SECOND,
        f'{FIRST}<img src="data:image/png;base64,{"A" * 11_000_000}">{SECOND}',
        f"{FIRST}<!--{'A' * 11_000_000}-->{SECOND}",
        f"{FIRST}<script>{'A' * 11_000_000}</script>{SECOND}",
        f"{FIRST}<table><form><tr><td>项目名称<td>乙</form></table>",
        f"{FIRST}<table>项目名称 乙<tr><td>丙</table>",
        f"{FIRST}<table><tr><div>项目名称 乙</div><td>丙</table>",
        f"{FIRST}<table><div>{SECOND}</div><tr><td>丙</table>",
        f"{FIRST}<table><colgroup>{SECOND}</colgroup><tr><td>丙</table>",
    ],
)
def test_what_a_browser_shows_is_read_wherever_it_stands(page: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    reading = html.read(tmp_path / "a.html")
    assert ["项目名称", "甲"] in texts(reading)
    assert "项目名称 乙" in "|".join(" ".join(row) for row in texts(reading))
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        (f"<div style='display: none'>{SECOND}</div>", "网页不显示的文字没有读入：“项目名称乙”"),
        (f"<div hidden>{SECOND}</div>", "网页不显示的文字没有读入：“项目名称乙”"),
        (f"<div style='visibility:hidden'>{SECOND}</div>", "网页不显示的文字没有读入：“项目名称乙”"),
        ("<table><tr hidden><td>乙</td></tr></table>", "网页不显示的文字没有读入：“乙”"),
        ("<table><tr><td style='display:none'>乙</td></tr></table>", "网页不显示的文字没有读入：“乙”"),
        (f"<nav>{SECOND}</nav>", "<nav> 里的文字没有读入：“项目名称乙”"),
        (f"<noscript>{SECOND}</noscript>", "<noscript> 里的文字没有读入：“项目名称乙”"),
        (f"<button>{SECOND}</button>", "<button> 里的文字没有读入：“项目名称乙”"),
        ("<iframe src='b.html'></iframe>", "网页里嵌有别的网页或文件（iframe），没有读；目标表若在里面，请另行下载"),
        (
            "<iframe srcdoc='<table>'></iframe>",
            "网页里嵌有别的网页或文件（iframe），没有读；目标表若在里面，请另行下载",
        ),
        ("<object data='b.pdf'></object>", "网页里嵌有别的网页或文件（object），没有读；目标表若在里面，请另行下载"),
    ],
)
def test_what_is_not_read_is_remarked_on(body: str, remark: str, tmp_path: Path) -> None:
    reading = read_page(tmp_path, FIRST + body)
    assert ["项目名称", "甲"] in texts(reading)
    assert reading.notes == (("reader-remark", remark),)


def test_what_the_parser_gave_up_on_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentFault, match="后面的读不到"):
        read_page(tmp_path, FIRST + "<div>" * 3_000 + SECOND)


@pytest.mark.parametrize("parameters", ["", "; charset=utf-8", "; charset=a\0b", "; charset*=x; charset*0*=y", "; charset=zlib"])  # fmt: skip
def test_all_pages_of_an_archive_are_read(parameters: str, tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(mhtml((parameters, FIRST.encode()), ("", b""), ("", SECOND.encode())))
    reading = html.read(tmp_path / "a.mhtml")
    assert texts(reading) == [["项目名称", "甲"], ["项目名称", "乙"]]
    assert reading.notes == (("reader-remark", "网页存档（MHTML）里有 3 个网页（框架），依次读入"),)


@pytest.mark.parametrize("name", ["zlib", "hex", "base64", "rot13", "bz2", "uu", "quopri", "undefined", "idna", "mbcs"])
def test_what_is_no_encoding_of_text_is_not_tried(name: str, tmp_path: Path) -> None:
    assert texts(read_page(tmp_path, FIRST, head=f"<meta charset={name}>")) == [["项目名称", "甲"]]
    reading = read_page(tmp_path, FIRST, "gb18030", head=f"<meta charset={name}>")
    assert texts(reading) == [["项目名称", "甲"]]
    assert reading.notes == (("encoding-gb18030", ""),)
