"""The hyperparameters with which each optimizer is held against its library."""

from __future__ import annotations

# Settings that differ from the defaults, for each optimizer in each convention. `weight_decay` and `decoupled`
# are the common ones where an optimizer has none of its own; `warmup` is a schedule. The defaults are always tried too.
ODD: dict[tuple[str, str], tuple[dict[str, float], ...]] = {
    ("gd", "pytorch"): (
        {"learning_rate": 1.7e-3, "weight_decay": 0.1},
        {"learning_rate": 1.7e-3, "warmup": 40.0},
    ),
    ("gd", "keras"): ({"learning_rate": 1.7e-3, "weight_decay": 0.1, "decoupled": 1.0},),
    ("momentum", "pytorch"): (
        {"learning_rate": 3e-4, "momentum": 0.37, "dampening": 0.6},
        {"learning_rate": 3e-4, "momentum": 0.8, "nesterov": 1.0, "weight_decay": 0.03},
        {"learning_rate": 3e-4, "warmup": 40.0},
    ),
    ("momentum", "keras"): (
        {"learning_rate": 3e-4, "momentum": 0.37, "weight_decay": 0.03, "decoupled": 1.0},
        {"learning_rate": 3e-4, "momentum": 0.8, "nesterov": 1.0},
    ),
    ("momentum_ema", "author"): ({"learning_rate": 2e-3, "beta": 0.81},),
    ("nesterov", "pytorch"): (
        {"learning_rate": 2e-4, "momentum": 0.55, "weight_decay": 0.05},
        {"learning_rate": 2e-4, "warmup": 40.0},
    ),
    ("nesterov", "keras"): ({"learning_rate": 2e-4, "momentum": 0.55}, {"learning_rate": 2e-4, "weight_decay": 0.05}),
    ("nesterov_lookahead", "author"): ({"learning_rate": 2e-4, "momentum": 0.55},),
    ("asgd", "pytorch"): (
        {"learning_rate": 1e-3, "lambd": 0.05, "alpha": 0.6, "t0": 50.0},
        {"learning_rate": 1e-3, "weight_decay": 0.05},
        {"learning_rate": 1e-3, "lambd": 0.05, "warmup": 40.0},
    ),
    ("rprop", "pytorch"): (
        {"learning_rate": 0.03, "eta_minus": 0.4, "eta_plus": 1.4, "step_min": 1e-3, "step_max": 0.5},
        {"learning_rate": 0.03, "warmup": 7.0},
    ),
    ("signsgd", "author"): ({"learning_rate": 3e-3},),
    ("signum", "author"): ({"learning_rate": 3e-3, "momentum": 0.6},),
    ("qhm", "author"): ({"learning_rate": 2e-3, "momentum": 0.8, "nu": 0.4}, {"weight_decay": 0.1}),
    ("adagrad", "pytorch"): (
        {"learning_rate": 0.1, "learning_rate_decay": 0.02, "initial_accumulator": 0.3, "epsilon": 1e-3},
        {"weight_decay": 0.1},
        {"learning_rate": 0.1, "warmup": 40.0},
    ),
    ("adagrad", "keras"): (
        {"learning_rate": 0.1, "initial_accumulator": 0.3, "epsilon": 1e-3},
        {"weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adadelta", "pytorch"): (
        {"learning_rate": 0.7, "rho": 0.8, "epsilon": 1e-4}, {"weight_decay": 0.1},
        {"learning_rate": 0.7, "warmup": 40.0},
    ),
    ("adadelta", "keras"): (
        {"learning_rate": 0.7, "rho": 0.8, "epsilon": 1e-4}, {"learning_rate": 0.1, "weight_decay": 0.1},
    ),
    ("rmsprop", "pytorch"): (
        {"learning_rate": 3e-3, "rho": 0.83, "epsilon": 1e-4, "centered": 1.0},
        {"learning_rate": 3e-3, "momentum": 0.7, "weight_decay": 0.1},
        {"learning_rate": 3e-3, "momentum": 0.5, "centered": 1.0, "epsilon": 1e-2},
        {"learning_rate": 3e-3, "warmup": 40.0},
    ),
    ("rmsprop", "keras"): (
        {"learning_rate": 3e-3, "rho": 0.83, "epsilon": 1e-4, "centered": 1.0},
        {"learning_rate": 3e-3, "momentum": 0.7, "weight_decay": 0.1, "decoupled": 1.0},
        {"learning_rate": 3e-3, "momentum": 0.5, "centered": 1.0, "epsilon": 1e-2},
    ),
    ("adam", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-5},
        {"learning_rate": 0.01, "amsgrad": 1.0, "weight_decay": 0.1},
        {"learning_rate": 0.01, "weight_decay": 0.1, "decoupled": 1.0},
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("adam", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3},
        {"learning_rate": 0.01, "amsgrad": 1.0},
        {"learning_rate": 0.01, "weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adamw", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-5, "weight_decay": 0.3},
        {"learning_rate": 0.01, "amsgrad": 1.0},
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("adamw", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "weight_decay": 0.3},
        {"learning_rate": 0.01, "amsgrad": 1.0},
    ),
    ("adamax", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("adamax", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("nadam", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "momentum_decay": 0.05},
        {"weight_decay": 0.1}, {"weight_decay": 0.1, "decoupled": 1.0},
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("nadam", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("nadamw", "pytorch"): (
        {
            "learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "momentum_decay": 0.05,
            "weight_decay": 0.2,
        },
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("amsgrad", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("amsgrad", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("radam", "pytorch"): (
        {"learning_rate": 0.002, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
        {"weight_decay": 0.1, "decoupled": 1.0},
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("adafactor", "pytorch"): (
        {"learning_rate": 0.05, "beta2_decay": -0.5, "epsilon_2": 0.05, "clip_threshold": 1.5, "weight_decay": 0.1},
        {"epsilon_1": 0.3},
        {"learning_rate": 0.01, "warmup": 40.0},
    ),
    ("adafactor", "keras"): (
        {"learning_rate": 0.05, "beta2_decay": -0.5, "epsilon_1": 0.02, "epsilon_2": 0.05, "clip_threshold": 0.7},
        {"learning_rate": 0.05, "weight_decay": 0.1},
    ),
    ("ftrl", "keras"): (
        {
            "learning_rate": 0.05, "learning_rate_power": -0.7, "initial_accumulator": 0.4,
            "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.02,
        },
        {"learning_rate": 0.05, "weight_decay": 0.1},
    ),
    ("lamb", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
        {"learning_rate": 0.01, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4},
    ),
    ("yogi", "author"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-2, "initial_accumulator": 0.1},
    ),
    ("qhadam", "author"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "nu1": 0.5, "nu2": 0.8},
        {"weight_decay": 0.1},
    ),
    ("adabelief", "author"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-4},
        {"learning_rate": 0.01, "weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adan", "author"): (
        {"learning_rate": 0.02, "beta1": 0.9, "beta2": 0.7, "beta3": 0.95, "epsilon": 1e-3, "weight_decay": 0.2},
    ),
    ("lion", "keras"): (
        {"learning_rate": 0.003, "beta1": 0.6, "beta2": 0.8}, {"weight_decay": 0.1, "decoupled": 1.0},
        {"learning_rate": 0.003, "beta1": 0.7, "beta2": 0.9},
    ),
    ("sophia", "author"): (
        {
            "learning_rate": 0.02, "beta1": 0.6, "beta2": 0.9, "epsilon": 1e-3, "gamma": 0.5, "clip_threshold": 2.0,
            "update_interval": 3.0,
        },
    ),
    ("prodigy", "author"): (
        {
            "learning_rate": 0.5, "beta1": 0.8, "beta2": 0.99, "beta3": 0.9, "epsilon": 1e-4, "weight_decay": 0.05,
            "d0": 1e-3, "d_coef": 0.5,
        },
    ),
    ("schedule_free_sgd", "author"): (
        {"learning_rate": 1e-3}, {"learning_rate": 2e-3, "momentum": 0.6, "weight_decay": 0.1},
    ),
    ("schedule_free_adamw", "author"): (
        {"learning_rate": 0.02, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3, "weight_decay": 0.2},
    ),
    ("schedule_free_adamw", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3},
        {"learning_rate": 0.02, "weight_decay": 0.2},
    ),
    ("lbfgs", "pytorch"): ({"learning_rate": 0.6, "memory": 3.0},),
}
# These look at losses too, so that recorded gradients alone say nothing of them; and soon they are at the minimum, so
# that they are compared at the last of these horizons, on the way.
CLOSED_ONLY = {"lbfgs": (5, 10, 15)}
# Cases of a row of Keras that optax has too, and that are held against optax: optimizer and number.
OPTAX_TOO = {("lamb", 3), ("lion", 3)}
# A part of these was brought to float64, and how far the library is from that as it comes is measured too.
CHANGED = {("adafactor", "keras")}
# In the order of the table: optimizer, convention, number of its settings (0 are the defaults), settings.
CASES: tuple[tuple[str, str, int, dict[str, float]], ...] = tuple(
    (optimizer, convention, number, settings)
    for (optimizer, convention), odd in ODD.items()
    for number, settings in enumerate(({}, *odd))
)
