# shellcheck shell=bash
# Sourced: the packages that a command of dev/ needs.

# cistern_require_packages COMMAND:PACKAGE...
# Installs the Debian package of each command that is missing; says what to install if it may not.
cistern_require_packages() {
  local pair missing=()
  # A user's PATH may lack the directories that mkfs and losetup are in.
  PATH="$PATH:/usr/sbin:/sbin"
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0

  # Another one that installs now ends within minutes.
  local apt=(apt-get -o DPkg::Lock::Timeout=300) install=(install -y --no-install-recommends)
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Packages are missing. Install them, as root:" >&2
    echo "  apt-get update && apt-get ${install[*]} ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" update -qq </dev/null
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" "${install[@]}" -qq "${missing[@]}" </dev/null
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null && continue
    echo "${pair#*:} is installed, but there is still no command ${pair%%:*}" >&2
    exit 1
  done
}
