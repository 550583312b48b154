#!/bin/sh
# guest.sh KERNEL INITRD: boots Linux with MTE under QEMU and connects the agent in it to stdin and
# stdout. It is the COMMAND of mte-oracle test --vocabulary process --adapter "COMMAND".
exec qemu-system-aarch64 -nodefaults -display none -no-reboot \
	-M virt,mte=on,gic-version=3 -cpu max,pauth-impdef=on,sve=off,sme=off -m 256 -smp 1 \
	-kernel "$1" -initrd "$2" -append "console=ttyAMA0 loglevel=3 panic=-1" \
	-serial "file:${SERIAL:-/dev/null}" -chardev stdio,id=host,signal=off \
	-device virtio-serial-pci -device virtserialport,chardev=host,name=agent
