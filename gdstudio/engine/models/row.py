"""What a row of the table of models is, and how it becomes a model of certain columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.tokens import near_matches, shortened
from gdstudio.engine.models.losses import LOSSES
from gdstudio.engine.models.spec import ModelSpec, free_name, penalized_text
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gdstudio.engine.models.penalties import Penalty
    from gdstudio.engine.models.softmax import SoftmaxSpec
    from gdstudio.engine.parameters import Parameter

    # From the features (own name to name in the text) and the degree to the text of what the model computes.
    Formula = Callable[[Mapping[str, str], int], str]
    Variables = Callable[[Sequence[str], int], tuple[str, ...]]

Task = Literal["regression", "binary", "classes"]
INTERCEPT = "b"
MOST_PARAMETERS = 256


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model that the program knows by name.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    name : str
        Name that people read, context ``Models``.
    task : str
        "regression", "binary" (a target of two classes, 0 and 1) or "classes".
    remark : str
        One plain sentence, context ``Models``.
    reference : str
        Where it comes from.
    losses : tuple of str
        Keys of `losses.LOSSES` that it can be fitted by; the first where none is named.
    variables : callable
        From the features' names and the degree to the names of the parameters, in order.
    formula : callable or None
        What the model computes, as text (for a binary model the log-odds); None where it is no formula.
    own_options : tuple of Parameter
        Numbers that make it another model, such as a degree.
    start : mapping of str to float
        Where parameters start that do not start at 0.
    intercept : str or None
        The parameter that shifts the prediction as a whole: no penalty touches it.
    most_features : int or None
        How many features it takes; None for any number.
    """

    key: str
    name: str
    task: Task
    remark: str
    reference: str
    losses: tuple[str, ...]
    variables: Variables
    formula: Formula | None
    own_options: tuple[Parameter, ...] = ()
    start: Mapping[str, float] = field(default_factory=dict, hash=False)
    intercept: str | None = INTERCEPT
    most_features: int | None = None

    @property
    def options(self) -> tuple[Parameter, ...]:
        """All numbers that may be set: its own, then those of its losses."""
        return (*self.own_options, *(number for key in self.losses for number in LOSSES[key].parameters))

    def options_for(self, loss: str | None = None) -> tuple[Parameter, ...]:
        """Return the numbers that may be set where it is fitted by `loss`; raises as `build`."""
        return (*self.own_options, *LOSSES[self._loss(loss)].parameters)

    def build(
        self, features: Sequence[str], target: str, classes: Sequence[str] = (), loss: str | None = None,
        options: Mapping[str, float] | None = None, penalty: Penalty | None = None,
    ) -> ModelSpec | SoftmaxSpec:
        """Return the model for certain columns.

        Parameters
        ----------
        features : sequence of str
            Names of the columns that it predicts from.
        target : str
            Name of the column to predict; the place of the class, 0 and up, where it predicts a class.
        classes : sequence of str
            The labels of the target, where it has some; a model of classes needs them.
        loss : str, optional
            Key of one of its losses; the first where not given.
        options : mapping of str to float, optional
            Numbers that differ from their defaults, of `options_for` that loss.
        penalty : Penalty, optional
            Added to the loss.

        Raises
        ------
        StudioError
            Where the features, classes, loss, options or penalty do not fit.
        """
        used = LOSSES[self._loss(loss)]
        numbers = self._numbers(options or {}, loss)
        self._check_columns(features, classes)
        degree = int(numbers.get("degree", 1.0))
        if self.formula is None:
            # loaded by those who descend on it
            from gdstudio.engine.models.softmax import SoftmaxSpec

            return SoftmaxSpec(tuple(features), target, tuple(classes), penalty)
        variables = self.variables(features, degree)
        self._check_size(len(variables))
        own = {parameter.key: numbers[parameter.key] for parameter in used.parameters}
        taken = {*variables, *own}
        named: dict[str, str] = {}
        for column in (*features, target):
            named[column] = free_name(column, {*taken, *named.values(), *({*features, target} - {column})}, "_column")
        inside = self.formula({name: named[name] for name in features}, degree)
        text = used.text.format(model=inside, target=named[target])
        fixed = tuple(name for name in variables if name == self.intercept)
        whole = penalized_text(text, variables, fixed, penalty, (*named.values(), *own))
        return ModelSpec(
            text=whole.text, prediction=f"sigmoid({inside})" if self.task == "binary" else inside,
            columns={inner: name for name, inner in named.items()}, target=target,
            start={name: self.start.get(name, 0.0) for name in variables}, parameters={**own, **whole.numbers},
            unpenalized=fixed, lasso=whole.lasso,
        )

    def _loss(self, key: str | None) -> str:
        if key is None:
            return self.losses[0]
        if key not in self.losses:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{model} is not fitted by a loss called {name}; it has {known}."),
                model=self.key, name=shortened(key),
                known=near_matches(key, self.losses) or ", ".join(self.losses),
            )
        return key

    def _numbers(self, given: Mapping[str, float], loss: str | None) -> dict[str, float]:
        """Return the value of each number that may be set."""
        known = {parameter.key: parameter for parameter in self.options_for(loss)}
        for name in given:
            if name in known:
                continue
            if not known:
                raise StudioError(
                    QT_TRANSLATE_NOOP(
                        "Errors", "{model} with the loss {loss} has no number to set, so none called {name}."
                    ),
                    model=self.key, loss=self._loss(loss), name=shortened(name),
                )
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{model} with the loss {loss} has no number called {name}; it has {known}."
                ),
                model=self.key, loss=self._loss(loss), name=shortened(name), known=", ".join(known),
            )
        return {key: parameter.check(given.get(key, parameter.default)) for key, parameter in known.items()}

    def _check_size(self, count: int) -> None:
        """Refuse a model whose machine code, in which every parameter is a register of its own, would take for ever."""
        if count > MOST_PARAMETERS:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{model} would have {count} parameters here, and at most {bound} are possible: name "
                    "fewer features, or a lower degree."
                ),
                model=self.key, count=count, bound=MOST_PARAMETERS,
            )

    def _check_columns(self, features: Sequence[str], classes: Sequence[str]) -> None:
        if not features:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{model} needs a feature to predict from: name a column of numbers."),
                model=self.key,
            )
        if self.most_features is not None and len(features) > self.most_features:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{model} predicts from one feature, but there are {count}: choose one of {names}."
                ),
                model=self.key, count=len(features), names=", ".join(features[:8]),
            )
        if self.task == "binary" and len(classes) not in (0, 2):
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{model} tells two classes apart, but the target has {count}: take softmax for those."
                ),
                model=self.key, count=len(classes),
            )
        if self.task == "classes" and len(classes) < 2:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{model} needs a target of two classes or more, not {count}."),
                model=self.key, count=len(classes),
            )
