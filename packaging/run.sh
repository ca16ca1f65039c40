#!/bin/sh
# Opens the window; where there is no display, opens it on a virtual one, plays a demonstration and leaves
# its pictures under out/.
set -eu
cd "$(dirname "$0")/.."
sh packaging/setup.sh run
if .venv/bin/python -m gdstudio.probes --display; then
    exec .venv/bin/gdstudio
fi
sh packaging/setup.sh run test
echo "There is no display here: playing a demonstration on a virtual one, pictures under out/"
exec sh packaging/on-display.sh .venv/bin/python -m gdstudio.demonstration out
