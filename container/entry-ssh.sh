#!/bin/sh
# Starts sshd on port 2222 as this user, with public keys only. They come from SSH_AUTHORIZED_KEYS or from a file at
# /run/secrets/authorized_keys. The host's key has a folder of its own (a volume, so that clients know the container
# after an update), apart from the workspace that jobs write to. Jobs need commands alone: nothing is forwarded.
set -eu
. "$(dirname "$0")/common.sh"
port=${WUDNN_SSH_PORT:-2222}
folder=${WUDNN_SSH_FOLDER:-/var/lib/wudnn-ssh}
keys=${WUDNN_KEYS_FILE:-/run/secrets/authorized_keys}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
if [ -n "${SSH_AUTHORIZED_KEYS:-}" ]; then
  printf '%s\n' "$SSH_AUTHORIZED_KEYS" > "$folder/authorized_keys"
elif [ -r "$keys" ]; then
  cp "$keys" "$folder/authorized_keys"
else
  echo "entry: no key may come in; set SSH_AUTHORIZED_KEYS=\"\$(cat ~/.ssh/id_ed25519.pub)\" or mount $keys" >&2
  exit 1
fi
[ -f "$folder/host_key" ] || ssh-keygen -q -t ed25519 -N '' -C wudnn -f "$folder/host_key"
cat > "$folder/sshd_config" <<CONFIG
Port $port
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes yes
UsePAM no
DisableForwarding yes
AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
PermitUserRC no
PermitUserEnvironment no
MaxAuthTries 10
LoginGraceTime 30
SetEnv PATH=$PATH
CONFIG
describe
ssh-keygen -lf "$folder/host_key.pub"
exec "$(command -v sshd || echo /usr/sbin/sshd)" -D -e -f "$folder/sshd_config"
