#!/bin/sh
# take-lock.sh WHO LOCK NEW SOURCE DIFFERS [--check]: what the refresh scripts end in. Puts the file NEW in the place of
# LOCK where they differ; with --check it only compares.
set -eu
who=$1 lock=$2 new=$3 source=$4 differs=$5
if [ -f "$lock" ] && diff "$lock" "$new"; then
  echo "$lock is what $source has"
elif [ "${6-}" = --check ]; then
  echo "$who: $source has other $differs than $lock; container/$who.sh takes them" >&2
  exit 1
else
  cat "$new" > "$lock"
  echo "$lock is new"
fi
