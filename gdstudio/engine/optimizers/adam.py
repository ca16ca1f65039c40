"""Adam and its nearest kin: a running mean of the gradient over the root of one of its square."""

from __future__ import annotations

from gdstudio.engine.optimizers.numbers import beta1, beta2, epsilon, rate, size, switch, weight_decay
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

_MOMENTS = """\
m = beta1 * m + (1 - beta1) * g
v = beta2 * v + (1 - beta2) * g^2
"""
_ADAM = _MOMENTS + """\
v_max = max(v_max, v)
m_hat = m / (1 - beta1^t)
v_hat = where(amsgrad == 1, v_max, v) / (1 - beta2^t)
"""
_ADAM_STEP = "theta = theta - learning_rate * m_hat / (sqrt(v_hat) + epsilon)"
_ADAMW_STEP = """\
decayed = theta * (1 - learning_rate * weight_decay)
theta = decayed - learning_rate * m_hat / (sqrt(v_hat) + epsilon)"""
# Keras adds epsilon to the root that is not yet corrected for the start at zero.
_KERAS_ADAM = _MOMENTS + """\
v_max = max(v_max, v)
rate = learning_rate * sqrt(1 - beta2^t) / (1 - beta1^t)
"""
_KERAS_ADAM_STEP = "theta = theta - rate * m / (sqrt(where(amsgrad == 1, v_max, v)) + epsilon)"
_KERAS_ADAMW_STEP = """\
decayed = theta * (1 - learning_rate * weight_decay)
theta = decayed - rate * m / (sqrt(where(amsgrad == 1, v_max, v)) + epsilon)"""
_AMSGRAD = _MOMENTS + """\
v_max = max(v_max, v)
m_hat = m / (1 - beta1^t)
theta = theta - learning_rate * m_hat / (sqrt(v_max / (1 - beta2^t)) + epsilon)"""
_KERAS_AMSGRAD = _MOMENTS + """\
v_max = max(v_max, v)
rate = learning_rate * sqrt(1 - beta2^t) / (1 - beta1^t)
theta = theta - rate * m / (sqrt(v_max) + epsilon)"""
_ADAMAX = """\
m = beta1 * m + (1 - beta1) * g
u = max(beta2 * u, abs(g) + epsilon)
theta = theta - learning_rate / (1 - beta1^t) * m / u"""
_KERAS_ADAMAX = """\
m = beta1 * m + (1 - beta1) * g
u = max(beta2 * u, abs(g))
theta = theta - learning_rate * m / ((1 - beta1^t) * (u + epsilon))"""
_NADAM = _MOMENTS + """\
fading = 0.96^momentum_decay
mu = beta1 * (1 - 0.5 * fading^t)
mu_next = beta1 * (1 - 0.5 * fading^t * fading)
product = product * mu
m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
v_hat = v / (1 - beta2^t)
"""
_NADAMW_STEP = """\
decayed = theta * (1 - learning_rate * weight_decay)
theta = decayed - learning_rate * m_hat / (sqrt(v_hat) + epsilon)"""
_KERAS_NADAM = _NADAM.replace("fading = 0.96^momentum_decay\n", "").replace("fading", "0.96")
_RADAM = _MOMENTS + """\
m_hat = m / (1 - beta1^t)
longest = 2 / (1 - beta2) - 1
length = longest - 2 * t * beta2^t / (1 - beta2^t)
r = sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
scale = sqrt(1 - beta2^t) / (sqrt(v) + epsilon)
theta = theta - learning_rate * m_hat * where(length > 5, r * scale, 1)"""
_ADAM_NUMBERS = (beta1(), beta2())
_AMSGRAD_SWITCH = switch(
    "amsgrad", QT_TRANSLATE_NOOP("Parameters", "1 divides by the largest mean square so far (AMSGrad), 0 by the last.")
)
_MOMENTUM_DECAY = size(
    "momentum_decay", "ψ", 4e-3,
    QT_TRANSLATE_NOOP("Parameters", "How fast the momentum grows to its full size."), (1e-4, 1.0),
)

ROWS = (
    OptimizerRow(
        key="adam",
        name=QT_TRANSLATE_NOOP("Optimizers", "Adam"),
        family="adaptive",
        year=2014,
        authors="D. P. Kingma and J. Ba",
        reference="Adam: A method for stochastic optimization, 2014, arXiv:1412.6980",
        variants=(
            Variant(
                "pytorch", _ADAM + _ADAM_STEP, (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-8), _AMSGRAD_SWITCH),
                "torch.optim.Adam",
            ),
            Variant(
                "keras", _KERAS_ADAM + _KERAS_ADAM_STEP,
                (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-7), _AMSGRAD_SWITCH), "keras.optimizers.Adam",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers",
            "Keeps a running mean of the gradient and of its square; each coordinate moves about η, "
            "whatever its scale.",
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Smooth problems with few parameters, where second-order methods need far fewer steps."
        ),
    ),
    OptimizerRow(
        key="adamw",
        name=QT_TRANSLATE_NOOP("Optimizers", "AdamW"),
        words=QT_TRANSLATE_NOOP("Optimizers", "decoupled weight decay"),
        family="adaptive",
        year=2017,
        authors="I. Loshchilov and F. Hutter",
        reference="Decoupled weight decay regularization, 2017, arXiv:1711.05101",
        variants=(
            Variant(
                "pytorch", _ADAM + _ADAMW_STEP,
                (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-8), weight_decay(1e-2), _AMSGRAD_SWITCH),
                "torch.optim.AdamW",
            ),
            Variant(
                "keras", _KERAS_ADAM + _KERAS_ADAMW_STEP,
                (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-7), weight_decay(4e-3), _AMSGRAD_SWITCH),
                "keras.optimizers.AdamW",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam that also shrinks every parameter a little, apart from the gradient."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Finding the exact minimum of a function: the decay pulls the answer towards zero."
        ),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="adamax",
        name=QT_TRANSLATE_NOOP("Optimizers", "AdaMax"),
        words=QT_TRANSLATE_NOOP("Optimizers", "Adam with the infinity norm"),
        family="adaptive",
        year=2014,
        authors="D. P. Kingma and J. Ba",
        reference="Adam: A method for stochastic optimization, section 7.1, 2014, arXiv:1412.6980",
        variants=(
            Variant("pytorch", _ADAMAX, (rate(2e-3), *_ADAM_NUMBERS, epsilon(1e-8)), "torch.optim.Adamax"),
            Variant("keras", _KERAS_ADAMAX, (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-7)), "keras.optimizers.Adamax"),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam that divides by the largest recent gradient instead of the mean square."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Gradients with rare spikes: one of them slows a parameter for long."),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="nadam",
        name=QT_TRANSLATE_NOOP("Optimizers", "Nadam"),
        words=QT_TRANSLATE_NOOP("Optimizers", "Nesterov Adam"),
        family="adaptive",
        year=2016,
        authors="T. Dozat",
        reference="Incorporating Nesterov momentum into Adam, ICLR workshop 2016, "
        "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
        variants=(
            Variant(
                "pytorch", _NADAM + _ADAM_STEP, (rate(2e-3), *_ADAM_NUMBERS, epsilon(1e-8), _MOMENTUM_DECAY),
                "torch.optim.NAdam", {"product": "1"},
            ),
            Variant(
                "keras", _KERAS_NADAM + _ADAM_STEP, (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-7)),
                "keras.optimizers.Nadam", {"product": "1"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Adam with Nesterov's look ahead in its mean gradient."),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Very noisy gradients, which weigh more in its steps than in Adam's."),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="nadamw",
        name=QT_TRANSLATE_NOOP("Optimizers", "NAdamW"),
        words=QT_TRANSLATE_NOOP("Optimizers", "Nesterov Adam, decoupled weight decay"),
        family="adaptive",
        year=2023,
        authors="T. Dozat; I. Loshchilov and F. Hutter; compared by G. E. Dahl et al.",
        reference="Benchmarking neural network training algorithms, 2023, arXiv:2306.07179",
        variants=(
            Variant(
                "pytorch", _NADAM + _NADAMW_STEP,
                (rate(2e-3), *_ADAM_NUMBERS, epsilon(1e-8), weight_decay(1e-2), _MOMENTUM_DECAY),
                "torch.optim.NAdam(decoupled_weight_decay=True)", {"product": "1"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Nadam with AdamW's decay of the weights."),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Finding the exact minimum of a function: the decay pulls the answer towards zero."
        ),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="amsgrad",
        name=QT_TRANSLATE_NOOP("Optimizers", "AMSGrad"),
        family="adaptive",
        year=2018,
        authors="S. J. Reddi, S. Kale and S. Kumar",
        reference="On the convergence of Adam and beyond, ICLR 2018, arXiv:1904.09237",
        variants=(
            Variant(
                "pytorch", _AMSGRAD, (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-8)), "torch.optim.Adam(amsgrad=True)"
            ),
            Variant(
                "keras", _KERAS_AMSGRAD, (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-7)),
                "keras.optimizers.Adam(amsgrad=True)",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam that never forgets its largest mean square, so that its steps can only shrink."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Starts with one huge gradient: it slows all that follows."),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="radam",
        name=QT_TRANSLATE_NOOP("Optimizers", "RAdam"),
        words=QT_TRANSLATE_NOOP("Optimizers", "rectified Adam"),
        family="adaptive",
        year=2019,
        authors="L. Liu et al.",
        reference="On the variance of the adaptive learning rate and beyond, ICLR 2020, arXiv:1908.03265",
        variants=(Variant("pytorch", _RADAM, (rate(1e-3), *_ADAM_NUMBERS, epsilon(1e-8)), "torch.optim.RAdam"),),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam that warms itself up: it adapts only once it has seen enough to know a variance."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Steep starts: its first five steps are plain gradient steps, as long as the slope is steep."
        ),
        rate_like=("gd", 1.0),
    ),
)
