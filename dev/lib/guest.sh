# shellcheck shell=bash
# Sourced by dev/guest, after loopfs.sh: starts the guest's processes and waits for them.
#
# All of them carry the mark by which cistern_teardown finds them, and are also killed by the kernel
# when the script is: not even a kill -9 leaves one. The disks have no name, so they go with QEMU.

GUEST_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
GUEST_SHARE=
GUEST_NEW_SHARE=
GUEST_VIRTIOFSD=

_guest_fail() {
  printf 'dev/guest: %s\n' "$@" >&2
  exit 1
}

# Ends the script, with the reason, where no guest can work. Installs QEMU.
guest_require_machine() {
  [ "$(id -u)" -eq 0 ] ||
    _guest_fail "Handing all files of this machine to a guest needs root: run this again as root."
  if ! command -v apt-get dpkg >/dev/null || [ "$(dpkg --print-architecture)" != amd64 ]; then
    _guest_fail "Needs Debian on amd64: the guest's kernel and tools are Debian packages for it."
  fi
  unshare --mount true 2>/dev/null ||
    _guest_fail "May not make a mount namespace (unshare --mount), as in a container without CAP_SYS_ADMIN."

  export APT_CONFIG=$CISTERN_WORK/apt.conf
  printf '%s;\n' 'DPkg::Lock::Timeout "300"' 'Dpkg::Use-Pty "0"' >"$APT_CONFIG"
  # A second run that starts meanwhile waits.
  mkdir -p "$(guest_cache)"
  exec {GUEST_LOCK}>"$(guest_cache)/guest.lock"
  flock "$GUEST_LOCK"
  cistern_require_packages qemu-system-x86_64:qemu-system-x86 >&2
  # QEMU brought its own before Debian 13.
  GUEST_VIRTIOFSD=/usr/lib/qemu/virtiofsd
  if [ ! -x "$GUEST_VIRTIOFSD" ]; then
    GUEST_VIRTIOFSD=/usr/libexec/virtiofsd
    cistern_require_packages "$GUEST_VIRTIOFSD:virtiofsd" >&2
  fi
}

guest_cache() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/cistern"
}

guest_exit() {
  local code=$1
  if [ -n "$GUEST_NEW_SHARE" ] && ! rmdir "$GUEST_NEW_SHARE" 2>/dev/null; then
    echo "dev/guest: What the command left in \$CISTERN_GUEST_SHARE is in $GUEST_NEW_SHARE" >&2
  fi
  _cistern_exit "$code"
}

# Chooses the directory to share: a new one if none is given.
guest_share() {
  if [ -n "$1" ]; then
    GUEST_SHARE=$(realpath "$1")
  else
    GUEST_NEW_SHARE=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/cistern-share.XXXXXXXXXX")")
    GUEST_SHARE=$GUEST_NEW_SHARE
  fi
  case $GUEST_SHARE in
    # The guest mounts it at the same place, over what it needs or could not find there.
    / | /usr | /usr/* | /etc | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | /tmp | /run | "$HOME")
      _guest_fail "$GUEST_SHARE can't be the guest's own directory: share another one."
      ;;
  esac
}

# Runs a command in the background, without standard input; its process id is $!.
_guest_start() {
  set -m
  CISTERN_RUN=$CISTERN_WORK setpriv --pdeathsig KILL "$@" </dev/null &
  set +m
}

# Starts the two servers of files: of this machine's, read-only, and of the directory to share.
guest_export() {
  local server try
  mkdir "$CISTERN_WORK/in"
  cp "$GUEST_LIB/guest-run.sh" "$CISTERN_WORK/in/run"
  _guest_start unshare --mount --propagation private \
    bash "$GUEST_LIB/guest-export.sh" "$GUEST_VIRTIOFSD" "$CISTERN_WORK" "$GUEST_SHARE" \
    "$PWD" "$GUEST_IMAGE" "$HOME" "$GUEST_LIB" >"$CISTERN_WORK/export.log" 2>&1
  server=$!
  for ((try = 0; try < 150; try++)); do
    ! grep -qx ready "$CISTERN_WORK/export.log" || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat "$CISTERN_WORK/export.log" >&2
  _guest_fail "The servers of files for the guest did not start: see above."
}

# What makes the kernel quick where a processor is emulated: code that always has the same address is
# translated only once, in whatever process it runs; the time is a register of the processor, not of a
# device; and nothing waits for a grace period that nobody needs, or defends against an attacker.
GUEST_KERNEL_OPTIONS=(norandmaps nokaslr tsc=reliable clocksource=tsc rcupdate.rcu_expedited=1
  mitigations=off nopti init_on_alloc=0 audit=0 apparmor=0 nowatchdog no5lvl)

# String instructions are emulated byte by byte: neither the kernel nor libc nor the JVM shall think that
# they are quick. 112 is the kernel's number of rep_good, which it sets by itself.
GUEST_PROCESSOR=max,-erms,-fsrm,-la57
GUEST_KERNEL_OPTIONS+=(clearcpuid=112)

# guest_boot MEMORY PROCESSORS UDEV LIMIT [DISK-SIZE...] -- COMMAND [ARG...]
# Ends with the exit code of the command.
guest_boot() {
  local memory=$1 processors=$2 udev=$3 limit=$4 work=$CISTERN_WORK
  local options=() disk disks=0 qemu timer out err ended=0
  shift 4

  # shellcheck disable=SC2054 # QEMU's own commas
  options=(-no-user-config -nodefaults -display none -no-reboot
    -machine q35 -accel tcg,thread=multi -cpu "$GUEST_PROCESSOR"
    -m "$memory" -smp "$processors"
    -object "memory-backend-memfd,id=memory,size=$memory,share=on" -numa node,memdev=memory
    -kernel "$GUEST_IMAGE/vmlinuz" -initrd "$GUEST_IMAGE/initrd"
    # A variable that the kernel does not know is in the environment of its first process.
    -append "console=ttyS0 loglevel=5 oops=panic panic=-1 rdinit=/init ${GUEST_KERNEL_OPTIONS[*]} CISTERN_WORK=$work"
    -chardev "file,id=console,path=$work/console" -serial chardev:console
    -chardev "socket,id=root,path=$work/root.sock"
    -device vhost-user-fs-pci,chardev=root,tag=root
    -chardev "socket,id=share,path=$work/share.sock"
    -device vhost-user-fs-pci,chardev=share,tag=share
    -device virtio-rng-pci
    -device virtio-serial-pci)
  # Into files rather than pipes: nothing is lost or held up if nobody reads for a while.
  for out in stdout stderr status; do
    : >"$work/$out"
    options+=(-chardev "file,id=$out,path=$work/$out"
      -device "virtserialport,chardev=$out,name=$out")
  done
  : >"$work/console"
  while [ "$1" != -- ]; do
    : >"$work/disk"
    truncate -s "$1" "$work/disk"
    exec {disk}<>"$work/disk"
    rm "$work/disk"
    options+=(-drive "if=none,id=disk$disks,file=/dev/fd/$disk,format=raw,cache=unsafe,discard=unmap"
      -device "virtio-blk-pci,drive=disk$disks,serial=cistern$disks")
    disks=$((disks + 1))
    shift
  done
  shift

  _guest_parameters "$udev" "$@" >"$work/in/parameters"
  _guest_start qemu-system-x86_64 "${options[@]}" >"$work/qemu.log" 2>&1
  qemu=$!
  _guest_start sleep "$limit"
  timer=$!
  _guest_start tail -c +1 -s 0.1 -f --pid="$qemu" "$work/stdout"
  out=$!
  _guest_start tail -c +1 -s 0.1 -f --pid="$qemu" "$work/stderr" >&2
  err=$!

  wait -n -p ended "$qemu" "$timer" "$out" "$err" || true
  if [ "$ended" = "$timer" ]; then
    echo "dev/guest: Killed: the time limit of $limit seconds is over." >&2
    _guest_console
    exit 124
  elif [ "$ended" != "$qemu" ] && kill -0 "$qemu" 2>/dev/null; then
    # Nobody reads our output any more.
    exit 141
  fi
  wait "$out" "$err" || true
  if [[ $(<"$work/status") =~ ^[0-9]+$ ]]; then
    grep -a 'Out of memory: Killed' "$work/console" >&2 || true
    exit "$(<"$work/status")"
  fi
  echo "dev/guest: The guest ended before its command did." >&2
  _guest_console
  exit 125
}

_guest_console() {
  local log
  for log in export.log qemu.log; do
    grep -avx ready "$CISTERN_WORK/$log" >&2 || true
  done
  [ -s "$CISTERN_WORK/console" ] || return 0
  echo "dev/guest: The end of the guest's console:" >&2
  tail -n 40 "$CISTERN_WORK/console" | tr -d '\r' >&2
}

# What guest-run.sh is told, for bash to source.
_guest_parameters() {
  local share=$GUEST_SHARE image=$GUEST_IMAGE udev=$1 merge='' path=$PATH name
  shift
  # So that lines of both keep their order.
  [ ! /dev/stdout -ef /dev/stderr ] || merge=yes
  for name in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
    [[ :$path: == *:$name:* ]] || path+=:$name
  done
  declare -p share image udev merge
  printf 'directory=%q\n' "$PWD"
  printf 'command=('
  printf ' %q' "$@"
  printf ')\n'
  printf 'environment=('
  printf ' %q' "PATH=$path" "HOME=$HOME" "LANG=${LANG:-C.UTF-8}" USER=root LOGNAME=root SHELL=/bin/bash \
    "CISTERN_GUEST_SHARE=$GUEST_SHARE"
  for name in LC_ALL TZ TERM JAVA_HOME JAVA_TOOL_OPTIONS MAVEN_OPTS MAVEN_ARGS; do
    [ -z "${!name:-}" ] || printf ' %q' "$name=${!name}"
  done
  printf ')\n'
}
