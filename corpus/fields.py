"""Reads the tables of a catalogue file and notes every fault in them, so that all come at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Fields:
    """Reads one table of a file and notes everything wrong with it, so that all faults come at once."""

    def __init__(self, table: Mapping[str, Any], where: str, faults: list[str]) -> None:
        self.table = table
        self.where = where
        self.faults = faults

    def only(self, legal: Iterable[str]) -> None:
        """Note every key that is not one of `legal`, naming the legal ones."""
        allowed = sorted(legal)
        for key in self.table:
            if key not in allowed:
                self.faults.append(f"{self.where}: unknown key {key!r}; legal keys: {', '.join(allowed)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A non-empty string; `default` where the key is missing and one is given."""
        value = self.table.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.faults.append(f"{self.where}: {key} must be a text that is not empty")
            return ""
        return value

    def one_of(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """A string out of `choices`."""
        value = self.text(key, default)
        if value and value not in choices and value != default:
            self.faults.append(f"{self.where}: {key} is {value!r}; choose one of {', '.join(choices)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty where the key is missing."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.faults.append(f"{self.where}: {key} must be a list of texts")
            return ()
        return tuple(value)

    def number(self, key: str, default: float) -> float:
        """A number."""
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.faults.append(f"{self.where}: {key} must be a number")
            return default
        return float(value)

    def numbers(self, key: str, default: tuple[float, ...] = ()) -> tuple[float, ...]:
        """A number or a list of numbers, as a tuple."""
        value = self.table.get(key, list(default))
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, bool) or not isinstance(item, int | float) for item in items):
            self.faults.append(f"{self.where}: {key} must be a number or a list of numbers")
            return default
        return tuple(float(item) for item in items)

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """A list of tables, empty where the key is missing."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.faults.append(f"{self.where}: {key} must be a list of tables")
            return []
        return value
