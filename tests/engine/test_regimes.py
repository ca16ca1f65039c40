"""Full, stochastic and mini-batches against PyTorch's, with the same order of samples."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdstudio.engine.descent import Descent
from gdstudio.engine.objective import objective
from gdstudio.engine.sampling import ORDERS, Batching
from tests.engine.agreement import UNSTOPPED, assert_close

_FILE = Path(__file__).parents[1] / "oracles" / "torch_regimes.json"
_ORACLES: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))


def _name(case: dict[str, Any]) -> str:
    dropped = "dropped" if case["drop_last"] else "kept"
    return "-".join(map(str, (
        case["problem"], case["optimizer"], case["size"] or "full", case["order"], dropped, case["accumulate"]
    )))


@pytest.mark.parametrize("machine", [True, False])
@pytest.mark.parametrize("case", _ORACLES["cases"], ids=_name)
def test_a_regime_is_that_of_pytorch(case: dict[str, Any], machine: bool) -> None:
    batching = Batching(case["size"], case["order"], case["drop_last"], case["accumulate"])
    descent = Descent(
        objective(case["text"], columns=_ORACLES["columns"]), case["optimizer"], case["start"],
        case["hyperparameters"], UNSTOPPED, _ORACLES["seed"], batching, machine,
    )
    updates = _ORACLES["updates"]
    descent.advance(max(updates))
    path = descent.trajectory
    assert_close(path.theta[updates], np.array(case["theta"]), 1e-10)
    assert_close(path.loss[updates], np.array(case["loss"]), 1e-10)
    assert path.batch_loss is not None
    assert_close(path.batch_loss[updates], np.array(case["batch_loss"]), 1e-10)
    assert path.is_batched == (case["size"] is not None)


def test_the_oracles_have_each_regime_with_each_optimizer() -> None:
    found = {(case["optimizer"], case["size"], case["order"]) for case in _ORACLES["cases"]}
    assert set(itertools.product(("gd", "momentum", "adam"), (1, 8), ORDERS)) <= found
    assert {optimizer for optimizer, size, _ in found if size is None} == {"gd", "momentum", "adam"}
    for size in (1, 8):
        assert {1, 3} <= {case["accumulate"] for case in _ORACLES["cases"] if case["size"] == size}
    assert {case["drop_last"] for case in _ORACLES["cases"] if case["size"] == 8} == {True, False}
