"""What a person reads of each test that decides what a run reached: one sentence with the numbers of the test.

A test of the curvature at one point has a second sentence, ``_one``, for a loss of one variable, which has no
eigenvalues but a second derivative.
"""

from __future__ import annotations

from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# By tests, context ``Verdicts``.
REASONS: dict[str, str] = {
    "rises": QT_TRANSLATE_NOOP(
        "Verdicts", "The loss grows from iteration {iteration} on, from {from_loss:.3g} to {loss:.3g}."
    ),
    "rises_unstable": QT_TRANSLATE_NOOP(
        "Verdicts", "The loss grows from iteration {iteration} on, from {from_loss:.3g} to {loss:.3g}: with curvature "
        "{eigenvalue:.4g} there the largest stable learning rate is {stable_rate:.4g}, and {rate:.4g} was used."
    ),
    "rate_undefined": QT_TRANSLATE_NOOP(
        "Verdicts", "The learning rate of iteration {iteration} is no finite number, it is {rate}: what makes the rate "
        "has no value there."
    ),
    "rises_unstable_decayed": QT_TRANSLATE_NOOP(
        "Verdicts", "The loss grows from iteration {iteration} on, from {from_loss:.3g} to {loss:.3g}: with curvature "
        "{eigenvalue:.4g} there and weight decay {decay:.4g}, which adds to it, the largest stable learning rate is "
        "{stable_rate:.4g}, and {rate:.4g} was used."
    ),
    "undefined": QT_TRANSLATE_NOOP(
        "Verdicts", "In iteration {iteration} the loss or its gradient is no finite number: the loss is {loss:.3g}, "
        "the gradient norm {norm:.3g}."
    ),
    "runs_away": QT_TRANSLATE_NOOP(
        "Verdicts", "The loss falls without end from iteration {iteration} on, to {loss:.3g} where the largest "
        "parameter is {largest:.3g}."
    ),
    "alternates": QT_TRANSLATE_NOOP(
        "Verdicts", "The last {steps} steps go to and fro, each the reverse of the one before (cosine {cosine:.3f} or "
        "less), {width:.3g} wide and no narrower at the end."
    ),
    "alternates_at_limit": QT_TRANSLATE_NOOP(
        "Verdicts", "The last {steps} steps go to and fro, each the reverse of the one before (cosine {cosine:.3f} or "
        "less), {width:.3g} wide and no narrower at the end: the eigenvalue {eigenvalue:.4g} has reached "
        "{limit:.4g} / learning rate = {threshold:.4g}."
    ),
    "alternates_at_limit_decayed": QT_TRANSLATE_NOOP(
        "Verdicts", "The last {steps} steps go to and fro, each the reverse of the one before (cosine {cosine:.3f} or "
        "less), {width:.3g} wide and no narrower at the end: the eigenvalue {eigenvalue:.4g} and the weight decay "
        "{decay:.4g} together have reached {limit:.4g} / learning rate = {threshold:.4g}."
    ),
    "known_minimum": QT_TRANSLATE_NOOP(
        "Verdicts", "Within {distance:.2g} of the known minimum {number} of {known}, at {place} with loss "
        "{minimum_loss:.6g}; the gradient norm is {norm:.2g}."
    ),
    "curved_up": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and no eigenvalue is below -{bound:.2g}: {smallest:.3g} to "
        "{largest:.3g}."
    ),
    "curved_up_one": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the second derivative is {largest:.3g}, above zero."
    ),
    "held": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g}, the penalty holds {held} of {count} parameters at zero, and over "
        "the others no eigenvalue is below -{bound:.2g}: {smallest:.3g} to {largest:.3g}."
    ),
    "all_held": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g}: the penalty holds all parameters at zero, as no slope there is "
        "as steep as it is."
    ),
    "kink": QT_TRANSLATE_NOOP(
        "Verdicts", "It is a kink, where the slope (its norm is {norm:.2g}) says nothing: up to {reach:.1g} away the "
        "loss rises on all sides, with a slope of {slope:.3g} or more across the kink."
    ),
    "convex": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the loss is convex: within a distance of 1 it is nowhere "
        "lower by more than {norm:.2g}."
    ),
    "both_ways": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the curvature has both signs: eigenvalues {smallest:.3g} to "
        "{largest:.3g}."
    ),
    "turns": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the curvature has one sign before the stationary point and "
        "the other behind it: eigenvalues {smallest:.3g} to {largest:.3g}, and {smallest_behind:.3g} to "
        "{largest_behind:.3g} as far behind it."
    ),
    "turns_one": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the second derivative changes its sign at the stationary "
        "point, an inflection: it is {smallest:.3g} before and {smallest_behind:.3g} as far behind it."
    ),
    "curved_down": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and no eigenvalue exceeds {bound:.2g}: {smallest:.3g} to "
        "{largest:.3g}."
    ),
    "curved_down_one": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the second derivative is {smallest:.3g}, below zero."
    ),
    "straight": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and no eigenvalue exceeds {bound:.2g} in size: {smallest:.3g} to "
        "{largest:.3g}."
    ),
    "straight_one": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the second derivative, {smallest:.3g}, does not exceed "
        "{bound:.2g} in size."
    ),
    "recedes": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} and the curvature fades with it: the stationary point that both "
        "promise lies {length:.2g} away, and from there the next one {share:.2g} times as far."
    ),
    "returns": QT_TRANSLATE_NOOP(
        "Verdicts", "In the last {steps} steps the path is {path:.3g} long but stays within {extent:.3g}, and the loss "
        "stays between {lowest:.4g} and {highest:.4g}."
    ),
    "wanders": QT_TRANSLATE_NOOP(
        "Verdicts", "The noise of batches keeps it moving: its last {steps} steps are {path:.3g} long in all but stay "
        "within {extent:.3g}, and the loss of all samples stays between {lowest:.4g} and {highest:.4g}."
    ),
    "no_step_made": QT_TRANSLATE_NOOP(
        "Verdicts", "No step was made: the gradient norm is {norm:.3g} at loss {loss:.6g}, where the run began."
    ),
    "flat": QT_TRANSLATE_NOOP(
        "Verdicts", "The gradient norm is {norm:.2g} at loss {loss:.6g}; the curvature there, which would tell a "
        "minimum from a saddle, is not known."
    ),
    "rests": QT_TRANSLATE_NOOP(
        "Verdicts", "It no longer moves: in its last {steps} steps no parameter changed by more than {moved:.2g}. The "
        "gradient norm there is {norm:.3g} at loss {loss:.6g}."
    ),
    "rests_by_decay": QT_TRANSLATE_NOOP(
        "Verdicts", "It no longer moves: in its last {steps} steps no parameter changed by more than {moved:.2g}. "
        "Weight decay {decay:.4g} holds it where the gradient norm is {norm:.3g}, at loss {loss:.6g}."
    ),
    "rests_without_rate": QT_TRANSLATE_NOOP(
        "Verdicts", "It no longer moves: the learning rate is {rate:.2g} at the end, and in its last {steps} steps no "
        "parameter changed by more than {moved:.2g}. The gradient norm there is {norm:.3g} at loss {loss:.6g}."
    ),
    "no_lower": QT_TRANSLATE_NOOP(
        "Verdicts", "The loss falls no lower: the gradient norm is {norm:.3g} at loss {loss:.6g}, and was "
        "{norm_before:.3g} at loss {loss_before:.6g} half the iterations before."
    ),
    "on_the_way_from": QT_TRANSLATE_NOOP(
        "Verdicts", "It has come to no end yet: the gradient norm is {norm:.3g} at loss {loss:.6g}, and was "
        "{norm_before:.3g} at loss {loss_before:.6g} in iteration {iteration}, where both were known."
    ),
    "no_way_down": QT_TRANSLATE_NOOP(
        "Verdicts", "No step from here leads lower within the precision of the numbers, though the gradient norm is "
        "{norm:.3g}, at loss {loss:.6g}."
    ),
    "no_newton_step": QT_TRANSLATE_NOOP(
        "Verdicts", "No Newton step leads on: the gradient norm is {norm:.3g} at loss {loss:.6g}, where the Hessian "
        "has no inverse."
    ),
    "between": QT_TRANSLATE_NOOP(
        "Verdicts", "The derivative has changed its sign in the last step, so that it is past a stationary point: the "
        "gradient norm is {norm:.3g} at loss {loss:.6g}."
    ),
    "on_the_way": QT_TRANSLATE_NOOP(
        "Verdicts", "It has come to no end yet: the gradient norm is {norm:.3g} at loss {loss:.6g}, and was "
        "{norm_before:.3g} at loss {loss_before:.6g} half the iterations before."
    ),
}
