"""The safety layer: pure functions and data. See README.md in this folder."""
