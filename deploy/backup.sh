#!/bin/sh
# Backs up one Spotter: deploy/backup.sh FOLDER [--with-key]
#
# Makes FOLDER/spotter-<time>/ with the database (SQLite: an online copy, the bot goes on working; PostgreSQL: pg_dump), the list of indexed
# paths and imported exercises, the index, and a manifest of checksums. The key is left out unless --with-key is given: keep it elsewhere,
# because a backup with its key protects nobody. Backups older than SPOTTER_BACKUP_DAYS (7) go.
#
# Reads SPOTTER_DATA_DIR and SPOTTER_DATABASE_URL as Spotter does. Exit status: 0 done, 1 failed (nothing half-made is left), 2 bad usage.
set -eu
umask 077

folder=${1:-}
with_key=${2:-}
if [ -z "$folder" ] || { [ -n "$with_key" ] && [ "$with_key" != "--with-key" ]; }; then
    echo "usage: deploy/backup.sh FOLDER [--with-key]" >&2
    exit 2
fi
here=$(dirname "$0")
days=${SPOTTER_BACKUP_DAYS:-7}
python=${SPOTTER_PYTHON:-python3}
data=${SPOTTER_DATA_DIR:-}
if [ -z "$data" ]; then
    echo "backup: set SPOTTER_DATA_DIR to Spotter's data folder" >&2
    exit 2
fi
mkdir -p "$folder"
name=spotter-$(date -u +%Y%m%dT%H%M%SZ)
draft=$folder/.$name.$$
trap 'rm -rf "$draft"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$draft"

case ${SPOTTER_DATABASE_URL:-} in
postgres*)
    "$python" "$here/with_database.py" pg_dump --format=custom --no-owner --file="$draft/spotter.pgdump"
    ;;
*)
    source=$data/spotter.db
    case ${SPOTTER_DATABASE_URL:-} in sqlite*) source=$(printf '%s' "$SPOTTER_DATABASE_URL" | sed 's,^[^:]*:///,,') ;; esac
    "$python" - "$source" "$draft/spotter.db" <<'PYTHON'
import sqlite3, sys
from pathlib import Path

source, target = sys.argv[1:]
if not Path(source).is_file():
    sys.exit(f"backup: there is no database at {source}")
old = sqlite3.connect(f"{Path(source).absolute().as_uri()}?mode=ro", uri=True, timeout=30)
new = sqlite3.connect(target)
old.backup(new, pages=1000, sleep=0.01)
fault = new.execute("PRAGMA integrity_check").fetchone()[0]
new.execute("PRAGMA journal_mode=DELETE")
new.close()
old.close()
if fault != "ok":
    sys.exit(f"backup: the copy is damaged: {fault[:100]}")
PYTHON
    ;;
esac

for kept in sources.json exercises.json; do
    if [ -f "$data/$kept" ]; then cp "$data/$kept" "$draft/$kept"; fi
done
# The index can be built again from the documents; the copy saves the time. Chroma's own files may change meanwhile: snapshots do not.
if [ -d "$data/index" ]; then
    tar -C "$data" --exclude=index/chroma --exclude='*/staging-*' -cf "$draft/index.tar" index
fi
if [ -n "$with_key" ] && [ -f "$data/secret.key" ]; then cp "$data/secret.key" "$draft/secret.key"; fi
(cd "$draft" && sha256sum -- * >SHA256SUMS)
mv "$draft" "$folder/$name"
find "$folder" -maxdepth 1 -type d -name 'spotter-*' -mtime +"$days" -exec rm -rf {} +
echo "$folder/$name"
