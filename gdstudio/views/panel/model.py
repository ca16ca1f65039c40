"""What the parameter panel shows, as plain frozen data.

The controller builds a `PanelModel` from the experiment and gives it to `ParameterPanel.setModel`; equal
parts are recognised and left alone, so that a field being typed in or a slider being dragged is not
disturbed. All texts arrive translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gdstudio.engine.parameters import Parameter
    from gdstudio.engine.sampling import Order
    from gdstudio.views.equation import Equation
    from gdstudio.views.panel.additions_model import AdditionsModel
    from gdstudio.views.panel.data_model import DataModel

ProblemKind = Literal["function", "formula", "data"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of a table that people may choose: its key and its translated name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A parameter and the value it has now; `key` is the parameter's."""

    parameter: Parameter
    value: float

    @property
    def key(self) -> str:
        """The parameter's key."""
        return self.parameter.key


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a formula cannot be read: one sentence and, where known, the column (from 0) it is about."""

    message: str
    column: int | None = None


@dataclass(frozen=True, slots=True)
class ProblemModel:
    """The problem: what kind it is, the row chosen (None for a formula), its text and its own parameters.

    `variables` and `equation` (the typeset gradient) are shown for a formula that has no `mistake`; of a loss over
    data `data` is shown, and nothing else.
    """

    kind: ProblemKind
    chosen: str | None
    text: str
    parameters: tuple[ParameterValue, ...] = ()
    remark: str = ""
    mistake: Mistake | None = None
    equation: Equation | None = None
    variables: tuple[str, ...] = ()
    data: DataModel | None = None


@dataclass(frozen=True, slots=True)
class StartModel:
    """Where the descent starts.

    `names` and `values` have one entry for each variable; `shown` holds the indices of the two variables
    that the views show and matters only where there are more than two.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    shown: tuple[int, int] = (0, 1)


@dataclass(frozen=True, slots=True)
class BatchModel:
    """How many of the `samples` one step looks at: None for all of them, 1 for one, else a mini-batch.

    `order`, `drop_last` and `accumulate` say how batches are drawn, and how many of them make one step.
    """

    size: int | None
    samples: int
    order: Order = "shuffled"
    drop_last: bool = False
    accumulate: int = 1


@dataclass(frozen=True, slots=True)
class CardModel:
    """One optimizer of the race.

    `title` is its translated name, `slot` its place in the theme's colours and markers, `visible` whether
    the views draw it, `expanded` whether the card shows its hyperparameters, `batch` its choice of batch
    (None where the problem has no data), `verdict` what the run has reached, where that is known, `refusal` why it
    does not run at all; empty where it does.
    """

    title: str
    slot: int
    parameters: tuple[ParameterValue, ...] = ()
    visible: bool = True
    expanded: bool = False
    batch: BatchModel | None = None
    verdict: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class StoppingModel:
    """When a run ends: the fields of the engine's stopping rule.

    `tolerance` 0 and `patience` None are shown as off; `stop_at_sign_change` None hides the choice (it
    makes sense for one variable only). `epoch` is how many iterations of the first run look at all samples once;
    None hides the epochs.
    """

    iterations: int
    tolerance: float
    patience: int | None = None
    stop_at_sign_change: bool | None = None
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class PanelModel:
    """Everything the parameter panel shows; `seed` and `additions` None hide their sections."""

    problem: ProblemModel
    start: StartModel
    cards: tuple[CardModel, ...]
    stopping: StoppingModel
    seed: int | None = None
    functions: tuple[Choice, ...] = ()
    additions: AdditionsModel | None = None
