"""Load for real Spotter processes: a Discord on loopback, people who ask, faults in between, and a verdict from the database."""
