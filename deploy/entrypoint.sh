#!/bin/sh
# Starts `spotter` in a container. The data folder is a volume: what the image brings (model, index) is put there if it is missing or of
# another release. With SHARDS_EACH the shards follow from the ordinal at the end of the host's name, as a StatefulSet gives it.
set -eu
filled=${SPOTTER_FILLED:-/opt/spotter/filled}
data=${SPOTTER_DATA_DIR:-/data}

for model in "$filled"/models/*; do
    target=$data/models/$(basename "$model")
    if [ -d "$model" ] && ! cmp -s "$model/manifest.json" "$target/manifest.json"; then
        mkdir -p "$data/models"
        # beside its final name and renamed, so that no other process finds half of it
        draft=$target.$$
        cp -R "$model" "$draft"
        rm -rf "$target"
        mv "$draft" "$target"
    fi
done
if [ -d "$filled/index" ] && [ ! -d "$data/index" ]; then
    cp -R "$filled/index" "$data/index.$$"
    mv "$data/index.$$" "$data/index"
    if [ -f "$filled/sources.json" ] && [ ! -f "$data/sources.json" ]; then cp "$filled/sources.json" "$data/sources.json"; fi
fi

if [ -n "${SHARDS_EACH:-}" ]; then
    host=${HOSTNAME:-$(hostname)}
    ordinal=${host##*-}
    case $ordinal in
    '' | *[!0-9]*)
        echo "entrypoint: SHARDS_EACH needs a host name that ends in a number, not $host" >&2
        exit 2
        ;;
    esac
    first=$((ordinal * SHARDS_EACH))
    SPOTTER_SHARD_IDS=$first-$((first + SHARDS_EACH - 1))
    export SPOTTER_SHARD_IDS
fi
exec ${SPOTTER_COMMAND:-spotter} "$@"
