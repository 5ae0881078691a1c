"""Answers written by a chat model, every sentence of which is held against the passages it cites."""
