# shellcheck shell=bash
# Sourced, after loopfs.sh: runs the test classes *GuestIT, which need device-mapper, in dev/guest.
#
#   guest_tests_find [PATTERN...]      finds the classes; sets $GUEST_TESTS
#   guest_tests_stage                  copies what the guests need, once Maven has compiled it
#   guest_tests_run VARIANT            runs them in one guest, and shows all that it prints
#   guest_tests_run_side_by_side       runs them in many guests with either variant, a few at a time
#   guest_tests_results DIR            copies what the guests left, for TestReport.java to read
#
# A variant is "plain" or "udev". The guests see a copy, as they cache what they have read: Maven, or
# an editor, may change the files meanwhile. Maven itself does not run in them. See guest-suite.sh.
#
# Each guest has a directory below $CISTERN_WORK/guest: "classes" has what it is to run, "variant" says
# with what; then come "output", "results", "exit-code", and "crash-*" if the JVM crashed in it or it stood still.

# Each a name and a size; for ext4 and xfs a file system is made and mounted. The tests get the mount, or
# the device if there is no file system, as the system property cistern.test.NAME.
GUEST_TESTS_DISKS=(ext4:4G xfs:4G ext4.small:64M xfs.small:320M lvm:4G lvm2:1G)

# Those that take an hour where each command of LVM takes a good part of a second, and those that differ
# little from another class: run only when a pattern other than * names them, as by dev/guest-test
# 'LvmThin*', and by dev/test --thorough.
GUEST_TESTS_ON_DEMAND='@(LvmThin@(*Conformance*|Abuse)|FileXfs@(PowerCut|WriteLog|Kill|Model|Fault|Full|Abuse|Rival))GuestIT'

# Those that dev/test runs without udev only, or with udev only, unless it is thorough: they take minutes or
# a quarter of an hour, twice as much with udev, and what the other variant changes for them, other classes
# run with it.
GUEST_TESTS_PLAIN_ONLY='@(*Conformance|KilledProcess|LvmScenarios|*PowerCut|*WriteLog|*Kill|*Fault|*Full|*Model|*Abuse|*Rival|MetadataFill)GuestIT'
GUEST_TESTS_UDEV_ONLY='@(GroupMetadata|PhysicalVolumes|UnzeroedPool)GuestIT'

# Those that take so long that each has guests of its own.
GUEST_TESTS_APART='*@(Conformance*|PowerCut|WriteLog|Kill|Fault|Full)GuestIT'

# In seconds: for a guest; for one test in it, which says then where its threads are; and for a guest that
# prints nothing, as one does whose emulated processor stands still. Far more than it takes, far less than
# for ever; who asks for more operations than dev/test does sets them in the environment.
: "${GUEST_TESTS_LIMIT:=3600}" "${GUEST_TESTS_ONE_LIMIT:=720}" "${GUEST_TESTS_STILL_LIMIT:=780}"
GUEST_TESTS_THOROUGH_LIMIT=604800
GUEST_TESTS_THOROUGH_ONE_LIMIT=86400
GUEST_TESTS_THOROUGH_STILL_LIMIT=87000

# "yes" to leave no class out and try each step of each operation.
GUEST_TESTS_THOROUGH=

# Each a module, a space, a class.
GUEST_TESTS=()
_GUEST_TESTS_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
_GUEST_TESTS_SOURCES=src/test/java

# guest_tests_find [PATTERN...]
# Those whose name without the package is like one of the patterns; all if there is none. It asks the
# sources: what was compiled earlier might be there no more.
guest_tests_find() {
  local source module class pattern
  GUEST_TESTS=()
  for source in $(cd "$_GUEST_TESTS_ROOT" && find ./*/"$_GUEST_TESTS_SOURCES" -name '*GuestIT.java' | sort); do
    source=${source#./}
    module=${source%%/*}
    class=${source#"$module/$_GUEST_TESTS_SOURCES/"}
    class=${class%.java}
    class=${class//\//.}
    for pattern in "${@:-*}"; do
      # shellcheck disable=SC2053 # a pattern
      [[ -n $GUEST_TESTS_THOROUGH || $pattern != '*' || ${class##*.} != $GUEST_TESTS_ON_DEMAND ]] || continue
      # shellcheck disable=SC2053 # a pattern
      if [[ ${class##*.} == $pattern ]]; then
        GUEST_TESTS+=("$module $class")
        break
      fi
    done
  done
}

guest_tests_modules() {
  [ "${#GUEST_TESTS[@]}" -eq 0 ] || printf '%s\n' "${GUEST_TESTS[@]}" | cut -d ' ' -f 1 | sort -u
}

# Whether Maven has compiled the module's tests since guest_tests_forget.
guest_tests_compiled() {
  [ -e "$_GUEST_TESTS_ROOT/$1/target/guest-class-path" ]
}

# Leaves out the classes of modules that Maven has not compiled.
guest_tests_keep_compiled() {
  local test kept=()
  for test in "${GUEST_TESTS[@]}"; do
    ! guest_tests_compiled "${test%% *}" || kept+=("$test")
  done
  GUEST_TESTS=("${kept[@]}")
}

# To be called before Maven.
guest_tests_forget() {
  rm -rf "$_GUEST_TESTS_ROOT"/*/target/guest-class-path "$_GUEST_TESTS_ROOT"/target/guest-launcher
}

# Copies the modules that Maven has compiled.
guest_tests_stage() {
  local stage=$CISTERN_WORK/guest/stage module entry entries copies
  local -A copied=()
  mkdir -p "$stage/class-path" "$stage/modules"
  cp "$_GUEST_TESTS_ROOT/dev/lib/guest-suite.sh" "$_GUEST_TESTS_ROOT/dev/logback-test.xml" "$stage"
  printf '%s\n' "${GUEST_TESTS_DISKS[@]}" >"$stage/disks"
  _guest_tests_properties >"$stage/properties"
  for module in $(guest_tests_modules); do
    guest_tests_compiled "$module" || continue
    IFS=: read -r -a entries <<<"$(<"$_GUEST_TESTS_ROOT/$module/target/guest-class-path")"
    copies=
    for entry in "$_GUEST_TESTS_ROOT/$module"/target/{test-classes,classes} "${entries[@]}" \
      "$_GUEST_TESTS_ROOT"/target/guest-launcher/*.jar; do
      [ -e "$entry" ] || continue
      if [ -z "${copied[$entry]:-}" ]; then
        copied[$entry]=$stage/class-path/${#copied[@]}-${entry##*/}
        cp -r "$entry" "${copied[$entry]}"
      fi
      copies+=:${copied[$entry]}
    done
    mkdir "$stage/modules/$module"
    echo "${copies#:}" >"$stage/modules/$module/class-path"
  done
}

_guest_tests_properties() {
  local thorough=false limit=$GUEST_TESTS_ONE_LIMIT
  if [ -n "$GUEST_TESTS_THOROUGH" ]; then
    thorough=true
    limit=$GUEST_TESTS_THOROUGH_ONE_LIMIT
  fi
  printf -- '-D%s\n' "cistern.test.thorough=$thorough" \
    "junit.jupiter.execution.timeout.default=$limit" \
    junit.jupiter.execution.timeout.threaddump.enabled=true
}

# guest_tests_run VARIANT [-- LAUNCHER-ARG...]
# Fails if anything did not go well.
guest_tests_run() {
  local variant=$1
  shift
  [ $# -eq 0 ] || shift
  _guest_tests_add "$variant" "$variant" "${GUEST_TESTS[@]}" >/dev/null
  _guest_tests_start live "$variant" "$@"
  _guest_tests_end live "$variant" "$!"
  if _guest_tests_crashed "$variant"; then
    _guest_tests_put_crash_aside "$variant"
    _guest_tests_start live "$variant" "$@"
    _guest_tests_end live "$variant" "$!"
  fi
  [ "$(<"$CISTERN_WORK/guest/$variant/exit-code")" = 0 ]
}

# Fails if anything did not go well in one of them. Runs a guest again only if the JVM crashed in it, or
# if it stood still.
guest_tests_run_side_by_side() {
  local guest guests=() at_once ended failed=0
  local -A running=()
  at_once=$(_guest_tests_at_once)
  mkdir -p "$CISTERN_WORK/guest"
  _guest_tests_divide >"$CISTERN_WORK/guest/order"
  mapfile -t guests <"$CISTERN_WORK/guest/order"
  _guest_tests_tell
  while [ "${#guests[@]}" -gt 0 ] || [ "${#running[@]}" -gt 0 ]; do
    while [ "${#guests[@]}" -gt 0 ] && [ "${#running[@]}" -lt "$at_once" ]; do
      _guest_tests_start quiet "${guests[0]}"
      running[$!]=${guests[0]}
      _guest_tests_watch "${guests[0]}" "$!"
      guests=("${guests[@]:1}")
    done
    # Its exit code is asked for below.
    wait -n -p ended "${!running[@]}" || true
    guest=${running[$ended]}
    unset "running[$ended]"
    _guest_tests_end quiet "$guest" "$ended"
    if _guest_tests_crashed "$guest" && [ ! -e "$CISTERN_WORK/guest/$guest/crash-exit-code" ]; then
      _guest_tests_put_crash_aside "$guest"
      guests=("$guest" "${guests[@]}")
    elif [ "$(<"$CISTERN_WORK/guest/$guest/exit-code")" != 0 ]; then
      failed=1
    fi
  done
  return "$failed"
}

# For each a processor, which emulation keeps busy, and 5 GiB.
_guest_tests_at_once() {
  local processors memory
  processors=$(nproc)
  memory=$(awk '$1 == "MemTotal:" { print int($2 / 1024 / 1024 / 5) }' /proc/meminfo)
  echo $((memory < 1 ? 1 : memory < processors ? memory : processors))
}

# Says which guest runs what, and prints their names: each of GUEST_TESTS_APART has one for itself. Those
# that take longest come first, so that none is left alone at the end.
_guest_tests_divide() {
  local variant test rest apart
  for variant in udev plain; do
    rest=() apart=()
    for test in "${GUEST_TESTS[@]}"; do
      _guest_tests_has "$variant" "${test##*.}" || continue
      # shellcheck disable=SC2053 # a pattern
      if [[ ${test##*.} == $GUEST_TESTS_APART ]]; then
        apart+=("$test")
      else
        rest+=("$test")
      fi
    done
    [ "${#rest[@]}" -eq 0 ] || _guest_tests_add "$variant" "$variant" "${rest[@]}"
    for test in "${apart[@]}"; do
      _guest_tests_add "$variant-${test##*.}" "$variant" "$test"
    done
  done
}

# _guest_tests_has VARIANT CLASS
_guest_tests_has() {
  local -A others=([udev]=$GUEST_TESTS_PLAIN_ONLY [plain]=$GUEST_TESTS_UDEV_ONLY)
  # shellcheck disable=SC2053 # a pattern
  [[ -n $GUEST_TESTS_THOROUGH || $2 != ${others[$1]} ]]
}

# _guest_tests_add GUEST VARIANT TEST...
_guest_tests_add() {
  local dir=$CISTERN_WORK/guest/$1
  mkdir -p "$dir"
  echo "$1"
  echo "$2" >"$dir/variant"
  shift 2
  printf '%s\n' "$@" >"$dir/classes"
}

# guest_tests_results DIR
# DIR gets a directory for each guest.
guest_tests_results() {
  local dir=$1 guest
  mkdir -p "$dir"
  for guest in "$CISTERN_WORK"/guest/*/classes; do
    guest=${guest%/classes}
    rm -rf "$guest/tmp"
    cp -r "$guest" "$dir/"
  done
}

# _guest_tests_start LIVE GUEST [LAUNCHER-ARG...]
# LIVE is "live" to show all that it prints, or "quiet". The process id is $!. One emulated processor is enough: there is a real one for each guest.
_guest_tests_start() {
  local live=$1 dir=$CISTERN_WORK/guest/$2 disk limit=$GUEST_TESTS_LIMIT options=(--one-processor)
  shift 2
  for disk in "${GUEST_TESTS_DISKS[@]}"; do
    options+=(--disk "${disk#*:}")
  done
  [ "$(<"$dir/variant")" != udev ] || options+=(--udev)
  [ -z "$GUEST_TESTS_THOROUGH" ] || limit=$GUEST_TESTS_THOROUGH_LIMIT
  mkdir -p "$dir/results" "$dir/tmp"
  # In the work directory, which the guest sees, even if it is in /tmp, by being there.
  local command=(env --chdir "$CISTERN_WORK/guest/stage" "TMPDIR=$dir/tmp"
    "$_GUEST_TESTS_ROOT/dev/guest" --memory 4G --time-limit "$limit"
    --share "$dir/results" "${options[@]}" -- bash guest-suite.sh "$dir/classes" "$@")
  # The lock of dev/test is not the guest's to hold.
  if [ "$live" = live ]; then
    cistern_start "${command[@]}" 9<&-
  else
    cistern_start "${command[@]}" >"$dir/output" 2>&1 9<&-
  fi
}

# Says every minute how far the guests are, as long as one runs.
_guest_tests_tell() {
  # shellcheck disable=SC2016 # for that bash
  cistern_start bash -c '
    cd "$CISTERN_RUN/guest"
    while sleep 60; do
      for guest in */; do
        [ ! -e "$guest/output" ] || [ -e "$guest/exit-code" ] ||
          echo "Guest ${guest%/}: $(grep -acE " :: (SUCCESSFUL|FAILED|ABORTED|SKIPPED)" "$guest/output") tests done"
      done
    done' 9<&-
}

# _guest_tests_watch GUEST PID
# Ends it if it stands still.
_guest_tests_watch() {
  local limit=$GUEST_TESTS_STILL_LIMIT
  [ -z "$GUEST_TESTS_THOROUGH" ] || limit=$GUEST_TESTS_THOROUGH_STILL_LIMIT
  # shellcheck disable=SC2016 # for that bash
  cistern_start bash -c '
    while sleep 10 && kill -0 "$2" 2>/dev/null; do
      printed=$(stat -c %Y "$1/output")
      if [ "$(($(date +%s) - printed))" -gt "$3" ]; then
        touch "$1/stood-still"
        kill "$2"
        exit
      fi
    done' watch "$CISTERN_WORK/guest/$1" "$2" "$limit" 9<&-
}

# _guest_tests_end LIVE GUEST PID
_guest_tests_end() {
  local code=0 dir=$CISTERN_WORK/guest/$2
  wait "$3" || code=$?
  echo "$code" >"$dir/exit-code"
  [ "$1" != live ] || return 0
  echo
  echo "The guest $2 ended with exit code $code. It printed:"
  # What went well is in the report.
  grep -avE ' :: (STARTED|SUCCESSFUL)$' "$dir/output" || true
}

# Whether the JVM was ended by a signal that tells of a bug in it, or in the emulation of a processor; or
# nothing went on any more, not even the clock that ends a test.
_guest_tests_crashed() {
  local dir=$CISTERN_WORK/guest/$1
  [ -e "$dir/stood-still" ] || [ -n "$(find "$dir/results" -name 'hs_*.log')" ] || [[ $(<"$dir/exit-code") =~ ^(134|139)$ ]]
}

_guest_tests_put_crash_aside() {
  local dir=$CISTERN_WORK/guest/$1
  mv "$dir/results" "$dir/crash-results"
  mv "$dir/exit-code" "$dir/crash-exit-code"
  [ ! -e "$dir/output" ] || mv "$dir/output" "$dir/crash-output"
  echo
  if [ -e "$dir/stood-still" ]; then
    mv "$dir/stood-still" "$dir/crash-stood-still"
    echo "THE GUEST $1 STOOD STILL. All its tests run once again. Its last words were:"
    tail -n 40 "$dir/crash-output"
    return
  fi
  echo "THE JVM CRASHED in the guest $1. All its tests run once again. Its error file began:"
  find "$dir/crash-results" -name 'hs_*.log' -exec head -n 40 {} +
}
