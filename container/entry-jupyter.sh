#!/bin/sh
# Starts JupyterLab on port 8888. The token comes from JUPYTER_TOKEN; without one Jupyter makes a random one and prints
# it.
# `jupyter lab OPTIONS` adds options to it; any other command runs instead, as in `docker run … bash`.
set -eu
here=$(dirname "$0")
. "$here/common.sh"
if [ "${1-jupyter}" != jupyter ]; then
  exec "$@"
fi
[ $# -eq 0 ] || shift
case ${1-} in lab|server) shift ;; esac
if [ "${JUPYTER_TOKEN-unset}" = "" ]; then
  echo "entry: JUPYTER_TOKEN is empty, which would let everybody in; leave it away for a random one" >&2
  exit 1
fi
describe
# JupyterLab where it is installed, else the bare server: wuDNN needs no more.
app=jupyterlab
"$python" -c 'import jupyterlab' 2>/dev/null || app=jupyter_server
PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"
# The sockets of the kernels lie there, and a socket's path has room for about a hundred letters: a home is often too
# deep.
: "${JUPYTER_RUNTIME_DIR:=$(mktemp -d)}"
export PYTHONPATH JUPYTER_RUNTIME_DIR
exec "$python" -m "$app" --config="$here/jupyter_server_config.py" "$@"
