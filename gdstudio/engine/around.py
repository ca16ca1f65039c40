"""What is put around an optimizer besides schedules: warm-up, noise, clipping, weight decay, wrappers."""

from __future__ import annotations

import math

from gdstudio.engine.additions_row import AdditionRow, Part
from gdstudio.engine.optimizers.numbers import share, size, switch, weight_decay
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP


def _bound(key: str, symbol: str, meaning: str) -> Parameter:
    """Return a bound of gradients: above zero, for at zero nothing moves."""
    return Parameter(
        key=key, symbol=symbol, default=1.0, meaning=meaning, minimum=0.0, maximum=math.inf, open_minimum=True,
        open_maximum=True, usual=(1e-3, 1e3), logarithmic=True,
    )


def _count(key: str, symbol: str, default: float, meaning: str, most: float) -> Parameter:
    """Return a number of steps."""
    return Parameter(
        key=key, symbol=symbol, default=default, meaning=meaning, minimum=1.0, maximum=math.inf, open_maximum=True,
        usual=(1.0, most), logarithmic=True, integer=True,
    )


WARMUP = AdditionRow(
    key="warmup",
    name=QT_TRANSLATE_NOOP("Optimizers", "Warm-up"),
    kind="warmup",
    meaning=QT_TRANSLATE_NOOP("Optimizers", "The learning rate grows evenly to its full size in the first steps."),
    part=Part(
        before="learning_rate = learning_rate * min(1, t / warmup)",
        parameters=(
            _count(
                "warmup", "N", 100.0, QT_TRANSLATE_NOOP("Parameters", "Steps until the learning rate is whole."), 1e4
            ),
        ),
    ),
)
SAM = AdditionRow(
    key="sam",
    name=QT_TRANSLATE_NOOP("Optimizers", "SAM"),
    kind="wrapper",
    meaning=QT_TRANSLATE_NOOP(
        "Optimizers", "Takes the gradient a small way uphill, so that wide minima are preferred to narrow ones."
    ),
    part=Part(
        before="g = gradient(theta + sam_rho * g / (norm(g) + 1e-12))",
        parameters=(
            size(
                "sam_rho", "ρ", 0.05,
                QT_TRANSLATE_NOOP("Parameters", "How far uphill the gradient is taken."), (1e-3, 1.0),
            ),
        ),
    ),
    reference="P. Foret, A. Kleiner, H. Mobahi and B. Neyshabur: Sharpness-aware minimization for efficiently "
    "improving generalization, ICLR 2021, arXiv:2010.01412",
)
NOISE = AdditionRow(
    key="noise",
    name=QT_TRANSLATE_NOOP("Optimizers", "Gradient noise"),
    kind="gradient",
    meaning=QT_TRANSLATE_NOOP(
        "Optimizers", "Adds normal random numbers to the gradient, the same for every run with the same seed."
    ),
    part=Part(
        before="g = g + noise * normal",
        parameters=(
            size(
                "noise", "σ", 0.1,
                QT_TRANSLATE_NOOP("Parameters", "Standard deviation of the noise added to each slope."), (1e-4, 10.0),
            ),
        ),
    ),
    reference="A. Neelakantan et al.: Adding gradient noise improves learning for very deep networks, 2015, "
    "arXiv:1511.06807",
)
CLIP_VALUE = AdditionRow(
    key="clip_value",
    name=QT_TRANSLATE_NOOP("Optimizers", "Clipping by value"),
    kind="gradient",
    meaning=QT_TRANSLATE_NOOP("Optimizers", "Cuts every slope to a largest size, each on its own."),
    part=Part(
        before="g = max(-clip_value, min(clip_value, g))",
        parameters=(
            _bound("clip_value", "c", QT_TRANSLATE_NOOP("Parameters", "The largest size of each slope.")),
        ),
    ),
    oracle="torch.nn.utils.clip_grad_value_",
)
CLIP_NORM = AdditionRow(
    key="clip_norm",
    name=QT_TRANSLATE_NOOP("Optimizers", "Clipping by norm"),
    kind="gradient",
    meaning=QT_TRANSLATE_NOOP("Optimizers", "Shortens a gradient that is too long, and keeps its direction."),
    part=Part(
        before="g = g * min(1, clip_norm / (norm(g) + 1e-6))",
        parameters=(
            _bound("clip_norm", "C", QT_TRANSLATE_NOOP("Parameters", "The largest norm of the gradient.")),
        ),
    ),
    reference="R. Pascanu, T. Mikolov and Y. Bengio: On the difficulty of training recurrent neural networks, "
    "ICML 2013, arXiv:1211.5063",
    oracle="torch.nn.utils.clip_grad_norm_",
)
_DECOUPLED = "theta = theta * (1 - learning_rate * weight_decay)"
_STRENGTH = weight_decay(1e-2)
WEIGHT_DECAY = AdditionRow(
    key="weight_decay",
    name=QT_TRANSLATE_NOOP("Optimizers", "Weight decay"),
    kind="decay",
    meaning=QT_TRANSLATE_NOOP(
        "Optimizers", "Pulls every parameter towards zero, through the gradient or apart from it."
    ),
    part=Part(
        before="g = where(decoupled == 1, g, g + weight_decay * theta)\n"
        "theta = where(decoupled == 1, theta * (1 - learning_rate * weight_decay), theta)",
        parameters=(
            _STRENGTH,
            switch(
                "decoupled",
                QT_TRANSLATE_NOOP(
                    "Parameters", "1 shrinks the parameters before the step, 0 adds the decay to the gradient."
                ),
            ),
        ),
    ),
    reference="I. Loshchilov and F. Hutter: Decoupled weight decay regularization, ICLR 2019, arXiv:1711.05101",
    oracle="torch.optim.SGD, Adam (coupled), AdamW (decoupled)",
    # which knows the decoupled form alone
    under_keras=Part(before=_DECOUPLED, parameters=(_STRENGTH,)),
)
# The optimizer sees a slope of the penalty, the one that the last proximal step met, and that is added again before the
# next: around gradient descent it is gone then, which is ISTA, and any other optimizer rests where the whole loss has
# its minimum.
PROXIMAL = AdditionRow(
    key="proximal",
    name=QT_TRANSLATE_NOOP("Optimizers", "Proximal step"),
    kind="wrapper",
    meaning=QT_TRANSLATE_NOOP(
        "Optimizers", "Takes the penalty of the lasso by a step of its own, which sets weights to zero and leaves them "
        "there."
    ),
    part=Part(
        before="g = g + lasso * proximal_slope",
        # sign(point) * max(abs(point) - step, 0), of which no zero has a sign.
        after="proximal_step = learning_rate * lasso\n"
        "proximal_point = theta + proximal_step * proximal_slope\n"
        "proximal_bounded = max(-1, min(1, proximal_point / proximal_step))\n"
        "proximal_slope = where(proximal_step > 0, proximal_bounded, proximal_slope)\n"
        "theta = relu(proximal_point - proximal_step) - relu(-proximal_point - proximal_step)",
    ),
    reference="A. Beck and M. Teboulle: A fast iterative shrinkage-thresholding algorithm for linear inverse problems, "
    "SIAM Journal on Imaging Sciences 2 (2009) 183-202, doi:10.1137/080716542",
    oracle="sklearn.linear_model.Lasso",
)
LOOKAHEAD = AdditionRow(
    key="lookahead",
    name=QT_TRANSLATE_NOOP("Optimizers", "Lookahead"),
    kind="wrapper",
    meaning=QT_TRANSLATE_NOOP(
        "Optimizers", "Lets the optimizer run ahead for some steps, then goes part of the way after it."
    ),
    part=Part(
        after="lookahead_left = t - lookahead_k * floor(t / lookahead_k)\n"
        "lookahead_way = lookahead_alpha * (theta - lookahead_slow)\n"
        "lookahead_slow = where(lookahead_left == 0, lookahead_slow + lookahead_way, lookahead_slow)\n"
        "theta = where(lookahead_left == 0, lookahead_slow, theta)",
        parameters=(
            _count(
                "lookahead_k", "k", 5.0,
                QT_TRANSLATE_NOOP("Parameters", "Steps ahead before the slow parameters follow."), 100.0,
            ),
            share(
                "lookahead_alpha", "α", 0.5,
                QT_TRANSLATE_NOOP("Parameters", "Which part of the way the slow parameters go."),
            ),
        ),
        initial={"lookahead_slow": "theta"},
    ),
    reference="M. R. Zhang, J. Lucas, G. Hinton and J. Ba: Lookahead optimizer: k steps forward, 1 step back, "
    "NeurIPS 2019, arXiv:1907.08610",
)

# In the order in which they are done.
ROWS = (WARMUP, SAM, PROXIMAL, NOISE, CLIP_VALUE, CLIP_NORM, WEIGHT_DECAY, LOOKAHEAD)
