#!/bin/sh
# Pins the base image: asks the registry for the digest of the tag in base.lock and writes it behind the tag.
set -eu
cd "$(dirname "$0")"
image=$(grep -v '^#' base.lock)
tag=${image%@*}
digest=$(docker buildx imagetools inspect "$tag" --format '{{.Manifest.Digest}}')
case $digest in
  sha256:*) ;;
  *) echo "refresh-base: the registry gave no digest for $tag: $digest" >&2; exit 1 ;;
esac
{ grep '^#' base.lock; echo "$tag@$digest"; } > base.lock.new
mv base.lock.new base.lock
echo "$tag is $digest"
