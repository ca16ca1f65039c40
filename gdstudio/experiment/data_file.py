"""How a saved experiment refers to a file of data: by a path that moves with it, and a hash that knows it again."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown_file
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.document import Source

if TYPE_CHECKING:
    from gdstudio.experiment.document import Experiment


def referring_to_data(experiment: Experiment, folder: Path) -> Experiment:
    """Return the experiment as it is saved in `folder`: a data file beside it or below by its path from there.

    Raises
    ------
    StudioError
        Where the data file cannot be read any more, or is not what it was when it was opened.
    """
    data = experiment.problem.data
    if data is None or data.source.file is None:
        return experiment
    path = Path(data.source.file).absolute()
    written = path.relative_to(folder) if path.is_relative_to(folder) else path
    digest = _digest(path)
    refuse_changed(data.source)
    return _with_file(experiment, str(written), digest)


def found_data(experiment: Experiment, folder: Path) -> Experiment:
    """Return the experiment that was saved in `folder` with the whole path of its data file.

    Raises
    ------
    StudioError
        Where that file cannot be read, or is not what it was.
    """
    data = experiment.problem.data
    if data is None or data.source.file is None:
        return experiment
    path = folder / data.source.file
    digest = data.source.digest
    if digest is not None and _digest(path) != digest:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{file} is not what it was when the experiment was saved; open it as new data, or put the "
                "old file in its place."
            ),
            file=shown_file(path),
        )
    return _with_file(experiment, str(path), digest, file_source(path).stamp)


def _with_file(
    experiment: Experiment, path: str, digest: str | None, stamp: tuple[int, int] | None = None
) -> Experiment:
    data = experiment.problem.data
    assert data is not None
    source = replace(data.source, file=path, digest=digest, stamp=stamp)
    return replace(experiment, problem=replace(experiment.problem, data=replace(data, source=source)))


def file_source(path: str | os.PathLike[str]) -> Source:
    """Return a file as it is now as a source of data; one that is not there is said when it is read."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):  # a ValueError is a NUL in the name
        return Source(file=os.fspath(path))
    return Source(file=os.fspath(path), stamp=(found.st_mtime_ns, found.st_size))


def refuse_changed(source: Source) -> None:
    """Do nothing if the file of a source is what it was when it was chosen.

    Raises
    ------
    StudioError
        Where it has changed since, or is gone.
    """
    assert source.file is not None
    if source.stamp is not None and file_source(source.file).stamp != source.stamp:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} has changed since it was opened; open it again."),
            file=shown_file(source.file),
        )


def remember_digest(source: Source) -> None:
    """Work out the hash of a data file, so that saving an experiment takes no time later; nothing where there is none.

    Raises
    ------
    StudioError
        Where the file cannot be read.
    """
    if source.file is not None:
        _digest(Path(source.file))


def _digest(path: Path) -> str:
    try:
        if not path.is_file():
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "The data of the experiment are missing: there is no file {file}."),
                file=shown_file(path),
            )
        known = path.stat()
        return _digest_of(path.absolute(), known.st_mtime_ns, known.st_size)
    except OSError as error:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} cannot be read: {cause}."),
            file=shown_file(path), cause=error.strerror or error,
        ) from error


@lru_cache(maxsize=8)
def _digest_of(path: Path, changed_at: int, size: int) -> str:
    """Return the hash of a file; the other arguments tell whether it is still the same."""
    del changed_at, size
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
