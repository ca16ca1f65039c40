"""One way to make steps with an optimizer of PyTorch, of Keras or of optax, whatever their interfaces."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[Any]
    # Point and step -> gradient; and the same for the diagonal of the Hessian.
    Source = Callable[[Floats, int], Floats]


class TorchRun:
    """An optimizer with PyTorch's interface; all numbers are of the type of `start`, as with the other two.

    `loss` is for those that evaluate themselves; in the first `warmup` steps the rate grows to its full size.
    """

    def __init__(
        self, start: Floats, make: Callable[[Any], Any], shown: Callable[[Any, Any], Any] | None, *,
        loss: Callable[[Floats], float] | None = None, warmup: float = 0.0,
    ) -> None:
        self.torch: Any = import_module("torch")
        self.kind = getattr(self.torch, start.dtype.name)
        # Some keep scalars, such as ASGD's rate, in the default precision, whatever that of the parameters.
        self.torch.set_default_dtype(self.kind)
        self.parameter = self.torch.nn.Parameter(self.torch.tensor(start, dtype=self.kind))
        self.optimizer = make([self.parameter])
        self.shown = shown
        self.loss = loss
        self.scheduler = warmup and self.torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda updates: min(1.0, (updates + 1.0) / warmup)
        )

    def step(self, gradient: Source, curvature: Source, step: int) -> None:
        """Make one step."""
        del curvature

        def evaluate() -> Any:
            point = self.parameter.detach().numpy().copy()
            self.parameter.grad = self.torch.tensor(gradient(point, step), dtype=self.kind)
            return None if self.loss is None else self.torch.tensor(self.loss(point), dtype=self.kind)

        if self.loss is None:
            evaluate()
            self.optimizer.step()
        else:
            self.optimizer.step(evaluate)
        if self.scheduler:
            self.scheduler.step()

    @property
    def theta(self) -> Floats:
        """The iterate."""
        if self.shown is None:
            return np.array(self.parameter.detach().numpy())
        return np.array(self.shown(self.optimizer, self.parameter).detach().numpy())


class KerasRun:
    """An optimizer of Keras."""

    def __init__(self, start: Floats, make: Callable[[], Any], shown: Callable[[Any, Any], Any] | None) -> None:
        self.keras: Any = import_module("keras")
        self.keras.config.set_floatx(start.dtype.name)
        self.variable = self.keras.Variable(start, dtype=start.dtype.name)
        self.optimizer = make()
        self.optimizer.build([self.variable])
        self.shown = shown

    def step(self, gradient: Source, curvature: Source, step: int) -> None:
        """Make one step."""
        del curvature
        point = self.keras.ops.convert_to_numpy(self.variable).copy()
        slope = self.keras.ops.convert_to_tensor(gradient(point, step), dtype=point.dtype.name)
        self.optimizer.apply([slope], [self.variable])

    @property
    def theta(self) -> Floats:
        """The iterate."""
        shown = self.variable if self.shown is None else self.shown(self.optimizer, self.variable)
        return np.array(self.keras.ops.convert_to_numpy(shown))


class OptaxRun:
    """A transformation of optax."""

    def __init__(self, start: Floats, transformation: Any) -> None:
        jax: Any = import_module("jax")
        jax.config.update("jax_enable_x64", True)
        optax: Any = import_module("optax")
        self.jnp: Any = import_module("jax.numpy")
        self._theta = self.jnp.asarray(start)
        transformation = optax.with_extra_args_support(transformation)
        self.state = transformation.init(self._theta)

        def advance(theta: Any, state: Any, slope: Any, curvature: Any) -> Any:
            change, state = transformation.update(slope, state, theta, curvature=curvature)
            return optax.apply_updates(theta, change), state

        self._advance = jax.jit(advance)

    def step(self, gradient: Source, curvature: Source, step: int) -> None:
        """Make one step."""
        point = np.array(self._theta)
        self._theta, self.state = self._advance(
            self._theta, self.state, gradient(point, step), curvature(point, step)
        )

    @property
    def theta(self) -> Floats:
        """The iterate."""
        return np.array(self._theta)
