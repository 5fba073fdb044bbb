#!/bin/sh
# Asks the registry for the digests of the tags in base.lock, and writes them there; with --check it only compares them.
set -eu
cd "$(dirname "$0")"
new=$(mktemp)
trap 'rm -f "$new"' EXIT
while IFS= read -r line; do
  case $line in
    '#'*) echo "$line"; continue ;;
  esac
  tagged=${line%@*}
  digest=$(docker buildx imagetools inspect "${tagged#*=}" --format '{{.Manifest.Digest}}')
  case $digest in
    sha256:*) echo "$tagged@$digest" ;;
    *) echo "refresh-base: the registry gave no digest for ${tagged#*=}: $digest" >&2; exit 1 ;;
  esac
done < base.lock > "$new"
./take-lock.sh refresh-base base.lock "$new" "the registry" digests "$@"
