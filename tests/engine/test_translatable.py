"""Sentences agree with their numbers, in English and in a translation of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import gdstudio
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import Count

FORMS = "{count:# step|# steps}"


@pytest.mark.parametrize(("count", "text"), [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (100_000, "100000 steps")])
def test_a_count_takes_the_form_that_agrees(count: int, text: str) -> None:
    assert FORMS.format(count=Count(count)) == text


def test_a_count_is_a_whole_number_in_every_other_way() -> None:
    assert Count(7) == 7
    assert f"{Count(7)}" == "7"
    assert f"{Count(7):>3d}" == "  7"
    assert str(Count(7) + 1) == "8"


def test_a_translation_brings_its_own_forms() -> None:
    error = StudioError("There {count:is # way|are # ways}.", count=Count(1))
    assert str(error) == "There is 1 way."
    translation: str = "Es gibt {count:# Weg|# Wege}."
    assert translation.format(**error.details) == "Es gibt 1 Weg."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"start": 4.0, "optimizer": "gd", "learning_rate": 0.1}, "after 1 iteration."),
        ({"start": 4.0, "iterations": 1}, "Reached the limit of 1 iteration with"),
        ({"start": 4.0, "iterations": 2}, "Reached the limit of 2 iterations with"),
        ({"start": 0.0}, "after 0 iterations."),
        ({"start": 4.0, "optimizer": "gd", "learning_rate": 0.3, "patience": 1}, "not decreased for 1 iteration, up"),
    ],
)
def test_outcomes_of_one_iteration_read_rightly(arguments: dict[str, Any], sentence: str) -> None:
    assert sentence in gdstudio.run("parabola", **arguments).reason


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"problem": "parabola", "start": (1, 2)}, "The start has 2 numbers, but there is 1 variable: x."),
        ({"problem": "bowl", "start": 1}, "The start has 1 number, but there are 2 variables: x, y."),
        ({"formula": "sin(x, y)"}, "sin takes 1 argument, not 2."),
        ({"formula": "atan2(x)"}, "atan2 takes 2 arguments, not 1."),
    ],
)
def test_refusals_agree_with_their_numbers(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StudioError, match=re.escape(sentence)):
        gdstudio.run(**arguments)


def marked_texts() -> list[str]:
    """Return every text that is marked for translation outside of classes of Qt."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(gdstudio.__file__).parent.rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    marked = [call for call in calls if getattr(call.func, "id", "") == "QT_TRANSLATE_NOOP"]
    return [ast.literal_eval(call.args[1]) for call in marked]


def test_no_sentence_leaves_the_plural_to_its_reader() -> None:
    texts = marked_texts()
    assert len(texts) > 100
    assert [text for text in texts if re.search(r"[a-z]\(s\)", text)] == []
