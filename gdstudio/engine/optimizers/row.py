"""What a row of the table of optimizers is.

An optimizer may be known in several conventions: libraries differ in defaults, in where epsilon stands and in
what an accumulator begins with. Each convention is a `Variant`; the row says what they have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.parameters import Parameter

Convention = Literal["pytorch", "keras", "author"]
Family = Literal["first_order", "adaptive", "since_2020", "beyond_first_order"]

CONVENTION_NAMES: dict[Convention, str] = {
    "pytorch": QT_TRANSLATE_NOOP("Optimizers", "PyTorch"),
    "keras": QT_TRANSLATE_NOOP("Optimizers", "Keras"),
    "author": QT_TRANSLATE_NOOP("Optimizers", "the authors"),
}
FAMILY_NAMES: dict[Family, str] = {
    "first_order": QT_TRANSLATE_NOOP("Optimizers", "First order"),
    "adaptive": QT_TRANSLATE_NOOP("Optimizers", "Adaptive"),
    "since_2020": QT_TRANSLATE_NOOP("Optimizers", "Since 2020"),
    "beyond_first_order": QT_TRANSLATE_NOOP("Optimizers", "Beyond first order"),
}
# Why an optimizer of matrices does not go down most problems.
MATRIX_WANTED = QT_TRANSLATE_NOOP(
    "Errors", "{optimizer} works on matrices only, and here each parameter is a number by itself: take the model "
    "softmax, whose weights are a matrix, or another optimizer."
)


@dataclass(frozen=True, slots=True)
class Variant:
    """An optimizer as one library, or its authors, compute it.

    Parameters
    ----------
    convention : str
        Key of `CONVENTION_NAMES`.
    equations : str
        One assignment a line. `g` is the gradient at the old `theta`, `t` the step from 1; a name read
        before it is assigned is state and starts at zero, unless `initial` says otherwise.
    hyperparameters : tuple of Parameter
        Its numbers, `learning_rate` first.
    oracle : str
        The class or function that it is held against.
    initial : mapping of str to str
        Where a state begins, as an expression of hyperparameters and of the start `theta`.
    method : str or None
        Key of the method (see `engine.methods`) that takes the place of equations, which are then empty.
    shown_equations : str
        For people to read, where a method takes the place of equations. One a line as in equations, with ``<=`` for
        what a search looks for, products of matrices side by side, ``X'`` for the transpose, and lines of words that
        begin with ``#``.
    """

    convention: Convention
    equations: str
    hyperparameters: tuple[Parameter, ...]
    oracle: str
    initial: Mapping[str, str] = field(default_factory=dict, hash=False)
    method: str | None = None
    shown_equations: str = ""

    def hyperparameter(self, key: str) -> Parameter | None:
        """Return the hyperparameter called `key`, or None."""
        return next((parameter for parameter in self.hyperparameters if parameter.key == key), None)


@dataclass(frozen=True, slots=True)
class OptimizerRow:
    """An optimizer that the program knows by name.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    name : str
        Name that people read, context ``Optimizers``.
    family : str
        Key of `FAMILY_NAMES`.
    year : int
        Of first publication.
    authors : str
        Who published it.
    reference : str
        Title, place and DOI or arXiv number where there is one.
    variants : tuple of Variant
        The conventions that it exists in; the first is meant where nothing is said.
    intuition : str
        One plain sentence, context ``Optimizers``.
    not_for : str
        One plain sentence on when not to use it, context ``Optimizers``.
    words : str
        What else people look for it by, context ``Optimizers``.
    rate_like : tuple of str and float
        Another optimizer and a factor: a problem that suggests no learning rate for this one suggests that
        many times the other's.
    note : str
        What is otherwise here than in the libraries, a plain sentence, context ``Optimizers``; empty for most.
    needs_matrix : bool
        Whether it works on matrices of parameters, so that it cannot descend on a formula, which has none.
    """

    key: str
    name: str
    family: Family
    year: int
    authors: str
    reference: str
    variants: tuple[Variant, ...]
    intuition: str
    not_for: str
    words: str = ""
    note: str = ""
    rate_like: tuple[str, float] | None = None
    needs_matrix: bool = False

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """The conventions that it exists in."""
        return tuple(variant.convention for variant in self.variants)

    def variant(self, convention: str | None = None) -> Variant:
        """Return the variant of a convention; the first where nothing is said.

        Raises
        ------
        StudioError
            Where the optimizer does not exist in that convention.
        """
        for variant in self.variants:
            if convention is None or variant.convention == convention:
                return variant
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{optimizer} has no convention called {name}; it has {known}."),
            optimizer=self.key, name=convention, known=", ".join(self.conventions),
        )

    @property
    def refusal(self) -> str | None:
        """Why it cannot descend on a formula, context ``Errors``, of `optimizer`; None where it can."""
        return MATRIX_WANTED if self.needs_matrix else None

    @property
    def equations(self) -> str:
        """The equations where nothing is said of the convention."""
        return self.variants[0].equations

    @property
    def hyperparameters(self) -> tuple[Parameter, ...]:
        """The hyperparameters where nothing is said of the convention."""
        return self.variants[0].hyperparameters

    def hyperparameter(self, key: str) -> Parameter | None:
        """Return the hyperparameter called `key`, or None."""
        return self.variants[0].hyperparameter(key)


@dataclass(frozen=True, slots=True)
class Parity:
    """How close a variant comes to what it was held against.

    Parameters
    ----------
    oracle : str
        The class or function.
    version : str
        Package and version of it.
    worst_error : float
        The largest ``|a - b| / max(1, |b|)`` of what was compared.
    single_error : float or None
        The same in float32 after 100 recorded gradients; None where there is no such oracle.
    compared : str
        "gradients": all parameters after 1,000 recorded gradients and on problems; "steps": all parameters, step by
        step on problems; "minima": the losses at the minima reached; "places": these minima themselves.
    as_it_comes : float or None
        The error against the library as it comes, where a part of what was compared had to be brought to float64; None
        where nothing had to be.
    backend : str or None
        Package and version of what computed behind Keras; None where there is no such choice.
    on_torch : float or None
        How far Keras as it comes is from that with PyTorch behind it; None where PyTorch was behind it.
    """

    oracle: str
    version: str
    worst_error: float
    single_error: float | None = None
    compared: Literal["gradients", "steps", "minima", "places"] = "gradients"
    as_it_comes: float | None = None
    backend: str | None = None
    on_torch: float | None = None
