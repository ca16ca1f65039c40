"""Files are whole or not there, whatever happens in between."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from gdstudio.engine.errors import StudioError
from gdstudio.experiment.atomic import refuse_too_large, refuse_unwritable, written_whole

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_temporary_file_stands_beside_with_the_same_ending(tmp_path: Path) -> None:
    with written_whole(tmp_path / "a.svg") as temporary:
        assert temporary.parent == tmp_path.resolve()
        assert temporary.suffix == ".svg"
        assert not temporary.exists()
        temporary.write_text("whole")
        assert "a.svg" not in names(tmp_path)
    assert names(tmp_path) == ["a.svg"]
    assert (tmp_path / "a.svg").read_text() == "whole"


@pytest.mark.parametrize("cause", [KeyboardInterrupt, SystemExit, ValueError])
def test_an_interruption_leaves_what_was_there(tmp_path: Path, cause: type[BaseException]) -> None:
    place = tmp_path / "a.csv"
    place.write_text("old")

    def write_half() -> None:
        with written_whole(place) as temporary:
            temporary.write_text("half")
            raise cause

    with pytest.raises(cause):
        write_half()
    assert names(tmp_path) == ["a.csv"]
    assert place.read_text() == "old"


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    def write_half() -> None:
        with written_whole(tmp_path / "a.csv") as temporary:
            temporary.write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StudioError, match=r"a\.csv cannot be written: No space left"):
        write_half()
    assert names(tmp_path) == []


def test_nothing_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be written"), written_whole(tmp_path / "a.csv"):
        pass


def test_a_folder_or_a_device_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for place in (tmp_path / "folder.csv", os.devnull):
        with pytest.raises(StudioError, match="is not a file"), written_whole(place) as temporary:
            temporary.write_text("x")
        with pytest.raises(StudioError, match="is not a file"):
            refuse_unwritable(place)
    assert not os.path.isfile(os.devnull)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_and_its_file_is_replaced_with_the_access_it_had(tmp_path: Path) -> None:
    target = tmp_path / "target.csv"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    with written_whole(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_whether_it_could_be_written_is_known_before_and_leaves_no_trace(tmp_path: Path) -> None:
    refuse_unwritable(tmp_path / "a.csv")
    assert names(tmp_path) == []
    with pytest.raises(StudioError, match="No such file or directory"):
        refuse_unwritable(tmp_path / "none" / "a.csv")
    with pytest.raises(StudioError, match="NUL"):
        refuse_unwritable("a\0.csv")
    with pytest.raises(StudioError, match="File name too long"):
        refuse_unwritable(tmp_path / ("y" * 300))


def test_what_does_not_fit_on_the_disk_is_refused_with_both_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []

    def usage(folder: Path) -> SimpleNamespace:
        folders.append(folder)
        return SimpleNamespace(total=1 << 40, free=3 * 1024**2)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    refuse_too_large(tmp_path / "a.csv", 3 * 1024**2)
    with pytest.raises(StudioError, match=r"a\.csv would take about 15\.0 GiB, but only 3\.0 MiB are free on its disk"):
        refuse_too_large(tmp_path / "a.csv", 15 * 1024**3)
    assert folders == [tmp_path.resolve()] * 2


def test_a_disk_that_does_not_say_what_is_free_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_too_large(tmp_path / "none" / "a.csv", 1 << 60)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=0, free=0))
    refuse_too_large(tmp_path / "a.csv", 1 << 60)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_itself_is_not_replaced(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(StudioError, match=r"loop\.csv cannot be written: Too many levels"):
        refuse_unwritable(loop)
    assert loop.is_symlink()


def test_a_name_that_ends_like_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"a\.csv/ is not a file"):
        refuse_unwritable(f"{tmp_path}/a.csv/")
