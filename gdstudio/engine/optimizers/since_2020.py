"""What came after 2020: belief in the gradient, evolved signs, and methods that need no rate or no schedule."""

from __future__ import annotations

import math

from gdstudio.engine.optimizers.numbers import beta1, beta2, decay, epsilon, rate, size, weight_decay
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# The authors' code keeps the epsilon that it adds to the mean square.
_ADABELIEF = """\
m = beta1 * m + (1 - beta1) * g
s = beta2 * s + (1 - beta2) * (g - m)^2 + epsilon
m_hat = m / (1 - beta1^t)
s_hat = s / (1 - beta2^t)
theta = theta - learning_rate * m_hat / (sqrt(s_hat) + epsilon)"""
_ADAN = """\
change = where(t == 1, 0, g - g_before)
g_before = g
m = beta1 * m + (1 - beta1) * g
d = beta2 * d + (1 - beta2) * change
n = beta3 * n + (1 - beta3) * (g + beta2 * change)^2
u = m / (1 - beta1^t) + beta2 * d / (1 - beta2^t)
moved = theta - learning_rate * u / (sqrt(n / (1 - beta3^t)) + epsilon)
theta = moved / (1 + learning_rate * weight_decay)"""
_LION = """\
u = sign(beta1 * m + (1 - beta1) * g)
m = beta2 * m + (1 - beta2) * g
theta = theta - learning_rate * u"""
_SOPHIA = """\
m = beta1 * m + (1 - beta1) * g
u = m / (1 - beta1^t) / max(gamma * h, epsilon)
due = t - 1 - update_interval * floor((t - 1) / update_interval)
h = where(due == 0, beta2 * h + (1 - beta2) * hessian_diagonal(theta), h)
theta = theta - learning_rate * min(max(u, -clip_threshold), clip_threshold)"""
_AVERAGE = """\
rate_max = max(rate_max, learning_rate)
total = total + rate_max^2
share = where(total > 0, rate_max^2 / total, 0)
theta = theta + share * (z - theta)"""
_SCHEDULE_FREE_SGD = """\
y = momentum * theta + (1 - momentum) * z
d = gradient(y) + weight_decay * y
z = z - learning_rate * d
""" + _AVERAGE
_SCHEDULE_FREE_ADAMW = """\
y = beta1 * theta + (1 - beta1) * z
d = gradient(y)
v = beta2 * v + (1 - beta2) * d^2
u = d / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay * y
z = z - learning_rate * u
""" + _AVERAGE
# Keras keeps y instead of x, and it is y that decays.
_KERAS_SCHEDULE_FREE = """\
y = beta1 * theta + (1 - beta1) * z
d = gradient(y)
v = beta2 * v + (1 - beta2) * d^2
z = z - learning_rate * d / (sqrt(v / (1 - beta2^t)) + epsilon)
x = where(weight_decay > 0, theta - learning_rate * weight_decay * y / beta1, theta)
theta = x + (z - x) / t"""
_PRODIGY = """\
start = where(t == 1, theta, start)
rate = d * learning_rate
m = beta1 * m + (1 - beta1) * d * g
v = beta2 * v + (1 - beta2) * d^2 * g^2
r = beta3 * r + d / d0 * rate * dot(g, start - theta)
s = beta3 * s + d / d0 * rate * g
length = sum(abs(s))
d = max(d, where(length > 0, d_coef * r / length, d))
decayed = theta * (1 - rate * weight_decay)
theta = decayed - rate * m / (sqrt(v) + d * epsilon)"""
_BLEND = QT_TRANSLATE_NOOP("Parameters", "How close to the average x, away from z, the gradient is taken.")

ROWS = (
    OptimizerRow(
        key="adabelief",
        name=QT_TRANSLATE_NOOP("Optimizers", "AdaBelief"),
        family="since_2020",
        year=2020,
        authors="J. Zhuang et al.",
        reference="AdaBelief optimizer: Adapting stepsizes by the belief in observed gradients, 2020, "
        "arXiv:2010.07468",
        variants=(
            Variant(
                "author", _ADABELIEF, (rate(1e-3), beta1(), beta2(), epsilon(1e-16)),
                "adabelief_pytorch.AdaBelief(rectify=False)",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam that strides out where the gradient is as expected and hesitates where it surprises."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Long straight slopes without noise: with nothing to doubt its steps become very large."
        ),
        rate_like=("adam", 0.2),
    ),
    OptimizerRow(
        key="adan",
        name=QT_TRANSLATE_NOOP("Optimizers", "Adan"),
        words=QT_TRANSLATE_NOOP("Optimizers", "adaptive Nesterov momentum"),
        family="since_2020",
        year=2022,
        authors="X. Xie, P. Zhou, H. Li, Z. Lin and S. Yan",
        reference="Adan: Adaptive Nesterov momentum algorithm for faster optimizing deep models, 2022, "
        "arXiv:2208.06677",
        variants=(
            Variant(
                "author", _ADAN,
                (
                    rate(1e-3), beta1(0.98),
                    decay(
                        "beta2", "β₂", 0.92,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean change of the gradient."),
                    ),
                    decay(
                        "beta3", "β₃", 0.99,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean squared gradient."),
                    ),
                    epsilon(1e-8), weight_decay(0.0),
                ),
                "pytorch_optimizer.Adan",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam with Nesterov's look ahead, made from the change of the gradient between two steps."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Very small batches: changes of the gradient are mostly noise there."),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="lion",
        name=QT_TRANSLATE_NOOP("Optimizers", "Lion"),
        words=QT_TRANSLATE_NOOP("Optimizers", "evolved sign momentum"),
        family="since_2020",
        year=2023,
        authors="X. Chen et al.",
        reference="Symbolic discovery of optimization algorithms, 2023, arXiv:2302.06675",
        variants=(
            Variant(
                "keras", _LION,
                (
                    rate(1e-3),
                    decay(
                        "beta1", "β₁", 0.9,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the direction of the step."),
                    ),
                    decay(
                        "beta2", "β₂", 0.99,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean gradient."),
                    ),
                ),
                "keras.optimizers.Lion",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Found by a computer search: steps by the sign of a mix of the mean and the newest gradient."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Precise answers at a constant rate: its steps never become small."),
        rate_like=("adam", 0.3),
    ),
    OptimizerRow(
        key="sophia",
        name=QT_TRANSLATE_NOOP("Optimizers", "Sophia"),
        words=QT_TRANSLATE_NOOP("Optimizers", "second order, Hessian diagonal"),
        family="since_2020",
        year=2023,
        authors="H. Liu, Z. Li, D. Hall, P. Liang and T. Ma",
        reference="Sophia: A scalable stochastic second-order optimizer for language model pre-training, 2023, "
        "arXiv:2305.14342; here with the exact diagonal of the Hessian",
        variants=(
            Variant(
                "author", _SOPHIA,
                (
                    rate(1e-3), beta1(0.965),
                    decay(
                        "beta2", "β₂", 0.99,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean curvature."),
                    ),
                    epsilon(1e-8),
                    size(
                        "gamma", "γ", 0.01,
                        QT_TRANSLATE_NOOP("Parameters", "How much the curvature counts; less of it clips more steps."),
                        (1e-3, 1.0),
                    ),
                    size(
                        "clip_threshold", "d", 1.0,
                        QT_TRANSLATE_NOOP("Parameters", "The most that a parameter moves, in units of the rate."),
                        (0.1, 10.0),
                    ),
                    size(
                        "update_interval", "k", 10.0,
                        QT_TRANSLATE_NOOP("Parameters", "Steps from one look at the curvature to the next."),
                        (1.0, 100.0),
                    ),
                ),
                "optax.contrib.sophia",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Divides each mean gradient by the curvature of its parameter, and clips what is too long."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Valleys that run across the axes, whose curvature no diagonal shows."
        ),
        rate_like=("adam", 0.5),
    ),
    OptimizerRow(
        key="prodigy",
        name=QT_TRANSLATE_NOOP("Optimizers", "Prodigy"),
        words=QT_TRANSLATE_NOOP("Optimizers", "without a learning rate, parameter-free"),
        family="since_2020",
        year=2023,
        authors="K. Mishchenko and A. Defazio",
        reference="Prodigy: An expeditiously adaptive parameter-free learner, 2023, arXiv:2306.06101",
        variants=(
            Variant(
                "author", _PRODIGY,
                (
                    rate(1.0), beta1(), beta2(),
                    decay(
                        "beta3", "β₃", math.sqrt(0.999),
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the estimate of the distance."),
                    ),
                    epsilon(1e-8), weight_decay(0.0),
                    size(
                        "d0", "d₀", 1e-6,
                        QT_TRANSLATE_NOOP("Parameters", "First guess of the distance to the minimum."), (1e-8, 1e-1),
                    ),
                    size(
                        "d_coef", "c", 1.0,
                        QT_TRANSLATE_NOOP("Parameters", "What the estimated distance is multiplied with."), (0.1, 10.0),
                    ),
                ),
                "prodigyopt.Prodigy", {"d": "d0"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam that estimates how far the minimum is and takes its rate from that."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Starts beside a minimum: the estimated distance can only grow."),
    ),
    OptimizerRow(
        key="schedule_free_sgd",
        name=QT_TRANSLATE_NOOP("Optimizers", "Schedule-free SGD"),
        words=QT_TRANSLATE_NOOP("Optimizers", "SGD without a schedule, averaging"),
        family="since_2020",
        year=2024,
        authors="A. Defazio et al.",
        reference="The road less scheduled, 2024, arXiv:2405.15682",
        variants=(
            Variant(
                "author", _SCHEDULE_FREE_SGD,
                (rate(1.0), decay("momentum", "β", 0.9, _BLEND), weight_decay(0.0)),
                "schedulefree.SGDScheduleFree", {"z": "theta"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Steps with z, answers with the average x of its steps, and looks at the slope in between."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Short runs without noise: the average trails behind the steps."),
        rate_like=("gd", 1.0),
    ),
    OptimizerRow(
        key="schedule_free_adamw",
        name=QT_TRANSLATE_NOOP("Optimizers", "Schedule-free AdamW"),
        words=QT_TRANSLATE_NOOP("Optimizers", "without a schedule, averaging"),
        family="since_2020",
        year=2024,
        authors="A. Defazio et al.",
        reference="The road less scheduled, 2024, arXiv:2405.15682",
        variants=(
            Variant(
                "author", _SCHEDULE_FREE_ADAMW,
                (rate(2.5e-3), decay("beta1", "β₁", 0.9, _BLEND), beta2(), epsilon(1e-8), weight_decay(0.0)),
                "schedulefree.AdamWScheduleFree", {"z": "theta"},
            ),
            Variant(
                "keras", _KERAS_SCHEDULE_FREE,
                (rate(2.5e-3), decay("beta1", "β₁", 0.9, _BLEND), beta2(), epsilon(1e-8), weight_decay(0.0)),
                "keras.optimizers.ScheduleFreeAdamW", {"z": "theta"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam's scaled steps, averaged as they come, so that no schedule of the rate is needed."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Short runs without noise: the average trails behind the steps."),
        rate_like=("adam", 1.0),
    ),
)
