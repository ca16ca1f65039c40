"""What a message shows of a name, under the path by which the document's side asks for it."""

from gdstudio.engine.names import candidates, shown, shown_file, unknown

__all__ = ["candidates", "shown", "shown_file", "unknown"]
