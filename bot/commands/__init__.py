"""What the commands of `bot.cli` do. Each file is imported only when its command runs."""
