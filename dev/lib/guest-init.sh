#!/bin/busybox sh
# shellcheck shell=dash
# The first process in the guest, from the initramfs: lays a writable layer in memory over the files of
# the machine that started the guest, makes that the root and goes on with guest-run.sh.
# If anything fails, it ends, and the kernel panics.
set -eu

busybox=/bin/busybox
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sysfs /sys
$busybox mount -t devtmpfs devtmpfs /dev
for module in virtio_pci virtiofs overlay; do
  $busybox modprobe "$module"
done

$busybox mkdir /host
$busybox mount -t virtiofs -o ro root /host
$busybox mount -t tmpfs -o size=50% write /write
$busybox mkdir /write/upper /write/work
# The layer has the tools that the machine may lack; it stays in the initramfs.
$busybox mount -t overlay -o lowerdir=/layer:/host,upperdir=/write/upper,workdir=/write/work root /root
for directory in proc sys dev; do
  $busybox mount --move "/$directory" "/root/$directory"
done
cd /root
# As switch_root, which would delete the layer.
$busybox mount --move . /
exec $busybox chroot . /bin/bash "$CISTERN_WORK/in/run"
