#!/bin/sh
# Asks pip, in the image that the container is built from, for the packages of requirements.txt with all that they need,
# and writes them with the hashes of their files to requirements.lock. From then on build.sh installs nothing else. With
# --check it only compares.
set -eu
cd "$(dirname "$0")"
base=$(sed -n 's/^BASE=//p' base.lock)
new=$(mktemp)
trap 'rm -f "$new"' EXIT
{
  echo "# Made by container/refresh-requirements.sh from requirements.txt."
  docker run --rm -v "$PWD/requirements.txt:/requirements.txt:ro" "$base" \
    pip install --dry-run --ignore-installed --quiet --report - -r /requirements.txt \
    | python3 -c '
import json, sys

for entry in sorted(json.load(sys.stdin)["install"], key=lambda entry: entry["metadata"]["name"].lower()):
    name, version = entry["metadata"]["name"], entry["metadata"]["version"]
    print("{}=={} --hash=sha256:{}".format(name, version, entry["download_info"]["archive_info"]["hashes"]["sha256"]))
'
} > "$new"
grep -q -- --hash= "$new" || { echo "refresh-requirements: pip gave no hashes" >&2; exit 1; }
./take-lock.sh refresh-requirements requirements.lock "$new" "the index" files "$@"
