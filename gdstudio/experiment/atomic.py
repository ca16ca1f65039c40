"""Files appear whole or not at all: written beside their place, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown_file
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.signals import unfinished

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
        with _removed_again(f".{place.stem[:40]}-{secrets.token_hex(6)}{place.suffix}", place) as temporary:
            yield temporary
            _replace(temporary, place)


def refuse_unwritable(path: FileName) -> None:
    """Do nothing if `path` could be written now: to be asked before a long computation, not after it.

    Raises
    ------
    StudioError
        As `written_whole`.
    """
    with _causes_said(path):
        place = _place(path)
        with _removed_again(f".{secrets.token_hex(6)}{place.suffix}", place) as trial:
            trial.touch(exist_ok=False)


def refuse_too_large(path: FileName, size: int) -> None:
    """Do nothing if the disk of `path` has room for `size` bytes beside what stands there now, or does not say.

    Raises
    ------
    StudioError
        Where it has not, with both figures.
    """
    try:
        disk = shutil.disk_usage(_place(path).parent)
    except OSError:
        return
    if disk.total and size > disk.free:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{file} would take about {size}, but only {free} are free on its disk; ask for fewer "
                "iterations or choose another place."
            ),
            file=shown_file(path), size=_in_units(size), free=_in_units(disk.free),
        )


def _in_units(size: int) -> str:
    return f"{size / 1024**3:.1f} GiB" if size >= 1024**3 else f"{size / 1024**2:.1f} MiB"


@contextmanager
def _removed_again(name: str, beside: Path) -> Iterator[Path]:
    """Give the path of a file that is there no longer than the block, even where a signal ends the process."""
    path = beside.with_name(name)
    unfinished.add(str(path))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        unfinished.discard(str(path))


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
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if os.fspath(path).endswith(("/", os.sep)):
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "{file} is not a file."), file=shown_file(path))
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
