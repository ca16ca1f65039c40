"""A user's own optimizer in a text file of equations, as ``file:PATH`` on the command line and in Python."""

from __future__ import annotations

from pathlib import Path

from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.names import shown, shown_file
from gdstudio.engine.own_optimizer import UNNAMED, own_optimizer
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# More than equations may have, in the longest encoding; what is larger is no file of equations.
_MOST_BYTES = 1 << 16


def own_optimizer_in(path: str) -> tuple[str, str]:
    """Return the name and the text of the optimizer in a file, which is read as equations and checked.

    Parameters
    ----------
    path : str
        A text file in UTF-8. Where it does not say its name, that is the file's without its ending.

    Raises
    ------
    FormulaError
        Where its equations cannot be read, with line and column.
    StudioError
        Where the file cannot be read.
    """
    text = text_in(path)
    try:
        name = own_optimizer(text).name
    except FormulaError as error:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "In {file}: {mistake}"), text=error.text, column=error.column,
            file=shown_file(path), mistake=str(error), line=error.details["line"],
        ) from None
    return (shown(Path(path).stem) if name == UNNAMED else name), text


def text_in(path: str) -> str:
    """Return the text in a file, whether or not it is an optimizer that can be read.

    Raises
    ------
    StudioError
        Where the file cannot be read.
    """
    if not path:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The file of the optimizer is not named: file: is followed by its path.")
        )
    try:
        place = Path(path)
        if place.exists() and not (place.is_file() or place.is_dir()):  # a pipe would be waited for
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{file} is no optimizer: it is no file on a disk."), file=shown_file(path)
            )
        with place.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{file} is no optimizer: it is larger than {most} bytes."),
                file=shown_file(path), most=_MOST_BYTES,
            )
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} is no optimizer: it is not text in UTF-8."), file=shown_file(path)
        ) from error
    except OSError as error:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} cannot be read: {cause}."),
            file=shown_file(path), cause=error.strerror or error,
        ) from error
    except StudioError:
        raise
    except ValueError as error:  # a NUL in the name
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} cannot be read: {cause}."), file=shown_file(path), cause=error
        ) from error
