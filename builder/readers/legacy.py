"""Formats of older office programs → DOCX or XLSX through LibreOffice, where it is installed.

LibreOffice runs without a window, on a copy under a neutral name, with a profile of its own that runs no macros and
follows no links. The limits of the room that it is started in (``builder.room``) are its own too.
"""

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from builder.faults import DocumentFault
from builder.model import Reading
from builder.readers import docx, xlsx

# Media type → extension that LibreOffice knows it by, and the format to convert to.
FORMATS = {
    "application/msword": ("doc", "docx"),
    "application/rtf": ("rtf", "docx"),
    "application/vnd.oasis.opendocument.text": ("odt", "docx"),
    "application/vnd.ms-excel": ("xls", "xlsx"),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods", "xlsx"),
}
ADVICE = "请用 Word/Excel 或 WPS 打开，另存为 .docx 或 .xlsx，再添加"

_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


def read(path: Path, media_type: str) -> Reading:
    """The file as rows, by way of its conversion. Raises ``DocumentFault`` with what to do where that fails."""
    extension, target = FORMATS[media_type]
    with tempfile.TemporaryDirectory() as folder:
        converted = convert(path, extension, target, Path(folder))
        reading = docx.read(converted) if target == "docx" else xlsx.read(converted)
    remark = ("reader-remark", f"旧格式（.{extension}），经 LibreOffice 转成 .{target} 后读取")
    return replace(reading, notes=(remark, *reading.notes))


def convert(path: Path, extension: str, target: str, folder: Path) -> Path:
    """The file at ``path``, of the format that ``extension`` names, as a file of format ``target`` within ``folder``."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise DocumentFault(
            f"这是旧格式（.{extension}）文件，本机没有安装 LibreOffice，读不了。请安装 LibreOffice 后重试；或者{ADVICE}。"
        )
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    source = folder / f"document.{extension}"
    shutil.copyfile(path, source)
    out = folder / "out"
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        target,
        "--outdir",
        str(out),
        str(source),
    ]
    # How long it may take, and that it ends with the document, is for the room to see to.
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    converted = out / f"document.{target}"
    if not converted.is_file():
        raise DocumentFault(
            f"LibreOffice 打不开这份旧格式（.{extension}）文件：可能已损坏、设有密码，或展开后过大。{ADVICE}。"
        )
    return converted


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )
