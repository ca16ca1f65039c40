r"""Writes what PyTorch, Keras, optax and the authors' packages make of the cases of `parity_settings`.

They are oracles, never dependencies. Call it by hand, in an environment of its own, with the packages' group:

    pip install torch==2.13.0 keras==3.15.1 schedulefree==1.4.1 prodigyopt==1.1.2 adabelief-pytorch==0.2.1 \
        pytorch-optimizer==4.1.0 qhoptim==1.1.0
    KERAS_BACKEND=torch python tests/oracles/make_parity.py torch keras authors
    pip install optax==0.2.8 jax==0.10.2 keras==3.15.1
    KERAS_BACKEND=jax JAX_ENABLE_X64=1 python tests/oracles/make_parity.py optax keras_jax

The files beside this one are kept. `make_parity_table.py` then says how close we come.

Keras has PyTorch behind it, but for Adafactor and schedule-free AdamW JAX (see `library_of`). Its Adafactor takes means
in the precision of its variables here; how far Keras is from that as it comes stands in the file too, and
`make_keras_on_torch.py` says how far both are from it with PyTorch behind them.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.oracles.library_runs import KerasRun, OptaxRun, TorchRun
from tests.oracles.parity_cases import CHECKED, HORIZONS, PROBLEMS, SINGLE_CHECKED, SINGLE_STEPS, STEPS, error, streams
from tests.oracles.parity_settings import CASES, CHANGED, CLOSED_ONLY, OPTAX_TOO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[Any]
    Settings = dict[str, float]

PERTURBED, MOVED = 1e-15, 1e-12
LARGEST = 1e6


# Our names of hyperparameters that a library spells otherwise.
_TORCH = {
    "learning_rate": "lr", "epsilon": "eps", "learning_rate_decay": "lr_decay",
    "initial_accumulator": "initial_accumulator_value", "clip_threshold": "d", "decoupled": "decoupled_weight_decay",
}
_KERAS = {
    "beta1": "beta_1", "beta2": "beta_2", "initial_accumulator": "initial_accumulator_value",
    "beta2_decay": "beta_2_decay",
}
_SWITCHES = ("centered", "amsgrad", "nesterov", "decoupled")


def _switched(settings: Settings) -> dict[str, Any]:
    return {name: bool(value) if name in _SWITCHES else value for name, value in settings.items()}


def _torch_settings(settings: Settings, defaults: Settings, **names: str) -> dict[str, Any]:
    """Return keyword arguments in PyTorch's names: pairs such as its betas are joined."""
    given = _switched(settings)
    found: dict[str, Any] = {}
    pairs = {
        "betas": ("beta1", "beta2"), "etas": ("eta_minus", "eta_plus"), "step_sizes": ("step_min", "step_max"),
        "eps": ("epsilon_1", "epsilon_2"), "nus": ("nu1", "nu2"),
    }
    for pair, members in pairs.items():
        if any(member in defaults for member in members):
            found[pair] = tuple(given.pop(member, defaults.get(member)) for member in members)
    return found | {{**_TORCH, **names}.get(name, name): value for name, value in given.items()}


_BETAS = {"beta1": 0.9, "beta2": 0.999}


def _torch(optimizer: str, settings: Settings) -> Callable[[Any], Any]:
    optim: Any = import_module("torch").optim
    table: dict[str, tuple[Any, Settings, dict[str, str], dict[str, Any]]] = {
        "gd": (optim.SGD, {}, {}, {}),
        "momentum": (optim.SGD, {}, {}, {"momentum": 0.9}),
        "nesterov": (optim.SGD, {}, {}, {"momentum": 0.9, "nesterov": True}),
        "asgd": (optim.ASGD, {}, {}, {}),
        "rprop": (optim.Rprop, {"eta_minus": 0.5, "eta_plus": 1.2, "step_min": 1e-6, "step_max": 50.0}, {}, {}),
        "adagrad": (optim.Adagrad, {}, {}, {}),
        "adadelta": (optim.Adadelta, {}, {}, {}),
        "rmsprop": (optim.RMSprop, {}, {"rho": "alpha"}, {}),
        "adam": (optim.Adam, _BETAS, {}, {}),
        "adamw": (optim.AdamW, _BETAS, {}, {}),
        "adamax": (optim.Adamax, _BETAS, {}, {}),
        "nadam": (optim.NAdam, _BETAS, {}, {}),
        "nadamw": (optim.NAdam, _BETAS, {}, {"decoupled_weight_decay": True, "weight_decay": 1e-2}),
        "amsgrad": (optim.Adam, _BETAS, {}, {"amsgrad": True}),
        "radam": (optim.RAdam, _BETAS, {}, {}),
        # None there means the machine's epsilon.
        "adafactor": (optim.Adafactor, {"epsilon_1": 2.0**-52, "epsilon_2": 1e-3}, {}, {}),
    }
    kind, defaults, names, always = table[optimizer]
    given = always | _torch_settings(settings, defaults, **names)
    return lambda parameters: kind(parameters, foreach=False, **given)


def _torch_lbfgs(settings: Settings) -> Callable[[Any], Any]:
    """Return one iteration a step, with PyTorch's 25 trials for its search and none of its own tests to stop."""
    kind: Any = import_module("torch").optim.LBFGS
    rate, memory = settings.get("learning_rate", 1.0), int(settings.get("memory", 10))
    return lambda parameters: kind(
        parameters, lr=rate, max_iter=1, max_eval=26, tolerance_grad=0.0, tolerance_change=0.0, history_size=memory,
        line_search_fn="strong_wolfe",
    )


def _keras(optimizer: str, settings: Settings, *, as_it_comes: bool) -> Callable[[], Any]:
    optimizers: Any = import_module("keras").optimizers
    table: dict[str, tuple[str, dict[str, Any]]] = {
        "gd": ("SGD", {}), "momentum": ("SGD", {"momentum": 0.9}),
        "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}), "adagrad": ("Adagrad", {}),
        "adadelta": ("Adadelta", {}), "rmsprop": ("RMSprop", {}), "adam": ("Adam", {}), "adamw": ("AdamW", {}),
        "adamax": ("Adamax", {}), "nadam": ("Nadam", {}), "amsgrad": ("Adam", {"amsgrad": True}),
        "adafactor": ("Adafactor", {}), "ftrl": ("Ftrl", {}), "lion": ("Lion", {}), "lamb": ("Lamb", {}),
        "schedule_free_adamw": ("ScheduleFreeAdamW", {}),
    }
    kind, always = table[optimizer]
    given = {_KERAS.get(name, name): value for name, value in _switched(settings).items() if name != "decoupled"}
    if optimizer == "adafactor" and not as_it_comes:
        return lambda: _unrounded_adafactor()(**given)
    return lambda: getattr(optimizers, kind)(**(always | given))


@cache
def _unrounded_adafactor() -> Any:
    """Return Keras' class with a mean in the type of the variables: as it comes it is in single precision always."""
    keras: Any = import_module("keras")

    def root_of_mean_square(_: Any, x: Any) -> Any:
        return keras.ops.sqrt(keras.ops.sum(keras.ops.square(x)) / x.shape[0])

    return type("Adafactor", (keras.optimizers.Adafactor,), {"_rms": root_of_mean_square})


def _averaged_by_schedulefree(optimizer: Any, parameter: Any) -> Any:
    optimizer.eval()
    found = parameter.detach().clone()
    optimizer.train()
    return found


def _averaged_by_keras(optimizer: Any, variable: Any) -> Any:
    return (variable - (1 - optimizer.beta_1) * optimizer._momentums[0]) / optimizer.beta_1


def _behind_the_look_ahead(optimizer: Any, parameter: Any) -> Any:
    """Return theta, where PyTorch keeps the point ahead of it: theta - rate * momentum * velocity."""
    group = optimizer.param_groups[0]
    velocity = optimizer.state[parameter]["momentum_buffer"]
    return parameter.detach() + group["lr"] * group["momentum"] * velocity


def _authors(optimizer: str, settings: Settings) -> tuple[Callable[[Any], Any], Any]:
    """Return what makes an optimizer from its parameters, and what it shows (None: the parameters)."""
    if optimizer == "nesterov_lookahead":
        given = {"lr": 1e-3, "momentum": 0.9} | _torch_settings(settings, {})
        sgd: Any = import_module("torch").optim.SGD
        return lambda parameters: sgd(parameters, nesterov=True, foreach=False, **given), _behind_the_look_ahead
    if optimizer.startswith("schedule_free"):
        free: Any = import_module("schedulefree")
        kind = free.SGDScheduleFree if optimizer.endswith("sgd") else free.AdamWScheduleFree
        defaults = {} if optimizer.endswith("sgd") else _BETAS
        given = _torch_settings(settings, defaults)

        def ready(parameters: Any) -> Any:
            made = kind(parameters, foreach=False, **given)
            made.train()
            return made

        return ready, _averaged_by_schedulefree
    if optimizer == "prodigy":
        prodigy: Any = import_module("prodigyopt").Prodigy
        given = _torch_settings(settings, _BETAS)
        return lambda parameters: prodigy(parameters, **given), None
    if optimizer == "adabelief":
        belief: Any = import_module("adabelief_pytorch").AdaBelief
        given = _torch_settings(settings, _BETAS, decoupled="weight_decouple")
        return lambda parameters: belief(parameters, rectify=False, print_change_log=False, **given), None
    if optimizer == "qhadam":
        defaults = {"beta1": 0.995, "beta2": 0.999, "nu1": 0.7, "nu2": 1.0}
        given = _torch_settings(settings, defaults, decoupled="decouple_weight_decay")
        kind = import_module("qhoptim.pyt").QHAdam
        return lambda parameters: kind(parameters, **given), None
    others: Any = import_module("pytorch_optimizer")
    if optimizer == "adan":
        given = _torch_settings({k: v for k, v in settings.items() if not k.startswith("beta")}, {})
        betas = tuple(settings.get(name, value) for name, value in (("beta1", 0.98), ("beta2", 0.92), ("beta3", 0.99)))
        return lambda parameters: others.Adan(parameters, betas=betas, foreach=False, **given), None
    assert optimizer == "qhm"
    given = {"momentum": 0.999, "nu": 0.7} | _torch_settings(settings, {})
    return lambda parameters: others.QHM(parameters, **given), None


def _optax(optimizer: str, settings: Settings) -> Any:
    optax: Any = import_module("optax")
    given = dict(settings)
    rate = given.pop("learning_rate", 1e-2 if optimizer == "yogi" else 1e-3)
    down = optax.scale(-rate)
    if optimizer == "momentum_ema":
        return optax.chain(optax.ema(given.get("beta", 0.9), debias=False), down)
    if optimizer == "signsgd":
        return optax.sign_sgd(rate)
    if optimizer == "signum":
        return optax.signum(rate, beta=given.get("momentum", 0.9))
    names = {"beta1": "b1", "beta2": "b2", "epsilon": "eps", "initial_accumulator": "initial_accumulator_value"}
    given = {names.get(name, name): value for name, value in given.items()}
    if optimizer == "lion":
        return optax.lion(rate, weight_decay=0.0, **given)
    if optimizer == "lamb":
        return optax.lamb(rate, **given)
    if optimizer == "yogi":
        return optax.chain(optax.scale_by_yogi(**given), down)
    assert optimizer == "sophia"
    if "update_interval" in given:
        given["update_interval"] = int(given["update_interval"])

    def exact(updates: Any, state: Any, params: Any = None, *, curvature: Any, **_: Any) -> Any:
        del updates, params
        return curvature, state

    diagonal = optax.GradientTransformationExtraArgs(lambda _: optax.EmptyState(), exact)
    return optax.contrib.sophia(rate, weight_decay=0.0, hessian_diagonal_fn=diagonal, **given)


def _run(
    library: str, optimizer: str, settings: Settings, start: Floats, loss: Callable[[Floats], float] | None = None, *,
    as_it_comes: bool = False,
) -> Any:
    if optimizer == "lbfgs":
        return TorchRun(start, _torch_lbfgs(settings), None, loss=loss)
    if library == "torch":
        numbers = dict(settings)
        warmup = numbers.pop("warmup", 0.0)
        return TorchRun(start, _torch(optimizer, numbers), None, warmup=warmup)
    if library.startswith("keras"):
        make = _keras(optimizer, settings, as_it_comes=as_it_comes)
        return KerasRun(start, make, _averaged_by_keras if optimizer.startswith("schedule_free") else None)
    if library == "authors":
        return TorchRun(start, *_authors(optimizer, settings))
    return OptaxRun(start, _optax(optimizer, settings))


def library_of(optimizer: str, convention: str, number: int) -> str:
    """Return which group of packages the oracle of a case belongs to."""
    if (optimizer, number) in OPTAX_TOO:
        return "optax"
    # With PyTorch behind it, Keras takes the lesser of two scalars in single precision, and its schedule-free
    # optimizer reads a variable after it has changed.
    if convention == "keras" and optimizer in ("adafactor", "schedule_free_adamw"):
        return "keras_jax"
    if convention != "author":
        return {"pytorch": "torch"}.get(convention, convention)
    return "optax" if optimizer in ("momentum_ema", "signsgd", "signum", "yogi", "sophia") else "authors"


def _open_loop(
    library: str, optimizer: str, settings: Settings, *, single: bool, as_it_comes: bool = False
) -> Iterator[Floats]:
    """Yield the parameters after the checked numbers of recorded gradients, of each stream."""
    for stream in streams(single=single).values():
        run = _run(library, optimizer, settings, stream.start, as_it_comes=as_it_comes)
        for step in range(SINGLE_STEPS if single else STEPS):
            run.step(lambda _, k, s=stream: s.gradients[k], lambda _, k, s=stream: s.curvatures[k], step)
            if step + 1 in (SINGLE_CHECKED if single else CHECKED):
                yield run.theta


def _closed_loop(library: str, optimizer: str, settings: Settings) -> Iterator[Floats]:
    """Yield for each problem the number of steps that are no chaos, and the parameters after them."""
    for problem in PROBLEMS.values():
        random = np.random.default_rng(7)

        def shaken(point: Floats, _: int, problem: Any = problem, random: Any = random) -> Floats:
            slope = problem.gradient(point)
            # By the size of what is added up in it, not of what is left: near a minimum all of it may cancel.
            noise = PERTURBED * (2.0 * random.random(len(slope)) - 1.0)
            return np.asarray(slope + np.maximum(1.0, np.abs(slope)) * noise)

        def exact(point: Floats, _: int, problem: Any = problem) -> Floats:
            return np.asarray(problem.gradient(point))

        def curvature(point: Floats, _: int, problem: Any = problem) -> Floats:
            return np.asarray(problem.curvature(point))

        run, other = (_run(library, optimizer, settings, np.array(problem.start), problem.loss) for _ in range(2))
        kept = (0, np.array(problem.start))
        horizons = CLOSED_ONLY.get(optimizer, HORIZONS)
        for step in range(1, horizons[-1] + 1):
            run.step(exact, curvature, step - 1)
            other.step(shaken, curvature, step - 1)
            if step in horizons:
                theta, moved = run.theta, other.theta
                sound = np.all(np.isfinite(theta)) and float(np.max(np.abs(theta))) < LARGEST
                if not sound or not error(moved, theta) < MOVED:
                    break
                kept = (step, theta)
        yield np.array([float(kept[0]), *kept[1]])


PACKAGES = {
    "torch": ("torch",), "keras": ("keras", "torch"), "keras_jax": ("keras", "jax"), "optax": ("optax", "jax"),
    "authors": ("torch", "schedulefree", "prodigyopt", "adabelief-pytorch", "qhoptim", "pytorch-optimizer"),
}


def coming(library: str, optimizer: str, settings: Settings, recorded: Floats) -> float:
    """Return how far a library as it comes is from what was recorded, over recorded gradients."""
    found = np.concatenate([*_open_loop(library, optimizer, settings, single=False, as_it_comes=True)])
    return error(found, recorded[:len(found)])


def main(libraries: list[str]) -> None:
    """Write two files for each of `libraries`, in float64 and in float32: a flat array a case, and the versions."""
    for library in libraries:
        found: dict[str, Any] = {}
        single: dict[str, Any] = {}
        for optimizer, convention, number, settings in CASES:
            if library_of(optimizer, convention, number) != library:
                continue
            name = f"{optimizer} {convention} {number}"
            recorded = []
            if optimizer not in CLOSED_ONLY:
                single[name] = np.concatenate([*_open_loop(library, optimizer, settings, single=True)])
                assert single[name].dtype == np.float32
                recorded = [*_open_loop(library, optimizer, settings, single=False)]
            if (optimizer, convention) in CHANGED:
                found[f"{name} as_it_comes"] = np.array(coming(library, optimizer, settings, np.concatenate(recorded)))
            closed = [*_closed_loop(library, optimizer, settings)]
            found[name] = np.concatenate([*recorded, *closed])
            print(name, [int(part[0]) for part in closed], flush=True)
        versions = np.array(json.dumps({package: version(package).split("+")[0] for package in PACKAGES[library]}))
        for kind, arrays in (("parity", found), ("single", single)):
            np.savez_compressed(Path(__file__).with_name(f"{kind}_{library}.npz"), versions=versions, **arrays)


if __name__ == "__main__":
    main(sys.argv[1:])
