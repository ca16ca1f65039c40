"""Blocks: a flat vector in named, shaped parts, without copying."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.blocks import Block, Blocks
from gdstudio.engine.objective import objective

SHAPES = st.lists(st.lists(st.integers(1, 4), max_size=3).map(tuple), min_size=1, max_size=5)


@given(SHAPES)
def test_views_cover_the_vector_once_and_share_its_memory(shapes: list[tuple[int, ...]]) -> None:
    blocks = Blocks(tuple(Block(f"b{index}", shape) for index, shape in enumerate(shapes)))
    theta = np.arange(blocks.size, dtype=np.float64)
    views = blocks.views(theta)
    assert [views[block.name].shape for block in blocks.blocks] == shapes
    assert np.array_equal(np.concatenate([view.ravel() for view in views.values()]), theta)
    for view in views.values():
        view += 1.0
    assert np.array_equal(theta, np.arange(blocks.size) + 1.0)
    assert len(set(blocks.component_names)) == blocks.size


def test_a_trajectory_of_blocks_is_viewed_row_by_row() -> None:
    blocks = Blocks((Block("W", (2, 3)), Block("b", (2,)), Block("scale")))
    assert blocks.component_names == ("W_0_0", "W_0_1", "W_0_2", "W_1_0", "W_1_1", "W_1_2", "b_0", "b_1", "scale")
    rows = np.arange(18.0).reshape(2, 9)
    views = blocks.views(rows)
    assert views["W"].shape == (2, 2, 3)
    assert np.array_equal(views["scale"], [8.0, 17.0])


def test_variables_of_a_formula_are_blocks_of_one_number() -> None:
    goal = objective("b*x^2 + a*y^2", {"a": 1.0})
    assert [(block.name, block.shape) for block in goal.blocks.blocks] == [("b", ()), ("x", ()), ("y", ())]
    assert goal.variables == ("b", "x", "y")
