"""`python -m bot` is `spotter`."""

from bot.cli import main

main()
