"""The table of methods: a row of the table of optimizers names one by its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.methods.conjugate import ConjugateGradients, fletcher_reeves, polak_ribiere
from gdstudio.engine.methods.newton import Newton
from gdstudio.engine.methods.quasi_newton import Bfgs, LimitedMemoryBfgs
from gdstudio.engine.methods.sign_search import SignSearch
from gdstudio.engine.methods.steepest import ArmijoDescent, WolfeDescent
from gdstudio.engine.methods.trust_region import TrustNewton

if TYPE_CHECKING:
    from gdstudio.engine.methods.method import Method

METHODS: dict[str, Method] = {
    "gd_armijo": ArmijoDescent(),
    "gd_wolfe": WolfeDescent(),
    "cg_fr": ConjugateGradients(fletcher_reeves, rounds=4, overlap=0.1),
    "cg_pr": ConjugateGradients(polak_ribiere, rounds=2),
    "newton": Newton(),
    "trust_newton": TrustNewton(),
    "bfgs": Bfgs(),
    "lbfgs": LimitedMemoryBfgs(),
    "sign_search": SignSearch(),
}
