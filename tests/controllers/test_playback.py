"""The clockwork of playback: laws that hold whatever is pressed and however time passes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.controllers.playback import Playback, PlayState

ELAPSED = st.floats(0.0, 0.25)
PRESSED = st.sampled_from(["play", "pause", "step", "restart", "tick", "finish"])


def test_it_begins_ready() -> None:
    playback = Playback()
    assert (playback.state, playback.position, playback.speed) == (PlayState.READY, 0, 60.0)
    assert not playback.playing


def test_it_walks_at_its_speed() -> None:
    playback = Playback(speed=100.0)
    playback.play()
    for _ in range(50):
        playback.tick(0.016, 10_000, False)
    assert playback.position == pytest.approx(80, abs=1)


def test_fractions_of_an_iteration_are_not_lost() -> None:
    playback = Playback(speed=1.0)
    playback.play()
    for _ in range(99):
        playback.tick(0.01, 10, False)
    assert playback.position == 0
    playback.tick(0.02, 10, False)
    assert playback.position == 1


def test_unlimited_shows_the_newest() -> None:
    playback = Playback(speed=math.inf)
    playback.play()
    playback.tick(0.001, 123_456, False)
    assert playback.position == 123_456
    assert playback.playing
    playback.tick(0.001, 200_000, True)
    assert (playback.position, playback.state) == (200_000, PlayState.FINISHED)


def test_it_waits_for_what_is_not_there_yet() -> None:
    playback = Playback(speed=1000.0)
    playback.play()
    playback.tick(0.2, 5, False)
    assert (playback.position, playback.state) == (5, PlayState.PLAYING)
    playback.tick(0.2, 5, True)
    assert playback.state is PlayState.FINISHED


def test_after_the_end_it_plays_from_the_beginning() -> None:
    playback = Playback()
    playback.finish(7)
    playback.play()
    assert (playback.position, playback.state) == (0, PlayState.PLAYING)


def test_a_pause_at_the_start_is_ready() -> None:
    playback = Playback()
    playback.play()
    playback.pause()
    assert playback.state is PlayState.READY


def test_no_time_passes_at_rest() -> None:
    playback = Playback()
    playback.step(10, False)
    playback.tick(5.0, 10, False)
    assert (playback.position, playback.state) == (1, PlayState.PAUSED)


@given(st.lists(st.tuples(PRESSED, ELAPSED)), st.integers(0, 50), st.sampled_from([1.0, 60.0, 10_000.0, math.inf]))
def test_the_cursor_never_leaves_the_run_nor_goes_back_by_itself(
    pressed: list[tuple[str, float]], available: int, speed: float
) -> None:
    playback = Playback(speed)
    for what, elapsed in pressed:
        before, ended = playback.position, playback.state is PlayState.FINISHED
        if what == "tick":
            playback.tick(elapsed, available, True)
        elif what == "step":
            playback.step(available, True)
            assert playback.position == min(before + 1, available)
        elif what == "finish":
            playback.finish(available)
        else:
            getattr(playback, what)()
        assert 0 <= playback.position <= available
        assert playback.position >= before or what == "restart" or (what == "play" and ended)
        if playback.state is PlayState.READY:
            assert playback.position == 0
        if playback.state is PlayState.FINISHED:
            assert playback.position == available
