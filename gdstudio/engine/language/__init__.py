"""The one small language of losses, optimizers and schedules: text to graph, and all that a graph gives."""
