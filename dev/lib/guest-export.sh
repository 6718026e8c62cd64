# shellcheck shell=bash
# Run by dev/guest in a mount namespace of its own: serves the file systems of this machine to a
# guest, and lets it write to one directory, whatever it tries.
#
#   guest-export.sh VIRTIOFSD WORK SHARE KEEP...
#
# The sockets are WORK/root.sock and WORK/share.sock; "ready" on standard output says that they can be
# connected to. Only file systems on real disks are served, and those that SHARE or a path KEEP is on.
# Loop mounts are not, nor FUSE and network file systems: someone may want to unmount them meanwhile.
set -euo pipefail

virtiofsd=$1
work=$2
share=$3
shift 2
cd /

declare -A keep=([/]=1 [/proc]=1 [/dev]=1)
for path in "$@"; do
  target=$(findmnt --noheadings --raw --first-only --output TARGET --target "$path")
  keep[$target]=1
done

# The newest first, so that what is mounted below something goes before it.
mounts=$(findmnt --noheadings --raw --output TARGET,FSTYPE,SOURCE | tac)
while read -r target type source; do
  [ -z "${keep[$target]:-}" ] || continue
  if [[ $source != /dev/loop* ]]; then
    case $type in
      ext[234] | xfs | btrfs | zfs | f2fs | bcachefs | overlay) continue ;;
    esac
  fi
  # Not lazily: what is kept may be mounted below it.
  umount "$(printf %b "$target")" 2>/dev/null || true
done <<<"$mounts"

# The servers still have to make their sockets here and their pid files in /run.
mount --bind "$share" "$share"
mount --bind "$work" "$work"
mounts=$(findmnt --noheadings --raw --output TARGET)
while read -r target; do
  target=$(printf %b "$target")
  case $target in
    "$share" | "$work") ;;
    *) mount -o remount,bind,ro "$target" ;;
  esac
done <<<"$mounts"
mount -t tmpfs run /run

serve() {
  local socket=$work/$1 server
  shift
  setpriv --pdeathsig KILL "$virtiofsd" --socket-path="$socket" \
    -o sandbox=chroot -o log_level=err "$@" </dev/null &
  server=$!
  while [ ! -S "$socket" ]; do
    kill -0 "$server"
    sleep 0.1
  done
}
serve root.sock -o source=/ -o cache=always
serve share.sock -o "source=$share" -o cache=auto

# /proc stays, as read-only as the rest: the servers open it later.
umount --lazy "$work" /run /dev
echo ready
wait
