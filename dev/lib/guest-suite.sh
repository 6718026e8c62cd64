# shellcheck shell=bash
# Run in the guest, in the directory that guest_tests_stage made: prepares the disks and runs the test
# classes of each module with JUnit's launcher, one JVM for each module.
#
#   guest-suite.sh CLASSES [LAUNCHER-ARG...]
#
# CLASSES is a file: each line has a module and a class. Fails if a test failed, if there was none, or if something was left behind. The reports are in
# $CISTERN_GUEST_SHARE/MODULE, with what the crash suites have left in target.
set -euo pipefail

stage=$PWD
tests=$1
shift
mapfile -t properties <"$stage/properties"
properties+=(-Dcistern.test.guest=true -Dcistern.test.strict=true
  "-Dlogback.configurationFile=$stage/logback-test.xml")
letters=(a b c d e f g h i j k l m n o p q r s t)
number=0
while IFS=: read -r name _; do
  device=/dev/vd${letters[number]}
  number=$((number + 1))
  place=$device
  case $name in
    ext4* | xfs*)
      place=/mnt/$name
      mkdir -p "$place"
      "mkfs.${name%%.*}" -q "$device"
      mount "$device" "$place"
      ;;
  esac
  properties+=("-Dcistern.test.$name=$place")
done <"$stage/disks"
[ ! -e /run/udev/control ] || properties+=(-Dcistern.test.udev=true)
# Not in memory, where files have no user attributes and no FIEMAP.
mkdir /mnt/ext4/tmp
properties+=(-Djava.io.tmpdir=/mnt/ext4/tmp)

# The second compiler costs more than it brings where each instruction is emulated.
options=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto
  "-XX:ErrorFile=$CISTERN_GUEST_SHARE/hs_%p.log")
details=(--details testfeed)
[[ " $* " != *" --details"* ]] || details=()

code=0
for module in $(cut -d ' ' -f 1 "$tests" | sort -u); do
  # What a guest that is ended has reported by then is not lost.
  rm -rf target
  mkdir -p target "$CISTERN_GUEST_SHARE/$module/crash-reports"
  ln -s "$CISTERN_GUEST_SHARE/$module/crash-reports" target/crash-reports
  mapfile -t classes < <(sed -n "s/^$module /--select-class=/p" "$tests")
  java "${options[@]}" "${properties[@]}" -cp "$(<"$stage/modules/$module/class-path")" \
    org.junit.platform.console.ConsoleLauncher execute --include-engine junit-jupiter \
    --disable-banner --disable-ansi-colors --fail-if-no-tests "${details[@]}" \
    --reports-dir "$CISTERN_GUEST_SHARE/$module" "${classes[@]}" "$@" || code=$?
  [ ! -e target/victim-errors.txt ] || mv target/victim-errors.txt "$CISTERN_GUEST_SHARE/$module/"
  # A JVM that crashed: what comes after it would be run again anyway.
  [ "$code" -lt 128 ] || exit "$code"
done

left=$(dmsetup ls | grep -vx 'No devices found' || true; losetup --noheadings --list --output NAME,BACK-FILE)
if [ -n "$left" ]; then
  echo "The tests left devices behind:"
  echo "$left"
  [ "$code" -ne 0 ] || code=3
fi
exit "$code"
