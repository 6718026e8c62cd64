# shellcheck shell=bash
# The first process in the guest once it has its root: prepares the system, runs the command, hands
# over its exit code and switches off. If anything fails, it ends, and the kernel panics.
set -euo pipefail

# dev/guest wrote this, beside this file.
share=
image=
udev=
merge=
directory=
command=()
environment=()
# shellcheck source=/dev/null
. "$CISTERN_WORK/in/parameters"
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

hostname cistern-guest
printf '127.0.0.1 localhost cistern-guest\n::1 localhost\n' >/etc/hosts
ulimit -n 65536

# /tmp and /run are new, but for what the current directory is in.
kept=
if [[ $directory =~ ^(/tmp|/run)/[^/]+ ]]; then
  kept=${BASH_REMATCH[0]}
  mkdir /.kept
  mount --bind "$kept" /.kept
fi
mount -t tmpfs -o mode=755,nosuid,nodev,size=20% run /run
mount -t tmpfs -o mode=1777,size=50% tmp /tmp
if [ -n "$kept" ]; then
  mkdir -p "$kept"
  mount --move /.kept "$kept"
fi
mkdir -p /run/lock /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm /dev/shm
ln -sf /proc/self/fd /dev/fd
ln -sf /proc/self/fd/0 /dev/stdin
ln -sf /proc/self/fd/1 /dev/stdout
ln -sf /proc/self/fd/2 /dev/stderr
mkdir -p "$share"
mount -t virtiofs share "$share"

mkdir -p /usr/lib/modules
mount --bind "$image/modules" /usr/lib/modules
# All others are loaded when they are used, such as by a mount.
modprobe -a virtio_blk virtio_console virtio_rng \
  dm-thin-pool dm-snapshot dm-flakey dm-log-writes loop ext4 xfs fuse
ip link set lo up

# No mirror of the machine's own settings: neither for LVM nor for udev.
mkdir -p /run/lvm /run/lock/lvm /run/cistern/lvm /run/cistern/rules
export LVM_SYSTEM_DIR=/run/cistern/lvm
flag=0
[ -z "$udev" ] || flag=1
cat >"$LVM_SYSTEM_DIR/lvm.conf" <<END
devices {
  dir = "/dev"
  scan = [ "/dev" ]
  obtain_device_list_from_udev = $flag
  use_devicesfile = 0
}
activation {
  udev_sync = $flag
  udev_rules = $flag
  verify_udev_operations = 0
  # There is no dmeventd.
  monitoring = 0
  # Nothing is swapped out here, and to lock what a command has mapped takes a quarter of its time.
  reserved_memory = 64
  reserved_stack = 64
  mlock_filter = [ "/" ]
}
backup {
  # Nobody would restore a disk that is thrown away, and each change of a group would write both.
  backup = 0
  archive = 0
}
global {
  use_lvmpolld = 0
  event_activation = 0
}
END
if [ -z "$udev" ]; then
  # Or dmsetup, even so, leaves the nodes to udev.
  environment+=(DM_DISABLE_UDEV=1)
else
  [ ! -d /etc/udev/rules.d ] || mount --bind /run/cistern/rules /etc/udev/rules.d
  /usr/lib/systemd/systemd-udevd --daemon >/run/cistern/udevd.log 2>&1
  udevadm trigger --type=subsystems --action=add
  udevadm trigger --type=devices --action=add
  udevadm settle
fi

# The command gets pipes, which it can open again as /dev/stdout; the ports can be opened only once.
port() {
  local file
  file=$(grep -lx "$1" /sys/class/virtio-ports/*/name)
  file=${file%/name}
  echo "/dev/${file##*/}"
}
status=$(port status)
mkfifo /run/cistern/stdout /run/cistern/stderr
cat /run/cistern/stdout >"$(port stdout)" &
cat /run/cistern/stderr >"$(port stderr)" &
copiers=" $(jobs -p | tr '\n' ' ') "
exec 3>/run/cistern/stdout 4>/run/cistern/stderr
[ -z "$merge" ] || exec 4>&3

cd "$directory"
code=0
env -i "${environment[@]}" "LVM_SYSTEM_DIR=$LVM_SYSTEM_DIR" CISTERN_GUEST=1 \
  "${command[@]}" </dev/null >&3 2>&4 3>&- 4>&- || code=$?

# What the command left behind might hold the pipes. Kernel threads have no /proc/PID/exe.
cd /
exec 3>&- 4>&-
for process in /proc/[0-9]*; do
  process=${process#/proc/}
  if [ "$process" -ne 1 ] && [[ $copiers != *" $process "* ]] && [ -e "/proc/$process/exe" ]; then
    kill -s KILL "$process" 2>/dev/null || true
  fi
done
wait
timeout 30 sync --file-system "$share" || true
echo "$code" >"$status"
# At once: a sync would wait for ever for a suspended device.
echo o >/proc/sysrq-trigger
sleep 60
