#!/bin/sh
# initrd.sh BUILD MODULES OUT: packs the agent, its init and the kernel's modules for virtio and
# zram. BUILD is where make has put the programs, MODULES the folder with the modules of the kernel
# (lib/modules/VERSION, as its package has them).
set -eu
build=$1 modules=$2 out=$3
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/dev" "$root/modules"
cp "$build/init" "$build/agent" "$root/"
: > "$root/modules/order"
# Dependencies first; what a kernel has built in is no file.
for name in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci \
	virtio_console lzo lzo-rle zstd_compress zstd lz4_compress lz4hc_compress lz4 lz4hc zsmalloc zram; do
	file=$(find "$modules" -name "$name.ko" -o -name "$name.ko.xz" | head -n 1)
	[ -n "$file" ] || continue
	case $file in
	*.xz) xz -dc "$file" > "$root/modules/$name.ko" ;;
	*) cp "$file" "$root/modules/$name.ko" ;;
	esac
	echo "$name.ko" >> "$root/modules/order"
done
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) > "$out"
