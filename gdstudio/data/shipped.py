"""Reads the real data sets that come with the program; where they are from stands beside them in `resources/data`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def shipped(file: str, classes: Mapping[str, tuple[str, ...]]) -> Table:
    """Return the table of a file whose first line names the columns, which are identifiers.

    Parameters
    ----------
    file : str
        Name below ``resources/data``, of text with commas, compressed if it ends so.
    classes : mapping of str to tuple of str
        For columns of text: the labels in their order.
    """
    import gzip

    from gdstudio.resources import resource

    content = resource("data", file).read_bytes()
    text = (gzip.decompress(content) if file.endswith(".gz") else content).decode("ascii")
    header, *lines = text.splitlines()
    names = tuple(header.split(","))
    codes: dict[int | str, Callable[[str], int]] = {names.index(name): labels.index for name, labels in classes.items()}
    values = np.loadtxt(lines, delimiter=",", converters=codes, encoding=None, ndmin=2)
    return Table(names, names, np.ascontiguousarray(values.T), classes)
