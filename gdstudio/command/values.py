"""Turns the text of options into the values that Python code would pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.numbers import written_number
from gdstudio.experiment.request import requested

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from gdstudio.experiment.document import Experiment


def experiment_of(options: argparse.Namespace) -> Experiment:
    """Return the experiment that the options of a run ask for; raises as `requested`."""
    return requested(
        problem=options.problem,
        formula=options.formula,
        start=None if options.start is None else _start(options.start),
        optimizer=options.optimizer,
        convention=options.convention,
        schedule=options.schedule,
        wrap=options.wrap,
        around={
            name: _optional(name, options) for name in ("warmup", "clip_norm", "clip_value", "noise")
        },
        iterations=_optional("iterations", options),
        tolerance=written_number("tolerance", options.tolerance),
        patience=_optional("patience", options),
        stop_at_sign_change=options.stop_at_sign_change,
        batching={
            "batch": None if options.batch is None else _number_or_text(options.batch),
            "order": options.order,
            "drop_last": options.drop_last or None,
            "accumulate": _optional("accumulate", options),
            "epochs": _optional("epochs", options),
        },
        seed=written_number("seed", options.seed),
        sampled={
            **{name: getattr(options, name) for name in ("model", "loss", "penalty", "data", "target", "features")},
            **{name: getattr(options, name) for name in ("delimiter", "decimal", "encoding")},
            "header": None if options.header is None else _yes_or_no("--header", options.header),
            "standardize": options.standardize or None,
            "held_out": _optional("held_out", options),
        },
        settings=_settings([*options.set, *([] if options.degree is None else [f"degree={options.degree}"])]),
    )


def _optional(name: str, options: argparse.Namespace) -> int | float | None:
    text = getattr(options, name)
    return None if text is None else written_number(name, text)


def _yes_or_no(option: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{option} is yes or no, not {value}."), option=option, value=shown(text)
        )
    return text == "yes"


def _number_or_text(text: str) -> int | float | str:
    """Return the number that `text` writes, or `text`: what it may say is known where it is used."""
    try:
        return written_number("", text)
    except StudioError:
        return text


def _settings(texts: Iterable[str]) -> dict[str, int | float]:
    """Return what was set, each name once."""
    found: dict[str, int | float] = {}
    for text in texts:
        name, value = _setting(text)
        if name in found:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} is said twice; once is enough."), name=shown(f"--set {name}")
            )
        found[name] = value
    return found


def _setting(text: str) -> tuple[str, int | float]:
    name, equals, value = text.partition("=")
    name = name.strip(" ")
    if not equals or not name:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "--set takes NAME=VALUE, such as learning_rate=0.01, not {value}."),
            value=shown(text),
        )
    return name, written_number(name, value)


def _start(text: str) -> Any:
    """Return a list of numbers, or a dict where they have names.

    What is no number stays text, as that can be said better when it is known how many there should be.
    """
    parts = text.split(",") if text.strip() else []
    if "=" not in text:
        return [_number_or_text(part) for part in parts]
    named: dict[str, int | float] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip(" ")
        if not (equals and name):
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "--start takes 1,2 or x=1,y=2; {value} is no name with its number."),
                value=shown(part),
            )
        if name in named:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} is said twice; once is enough."), name=shown(f"start of {name}")
            )
        named[name] = written_number(f"start of {name}", value)
    return named
