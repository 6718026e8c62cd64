# shellcheck shell=bash
# Sourced: file systems on loop images in one temporary directory, and commands run on them, of
# which nothing is left, however the script ends.
#
#   cistern_work_dir                            makes $CISTERN_WORK; from here on an exit, a
#                                               Ctrl-C or a TERM takes everything down
#   cistern_loop_fs xfs 2G "$CISTERN_WORK/xfs"  makes, mounts
#   cistern_loop_fs_writable                    fails if the kernel has given one of them up
#   cistern_run mvn verify                      runs; its descendants end with the script
#   cistern_start mvn verify                    the same, but does not wait: its process id is $!
#   cistern_teardown                            takes everything down now
#
# Only what is below $CISTERN_WORK is ever unmounted or detached, only what cistern_run or cistern_start
# started is ever killed.

CISTERN_WORK=
CISTERN_IMAGES=()

# Ends the script, with the reason, where loop mounts cannot work.
cistern_require_loop() {
  if [ "$(id -u)" -ne 0 ]; then
    echo "Mounting a file system needs root: run this again as root." >&2
    exit 1
  fi
  if [ ! -c /dev/loop-control ]; then
    echo "There is no /dev/loop-control here, so no image can be mounted." >&2
    echo "Load the kernel's loop module (modprobe loop), or give this container the device." >&2
    exit 1
  fi
}

cistern_work_dir() {
  # Mount tables and loop devices show the real path.
  CISTERN_WORK=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/cistern.XXXXXXXXXX")")
  trap '_cistern_exit $?' EXIT
  _cistern_exit_on_signals
  if [[ $CISTERN_WORK =~ [[:space:]] ]]; then
    echo "TMPDIR must not have a space in its name: $CISTERN_WORK" >&2
    exit 1
  fi
}

# cistern_loop_fs FSTYPE SIZE DIR [MKFS-OPTION...]
# Makes a file system in a sparse image, DIR.img, and mounts it on DIR, which is below $CISTERN_WORK.
cistern_loop_fs() {
  local type=$1 size=$2 dir=$3 options=loop reason
  shift 3
  if [[ -z $CISTERN_WORK || $dir != "$CISTERN_WORK"/* ]]; then
    echo "cistern_loop_fs: $dir is not below the work directory" >&2
    exit 1
  fi
  CISTERN_IMAGES+=("$dir.img")
  mkdir -p "$dir"
  truncate -s "$size" "$dir.img"
  if ! reason=$("mkfs.$type" -q "$@" "$dir.img" 2>&1); then
    echo "No $type could be made in $dir.img: $reason" >&2
    exit 1
  fi
  # What a transaction of btrfs frees can be used only after it. Tests that sync all the time fill a small
  # metadata chunk so in the 30 seconds that one takes otherwise, and the kernel may then make the file
  # system read-only for want of space.
  [ "$type" != btrfs ] || options+=,commit=5
  if ! reason=$(mount -t "$type" -o "$options" "$dir.img" "$dir" 2>&1); then
    echo "A $type on a loop device could not be mounted: $reason" >&2
    echo "Does this kernel have loop devices and $type, and may this container mount?" >&2
    exit 1
  fi
}

# Says on stderr which of the file systems the kernel has given up, and what it said; fails then. Only some
# of them are read-only by their options then. That one is full is no failure.
cistern_loop_fs_writable() {
  local image dir reason failed=0
  for image in "${CISTERN_IMAGES[@]}"; do
    dir=${image%.img}
    if ! reason=$({ : >"$dir/.cistern-writable" && rm "$dir/.cistern-writable"; } 2>&1) &&
      [[ $reason != *'No space left'* ]]; then
      echo "Nothing can be written to $dir any more, so what failed there may be the kernel's failure: $reason" >&2
      failed=1
    fi
  done
  [ "$failed" -eq 0 ] || dmesg 2>/dev/null | grep -E 'BTRFS|XFS|EXT4' | grep -iE 'error|abort|read-only|readonly|shut' | tail -n 20 >&2
  return "$failed"
}

# cistern_run COMMAND [ARG...]
# Runs it without standard input. It is in the background, so that a signal to this script acts at
# once, and carries a mark in its environment, by which all of its descendants are found.
cistern_run() {
  cistern_start "$@"
  wait "$!"
}

cistern_start() {
  set -m
  env "CISTERN_RUN=$CISTERN_WORK" "$@" </dev/null &
  set +m
}

# Says on stderr what could not be taken down, and fails.
cistern_teardown() {
  local failed=0
  [ -n "$CISTERN_WORK" ] || return 0
  # Not to be stopped half-way by a second Ctrl-C.
  trap '' HUP INT TERM
  _cistern_kill || failed=1
  _cistern_unmount_where foreign || failed=1
  _cistern_detach_foreign_loops || failed=1
  _cistern_unmount_where own || failed=1
  _cistern_await_no_loops || failed=1
  _cistern_delete || failed=1
  if [ "$failed" -ne 0 ]; then
    echo "Not all of $CISTERN_WORK could be taken down." >&2
  fi
  CISTERN_WORK=
  CISTERN_IMAGES=()
  _cistern_exit_on_signals
  return "$failed"
}

_cistern_exit_on_signals() {
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

_cistern_exit() {
  cistern_teardown || [ "$1" -ne 0 ] || exit 1
}

_cistern_processes() {
  local file
  grep -lzsxF "CISTERN_RUN=$CISTERN_WORK" /proc/[0-9]*/environ | while IFS=/ read -r _ _ file _; do
    echo "$file"
  done
}

_cistern_kill() {
  local signal try pids
  for signal in TERM KILL; do
    for ((try = 0; try < 25; try++)); do
      mapfile -t pids < <(_cistern_processes)
      [ "${#pids[@]}" -gt 0 ] || return 0
      [ "$try" -gt 0 ] || kill -s "$signal" "${pids[@]}" 2>/dev/null || true
      sleep 0.2
    done
  done
  echo "Processes that cannot be killed: ${pids[*]}" >&2
  return 1
}

# Loop devices on files below $CISTERN_WORK: a device, a space, "own" or "foreign", a space, the
# file. Own ones are those that cistern_loop_fs made; they go with their mount.
_cistern_loops() {
  local device file image owner
  losetup --list --noheadings --raw --output NAME,BACK-FILE | while read -r device file; do
    [[ $file == "$CISTERN_WORK"/* ]] || continue
    owner=foreign
    for image in "${CISTERN_IMAGES[@]}"; do
      [ "$file" != "$image" ] || owner=own
    done
    echo "$device $owner ${file//\\x20/ }"
  done
}

# The mount points of own or of foreign loop devices, wherever they are, the newest first. All else
# that is mounted below $CISTERN_WORK is foreign. A mount that another one covers is not shown, as
# unmounting its mount point would take the other one.
_cistern_mounts() {
  OWNER=$1 WORK=$CISTERN_WORK/ LOOPS=$(_cistern_loops) awk '
    BEGIN {
      n = split(ENVIRON["LOOPS"], line, "\n")
      for (i = 1; i <= n; i++) { split(line[i], word, " "); owners[word[1]] = word[2] }
    }
    {
      # See proc(5): the source comes second after a field that is a dash.
      for (dash = 7; $dash != "-"; dash++) { }
      source = $(dash + 2)
      owner[$5] = source in owners ? owners[source] : index($5, ENVIRON["WORK"]) == 1 ? "foreign" : ""
      point[NR] = $5
      top[$5] = NR
    }
    END {
      for (i = NR; i > 0; i--)
        if (top[point[i]] == i && owner[point[i]] == ENVIRON["OWNER"]) print point[i]
    }' /proc/self/mountinfo
}

# Tries for three seconds; what is in use even then is unmounted lazily.
_cistern_unmount_where() {
  local try options mounts mount
  for ((try = 0; try < 16; try++)); do
    mapfile -t mounts < <(_cistern_mounts "$1")
    [ "${#mounts[@]}" -gt 0 ] || return 0
    options=()
    if [ "$try" -eq 15 ]; then
      echo "Still in use, so unmounted lazily: ${mounts[*]}" >&2
      options=(--lazy)
    fi
    for mount in "${mounts[@]}"; do
      # The table shows a space as \040.
      umount "${options[@]}" "$(printf %b "$mount")" 2>/dev/null || sleep 0.2
    done
  done
}

_cistern_detach_foreign_loops() {
  local device owner file failed=0
  while read -r device owner file; do
    [ "$owner" = foreign ] || continue
    echo "Detaching $device, which was left on $file" >&2
    losetup --detach "$device" || failed=1
  done < <(_cistern_loops)
  return "$failed"
}

_cistern_await_no_loops() {
  local try loops
  for ((try = 0; try < 10; try++)); do
    mapfile -t loops < <(_cistern_loops)
    [ "${#loops[@]}" -gt 0 ] || return 0
    sleep 0.2
  done
  printf 'Still attached: %s\n' "${loops[@]}" >&2
  return 1
}

# Never descends into a mount that is still there: it might be a bind mount of anything.
_cistern_delete() {
  local mounts
  mounts=$(_cistern_mounts foreign && _cistern_mounts own) || return 1
  if [ -n "$mounts" ]; then
    echo "Still mounted: $mounts" >&2
    return 1
  fi
  rm -rf --one-file-system "$CISTERN_WORK"
}
