"""What stops a command: one sentence in Chinese that says what happened, where, and what to do. No traceback."""

import errno
import stat
from pathlib import Path


class Fault(Exception):
    """``what`` happened, in which ``file``, at which ``place`` in it (a line, an entry), and the ``remedy``.

    ``str(fault)`` joins what is given: ``data/calendar.yml：第 3 行：due_month 应为 1 到 12。请改正。``
    The command line prints that for every fault, and ends with exit code 1.
    """

    def __init__(self, what: str, *, file: Path | str | None = None, place: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.file, self.place, self.remedy = what, file, place, remedy

    def __str__(self) -> str:
        stop = "。" if self.remedy and not self.what.endswith(("。", "？", "！")) else ""
        return "：".join(filter(None, (str(self.file or ""), self.place, f"{self.what}{stop}{self.remedy}")))


class SettingsFault(Fault):
    """A maintained file of ``data/`` that cannot be used."""


class DocumentFault(Fault):
    """A document that cannot be read; the others go on without it."""


class DatasetFault(Fault):
    """Rows, CSV files or records of releases that the schemas forbid, or that contradict each other."""


class RequestFault(Fault):
    """What the person asked for cannot be done as asked: the message says which option or step helps."""


class PublishingFault(Fault):
    """A package, a page or an index that could not be made; what was published before stays."""


# What a file system says in English.
_TROUBLE = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOENT: "找不到",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "不在文件夹里",
    errno.ELOOP: "链接绕成了圈",
    errno.EIO: "磁盘读写出错",
    errno.ENXIO: "不是可以打开的文件",
    errno.EMFILE: "打开的文件太多",
}


def trouble(error: OSError) -> str:
    """What a file system says, in Chinese."""
    return _TROUBLE.get(error.errno or 0, error.strerror or str(error))


# What a path may lead to besides a file; to open a pipe is to wait for ever.
_KINDS = (
    (stat.S_ISDIR, "文件夹"),
    (stat.S_ISFIFO, "命名管道（FIFO）"),
    (stat.S_ISSOCK, "套接字（socket）"),
    (stat.S_ISCHR, "字符设备"),
    (stat.S_ISBLK, "块设备"),
)


def odd(path: Path) -> str | None:
    """What a path leads to where that is no file. Raises ``OSError`` where there is nothing."""
    mode = path.stat().st_mode
    return next((name for is_kind, name in _KINDS if is_kind(mode)), None)


def regular(path: Path) -> Path:
    """The path of one of our own files, before it is opened. Raises ``Fault`` where it leads to something else."""
    if (what := odd(path)) is not None:
        raise Fault(f"这是{what}，不是文件。请移走它，再从版本库恢复原来的文件。", file=path)
    return path
