"""Collections that several of the functions are taken from."""

SURVEY = (
    "M. Jamil and X.-S. Yang, A literature survey of benchmark functions for global optimization problems, "
    "2013, arXiv:1308.4008"
)
LIBRARY = (
    "S. Surjanovic and D. Bingham, Virtual Library of Simulation Experiments: "
    "test functions and datasets, Simon Fraser University, 2013"
)
