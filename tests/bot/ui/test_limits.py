"""Tokens come back evenly, and the notice is no flood."""

from __future__ import annotations

from bot.ui.limits import Limit, Limits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_and_then_one_every_so_often():
    clock = Clock()
    limit = Limit(3, 30, clock=clock)
    assert [limit.wait("ann") for _ in range(4)] == [0, 0, 0, 10]
    clock.now = 10
    assert limit.wait("ann") == 0
    assert limit.wait("ann") > 0


def test_people_do_not_use_up_each_others():
    limit = Limit(1, 60, clock=Clock())
    assert limit.wait("ann") == 0
    assert limit.wait("bob") == 0


def test_telling_once_a_window():
    clock = Clock()
    limit = Limit(1, 60, clock=clock)
    limit.wait("ann")
    limit.wait("ann")
    assert limit.should_tell("ann")
    assert not limit.should_tell("ann")
    clock.now = 61
    assert limit.should_tell("ann")


def test_a_server_as_a_whole_has_its_limit_too():
    limits = Limits(clock=Clock())
    waits = [limits.wait(f"person{number}", "gym") for number in range(121)]
    assert waits[:120] == [0] * 120
    assert waits[120] > 0
    assert limits.wait("somebody", None) == 0
