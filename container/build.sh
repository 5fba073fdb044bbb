#!/bin/sh
# Builds both images from the base in base.lock: pytorch-cuda:v2.6 (Jupyter) and pytorch-cuda:v2.6-ssh.
set -eu
cd "$(dirname "$0")/.."
base=$(grep -v '^#' container/base.lock)
docker build -f container/Dockerfile --build-arg "BASE=$base" --target jupyter -t pytorch-cuda:v2.6 .
docker build -f container/Dockerfile --build-arg "BASE=$base" --target ssh -t pytorch-cuda:v2.6-ssh .
