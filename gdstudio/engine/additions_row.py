"""What can be put around an optimizer: a schedule, noise, clipping, decay, a wrapper.

An addition is equations too, above or below those of the optimizer; composed they are one program, so that the
interpreter, the machine code, the typeset text and the exports know nothing of additions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gdstudio.engine.parameters import Parameter

Kind = Literal["schedule", "warmup", "gradient", "decay", "wrapper"]


@dataclass(frozen=True, slots=True)
class Part:
    """The equations of an addition, once all that it says is known.

    Parameters
    ----------
    before, after : str
        Lines above and below those of the optimizer. Above them `learning_rate`, `g` and `theta` may be assigned
        anew, and what follows reads the new value; all other names begin with the addition's key, so that they
        meet none of the optimizer's.
    parameters : tuple of Parameter
        Its numbers, which become hyperparameters of the whole.
    initial : mapping of str to str
        Where its state begins if not at zero, as an expression of hyperparameters and the start `theta`.
    """

    before: str = ""
    after: str = ""
    parameters: tuple[Parameter, ...] = ()
    initial: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def equations(self) -> str:
        """All its lines, as people read them."""
        return "\n".join(filter(None, (self.before, self.after)))


@dataclass(frozen=True, slots=True)
class AdditionRow:
    """A row of the table of additions.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    name : str
        Name that people read, context ``Optimizers``.
    kind : str
        "schedule" (at most one in a recipe), "warmup", "gradient", "decay" or "wrapper".
    meaning : str
        One plain sentence, context ``Optimizers``.
    part : Part
        Its equations and numbers; where `written` is given, those for no text.
    reference : str
        Where it comes from.
    oracle : str
        The class or function it is held against, or "closed form".
    written : callable, optional
        From the text of an addition (`recipe.Addition.text`) to its part; for those that people write into.
        Raises StudioError where the text does not fit.
    under_keras : Part or None
        Its equations and numbers around an optimizer in Keras' convention, where they are others.
    """

    key: str
    name: str
    kind: Kind
    meaning: str
    part: Part
    reference: str = ""
    oracle: str = "closed form"
    written: Callable[[str], Part] | None = None
    under_keras: Part | None = None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its numbers where there is no text."""
        return self.part.parameters

    def part_of(self, text: str) -> Part:
        """Return the equations for the text of an addition.

        Raises
        ------
        StudioError
            Where the text does not fit, or it takes none.
        """
        if not text:
            return self.part
        if self.written is None:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} takes numbers by name only, not {text}."), name=self.key, text=text
            )
        return self.written(text)
