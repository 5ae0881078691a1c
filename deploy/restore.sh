#!/bin/sh
# Restores one Spotter: deploy/restore.sh BACKUP [--replace]
#
# BACKUP is a folder that backup.sh made. Checks its checksums, puts everything into SPOTTER_DATA_DIR (PostgreSQL: into the database of
# SPOTTER_DATABASE_URL) and has `spotter audit verify` check every chain. Stop Spotter before. Refuses to overwrite a database unless
# --replace is given; what stood there is then kept beside it under .before-restore.
# Exit status: 0 restored and verified, 1 failed, 2 bad usage.
set -eu
umask 077

backup=${1:-}
replace=${2:-}
if [ ! -d "$backup" ] || { [ -n "$replace" ] && [ "$replace" != "--replace" ]; }; then
    echo "usage: deploy/restore.sh BACKUP [--replace]" >&2
    exit 2
fi
here=$(dirname "$0")
python=${SPOTTER_PYTHON:-python3}
spotter=${SPOTTER_COMMAND:-spotter}
data=${SPOTTER_DATA_DIR:-}
if [ -z "$data" ]; then
    echo "restore: set SPOTTER_DATA_DIR to Spotter's data folder" >&2
    exit 2
fi
if ! (cd "$backup" && sha256sum --check --quiet --strict SHA256SUMS); then
    echo "restore: $backup is damaged; nothing was changed" >&2
    exit 1
fi
mkdir -p "$data"
if [ -f "$backup/secret.key" ] && [ ! -f "$data/secret.key" ]; then cp "$backup/secret.key" "$data/secret.key"; fi
if [ -z "${SPOTTER_SECRET_KEY:-}" ] && [ ! -f "$data/secret.key" ]; then
    echo "restore: the key is missing: put secret.key into $data, or set SPOTTER_SECRET_KEY" >&2
    exit 1
fi

if [ -f "$backup/spotter.pgdump" ]; then
    clean=""
    if [ -n "$replace" ]; then clean="--clean --if-exists"; fi
    # shellcheck disable=SC2086 # two options or none; pg_restore takes the database's name as an option or writes a script
    "$python" "$here/with_database.py" sh -c 'exec pg_restore --no-owner --exit-on-error --single-transaction --dbname="$PGDATABASE" "$@"' \
        pg_restore $clean "$backup/spotter.pgdump"
else
    target=$data/spotter.db
    case ${SPOTTER_DATABASE_URL:-} in sqlite*) target=$(printf '%s' "$SPOTTER_DATABASE_URL" | sed 's,^[^:]*:///,,') ;; esac
    if [ -e "$target" ]; then
        if [ -z "$replace" ]; then
            echo "restore: $target exists; add --replace to put the backup in its place" >&2
            exit 1
        fi
        for part in "$target" "$target-wal" "$target-shm"; do
            if [ -e "$part" ]; then mv "$part" "$part.before-restore"; fi
        done
    fi
    cp "$backup/spotter.db" "$target.new"
    mv "$target.new" "$target"
fi
for kept in sources.json exercises.json; do
    if [ -f "$backup/$kept" ]; then cp "$backup/$kept" "$data/$kept"; fi
done
# an index in place is newer than the backup's, or will be brought up to date at the next start
if [ -f "$backup/index.tar" ] && [ ! -d "$data/index" ]; then tar -C "$data" -xf "$backup/index.tar"; fi

$spotter audit verify
