"""Exercise demos: from the motion in the catalogue to poses, to frames, to a looping picture. Pure and deterministic."""
