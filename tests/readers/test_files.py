"""What a file is, and files that are not what they seem: each gets one message or a note."""

import os
import re
import shutil
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import long_but
from forms_rendered import FORMATS, Grid, extension, render, texts

from builder import readers
from builder.faults import DocumentFault
from builder.readers import draft, formats, guard, legacy
from builder.readers.formats import MEDIA_TYPES, NAMES

FORM = Grid(("2024年绩效目标表",), (("项目名称", "巨灾保险"), ("预算", "200")), tail=("联系人：张书然",))
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def form(folder: Path, fmt: str) -> Path:
    path = folder / f"form{extension(fmt)}"
    render([FORM], fmt, path)
    return path


def filled(path: Path) -> list[list[str]]:
    reading = readers.read(path, readers.detect(path))
    rows = [[cell.text for cell in row.filled] for row in reading.rows]
    return [row for row in rows if row and not re.fullmatch(r"- \d+ -", row[0])]


# Commas tell nothing: a CSV file is one by its name.
@pytest.mark.parametrize("fmt", long_but(("pdf", "xlsx"), [fmt for fmt in FORMATS if fmt != "csv"]))
def test_content_tells_the_format_under_any_name(fmt: str, tmp_path: Path) -> None:
    path = form(tmp_path, fmt)
    media_type = readers.detect(path)
    assert media_type == MEDIA_TYPES[path.suffix]
    notes = readers.read(path, media_type).notes
    bare = path.rename(tmp_path / "download")
    assert readers.detect(bare) == media_type
    assert readers.read(bare, media_type).notes == notes


@pytest.mark.parametrize(
    ("fmt", "name", "remark"),
    [
        ("pdf", "a.docx", "扩展名 .docx 是Word 文档（DOCX），内容却是PDF，已按内容读取"),
        ("html", "a.xls", "扩展名 .xls 是旧版 Excel/WPS 表格（XLS），内容却是网页（HTML），已按内容读取"),
        ("txt", "a.xls", "扩展名 .xls 是旧版 Excel/WPS 表格（XLS），内容却是纯文本，已按内容读取"),
        ("xlsx", "a.docx", "扩展名 .docx 是Word 文档（DOCX），内容却是Excel 工作簿（XLSX），已按内容读取"),
    ],
)
def test_wrongly_named_file_is_read_by_its_content_with_a_note(
    fmt: str, name: str, remark: str, tmp_path: Path
) -> None:
    path = form(tmp_path, fmt).rename(tmp_path / name)
    reading = readers.read(path, readers.detect(path))
    assert ("reader-remark", remark) in reading.notes
    assert ["项目名称", "巨灾保险"] in filled(path)


def test_manifest_that_names_another_format_is_noted(tmp_path: Path) -> None:
    reading = readers.read(form(tmp_path, "html"), "application/pdf")
    assert reading.notes[0] == ("reader-remark", "清单登记为PDF，内容却是网页（HTML），已按内容读取")


def test_every_format_has_a_name() -> None:
    assert set(MEDIA_TYPES.values()) == set(NAMES)


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "这是图片（PNG）"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "这是图片（JPEG）"),
        (b"Rar!\x1a\x07\x00" + bytes(50), "这是RAR 压缩包"),
        (b"PK\x03\x04 cut off", "打不开.*重新下载"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "有打开密码"),
        (COMPOUND + "PowerPoint Document".encode("utf-16-le"), "不是 Word 文档也不是 Excel 表格"),
        ("绩效目标".encode("utf-16"), "UTF-16 编码.*另存为 UTF-8"),
        (bytes(range(256)) * 4, "认不出这是什么文件"),
    ],
)
def test_what_no_reader_reads_is_refused_by_name(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(content)
    with pytest.raises(DocumentFault, match=message):
        readers.detect(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("OFD.xml", "OFD 版式文件.*转存为 PDF"),
        ("xl/workbook.bin", "XLSB.*另存为 .xlsx"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("目标表.docx", "ZIP 压缩包.*先解压"),
    ],
)
def test_archives_of_other_kinds_are_refused_by_name(member: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentFault, match=message):
        readers.detect(zipped(tmp_path / "a.zip", member))


def test_truncated_files_are_refused(tmp_path: Path) -> None:
    for fmt in ("docx", "xlsx", "pdf"):
        path = form(tmp_path, fmt)
        path.write_bytes(path.read_bytes()[:-700])
        with pytest.raises(DocumentFault, match="重新下载"):
            readers.read(path, readers.detect(path))


def test_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.pdf").open("wb") as stream:
        stream.truncate(guard.MAX_FILE + 1)
    with pytest.raises(DocumentFault, match="超过 200 MB 的上限"):
        readers.detect(tmp_path / "a.pdf")


def test_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(guard.RATIO_APPLIES_FROM + 1))
    with pytest.raises(DocumentFault, match="疑为压缩炸弹"):
        readers.detect(tmp_path / "a.docx")


def test_archive_of_countless_members_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_MEMBERS", 2)
    with pytest.raises(DocumentFault, match="有 3 个部件"):
        formats.detect(zipped(tmp_path / "a.docx", "a", "b", "c"))


def test_reading_that_grows_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentFault, match=r"超过 .* 10 个字.*拆成"):
        formats.read(form(tmp_path, "docx"), MEDIA_TYPES[".docx"])


def test_old_format_without_libreoffice_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    (tmp_path / "a.wps").write_bytes(COMPOUND + "WordDocument".encode("utf-16-le"))
    assert readers.detect(tmp_path / "a.wps") == "application/msword"
    with pytest.raises(DocumentFault, match=r"没有安装 LibreOffice.*另存为 \.docx"):
        formats.read(tmp_path / "a.wps", "application/msword")


@pytest.mark.office
@pytest.mark.usefixtures("libreoffice")
@pytest.mark.parametrize(("fmt", "old", "name"), [("docx", "doc", "a.wps"), ("xlsx", "xls", "a.et")])
def test_old_formats_are_read_through_libreoffice(fmt: str, old: str, name: str, tmp_path: Path) -> None:
    converted = legacy.convert(form(tmp_path, fmt), extension(fmt)[1:], old, tmp_path)
    path = converted.rename(tmp_path / name)
    reading = readers.read(path, readers.detect(path))
    assert [[cell.text for cell in row.filled] for row in reading.rows] == texts([FORM])
    assert reading.notes == (("reader-remark", f"旧格式（.{old}），经 LibreOffice 转成 .{fmt} 后读取"),)


@pytest.mark.office
@pytest.mark.usefixtures("libreoffice")
def test_pdf_of_a_word_processor_reads_like_its_source(tmp_path: Path) -> None:
    path = legacy.convert(form(tmp_path, "docx"), "docx", "pdf", tmp_path)
    assert filled(path) == texts([FORM])


@pytest.mark.office
@pytest.mark.usefixtures("libreoffice")
def test_broken_old_file_gets_one_message(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(COMPOUND + "WordDocument".encode("utf-16-le"))
    with pytest.raises(DocumentFault, match="打不开这份旧格式"):
        readers.read(tmp_path / "a.doc", "application/msword")


def test_marks_that_print_nothing_are_left_out_of_text_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("项目\u202e名\u200b称\u2066\t巨\u2060灾\ufeff保\u009b险\n", encoding="utf-8")
    assert filled(tmp_path / "a.txt") == [["项目名称", "巨灾保险"]]


def _socket(path: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(str(path))


@pytest.mark.parametrize(
    ("make", "name"),
    [(os.mkfifo, "命名管道（FIFO）"), (_socket, "套接字（socket）"), (Path.mkdir, "文件夹")],
)
def test_what_is_no_file_is_refused_by_its_right_name(
    make: Callable[[Path], object], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("a.txt"))
    with pytest.raises(DocumentFault, match=f"这是{name}，不是文件"):
        readers.detect(Path("a.txt"))


def test_a_device_is_refused_by_its_right_name() -> None:
    with pytest.raises(DocumentFault, match="这是字符设备，不是文件"):
        readers.read(Path("/dev/zero"), "text/plain")
