"""What the panel shows of a loss over data, as plain frozen data; see `model`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gdstudio.views.panel.model import Choice, Mistake, ParameterValue

Role = Literal["feature", "target", "left_out"]

#: The choice of a loss, or of a penalty, that a person types.
OWN = "own"
#: The choice of no penalty.
NONE = "none"


@dataclass(frozen=True, slots=True)
class ColumnModel:
    """A column of the data: its name in formulas, its title in the data, its role, and whether it holds labels."""

    name: str
    title: str
    role: Role
    labels: bool = False


@dataclass(frozen=True, slots=True)
class TypedModel:
    """A text that a person may type, and why it cannot be read."""

    text: str
    mistake: Mistake | None = None


@dataclass(frozen=True, slots=True)
class DataModel:
    """A loss over data.

    Parameters
    ----------
    sources, source
        The data sets, the present file among them, and which of them there is.
    models, model
        What can be fitted to the target, a loss of one's own included, and which of them is.
    formula : TypedModel
        The loss of one sample; empty where it is no formula. It can be typed where `model` is `OWN`.
    losses, loss
        What the model can be fitted by; no losses where there is no choice.
    penalties, penalty
        What can be added to the loss, and what is.
    own_penalty : TypedModel or None
        The penalty that is typed, where it is.
    numbers : tuple of ParameterValue
        Those of the model, its loss and its penalty.
    columns : tuple of ColumnModel
        In the order of the data. Features can be chosen for a model only: a typed loss names them.
    samples, aside : int
        How many samples are descended on, and how many are held out.
    standardize, held_out, split_seed
        As of the document's data; `held_out` is a share.
    source_numbers : tuple of ParameterValue
        Of a data set that is made by a rule.
    remark : str
        A sentence on the model.
    """

    sources: tuple[Choice, ...]
    source: str
    models: tuple[Choice, ...]
    model: str
    formula: TypedModel
    losses: tuple[Choice, ...] = ()
    loss: str = ""
    penalties: tuple[Choice, ...] = ()
    penalty: str = NONE
    own_penalty: TypedModel | None = None
    numbers: tuple[ParameterValue, ...] = ()
    columns: tuple[ColumnModel, ...] = ()
    samples: int = 0
    aside: int = 0
    standardize: bool = False
    held_out: float = 0.0
    split_seed: int = 0
    source_numbers: tuple[ParameterValue, ...] = ()
    remark: str = ""
