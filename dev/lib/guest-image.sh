# shellcheck shell=bash
# Sourced by dev/guest: the guest's kernel and initramfs, kept in a cache for the next run.
#
# Everything is downloaded and unpacked, never installed, so no service of LVM or udev can start on
# this machine. What an installation would add to this machine or replace is a layer that the guest
# lays over this machine's files.

# What the guest must have: a file, relative to the root, and its package. Those that this machine has
# are used from there.
GUEST_TOOLS=(
  usr/sbin/lvm:lvm2
  usr/sbin/dmsetup:dmsetup
  usr/sbin/thin_check:thin-provisioning-tools
  usr/sbin/modprobe:kmod
  usr/lib/systemd/systemd-udevd:udev
  usr/sbin/losetup:mount
  usr/sbin/mkfs.ext4:e2fsprogs
  usr/sbin/mkfs.xfs:xfsprogs
  usr/sbin/mkfs.btrfs:btrfs-progs
)

# In the initramfs, with what they depend on: as much as it takes to see this machine's files. The
# guest loads all others from the cache.
GUEST_BOOT_MODULES=(virtio_pci virtiofs overlay)

GUEST_IMAGE=

# Sets $GUEST_IMAGE to the directory with vmlinuz, initrd and modules; makes it if there is none.
guest_image() {
  local hash found package kernel
  # A change of this script or of the Debian release makes another one.
  hash=$(cat "$GUEST_LIB/guest-image.sh" "$GUEST_LIB/guest-init.sh" /etc/os-release | sha256sum)
  hash=${hash:0:12}
  for found in "$(guest_cache)"/guest-*-"$hash"; do
    if [ -d "$found" ] && _guest_image_complete "$found"; then
      GUEST_IMAGE=$found
      touch "$found"
      flock --unlock "$GUEST_LOCK"
      return 0
    fi
  done

  echo "dev/guest: Downloading the guest's kernel and tools" >&2
  _guest_apt update -qq
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" { print $2; exit }')
  [[ $package == linux-image-* ]] ||
    _guest_fail "No package linux-image-cloud-amd64 here: is this Debian, with its usual sources for apt?"
  kernel=${package#linux-image-}
  GUEST_IMAGE=$(guest_cache)/guest-$kernel-$hash
  _guest_image_build "$package" "$kernel" "$CISTERN_WORK/image"
  # Not by one that is running: they last shorter.
  find "$(guest_cache)" -mindepth 1 -maxdepth 1 -name 'guest-*-*' -mtime +14 -exec rm -rf {} +
  rm -rf "$GUEST_IMAGE" "$GUEST_IMAGE.new"
  cp -r --sparse=always "$CISTERN_WORK/image/result" "$GUEST_IMAGE.new"
  mv "$GUEST_IMAGE.new" "$GUEST_IMAGE"
  rm -rf "$CISTERN_WORK/image"
  flock --unlock "$GUEST_LOCK"
}

# Whether all tools that were taken from this machine are still there.
_guest_image_complete() {
  local tool
  while read -r tool; do
    [ -e "/$tool" ] || return 1
  done <"$1/tools-of-this-machine"
}

_guest_apt() {
  local log=$CISTERN_WORK/apt.log
  if ! DEBIAN_FRONTEND=noninteractive apt-get -o APT::Sandbox::User=root "$@" </dev/null >"$log" 2>&1; then
    cat "$log" >&2
    _guest_fail "This did not work: apt-get $*"
  fi
}

# _guest_image_build PACKAGE KERNEL DIR
_guest_image_build() {
  local package=$1 kernel=$2 dir=$3 layer=$3/layer initrd=$3/initrd result=$3/result
  local tool file wanted=() packages=() directory module
  mkdir -p "$dir/packages" "$dir/kernel" "$layer" "$initrd"/{bin,dev,proc,sys,root,write,layer} "$result"

  for tool in "${GUEST_TOOLS[@]}"; do
    if [ -e "/${tool%%:*}" ]; then
      echo "${tool%%:*}" >>"$result/tools-of-this-machine"
    else
      wanted+=("${tool#*:}")
    fi
  done
  touch "$result/tools-of-this-machine"
  # With what they depend on that is not here, or only in a version that they do not go with.
  if [ "${#wanted[@]}" -gt 0 ]; then
    _guest_apt install --simulate --no-install-recommends "${wanted[@]}"
    mapfile -t packages < <(
      sed -nE 's/^Inst ([^ ]+) (\[[^]]*\] )?\(([^ ]+) .*/\1=\3/p' "$CISTERN_WORK/apt.log"
    )
  fi
  (cd "$dir/packages" && _guest_apt download "${packages[@]}" "$package" busybox-static)

  for file in "$dir"/packages/*.deb; do
    case ${file##*/} in
      linux-image-*) dpkg -x "$file" "$dir/kernel" ;;
      busybox-static_*) dpkg -x "$file" "$dir/busybox" ;;
      *) dpkg -x "$file" "$layer" ;;
    esac
  done
  # /sbin is a link to /usr/sbin here, which a directory in the layer would hide.
  for directory in bin sbin lib lib32 lib64 libx32; do
    if [ -d "$layer/$directory" ] && [ -L "/$directory" ]; then
      mkdir -p "$layer/usr/$directory"
      cp -a "$layer/$directory/." "$layer/usr/$directory/"
      rm -rf "${layer:?}/$directory"
    fi
  done
  # The hardware database is of no use before an installation has compiled it.
  rm -rf "${layer:?}"/usr/lib/udev/hwdb.d "${layer:?}"/usr/share/{doc,man,locale,info,bug,lintian}
  for tool in "${GUEST_TOOLS[@]}"; do
    tool=${tool%%:*}
    [ -e "/$tool" ] || [ -e "$layer/$tool" ] || [ -L "$layer/$tool" ] ||
      _guest_fail "The package for /$tool was unpacked, but does not have it."
  done

  cp "$dir/kernel/boot/vmlinuz-$kernel" "$result/vmlinuz"
  _guest_kmod "$layer" depmod -b "$dir/kernel" "$kernel"
  mkdir "$result/modules"
  mv "$dir/kernel/lib/modules/$kernel" "$result/modules/"

  mkdir -p "$initrd/lib/modules/$kernel"
  cp "$result/modules/$kernel"/modules.{order,builtin,builtin.modinfo} "$initrd/lib/modules/$kernel/"
  mkdir -p "$dir/kernel/lib/modules"
  ln -s "$result/modules/$kernel" "$dir/kernel/lib/modules/$kernel"
  for module in "${GUEST_BOOT_MODULES[@]}"; do
    _guest_kmod "$layer" modprobe -d "$dir/kernel" -S "$kernel" --show-depends "$module"
  done | sort -u | while read -r _ file _; do
    [[ $file == /* ]] || continue
    file=${file#"$dir/kernel"}
    mkdir -p "$initrd${file%/*}"
    cp "$dir/kernel$file" "$initrd$file"
  done
  _guest_kmod "$layer" depmod -b "$initrd" "$kernel"

  cp "$dir/busybox/bin/busybox" "$initrd/bin/busybox"
  cp "$GUEST_LIB/guest-init.sh" "$initrd/init"
  chmod 755 "$initrd/init"
  cp -a "$layer/." "$initrd/layer/"
  (cd "$initrd" && find . -print0 | sort -z |
    "$dir/busybox/bin/busybox" cpio -0 -o -H newc 2>/dev/null) >"$result/initrd"
}

# _guest_kmod LAYER NAME [ARG...]: depmod or modprobe, which this machine may not have.
_guest_kmod() {
  local layer=$1 name=$2 kmod=/usr/bin/kmod
  shift 2
  [ ! -e "$layer$kmod" ] || kmod=$layer$kmod
  (export LD_LIBRARY_PATH="$layer/usr/lib/x86_64-linux-gnu" && exec -a "$name" "$kmod" "$@")
}
