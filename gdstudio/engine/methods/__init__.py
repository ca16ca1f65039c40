"""Methods that are no equations: those that search along a line, solve systems or keep a bracket.

Each is a small class behind the table of optimizers; a row names it by its key. They need the loss over all the
data at every step.
"""
