"""Files appear whole or not at all: written beside their place, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.names import shown_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    FileName = str | os.PathLike[str]


@contextmanager
def written_whole(path: FileName) -> Iterator[Path]:
    """Give the name of a temporary file that becomes `path` when the block ends without an exception.

    Whatever goes wrong in the block, an interruption from the keyboard included, leaves what stood at
    `path` as it was and no temporary file.

    Parameters
    ----------
    path : path-like
        The file to write; a link is followed.

    Yields
    ------
    Path
        A name in the same folder with the same ending, free to be created.

    Raises
    ------
    StudioError
        Where the file cannot be written, with the system's cause.
    """
    with _causes_said(path):
        place = _place(path)
        temporary = place.with_name(f".{place.stem[:40]}-{secrets.token_hex(6)}{place.suffix}")
        try:
            yield temporary
            _replace(temporary, place)
        finally:
            temporary.unlink(missing_ok=True)


def refuse_unwritable(path: FileName) -> None:
    """Do nothing if `path` could be written now: to be asked before a long computation, not after it.

    Raises
    ------
    StudioError
        As `written_whole`.
    """
    with _causes_said(path):
        place = _place(path)
        trial = place.with_name(f".{secrets.token_hex(6)}{place.suffix}")
        try:
            trial.touch(exist_ok=False)
        finally:
            trial.unlink(missing_ok=True)


@contextmanager
def _causes_said(path: FileName) -> Iterator[None]:
    """Turn the system's refusals into sentences."""
    if "\0" in os.fspath(path):
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "The name of a file cannot hold the character NUL."))
    try:
        yield
    except OSError as error:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} cannot be written: {cause}."),
            file=shown_file(path), cause=error.strerror or error,
        ) from error


def _place(path: FileName) -> Path:
    """Return the file behind links, refusing what is no file or may not be changed."""
    place = Path(os.path.realpath(path))
    if place.exists():
        if not place.is_file():
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "{file} is not a file."), file=shown_file(path))
        if not os.access(place, os.W_OK):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return place


def _replace(temporary: Path, place: Path) -> None:
    """Put the finished file in its place, on the disk before it has the name, with the access rights it had."""
    if place.exists():
        temporary.chmod(place.stat().st_mode & 0o777)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(temporary, place)
