"""The surface through OpenGL; the only place that imports ``pyqtgraph.opengl``."""

import os

# pyqtgraph takes the first Qt binding that it finds unless it is told
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
