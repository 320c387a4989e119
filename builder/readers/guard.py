"""Limits that keep a hostile or broken file from costing more than one message.

Sizes are in bytes. Archives are never unpacked to disk, XML entities are never expanded, nothing is fetched.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple, cast

from lxml import etree

from builder.faults import DocumentFault, odd
from builder.readers.draft import Remarks

MAX_FILE = 200 * 1024**2
MAX_MEMBERS = 20_000
MAX_UNPACKED = 600 * 1024**2
# Text and markup, where a file's size is all content; 10,000 forms are some 40 MB of HTML.
MAX_TEXT = 64 * 1024**2
# XML read from one file, parts read again counted again: 10,000 forms are some 60 MB. As a tree it takes ten times
# that, and more where it is nothing but elements.
MAX_XML = 200 * 1024**2
MAX_ELEMENTS = 5_000_000
# A worksheet of equal rows deflates about a hundredfold; a bomb about a thousandfold.
MAX_RATIO = 300
RATIO_APPLIES_FROM = 16 * 1024**2


class Archive(zipfile.ZipFile):
    """An Office file, and how many bytes of its parts have been asked for."""

    unpacked = 0


def check_file(path: Path, most: int = MAX_FILE) -> None:
    """Refuse an empty file and one beyond ``most`` before anything of it is read."""
    if (what := odd(path)) is not None:
        raise DocumentFault(f"这是{what}，不是文件。请逐个给出下载的文件。")
    size = path.stat().st_size
    if size == 0:
        raise DocumentFault("文件是空的（0 字节），多半没有下载成功。请重新下载。")
    if size > most:
        raise DocumentFault(
            f"文件有 {size / 1024**2:,.0f} MB，超过 {most // 1024**2} MB 的上限，没有读取。"
            "请向公布单位索取不含图片的版本，或拆成几个文件分别添加。"
        )


def _bomb(what: str) -> DocumentFault:
    return DocumentFault(
        f"{what}，疑为压缩炸弹，没有解开。请核对文件来源；如确是公布的文件，请用 Office/WPS 打开后另存再添加。"
    )


def open_zip(path: Path) -> Archive:
    """Open an Office file after checking, from its directory alone, what it would unpack to."""
    try:
        archive = Archive(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise DocumentFault("文件损坏或没有下载完整，打不开。请重新下载，或用 Office/WPS 打开后另存。") from error
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise _bomb(f"压缩包解开后有 {len(members):,} 个部件、{unpacked / 1024**2:,.0f} MB，超过上限")
    for member in members:
        if member.flag_bits & 0x1:
            raise DocumentFault("文件加了密码，打不开。请向公布单位索取不加密的版本。")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken_part(member.filename)
        if member.file_size > RATIO_APPLIES_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise _bomb(f"部件 {member.filename} 的压缩比超过 {MAX_RATIO} 倍")
    return archive


def broken_part(name: str, error: Exception | None = None) -> DocumentFault:
    # No words of the error: they are English, and may be the document's.
    place = "（第 {} 行第 {} 个字起）".format(*error.position) if isinstance(error, etree.XMLSyntaxError) else ""
    return DocumentFault(f"文件损坏：部件 {name} 读不出来{place}。请重新下载，或用 Office/WPS 打开后另存。")


@contextmanager
def opened(archive: Archive, name: str) -> Iterator[IO[bytes]]:
    """A member as a stream; its declared size, checked by ``open_zip``, bounds what comes out. What is wrong with the
    member or with the XML read from it within the block becomes one ``DocumentFault``."""
    try:
        archive.unpacked += archive.getinfo(name).file_size
        if archive.unpacked > MAX_XML:
            raise _bomb(f"要读的部件解开后超过 {MAX_XML // 1024**2} MB")
        with archive.open(name) as stream:
            yield stream
    except KeyError as error:
        raise DocumentFault(f"文件损坏：缺少部件 {name}。请重新下载，或用 Office/WPS 打开后另存。") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, etree.XMLSyntaxError) as error:
        if getattr(error, "code", 0) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise broken_part(name, error) from error


def read_member(archive: Archive, name: str) -> bytes:
    with opened(archive, name) as stream:
        return stream.read()


def read_xml(archive: Archive, name: str) -> etree._Element:
    """The root of an XML part, entities unexpanded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with opened(archive, name) as stream:
        content = stream.read()
        if content.count(b"<") > 2 * MAX_ELEMENTS:
            raise _bomb(f"部件 {name} 里有几百万个元素")
        root = etree.fromstring(content, parser)
    refuse_doctype(root, name)
    return root


def refuse_doctype(root: etree._Element, name: str) -> None:
    """Office XML declares no document type; where one stands, its entities are an attack or damage."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise DocumentFault(
            f"部件 {name} 里声明了 XML 实体，正常的 Office 文件没有这种内容，没有读取。"
            "请用 Office/WPS 打开后另存再添加。"
        )


class Relation(NamedTuple):
    """A link from one part of an Office file to another: ``kind`` is the last step of its type, ``target`` a path in
    the file; empty where the target lies outside of it, which is never followed."""

    id: str
    kind: str
    target: str


def relations(archive: Archive, part: str) -> list[Relation]:
    """The links of a part (``""``: of the whole file), in their order; none where it has no list of them."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in archive.NameToInfo:
        return []
    found = []
    for item in read_xml(archive, listing):
        target = item.get("Target", "")
        inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        is_outside = item.get("TargetMode") == "External"
        found.append(
            Relation(item.get("Id", ""), item.get("Type", "").rpartition("/")[2], "" if is_outside else inside)
        )
    return found


# Kinds of parts with words that stand in no cell of their own, and of parts that cannot be read.
BESIDE = {
    "header": "页眉", "footer": "页脚", "comments": "批注", "threadedComment": "批注", "drawing": "文本框", "vmlDrawing": "控件",
    "chart": "图表", "chartEx": "图表", "diagramData": "图示",
}  # fmt: skip
_PAGE_NUMBER = re.compile(r"[\W\d第共页]|\bPage\b|\bof\b")
PICTURES = frozenset({"image", "video", "audio", "media"})
EMBEDDED = frozenset({"package", "oleObject", "aFChunk", "subDocument", "control"})
_WORDS = etree.XPath(
    "//*[local-name()='t' or local-name()='v' or local-name()='text' or local-name()='font' or local-name()='div']"
    "/text() | //*[local-name()='textpath']/@string"
)


def remark_beside(archive: Archive, part: str, where: str, remarks: Remarks) -> None:
    """Remark on the words in the parts that a part links to and on the documents and pictures in it: no reader reads
    them. ``where`` stands before what they are called."""
    for relation in relations(archive, part):
        if relation.kind in PICTURES:
            remarks.remark(f"{where}有图片，图里的文字没有读")
        elif relation.kind in EMBEDDED:
            remarks.remark(f"{where}嵌有别的文件或对象，里面的文字没有读；目标表若在里面，请另存出来再添加")
        elif relation.kind in BESIDE and relation.target in archive.NameToInfo:
            try:
                words = " ".join(text for _, text in texts_at(_WORDS, read_xml(archive, relation.target)))
            except DocumentFault:
                remarks.remark(f"{where}{BESIDE[relation.kind]}读不出来")
                continue
            if relation.kind not in ("header", "footer") or _PAGE_NUMBER.sub("", words):
                remarks.leave(f"{where}{BESIDE[relation.kind]}里的文字", words)
            if relation.kind in ("header", "footer", "drawing"):
                remark_beside(archive, relation.target, where, remarks)


def texts_at(path: etree.XPath, root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The texts and attributes that a path leads to, each with the element that holds it or stands before it."""
    for text in cast("list[etree._ElementUnicodeResult]", path(root)):
        if (holder := text.getparent()) is not None:
            yield holder, str(text)


@lru_cache(maxsize=4096)
def local(tag: object) -> str:
    """The name of an element or attribute without its namespace: Office writes two sets of namespaces for the same
    names. Comments and the like have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute of that local name."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return str(value)
    return None


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that local name."""
    for item in element:
        if local(item.tag) == name:
            return item
    return None


def integer(text: str | None, default: int) -> int:
    """A count in an attribute; what is missing or no plausible count is the ``default``."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else default
