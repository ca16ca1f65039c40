"""Methods that follow the gradient, its sign or its running average, with one rate for all parameters."""

from __future__ import annotations

from gdstudio.engine.optimizers.numbers import NESTEROV_SWITCH, decay, momentum, rate, share, size
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

_AVERAGE = QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the averaged gradient.")
_GD = "theta = theta - learning_rate * g"
# PyTorch's first velocity is the gradient itself, whatever the dampening.
_MOMENTUM = """\
fresh = where(t == 1, 1, 1 - dampening)
v = momentum * v + fresh * g
theta = theta - learning_rate * where(nesterov == 1, g + momentum * v, v)"""
_KERAS_MOMENTUM = """\
v = momentum * v - learning_rate * g
theta = theta + where(nesterov == 1, momentum * v - learning_rate * g, v)"""
_NESTEROV = "v = momentum * v + g\ntheta = theta - learning_rate * (g + momentum * v)"
_KERAS_NESTEROV = """\
v = momentum * v - learning_rate * g
theta = theta + momentum * v - learning_rate * g"""
_LOOKAHEAD = """\
ahead = theta + momentum * v
v = momentum * v - learning_rate * gradient(ahead)
theta = theta + v"""
# PyTorch's step t uses the rate and the weight that were computed at the end of step t - 1, from its learning rate.
_ASGD = """\
rate = where(t == 1, learning_rate, next_rate)
next_rate = learning_rate / (1 + lambd * learning_rate * t)^alpha
weight = 1 / max(1, t - 1 - t0)
moved = theta * (1 - lambd * rate) - rate * g
average = where(weight == 1, moved, average + weight * (moved - average))
theta = moved"""
# PyTorch begins with the rate of the first step, which a schedule may have made another than the one that is set.
_RPROP = """\
agreement = g * previous
factor = where(agreement > 0, eta_plus, where(agreement < 0, eta_minus, 1))
begun = where(t == 1, learning_rate, step)
step = min(max(begun * factor, step_min), step_max)
previous = where(agreement < 0, 0, g)
theta = theta - sign(previous) * step"""
_QHM = """\
v = momentum * v + (1 - momentum) * g
theta = theta - learning_rate * ((1 - nu) * g + nu * v)"""

_DAMPENING = share(
    "dampening", "τ", 0.0, QT_TRANSLATE_NOOP("Parameters", "How much of each new gradient the velocity leaves out.")
)

ROWS = (
    OptimizerRow(
        key="gd",
        name=QT_TRANSLATE_NOOP("Optimizers", "Gradient descent"),
        words=QT_TRANSLATE_NOOP("Optimizers", "SGD, stochastic gradient descent, steepest descent"),
        family="first_order",
        year=1847,
        authors="A. Cauchy",
        reference="Méthode générale pour la résolution des systèmes d'équations simultanées, Comptes rendus 25, 1847",
        variants=(
            Variant("pytorch", _GD, (rate(1e-3),), "torch.optim.SGD"),
            Variant("keras", _GD, (rate(1e-2),), "keras.optimizers.SGD"),
        ),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Steps straight downhill, the farther the steeper the slope."),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Narrow valleys: the steep walls bound the rate, and along the floor it crawls."
        ),
    ),
    OptimizerRow(
        key="momentum",
        name=QT_TRANSLATE_NOOP("Optimizers", "Momentum"),
        words=QT_TRANSLATE_NOOP("Optimizers", "heavy ball, SGD with momentum"),
        family="first_order",
        year=1964,
        authors="B. T. Polyak",
        reference="Some methods of speeding up the convergence of iteration methods, 1964, "
        "doi:10.1016/0041-5553(64)90137-5",
        variants=(
            Variant("pytorch", _MOMENTUM, (rate(1e-3), momentum(), _DAMPENING, NESTEROV_SWITCH), "torch.optim.SGD"),
            Variant("keras", _KERAS_MOMENTUM, (rate(1e-2), momentum(), NESTEROV_SWITCH), "keras.optimizers.SGD"),
        ),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Rolls like a heavy ball: past gradients add up to a velocity."),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Landscapes with sharp turns: the ball overshoots and swings around the minimum."
        ),
    ),
    OptimizerRow(
        key="momentum_ema",
        name=QT_TRANSLATE_NOOP("Optimizers", "Momentum (average)"),
        words=QT_TRANSLATE_NOOP("Optimizers", "exponential moving average of gradients"),
        family="first_order",
        year=1964,
        authors="B. T. Polyak",
        reference="doi:10.1016/0041-5553(64)90137-5, written as an exponential moving average",
        variants=(
            Variant(
                "author", "v = beta * v + (1 - beta) * g\ntheta = theta - learning_rate * v",
                (rate(1e-3), decay("beta", "β", 0.9, _AVERAGE)), "optax.ema(debias=False)",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Follows the running average of the gradients instead of the last one."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Short runs: the average begins at zero, so that the first steps are small."
        ),
    ),
    OptimizerRow(
        key="nesterov",
        name=QT_TRANSLATE_NOOP("Optimizers", "Nesterov momentum"),
        words=QT_TRANSLATE_NOOP("Optimizers", "NAG, accelerated gradient"),
        family="first_order",
        year=1983,
        authors="Y. Nesterov; in this form I. Sutskever et al.",
        reference="A method of solving a convex programming problem with convergence rate O(1/k²), "
        "Doklady Akademii Nauk SSSR 269, 1983; "
        "On the importance of initialization and momentum in deep learning, ICML 2013, "
        "https://proceedings.mlr.press/v28/sutskever13.html",
        variants=(
            Variant("pytorch", _NESTEROV, (rate(1e-3), momentum()), "torch.optim.SGD(nesterov=True)"),
            Variant("keras", _KERAS_NESTEROV, (rate(1e-2), momentum()), "keras.optimizers.SGD(nesterov=True)"),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Momentum that corrects itself with the newest gradient before it overshoots."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Noisy gradients: its lead over plain momentum is gone, its sensitivity to the rate stays."
        ),
    ),
    OptimizerRow(
        key="nesterov_lookahead",
        name=QT_TRANSLATE_NOOP("Optimizers", "Nesterov (look-ahead)"),
        words=QT_TRANSLATE_NOOP("Optimizers", "NAG, accelerated gradient"),
        family="first_order",
        year=1983,
        authors="Y. Nesterov",
        reference="A method of solving a convex programming problem with convergence rate O(1/k²), "
        "Doklady Akademii Nauk SSSR 269, 1983; with a velocity: I. Sutskever et al., ICML 2013, "
        "https://proceedings.mlr.press/v28/sutskever13.html",
        variants=(
            Variant(
                "author", _LOOKAHEAD, (rate(1e-3), momentum()), "torch.optim.SGD(nesterov=True), seen from theta"
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Looks where its velocity is about to carry it and takes the slope there."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Programs that hand out the gradient at the current point only: it needs one elsewhere."
        ),
        rate_like=("nesterov", 1.0),
    ),
    OptimizerRow(
        key="asgd",
        name=QT_TRANSLATE_NOOP("Optimizers", "Averaged SGD"),
        words=QT_TRANSLATE_NOOP("Optimizers", "Polyak averaging, stochastic gradient descent"),
        family="first_order",
        year=1992,
        authors="B. T. Polyak and A. B. Juditsky",
        reference="Acceleration of stochastic approximation by averaging, 1992, doi:10.1137/0330046",
        variants=(
            Variant(
                "pytorch", _ASGD,
                (
                    rate(1e-2),
                    size(
                        "lambd", "λ", 1e-4,
                        QT_TRANSLATE_NOOP("Parameters", "Decay of the rate, and pull of the parameters towards zero."),
                        (1e-6, 1e-1),
                    ),
                    size(
                        "alpha", "α", 0.75,
                        QT_TRANSLATE_NOOP("Parameters", "Power with which the rate falls."), (0.0, 1.0),
                    ),
                    size(
                        "t0", "t₀", 1e6,
                        QT_TRANSLATE_NOOP("Parameters", "Step after which the iterates are averaged."), (1.0, 1e6),
                    ),
                ),
                "torch.optim.ASGD",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Gradient descent with a falling rate that keeps the average of its iterates beside it."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Exact gradients: averaging pays where there is noise to average out."),
        rate_like=("gd", 1.0),
    ),
    OptimizerRow(
        key="rprop",
        name=QT_TRANSLATE_NOOP("Optimizers", "Rprop"),
        words=QT_TRANSLATE_NOOP("Optimizers", "resilient propagation"),
        family="first_order",
        year=1993,
        authors="M. Riedmiller and H. Braun",
        reference="A direct adaptive method for faster backpropagation learning, 1993, doi:10.1109/ICNN.1993.298623",
        variants=(
            Variant(
                "pytorch", _RPROP,
                (
                    rate(1e-2),
                    share(
                        "eta_minus", "η₋", 0.5,
                        QT_TRANSLATE_NOOP("Parameters", "What a step is multiplied with where the slope turned."),
                    ),
                    size(
                        "eta_plus", "η₊", 1.2,
                        QT_TRANSLATE_NOOP("Parameters", "What a step is multiplied with where the slope did not."),
                        (1.0, 2.0),
                    ),
                    size(
                        "step_min", "Δ₋", 1e-6, QT_TRANSLATE_NOOP("Parameters", "The smallest step."), (1e-9, 1e-2)
                    ),
                    size("step_max", "Δ₊", 50.0, QT_TRANSLATE_NOOP("Parameters", "The largest step."), (1e-2, 100.0)),
                ),
                "torch.optim.Rprop",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Looks at signs only: a step grows while the slope keeps its sign and shrinks where it turns."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Batches of data: noise turns signs and shrinks every step."),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="signsgd",
        name=QT_TRANSLATE_NOOP("Optimizers", "signSGD"),
        family="first_order",
        year=2018,
        authors="J. Bernstein, Y.-X. Wang, K. Azizzadenesheli and A. Anandkumar",
        reference="signSGD: Compressed optimisation for non-convex problems, 2018, arXiv:1802.04434",
        variants=(Variant("author", "theta = theta - learning_rate * sign(g)", (rate(1e-3),), "optax.sign_sgd"),),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Moves every parameter by the same length, down its own slope."),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Precise answers at a constant rate: it never steps less than the rate and hops about."
        ),
        rate_like=("adam", 0.5),
    ),
    OptimizerRow(
        key="signum",
        name=QT_TRANSLATE_NOOP("Optimizers", "Signum"),
        family="first_order",
        year=2018,
        authors="J. Bernstein, Y.-X. Wang, K. Azizzadenesheli and A. Anandkumar",
        reference="signSGD: Compressed optimisation for non-convex problems, 2018, arXiv:1802.04434",
        variants=(
            Variant(
                "author", "v = momentum * v + (1 - momentum) * g\ntheta = theta - learning_rate * sign(v)",
                (rate(1e-3), decay("momentum", "β", 0.9, _AVERAGE)), "optax.signum",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "signSGD on the running average of the gradients."),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Precise answers at a constant rate: its steps never become small."),
        rate_like=("adam", 0.5),
    ),
    OptimizerRow(
        key="qhm",
        name=QT_TRANSLATE_NOOP("Optimizers", "QHM"),
        words=QT_TRANSLATE_NOOP("Optimizers", "quasi-hyperbolic momentum"),
        family="first_order",
        year=2018,
        authors="J. Ma and D. Yarats",
        reference="Quasi-hyperbolic momentum and Adam for deep learning, ICLR 2019, arXiv:1810.06801",
        variants=(
            Variant(
                "author", _QHM,
                (
                    rate(1e-3), decay("momentum", "β", 0.999, _AVERAGE),
                    share(
                        "nu", "ν", 0.7,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the average against the newest gradient."),
                    ),
                ),
                "pytorch_optimizer.QHM",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "A weighted mean of a gradient step and a momentum step."),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Ravines of mild curvature: with so long a memory it answers late to a turn."
        ),
        rate_like=("momentum_ema", 1.0),
    ),
)
