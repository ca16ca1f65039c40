"""What can be said of an objective and of runs on it: grids, curvature, verdicts. NumPy, no Qt."""
