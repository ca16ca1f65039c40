#!/bin/sh
# Runs a command where windows can open: on the display there is, else on a virtual one (Xvfb), else on
# Qt's own drawing surface in memory, which has no OpenGL.
set -eu
if .venv/bin/python -m gdstudio.probes --display; then
    exec "$@"
elif command -v xvfb-run >/dev/null 2>&1 && command -v xauth >/dev/null 2>&1; then
    unset WAYLAND_DISPLAY
    exec env LIBGL_ALWAYS_SOFTWARE=1 QT_QPA_PLATFORM=xcb xvfb-run -a -s '-screen 0 1440x900x24' "$@"
else
    exec env QT_QPA_PLATFORM=offscreen "$@"
fi
