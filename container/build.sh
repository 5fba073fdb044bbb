#!/bin/sh
# Builds both images, pytorch-cuda:v2.6 (Jupyter) and pytorch-cuda:v2.6-ssh, from the bases in base.lock. Options of
# docker build may follow and win: container/build.sh --build-arg BASE=another-image-with-torch
set -eu
cd "$(dirname "$0")/.."
bases=$(sed -n 's/^[A-Z_]*=/--build-arg &/p' container/base.lock)
# shellcheck disable=SC2086 # one word each: an argument's name, a tag and a digest
build() { docker build -f container/Dockerfile $bases "$@" .; }
build "$@" --target jupyter -t pytorch-cuda:v2.6
build "$@" --target ssh -t pytorch-cuda:v2.6-ssh
