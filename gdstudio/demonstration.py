"""What `make run` does where nobody can look: the window on a virtual display, a run in it, pictures of all of it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from gdstudio.app import create_application, create_window, studio_of
from gdstudio.controllers.playback import PlayState
from gdstudio.experiment.greeting import greeting

# Where in the run, from 0 to 1, the pictures are taken: paths behind the cursor and ahead of it.
_PICTURED_AT = 0.7
_SPEED = 240.0


class Demonstration(QObject):
    """Plays the experiment that greets a newcomer and writes what is to be seen into a folder.

    Parameters
    ----------
    folder : Path
        Where the files go; made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.files = {
            "window": folder / "window.png",
            "surface": folder / "surface.png",
            "contour": folder / "contour.png",
            "curves": folder / "loss.png",
            "trajectory": folder / "trajectory.csv",
        }
        self.window = create_window(greeting())
        self._studio = studio_of(self.window)
        self._pictured = False
        self._timer = QTimer(self)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self._watch)
        self._studio.player.computed.connect(self._play_once)

    def start(self) -> None:
        """Show the window; the run begins as soon as it has been computed."""
        self.window.show()
        self.window.transport.setSpeed(_SPEED)
        self._studio.player.set_speed(_SPEED)
        self._timer.start()

    def _play_once(self) -> None:
        player = self._studio.player
        if player.playback.state is PlayState.READY and player.ended:
            player.computed.disconnect(self._play_once)
            player.play()

    def _watch(self) -> None:
        player, exports = self._studio.player, self._studio.exports
        if not self._pictured and player.playback.position >= _PICTURED_AT * player.length > 0:
            self._pictured = True
            for view in ("window", "surface", "contour", "curves"):
                exports.export_picture(self.files[view], view, 1)
            exports.export_trajectory(self.files["trajectory"])
        if self._pictured and not exports.busy and player.playback.state is PlayState.FINISHED:
            self._timer.stop()
            self._studio.discard()
            self.window.close()


def main() -> int:
    """Demonstrate into the folder named on the command line; return the exit code."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    folder.mkdir(parents=True, exist_ok=True)
    application = create_application()
    demonstration = Demonstration(folder)
    for path in demonstration.files.values():
        path.unlink(missing_ok=True)
    demonstration.start()
    code = application.exec()
    missing = [path for path in demonstration.files.values() if not path.is_file()]
    if code or missing:
        sys.stderr.write(f"The demonstration failed: {', '.join(map(str, missing)) or 'exit code'} {code}\n")
        return code or 1
    sys.stdout.write("The demonstration run is done. It left:\n")
    for name, path in demonstration.files.items():
        sys.stdout.write(f"  {name:<11}{path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
