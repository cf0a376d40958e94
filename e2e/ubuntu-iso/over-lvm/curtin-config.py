"""curtin-config.py ubuntu-server|micro-linux DISK MEDIUM: prints what Subiquity would hand to curtin.

ubuntu-server: the guided layout with LVM, by its older way of partitioning.
micro-linux: the storage list of the medium's seed, by its newer way. Subiquity's model does this much to
it: the disk that its rules choose is named by its path, and -1 becomes the rest of the disk.
"""

import json
import subprocess
import sys

import yaml

MIB = 1 << 20
kind, disk, medium = sys.argv[1:]
size = int(subprocess.check_output(["blockdev", "--getsize64", disk]))


def ubuntu_server():
    boot, first = 2 << 30, 2 * MIB
    rest = size - first - boot - 2 * MIB
    part = {"type": "partition", "device": "disk0", "wipe": "superblock", "preserve": False}
    return 1, [
        {
            **{"type": "disk", "id": "disk0", "path": disk, "ptable": "gpt", "grub_device": True},
            **{"wipe": "superblock-recursive", "preserve": False},
        },
        {**part, "id": "part0", "size": MIB, "number": 1, "flag": "bios_grub"},
        {**part, "id": "part1", "size": boot, "number": 2, "flag": ""},
        {"type": "format", "id": "format0", "fstype": "ext4", "volume": "part1"},
        {**part, "id": "part2", "size": rest, "number": 3, "flag": ""},
        {"type": "lvm_volgroup", "id": "vg0", "name": "ubuntu-vg", "devices": ["part2"]},
        {
            **{"type": "lvm_partition", "id": "lv0", "name": "ubuntu-lv", "volgroup": "vg0"},
            **{"size": f"{rest // 2 // (4 * MIB) * 4 * MIB}B", "wipe": "superblock"},
        },
        {"type": "format", "id": "format1", "fstype": "ext4", "volume": "lv0"},
        {"type": "mount", "id": "mount1", "path": "/", "device": "format1"},
        {"type": "mount", "id": "mount0", "path": "/boot", "device": "format0"},
    ]


def micro_linux():
    with open(f"{medium}/autoinstall.yaml") as file:
        entries = yaml.safe_load(file)["storage"]["config"]
    sizes = {"K": 1 << 10, "M": MIB, "G": 1 << 30}
    # A table of partitions takes the first and the last MiB.
    end = MIB
    for entry in entries:
        if entry["type"] == "disk":
            entry.pop("match")
            entry["path"] = disk
        elif entry["type"] == "partition":
            start = entry.get("offset", end)
            text = str(entry["size"])
            if text == "-1":
                entry["size"] = (size - MIB - start) // MIB * MIB
            end = start + (int(text[:-1]) * sizes[text[-1]] if text[-1] in sizes else int(entry["size"]))
    return 2, entries


version, entries = ubuntu_server() if kind == "ubuntu-server" else micro_linux()
print(json.dumps({"storage": {"version": version, "config": entries}}))
