"""The mannequin's measures, in hundredths of body height, and how far its joints go, in degrees.

Bone lengths after Drillis and Contini's body segment proportions; joint ranges are round figures for healthy adults.
"""

from __future__ import annotations

SHANK = 24.6
THIGH = 24.5
SPINE = 29.0
UPPER_ARM = 18.0
FOREARM = 14.8
FIST = 3.7
"""From the wrist to the middle of the closed hand."""
ARM = UPPER_ARM + FOREARM + FIST
ANKLE = 3.9
"""Height of the ankle over the sole."""
HIP_HALF = 4.8
SHOULDER_HALF = 9.3
NECK = 9.2
"""From the top of the spine to the middle of the head."""
HEAD = 6.1
HEEL = -4.4
TOE = 11.0
BALL = 7.4
PLATE = 12.9
"""Radius of a full plate: 45 cm across on a person of 175 cm."""
SEGMENTS = 18
SHOULDER_AT = 15.6
"""How far up the spine the shoulders sit, in segments."""

RADII = {
    "hip": 6.1,
    "knee": 4.3,
    "calf": 4.4,
    "ankle": 2.6,
    "shoulder": 3.7,
    "elbow": 2.7,
    "wrist": 2.2,
    "fist": 2.7,
    "palm": 1.6,
    "neck": 3.1,
}

LIMITS: dict[str, tuple[float, float]] = {
    "hip": (-35.0, 140.0),
    "knee": (-3.0, 160.0),
    "ankle": (-92.0, 48.0),
    "elbow": (-3.0, 150.0),
    "lumbar": (-35.0, 65.0),
    "thorax": (-35.0, 65.0),
    "neck": (-60.0, 60.0),
    "bend": (-45.0, 45.0),
    "twist": (-50.0, 50.0),
}
"""Lowest and highest angle; flexion counts up, extension down."""
