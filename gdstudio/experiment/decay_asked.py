"""What a person says of weight decay among the settings of a run, and what is answered to names that nothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, unknown
from gdstudio.engine.recipe import composition
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import recipe_of
from gdstudio.experiment.numbers import number_or_truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.experiment.document import Run

_DECAY, _DECOUPLED = "weight_decay", "decoupled"


def as_keras_has_it(convention: str | None, settings: Mapping[str, object]) -> Mapping[str, object]:
    """Return settings without a `decoupled` that says what is so anyway: Keras knows no other weight decay.

    Raises
    ------
    StudioError
        Where it says something else.
    """
    if convention != "keras" or _DECOUPLED not in settings:
        return settings
    if number_or_truth(_DECOUPLED, settings[_DECOUPLED]) != 1.0:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "Keras shrinks the parameters apart from the gradient in every optimizer, so {name} is 1 "
                "there, not {value}: leave it out, or take another convention."
            ),
            name=_DECOUPLED, value=shown(settings[_DECOUPLED]),
        )
    return {name: value for name, value in settings.items() if name != _DECOUPLED}


def nothing_called(name: str, run: Run, known: list[str]) -> StudioError:
    """Return the error for a name that is no number of the run; weight decay can be set though nothing has it yet."""
    found = composition(recipe_of(run))
    if name == _DECOUPLED and _DECAY in known:
        return StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The equations of {optimizer} say how {decay} is done, so there is no {name}: leave it out."
            ),
            optimizer=found.recipe.optimizer, decay=_DECAY, name=name,
        )
    if found.method is None and _DECAY not in known:
        if name == _DECOUPLED:
            return StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} says how {decay} is done: set {decay} too."),
                name=name, decay=_DECAY,
            )
        known = [*known, _DECAY, *([] if found.recipe.convention == "keras" else [_DECOUPLED])]
    return unknown(
        QT_TRANSLATE_NOOP("Errors", "There is nothing called {name} to set here; try {known}."), name, known
    )
