"""What people write of schedules and wrappers: read into rows and numbers, or one sentence why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.additions import ADDITIONS, SCHEDULES
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.experiment.recipe_text import WRAPPERS, example, names_of, schedule_of, wrapper_of


@pytest.mark.parametrize(
    ("text", "addition", "numbers"),
    [
        ("constant", Addition("constant"), {}),
        ("step", Addition("step"), {}),
        ("step:", Addition("step"), {}),
        ("step:size=30,factor=0.2", Addition("step"), {"schedule_size": 30.0, "schedule_factor": 0.2}),
        (" step : factor = .5 ", Addition("step"), {"schedule_factor": 0.5}),
        (
            "multistep:milestones=30/80/1e2,factor=0.1", Addition("multistep", "3"),
            {
                "schedule_milestone1": 30.0, "schedule_milestone2": 80.0, "schedule_milestone3": 100.0,
                "schedule_factor": 0.1,
            },
        ),
        ("multistep:milestones=7", Addition("multistep", "1"), {"schedule_milestone1": 7.0}),
        # Twice the same multiplies twice, as in PyTorch.
        (
            "multistep:milestones=3/3", Addition("multistep", "2"),
            {"schedule_milestone1": 3.0, "schedule_milestone2": 3.0},
        ),
        ("multistep", Addition("multistep"), {}),
        ("cosine:iterations=500,end=1e-4", Addition("cosine"), {"schedule_iterations": 500.0, "schedule_end": 1e-4}),
        ("formula:learning_rate*0.9^t", Addition("formula", "learning_rate*0.9^t"), {}),
        # All after the colon is the formula, whatever stands in it.
        ("formula:max(0.1, 1/t)", Addition("formula", "max(0.1, 1/t)"), {}),
    ],
)
def test_a_schedule_is_read(text: str, addition: Addition, numbers: dict[str, float]) -> None:
    assert schedule_of(text) == (addition, numbers)


def test_a_wrapper_is_read() -> None:
    assert wrapper_of("lookahead:k=7,alpha=0.8") == (
        Addition("lookahead"), {"lookahead_k": 7.0, "lookahead_alpha": 0.8}
    )
    assert wrapper_of("sam:rho=0.1") == (Addition("sam"), {"sam_rho": 0.1})
    assert wrapper_of("sam") == (Addition("sam"), {})
    assert wrapper_of("proximal") == (Addition("proximal"), {})
    with pytest.raises(StudioError, match="proximal has no numbers to set"):
        wrapper_of("proximal:strength=1")
    assert set(WRAPPERS) == {"lookahead", "proximal", "sam"}


@pytest.mark.parametrize("key", [*SCHEDULES, *WRAPPERS])
def test_the_example_of_a_row_is_its_defaults(key: str) -> None:
    addition, numbers = (schedule_of if key in SCHEDULES else wrapper_of)(example(key))
    parameters = composition(Recipe("gd", additions=(addition,))).parameters
    defaults = {parameter.key: parameter.default for parameter in parameters if parameter.key != "learning_rate"}
    assert numbers == defaults
    assert set(names_of(ADDITIONS[key])) <= set(example(key).replace(",", ":").replace("=", ":").split(":"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no schedule called ''; try constant"),
        ("cosin:iterations=5", "There is no schedule called cosin; try cosine"),
        ("sam:rho=1", "There is no schedule called sam"),
        ("step:siz=3", "step has no number called siz; try size"),
        ("step:size", "After step: stand names and values, as in step:size=100,factor=0.1, not size"),
        ("step:=3", "After step: stand names and values"),
        ("step:size=3,", "After step: stand names and values, .* not ''"),
        ("step:size=3,size=4", "step says size twice"),
        ("step:size=0", r"schedule_size must lie in \[1, 1e\+08\], not 0"),
        ("step:size=2.5", "schedule_size must be a whole number"),
        ("step:size=nan", "schedule_size must be a finite number"),
        ("step:size=many", "size must be a number, not many"),
        ("step:factor=0", r"schedule_factor must lie in \(0, inf\)"),
        ("plateau:factor=1", r"schedule_factor must lie in \(0, 1\)"),
        ("plateau:patience=-1", r"schedule_patience must lie in \[0"),
        ("constant:rate=1", "constant has no numbers to set"),
        ("multistep:milestones=30-80", "milestones must be a number, not 30-80"),
        ("multistep:milestones=", "milestones must be a number"),
        ("multistep:milestones=1/2/", "milestones must be a number"),
        ("multistep:milestones=" + "/".join(["1"] * 21), "1 to 20 milestones, not 21"),
        ("multistep:milestones=30/80/50", "Milestones must ascend, but 50 follows 80."),
        ("multistep:milestone1=3", "no number called milestone1; try milestones"),
        ("one_cycle:peak=0", r"schedule_peak must lie in \(0, inf\)"),
        ("formula", "A formula of t and learning_rate is missing"),
        ("formula: ", "A formula of t and learning_rate is missing"),
    ],
)
def test_what_does_not_fit_a_schedule_is_said(text: str, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        schedule_of(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("looahead", "There is no wrapper called looahead; try lookahead"),
        ("lookahead:kk=5", "lookahead has no number called kk; try k"),
        ("lookahead:k=0", r"lookahead_k must lie in \[1, inf\)"),
        ("lookahead:alpha=2", r"lookahead_alpha must lie in \[0, 1\]"),
        ("sam:rho", "After sam: stand names and values, as in sam:rho=0.05"),
    ],
)
def test_what_does_not_fit_a_wrapper_is_said(text: str, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        wrapper_of(text)


def test_a_formula_that_cannot_be_read_has_its_column() -> None:
    with pytest.raises(FormulaError, match="missing before") as caught:
        schedule_of("formula:0.1 * / t")
    assert (caught.value.text, caught.value.column) == ("0.1 * / t", 6)


@given(st.sampled_from([*SCHEDULES, "x", ""]), st.text(max_size=20))
def test_whatever_is_written_ends_in_a_schedule_or_a_sentence(key: str, rest: str) -> None:
    try:
        addition, numbers = schedule_of(f"{key}:{rest}")
    except StudioError as error:
        assert "\n" not in str(error)
    else:
        assert numbers.keys() <= {parameter.key for parameter in SCHEDULES[key].part_of(addition.text).parameters}
