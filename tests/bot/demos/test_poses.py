"""No demo may teach a wrong lift: what must hold for every pose of every exercise and every common fault."""

import pytest

from bot.demos import card, checks
from bot.demos import proportions as body
from bot.demos.extent import extent
from bot.demos.figure import foot_points
from bot.demos.render import scene
from bot.demos.spine import ROUNDED
from bot.demos.vectors import length, sub
from corpus.exercises import load

CATALOGUE = load()
SHOWN = [(ident, "demo") for ident, exercise in CATALOGUE.items() if exercise.motion]
SHOWN += [(ident, "fault") for ident, exercise in CATALOGUE.items() if exercise.fault]
BAR_PULLS = [
    "conventional-deadlift",
    "sumo-deadlift",
    "semi-sumo-deadlift",
    "romanian-deadlift",
    "rack-pull",
    "block-pull",
]
FROM_THE_FLOOR = ["conventional-deadlift", "sumo-deadlift", "semi-sumo-deadlift"]
NEUTRAL_THROUGHOUT = [
    *BAR_PULLS,
    *[
        "pull-through",
        "hip-hinge-drill",
        "pvc-hip-drill",
        "good-morning",
        "back-squat",
        "goblet-squat",
        "kettlebell-deadlift",
        "bird-dog",
        "dead-bug",
    ],
    *[
        "glute-bridge",
        "single-leg-glute-bridge",
        "front-bridge",
        "side-plank",
        "back-raise",
        "glute-squeeze",
        "mcgill-curl-up",
        "split-squat",
    ],
]
WALKERS = [ident for ident, exercise in CATALOGUE.items() if exercise.motion and exercise.motion.gait]
FLEXED_ON_PURPOSE = ["jefferson-curl", "back-extension", "cat-cow", "childs-pose"]


@pytest.fixture(scope="module", params=SHOWN, ids="-".join)
def shown(request):
    ident, variant = request.param
    return scene(CATALOGUE[ident], variant)


def demo(ident, variant="demo"):
    return scene(CATALOGUE[ident], variant)


def test_bones_never_stretch(shown):
    first = checks.bones(shown.poses[0])
    for pose in shown.poses:
        for name, size in checks.bones(pose).items():
            assert size == pytest.approx(first[name], abs=0.02), name


def test_bones_are_the_mannequins(shown):
    bones = checks.bones(shown.poses[0])
    assert bones["r thigh"] == pytest.approx(body.THIGH, abs=0.02)
    assert bones["l shank"] == pytest.approx(body.SHANK, abs=0.02)
    assert bones["spine"] == pytest.approx(body.SPINE, abs=0.02)
    assert bones["r upper arm"] == pytest.approx(body.UPPER_ARM, abs=0.02)


def test_joints_stay_within_what_people_can_do(shown):
    for pose in shown.poses:
        for name, angle in checks.joints(pose).items():
            low, high = body.LIMITS[name.split()[-1]]
            assert low <= angle <= high, name


def test_knees_never_bend_backwards(shown):
    for pose in shown.poses:
        assert not any(checks.knee_backwards(leg) for leg in pose.legs.values())


def test_feet_are_where_the_motion_wants_them(shown):
    for pose in shown.poses:
        for side, off in checks.missed_feet(pose).items():
            assert off < 0.4, side


def test_hands_are_where_the_motion_wants_them(shown):
    for pose in shown.poses:
        for side, off in checks.missed_hands(pose).items():
            assert off < 0.6, side


def test_feet_the_motion_leaves_alone_do_not_move(shown):
    keys = shown.motion.keys
    for side in ("r", "l"):
        names = [
            f"{side}_{name}" if f"{side}_{name}" in keys[0].channels else name
            for name in ("foot", "toes", "turnout")
        ]
        if names[0] not in keys[0].channels or shown.motion.gait:
            continue
        if any(len({key.channels.get(name) for key in keys}) > 1 for name in names):
            continue
        first = foot_points(shown.poses[0].legs[side])
        for pose in shown.poses:
            for corner, before in zip(foot_points(pose.legs[side]), first, strict=True):
                assert length(sub(corner, before)) < 0.4


@pytest.mark.parametrize("ident", WALKERS)
def test_feet_of_walkers_keep_pace_with_the_ground(ident):
    shown = demo(ident)
    gait = shown.motion.gait
    step = shown.times[1] - shown.times[0]
    moves = []
    for before, after in zip(shown.poses, shown.poses[1:], strict=False):
        for side in ("r", "l"):
            a, b = before.channels[f"{side}_foot"], after.channels[f"{side}_foot"]
            if b[0] < a[0]:
                moves.append((a[0] - b[0]) / step)
    assert moves
    inside = sorted(moves)[len(moves) // 4 :]
    assert all(speed == pytest.approx(gait.speed, rel=0.02) for speed in inside)


def test_nothing_goes_through_the_floor(shown):
    for pose in shown.poses:
        for part, clearance in checks.lowest(shown.motion, pose).items():
            assert clearance > -0.75, part


def test_nobody_floats(shown):
    held_up = {prop.kind for prop in shown.motion.props} & {"ghd", "box", "bench", "ball"}
    for pose in () if held_up else shown.poses:
        assert min(checks.lowest(shown.motion, pose).values()) < 1.2


@pytest.mark.parametrize("ident", ["thoracic-extension", "foam-rolling", "swiss-ball-stretch"])
def test_balls_and_rollers_carry_the_body_and_are_not_sunk_into(ident):
    shown = demo(ident)
    assert all(checks.sunk(shown.motion, pose) < 2.5 for pose in shown.poses)


def test_everything_is_inside_the_picture_and_clear_of_the_words(shown):
    camera = shown.camera
    for pose in shown.poses:
        for point, radius in extent(shown.motion, pose):
            x, y = camera.dot(point)
            room = radius * camera.scale
            assert y - room >= card.TITLE_BOTTOM - 1
            assert x - room >= 8
            assert x + room <= card.SIZE - 8
    assert camera.floor <= card.FLOOR_LOWEST


@pytest.mark.parametrize("ident", BAR_PULLS)
def test_the_bar_travels_straight_up_over_the_middle_of_the_foot(ident):
    shown = demo(ident)
    for pose in shown.poses:
        heel, toe = pose.legs["r"].ankle[0] + body.HEEL, pose.legs["r"].ankle[0] + body.TOE
        assert pose.bar[0] == pytest.approx((heel + toe) / 2, abs=1.0)
    assert max(pose.bar[0] for pose in shown.poses) - min(pose.bar[0] for pose in shown.poses) < 0.01


@pytest.mark.parametrize("ident", BAR_PULLS)
def test_arms_stay_straight_and_hands_stay_on_the_bar(ident):
    for pose in demo(ident).poses:
        for arm in pose.arms.values():
            assert checks.elbow_flexion(arm) < 8
            assert abs(arm.hand[0] - pose.bar[0]) < 0.3
            assert abs(arm.hand[1] - pose.bar[1]) < 0.6


@pytest.mark.parametrize(("ident", "variant"), [pair for pair in SHOWN if pair[0] in FROM_THE_FLOOR])
def test_pulls_from_the_floor_start_with_the_plates_on_it(ident, variant):
    heights = [pose.bar[1] for pose in demo(ident, variant).poses]
    assert heights[0] == pytest.approx(body.PLATE, abs=0.5)
    assert min(heights) > body.PLATE - 0.6


@pytest.mark.parametrize("ident", ["conventional-deadlift", "romanian-deadlift", "rack-pull", "block-pull"])
def test_the_bar_stays_in_front_of_the_shins(ident):
    for pose in demo(ident).poses:
        leg, (x, y, _) = pose.legs["r"], pose.bar
        if leg.ankle[1] < y < leg.knee[1]:
            share = (y - leg.ankle[1]) / (leg.knee[1] - leg.ankle[1])
            shin = leg.ankle[0] + share * (leg.knee[0] - leg.ankle[0])
            assert x > shin + 0.8


def test_the_squat_keeps_the_bar_over_the_foot_and_breaks_parallel_with_heels_down():
    poses = demo("back-squat").poses
    assert all(1.0 < pose.bar[0] < 4.5 for pose in poses)
    deepest = min(poses, key=lambda pose: pose.pelvis[1])
    assert deepest.legs["r"].hip[1] <= deepest.legs["r"].knee[1] + 1.5
    assert all(abs(min(point[1] for point in foot_points(pose.legs["r"])) - 0.5) < 0.5 for pose in poses)


@pytest.mark.parametrize(
    "ident", ["hip-hinge-drill", "romanian-deadlift", "pvc-hip-drill", "good-morning", "pull-through"]
)
def test_a_hinge_sends_the_hips_back_with_upright_shins(ident):
    poses = demo(ident).poses
    lowest = max(poses, key=lambda pose: pose.value("lean"))
    leg = lowest.legs["r"]
    assert lowest.pelvis[0] < poses[0].pelvis[0] - 9
    assert abs(leg.knee[0] - leg.ankle[0]) < 5
    assert checks.hip_flexion(lowest, leg) > 70


def test_the_wrong_hinge_is_a_squat():
    lowest = min(demo("hip-hinge-drill", "fault").poses, key=lambda pose: pose.pelvis[1])
    assert lowest.legs["r"].knee[0] - lowest.legs["r"].ankle[0] > 10


@pytest.mark.parametrize("ident", NEUTRAL_THROUGHOUT)
def test_the_spine_is_neutral_where_the_lift_asks_for_it(ident):
    shown = demo(ident)
    assert all(shown.state(index).mark == "neutral" for index in range(len(shown.poses)))


@pytest.mark.parametrize("ident", FLEXED_ON_PURPOSE)
def test_rounding_on_purpose_says_so_in_words(ident):
    shown = demo(ident)
    index = max(range(len(shown.poses)), key=lambda i: shown.poses[i].flexion)
    assert shown.poses[index].flexion > 2 * ROUNDED
    assert "round" in shown.state(index).words.lower()
    assert shown.state(index).mark == "moved"


def test_common_faults_show_the_fault_and_say_so():
    for ident, exercise in CATALOGUE.items():
        if exercise.fault is None or ident == "hip-hinge-drill":
            continue
        shown = demo(ident, "fault")
        states = [shown.state(index) for index in range(len(shown.poses))]
        assert any(state.mark == "wrong" for state in states), ident
        assert all(state.words for state in states)


def test_feet_turn_out_in_that_fault_only():
    def widest(variant):
        return max(abs(pose.legs["r"].foot.front[2]) for pose in demo("semi-sumo-deadlift", variant).poses)

    assert widest("fault") > widest("demo") + 0.3


def test_the_bridge_ends_in_one_line_from_shoulder_to_knee():
    pose = max(demo("glute-bridge").poses, key=lambda pose: pose.pelvis[1])
    shoulder, hip, knee = pose.arms["r"].shoulder, pose.legs["r"].hip, pose.legs["r"].knee
    slope = (hip[1] - shoulder[1]) / (hip[0] - shoulder[0])
    assert (knee[1] - hip[1]) / (knee[0] - hip[0]) == pytest.approx(slope, abs=0.15)


@pytest.mark.parametrize("ident", ["front-bridge", "side-plank"])
def test_planks_end_in_one_line_from_shoulder_to_ankle(ident):
    pose = max(demo(ident).poses, key=lambda pose: pose.pelvis[1])
    angles = checks.joints(pose)
    assert angles["r knee"] < 20
    assert abs(angles["r hip"]) < 15


def test_the_side_bend_goes_to_the_side_of_the_weight_and_of_the_kneeling_leg():
    shown = demo("half-kneeling-side-bend")
    assert next(prop.on for prop in shown.motion.props if prop.kind == "dumbbell") == "right hand"
    pose = max(shown.poses, key=lambda pose: pose.value("bend"))
    assert pose.legs["r"].knee[1] < 6 < pose.legs["l"].knee[1]
    assert pose.head[2] > 8  # to the figure's right


def test_the_windmill_has_the_foot_opposite_the_weight_in_front():
    for pose in demo("half-kneeling-windmill").poses:
        assert pose.legs["l"].ankle[0] > pose.legs["r"].knee[0] + 15
        arm = pose.arms["r"]
        assert arm.hand[1] > arm.shoulder[1] + 30  # the weight stays overhead


def test_bird_dog_and_dead_bug_move_opposite_limbs():
    for pose in demo("bird-dog").poses:
        for side, other in (("r", "l"), ("l", "r")):
            if pose.arms[side].hand[1] > 25:
                assert pose.legs[other].ankle[1] > pose.legs[side].ankle[1]
    lowest = min(demo("dead-bug").poses[:30], key=lambda pose: pose.legs["l"].ankle[1])
    assert lowest.arms["r"].hand[1] < lowest.arms["l"].hand[1]


def test_internal_rotation_swings_the_foot_out_and_keeps_the_knee():
    shown = demo("hip-internal-rotation-test")
    rest, turned = shown.poses[0], max(shown.poses, key=lambda pose: pose.value("r_rotate"))
    assert turned.legs["r"].ankle[2] > rest.legs["r"].ankle[2] + 10
    assert length(sub(turned.legs["r"].knee, rest.legs["r"].knee)) < 0.1
