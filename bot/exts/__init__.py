"""What Spotter does in Discord, one cog a file. A cog turns Discord's objects into ours and back; what it decides is decided elsewhere."""

EXTENSIONS = tuple(
    f"bot.exts.{name}"
    for name in (
        "ask", "mentions", "missed", "menu", "follow_up", "demo", "help", "sources", "privacy", "votes", "report", "appeal", "setup", "servers",
        "cards", "cases", "digest", "mod", "upkeep",
    )
)  # fmt: skip
"""Loaded in this order."""
