"""Where the files that come with the program are: fonts, icons, data sets, themes, translations.

In a checkout they stand in `resources/` beside the package, in an installed wheel inside it; nothing else
needs to know which of the two it runs from.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


def resource(*parts: str) -> Path:
    """Return the path of a file or folder that comes with the program.

    Parameters
    ----------
    *parts : str
        Path below the resources, such as ``"icons", "run.svg"``; none for the folder of all.

    Raises
    ------
    FileNotFoundError
        If there is no such file: the message names it and where it was looked for.
    """
    for place in _PLACES:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    wanted = "/".join(parts) or "resources"
    places = " or ".join(str(place) for place in _PLACES)
    raise FileNotFoundError(f"The installation is incomplete: {wanted} is not in {places}.")
