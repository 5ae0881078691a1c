"""The mathematics under the figures: limbs, curves, frames, projection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demos.camera import Camera
from bot.demos.limbs import bend
from bot.demos.paint import hull
from bot.demos.timeline import Curve, Timeline
from bot.demos.vectors import UPRIGHT, dot, length, sub
from corpus.motion import read_motion

numbers = st.floats(-60, 60, allow_nan=False)


@given(st.tuples(numbers, numbers, numbers), st.tuples(numbers, numbers, numbers))
def test_bones_keep_their_length_whatever_is_reached_for(root, target):
    joint, end = bend(root, target, 18.0, 18.5, (1.0, 0.3, 0.2))
    assert length(sub(joint, root)) == pytest.approx(18.0, abs=1e-6)
    assert length(sub(end, joint)) == pytest.approx(18.5, abs=1e-6)


def test_a_hand_in_reach_gets_there_and_the_elbow_takes_its_side():
    joint, end = bend((0, 0, 0), (20, 0, 0), 18.0, 18.5, (0.0, -1.0, 0.0))
    assert end == pytest.approx((20, 0, 0))
    assert joint[1] < 0


def test_curves_pass_their_keys_and_never_overshoot():
    curve = Curve.through([0.0, 1.0, 2.0], [0.0, 10.0, 10.0], 3.0)
    assert [curve.at(t) for t in (0.0, 1.0, 2.0)] == pytest.approx([0.0, 10.0, 10.0])
    assert all(-1e-9 <= curve.at(i / 50) <= 10 + 1e-9 for i in range(150))
    assert curve.at(1.5) == pytest.approx(10.0)


@given(st.lists(numbers, min_size=2, max_size=6))
def test_curves_stay_between_neighbouring_keys(values):
    times = [float(i) for i in range(len(values))]
    curve = Curve.through(times, values, float(len(values)))
    for i in range(len(values) - 1):
        low, high = sorted(values[i : i + 2])
        assert all(low - 1e-6 <= curve.at(i + s / 7) <= high + 1e-6 for s in range(8))


def test_a_loop_closes_without_a_jump():
    curve = Curve.through([0.0, 1.0], [3.0, 7.0], 2.0)
    assert curve.at(2.0) == pytest.approx(curve.at(0.0))


def test_turning_keeps_frames_square():
    frame = UPRIGHT.lean(33).roll(-20).turn(71)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert dot(frame[a], frame[b]) == pytest.approx(0.0, abs=1e-9)
    assert all(length(axis) == pytest.approx(1.0) for axis in frame)


def test_leaning_forward_ninety_degrees_faces_the_floor():
    assert UPRIGHT.lean(90).front == pytest.approx((0, -1, 0), abs=1e-9)
    assert UPRIGHT.lean(90).up == pytest.approx((1, 0, 0), abs=1e-9)


def test_height_in_the_picture_does_not_depend_on_the_view():
    assert {Camera(yaw, 2.0, 0.0, 400.0).dot((3.0, 50.0, 9.0))[1] for yaw in (0, 48, 90)} == {300.0}


def test_hull_drops_what_lies_inside():
    assert sorted(hull([(0, 0), (4, 0), (4, 4), (0, 4), (2, 2), (1, 3)])) == [(0, 0), (0, 4), (4, 0), (4, 4)]


def test_channels_left_out_keep_their_value_and_like_repeats_a_pose():
    faults = []
    keys = [
        {"t": 0.0, "foot": [0, 0], "lean": 0, "say": "a"},
        {"t": 1.0, "lumbar": 30},
        {"t": 2.0, "like": 0},
    ]
    motion = read_motion({"length": 3.0, "keys": keys}, "x", faults)
    assert faults == []
    timeline = Timeline(motion)
    assert timeline.at(0.0)["lumbar"] == pytest.approx((0.0,))
    assert timeline.at(1.0)["lean"] == pytest.approx((0.0,))
    assert timeline.at(2.0)["lumbar"] == pytest.approx((0.0,))
    assert timeline.say(2.5) == "a"
