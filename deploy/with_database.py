"""Run a PostgreSQL tool on the database of `SPOTTER_DATABASE_URL`: `with_database.py pg_dump --format=custom ...`.

The address is handed over in libpq's variables, because a command line can be read by everybody on the machine and the address holds a
password.
"""

from __future__ import annotations

import os
import sys
from urllib.parse import parse_qsl, unquote, urlsplit


def variables(address: str) -> dict[str, str]:
    """Variables of libpq for an SQLAlchemy or plain PostgreSQL URL."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    given = {
        "PGHOST": asked.get("host") or parts.hostname,
        "PGPORT": asked.get("port") or (str(parts.port) if parts.port else None),
        "PGUSER": asked.get("user") or (unquote(parts.username) if parts.username else None),
        "PGPASSWORD": asked.get("password") or (unquote(parts.password) if parts.password else None),
        "PGDATABASE": unquote(parts.path.lstrip("/")) or None,
        "PGSSLMODE": asked.get("sslmode") or asked.get("ssl"),
    }
    return {name: value for name, value in given.items() if value}


def main() -> None:
    """Become the tool; exit status 2 without one, or without an address."""
    address = os.environ.get("SPOTTER_DATABASE_URL", "")
    if not address.startswith("postgres") or len(sys.argv) < 2:
        sys.stderr.write("with_database: set SPOTTER_DATABASE_URL to postgresql://... and name a tool\n")
        raise SystemExit(2)
    tool = sys.argv[1]
    try:
        os.execvpe(tool, sys.argv[1:], os.environ | variables(address))  # noqa: S606 - the tool that our own scripts name
    except FileNotFoundError:
        sys.stderr.write(f"with_database: {tool} is not installed (package postgresql-client)\n")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
