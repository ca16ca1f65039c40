"""The hand-off between threads: the latest message wins, none is lost that nothing replaced, waiting ends."""

from __future__ import annotations

import threading

from gdstudio.runner.mailbox import Mailbox


def test_the_latest_message_of_a_slot_wins() -> None:
    box = Mailbox()
    box.put("a", 1)
    box.put("b", 2)
    box.put("a", 3)
    assert box.take() == {"a": 3, "b": 2}
    assert box.take() == {}


def test_what_was_taken_is_the_taker_s_own() -> None:
    box = Mailbox()
    box.put("a", 1)
    taken = box.take()
    box.put("a", 2)
    assert taken == {"a": 1}


def test_waiting_ends_at_once_where_there_is_a_message() -> None:
    box = Mailbox()
    box.put("a", None)
    box.wait()
    assert box.take() == {"a": None}


def test_waiting_ends_with_the_next_message() -> None:
    box = Mailbox()
    seen: list[dict[str, object]] = []

    def receive() -> None:
        box.wait()
        seen.append(box.take())

    thread = threading.Thread(target=receive)
    thread.start()
    box.put("a", 7)
    thread.join(timeout=30.0)
    assert not thread.is_alive()
    assert seen == [{"a": 7}]


def test_messages_of_many_threads_arrive_in_their_order() -> None:
    box = Mailbox()
    senders, messages = 4, 2_000

    def send(name: str) -> None:
        for number in range(messages):
            box.put(name, number)

    threads = [threading.Thread(target=send, args=(f"sender {index}",)) for index in range(senders)]
    for thread in threads:
        thread.start()
    last = {f"sender {index}": -1 for index in range(senders)}
    while min(last.values()) < messages - 1:
        box.wait()
        for name, number in box.take().items():
            assert number > last[name]
            last[name] = number
    for thread in threads:
        thread.join()
    assert box.take() == {}
