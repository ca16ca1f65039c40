"""Trajectories as files: CSV to read anywhere, JSON with the experiment beside the numbers, NPZ for NumPy.

All are written in pieces, so that ten million rows never stand in memory as text, and appear whole or not at all.
"""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZipFile

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown_file
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.atomic import refuse_too_large, refuse_unwritable, written_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from gdstudio.engine.trajectory import Trajectory
    from gdstudio.experiment.document import Experiment

    FileName = str | os.PathLike[str]

# Rows that are turned into text at once.
_ROWS_AT_ONCE = 1 << 12
# No number takes more in a text, its comma included; numbers that are looked at to estimate what they take.
_MOST_BYTES, _LOOKED_AT = 25, 1 << 10
# A text below this fits on every disk, or its writing soon says that it does not.
_NOT_WORTH_A_LOOK = 1 << 20
# What is known at some iterates only where there are batches of many samples: empty elsewhere.
_KNOWN_SOMETIMES = ("loss", "gradient_norm")
# What a step has and the start has not: empty in the start's row of a CSV.
_OF_STEPS = ("learning_rate", "batch_loss", "radius")
# What there is from some step on only: empty before.
_OF_LATER = ("bracket_low", "bracket_high")


def write_table(path: FileName, trajectory: Trajectory, experiment: Experiment) -> None:
    """Write a trajectory in the format that the file's ending names.

    Parameters
    ----------
    path : path-like
        A file that ends in one of `TABLE_ENDINGS`.
    trajectory : Trajectory
        The rows.
    experiment : Experiment
        What was run; JSON holds it, of very many numbers of data only their hash.

    Raises
    ------
    StudioError
        Where the ending is another, or the file cannot be written or would not fit on its disk.
    """
    ending = _ending(path)
    write = _WRITERS[ending]
    refuse_too_large(path, _estimated_size(ending, trajectory))
    with written_whole(path) as temporary, temporary.open("wb") as file:
        write(file, trajectory, partial(_description, experiment, Path(path)))


def check_table_file(path: FileName) -> None:
    """Do nothing if `write_table` could write to `path` now.

    Raises
    ------
    StudioError
        As `write_table`.
    """
    _ending(path)
    refuse_unwritable(path)


def _ending(path: FileName) -> str:
    ending = PurePath(path).suffix.lower()
    if ending not in _WRITERS:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "A trajectory is written to a file that ends in {known}, not to {file}."),
            known=", ".join(_WRITERS), file=shown_file(path),
        )
    return ending


def _estimated_size(ending: str, trajectory: Trajectory) -> int:
    """Return how many bytes a table will take, within some percent."""
    rows = len(trajectory)
    names = trajectory.column_names
    if ending == ".npz":
        return rows * len(names) * np.dtype(np.float64).itemsize
    if rows * len(names) * _MOST_BYTES < _NOT_WORTH_A_LOOK:
        return 0
    import msgspec

    taken = 0.0
    for name in names:
        some = trajectory.column(name)[::max(1, rows // _LOOKED_AT)].tolist()
        taken += len(msgspec.json.encode(some)) / len(some)
    return int(taken * rows)


def _pieces(column: NDArray[Any]) -> Iterator[list[float]]:
    """Give the numbers of a column, some thousands at a time."""
    for begin in range(0, len(column), _ROWS_AT_ONCE):
        yield column[begin:begin + _ROWS_AT_ONCE].tolist()


def _write_csv(file: BinaryIO, trajectory: Trajectory, described: Callable[[], bytes]) -> None:
    """Write one row for each iterate, each number as the shortest text that reads back to the same bits."""
    del described
    names = trajectory.column_names
    file.write((",".join(names) + "\n").encode())
    columns = [trajectory.column(name) for name in names]
    # Over many samples the loss is known at the ends of epochs; what ends a run that diverged is no gap.
    with_gaps = _KNOWN_SOMETIMES if trajectory.is_batched else ()
    left = len(trajectory)
    empty = {*_OF_LATER, *(() if trajectory.has_rates else ("learning_rate",))}
    first = trajectory.first_iteration == 0
    for pieces in zip(*map(_pieces, columns), strict=True):
        texts = [_texts(piece, b"" if name in empty else b"nan") for name, piece in zip(names, pieces, strict=True)]
        if first:
            for name, text in zip(names, texts, strict=True):
                text[0] = b"" if name in _OF_STEPS else text[0]
            first = False
        left -= len(texts[0])
        for name, text in zip(names, texts, strict=True):
            if name in with_gaps:
                last = text[-1]
                text[:] = [b"" if each == b"nan" else each for each in text]
                text[-1] = text[-1] if left else last
        file.write(b"\n".join(map(b",".join, zip(*texts, strict=True))) + b"\n")


def _texts(numbers: list[float], missing: bytes) -> list[bytes]:
    """Return numbers as text, `missing` for nan: msgspec writes as `repr` does, but null for inf and nan, and fast."""
    import msgspec

    texts: list[bytes] = msgspec.json.encode(numbers)[1:-1].split(b",")
    if b"null" in texts:
        pairs = zip(numbers, texts, strict=True)
        return [
            text if text != b"null" else missing if math.isnan(number) else repr(number).encode()
            for number, text in pairs
        ]
    return texts


def _description(experiment: Experiment, path: Path) -> bytes:
    """Return an experiment as JSON for the file `path`."""
    from gdstudio.experiment.file import description

    return description(experiment, path.absolute().parent)


def _write_json(file: BinaryIO, trajectory: Trajectory, described: Callable[[], bytes]) -> None:
    """Write one strict object, in which a number that is not finite is null."""
    import msgspec

    file.write(b'{"experiment": ' + described() + b',\n"columns": {')
    for place, name in enumerate(trajectory.column_names):
        file.write((b",\n" if place else b"\n") + msgspec.json.encode(name) + b": [")
        for index, piece in enumerate(_pieces(trajectory.column(name))):
            file.write((b"," if index else b"") + msgspec.json.encode(piece)[1:-1])
        file.write(b"]")
    file.write(b"\n}}\n")


def _write_npz(file: BinaryIO, trajectory: Trajectory, described: Callable[[], bytes]) -> None:
    """Write one array for each column, as `numpy.savez` does but for any name a variable may have."""
    del described
    with ZipFile(file, "w") as archive:
        for name in trajectory.column_names:
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, trajectory.column(name), allow_pickle=False)


_WRITERS: dict[str, Callable[[BinaryIO, Trajectory, Callable[[], bytes]], None]] = {
    ".csv": _write_csv,
    ".json": _write_json,
    ".npz": _write_npz,
}

TABLE_ENDINGS = tuple(_WRITERS)
