"""The window that ours is measured against: PySide6 and pyqtgraph, one OpenGL view and one plot, nothing else."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter


def main() -> int:
    """Show the window."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(sys.argv[:1])
    from pyqtgraph import PlotWidget
    from pyqtgraph.opengl import GLViewWidget

    from tests.bench.window_first_paint import FirstPaint

    window = QMainWindow()
    both = QSplitter()
    surface, plot = GLViewWidget(), PlotWidget()
    both.addWidget(surface)
    both.addWidget(plot)
    window.setCentralWidget(both)
    window.resize(1440, 900)
    FirstPaint((surface, plot.viewport()))
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
