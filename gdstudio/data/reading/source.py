"""The lines of a text file, a piece at a time, whatever its encoding and line ends: files may be larger than memory."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.data.progress import Cancelled
from gdstudio.data.reading.detecting import HEAD_BYTES
from gdstudio.data.reading.encodings import BYTE_ORDER_MARK, decoder_of
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, shown_file
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

# Read, and answered for, at a time: some milliseconds. Larger pieces leave the processor's cache.
_PIECE = HEAD_BYTES
_LONGEST_LINE = 1 << 24


class UndecodableError(StudioError):
    """A line is not in the encoding; `only_ascii` says whether all before it is in every encoding."""

    only_ascii = False


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for reading, if it is one.

    Raises
    ------
    StudioError
        For a directory, a pipe or a device, which might never end, and where the system refuses.
    """
    try:
        _check_kind(path)
        with Path(path).open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "There is no file {file}."), file=shown_file(path)) from error
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error


def _check_kind(path: str | os.PathLike[str]) -> None:
    """Refuse what is no file, before it is opened: to open a pipe that nobody writes to would take for ever."""
    try:
        mode = Path(path).stat().st_mode
    except ValueError as error:  # a NUL in the name
        raise _unreadable(path, str(error)) from error
    if stat.S_ISDIR(mode):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} is a directory; name a text file of columns, such as a CSV file."),
            file=shown_file(path),
        )
    if not stat.S_ISREG(mode):
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "{file} is not a file."), file=shown_file(path))


def _unreadable(path: str | os.PathLike[str], cause: str) -> StudioError:
    template = QT_TRANSLATE_NOOP("Errors", "{file} cannot be read: {cause}.")
    return StudioError(template, file=shown_file(path), cause=cause)


class Source:
    """The decoded lines of an open file.

    Parameters
    ----------
    file : binary file
        At its beginning.
    name : str
        What messages call it.
    encoding : str
        A codec's name.
    progress : callable, optional
        Given the share that is read, 0 to 1, after every piece; returns False to cancel.

    Raises
    ------
    StudioError
        Where there is no such encoding of text.
    """

    def __init__(
        self, file: BinaryIO, name: str, encoding: str, progress: Callable[[float], bool] | None = None
    ) -> None:
        self.name = name
        self._file = file
        self._encoding = encoding
        self._progress = progress
        self._size = max(1, os.fstat(file.fileno()).st_size)
        self._digest = hashlib.sha256()
        self._only_ascii = True
        self._decoder = io.IncrementalNewlineDecoder(decoder_of(encoding), translate=True)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes that were read, in hexadecimal."""
        return self._digest.hexdigest()

    def pieces(self) -> Iterator[tuple[int, list[str]]]:
        """Yield lists of whole lines without their ends, each with the number of its first line, from 1.

        Raises
        ------
        UndecodableError
            For a line that is not in the encoding.
        StudioError
            For a NUL character, and for a line beyond all reason.
        Cancelled
            When `progress` returned False.
        """
        begun: list[str] = []
        number = 1
        for text in self._texts():
            whole, end, rest = text.rpartition("\n")
            if end:
                lines = "".join((*begun, whole)).split("\n")
                begun.clear()
                yield number, lines
                number += len(lines)
            begun.append(rest)
            if sum(map(len, begun)) > _LONGEST_LINE:
                raise StudioError(
                    QT_TRANSLATE_NOOP(
                        "Errors",
                        "{file}: line {line} has more than {most} characters; a table has a line for each row.",
                    ),
                    file=self.name, line=number, most=_LONGEST_LINE,
                )
        if any(begun):
            yield number, ["".join(begun)]

    def _texts(self) -> Iterator[str]:
        """Yield the decoded text, with line feeds at the ends of lines."""
        ends = 0
        first = True
        while True:
            content = self._file.read(_PIECE)
            self._digest.update(content)
            text = self._decoded(content, ends)
            if first and text:
                text = text.removeprefix(BYTE_ORDER_MARK)
                first = False
            if "\0" in text:
                self._refuse_nul(1 + ends + text.count("\n", 0, text.index("\0")))
            yield text
            self._report(content)
            if not content:
                return
            ends += text.count("\n")

    def _report(self, content: bytes) -> None:
        share = min(1.0, self._file.tell() / self._size) if content else 1.0
        if self._progress is not None and not self._progress(share):
            raise Cancelled(QT_TRANSLATE_NOOP("Errors", "Reading {file} was cancelled."), file=self.name)

    def _decoded(self, content: bytes, ends: int) -> str:
        try:
            text = self._decoder.decode(content, final=not content)
        except UnicodeError as error:
            before = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
            line = 1 + ends + _line_ends(before, error.encoding if isinstance(error, UnicodeDecodeError) else "")
            refusal = UndecodableError(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "{file}: line {line} is not text in {encoding}; choose the encoding that it was written in.",
                ),
                file=self.name, line=line, encoding=shown(self._encoding),
            )
            refusal.only_ascii = self._only_ascii and before.isascii()
            raise refusal from error
        self._only_ascii = self._only_ascii and text.isascii()
        return text

    def _refuse_nul(self, line: int) -> None:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "{file}: line {line} has a NUL byte, which text has not; the file is damaged, or in another encoding, "
                "such as utf-16.",
            ),
            file=self.name, line=line,
        )


def _line_ends(content: bytes, encoding: str) -> int:
    """Return how many lines end in bytes that can be decoded."""
    text = content.decode(encoding or "latin-1", errors="ignore")
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
