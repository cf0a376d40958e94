#!/usr/bin/env python3
"""What Subiquity and curtin say of storage sections: the oracle of compare.ts, run by hand.

Reads one JSON object a line, {"id": ..., "storage": ...}, and answers each with one line:

  {"id": ..., "runs": {"bios-1": null, "bios-2": "TypeError: ...", "uefi-1": ..., "uefi-2": ...}}

A run is a firmware and a storage version; null means accepted. Two programs decide, in the order of
an installation:

1. Subiquity: its storage controller converts the section and checks root and boot loader.
2. curtin: block-meta's own handlers act on what Subiquity renders for them.

Only the edge to the machine is replaced: devices are not opened, and of the programs only sfdisk,
sgdisk and parted run, on empty files as large as the disks. The machine has three blank disks.
"""

import argparse
import asyncio
import builtins
import contextlib
import copy
import json
import os
import subprocess
import sys
import tempfile
from unittest import mock

GIB = 1 << 30
# path, serial, bytes, rotational
DISKS = [
    ("/dev/vda", "blank-1", 100 * GIB),
    ("/dev/vdb", "blank-2", 200 * GIB),
    ("/dev/vdc", "blank-3", 300 * GIB),
]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("subiquity", "curtin", "probert"):
        parser.add_argument(f"--{name}", required=True, help=f"checkout of canonical/{name}")
    return parser.parse_args()


ARGUMENTS = parse_arguments()
sys.path[:0] = [ARGUMENTS.subiquity, ARGUMENTS.curtin, ARGUMENTS.probert]
builtins._ = lambda text: text
builtins.ngettext = lambda one, many, count: one if count == 1 else many

from curtin import block, compat, config, distro, storage_config, swap, udev, util  # noqa: E402
from curtin.block import clear_holders, lvm, mdadm, mkfs, multipath, zfs  # noqa: E402
from curtin.commands import block_meta, block_meta_v2, curthooks  # noqa: E402
from curtin.commands.extract import TrivialSourceHandler  # noqa: E402
from subiquity.common.types import Bootloader  # noqa: E402
from subiquity.models.filesystem import FilesystemModel  # noqa: E402
from subiquity.models.source import CatalogEntryVariation  # noqa: E402
from subiquity.server.controllers.filesystem import FilesystemController  # noqa: E402
from subiquity.server.dryrun import DRConfig  # noqa: E402
from subiquitycore.tests.mocks import make_app  # noqa: E402


def as_is(value):
    return lambda *_arguments, **_options: value


def probe_data():
    """What probert would find on the machine."""
    blockdev = {}
    for minor, (path, serial, size) in enumerate(DISKS):
        blockdev[path] = {
            "DEVNAME": path,
            "DEVPATH": f"/devices/pci0000:00/block/{path[5:]}",
            "DEVTYPE": "disk",
            "ID_SERIAL": serial,
            "ID_MODEL": "model-of-" + serial,
            "ID_VENDOR": "vendor-of-" + serial,
            "ID_PATH": "path-of-" + serial,
            "MAJOR": "253",
            "MINOR": str(minor * 16),
            "attrs": {"size": str(size), "ro": "0"},
        }
    return {
        "bcache": {"backing": {}, "caching": {}},
        "blockdev": blockdev,
        "dasd": {},
        "filesystem": {},
        "lvm": {},
        "mount": [],
        "multipath": {},
        "raid": {},
        "zfs": {"zpools": {}},
    }


FOUND = storage_config.extract_storage_config(probe_data())


async def subiquity(storage, bootloader, version):
    """Lets the controller convert a section; returns what it hands to curtin."""
    app = make_app()
    app.opts.bootloader = bootloader.value
    app.opts.storage_version = version
    app.dr_cfg = DRConfig()
    app.base_model.target = "/target"
    app.base_model.source.current.type = "fsimage"
    app.base_model.source.current.variations = {
        "default": CatalogEntryVariation(path="", size=1),
    }
    app.controllers.Source.get_handler.return_value = TrivialSourceHandler("")
    controller = FilesystemController(app)
    controller.supports_resilient_boot = True
    controller._examine_systems_task.start_sync()
    await controller._examine_systems_task.wait()
    model = FilesystemModel(bootloader, root="/tmp")
    model.target = "/target"
    model.storage_version = version
    # The machine is always the same, so its disks are probed only once.
    with mock.patch.object(storage_config, "extract_storage_config", as_is(copy.deepcopy(FOUND))):
        model.load_probe_data(probe_data())
    controller.model = model
    controller.load_autoinstall_data(storage)
    done = asyncio.get_running_loop().create_future()
    done.set_result(None)
    controller._start_task = done
    controller._probe_task = mock.Mock(wait=mock.AsyncMock())
    await controller.apply_autoinstall_config()
    return model.render()


class Disks:
    """Empty files in place of the disks, as large as these, for the real partitioning programs."""

    PROGRAMS = ("sfdisk", "sgdisk", "parted")

    def __init__(self, directory):
        self.directory = directory

    def file_of(self, device):
        path = os.path.join(self.directory, device.strip("/").replace("/", "_"))
        if not os.path.lexists(path):
            size = next((size for disk, _serial, size in DISKS if disk == device), 60 * GIB)
            with open(path, "wb") as file:
                file.truncate(size)
        return path

    def run(self, args, data):
        """Starts a partitioning program on the file of the device in its arguments."""
        files = [self.file_of(word) if str(word).startswith("/dev/") else word for word in args]
        if args[0] == "sgdisk":
            # It waits a second after each write: it only says yes or no, and sfdisk writes.
            self.start(["sgdisk", "--pretend", *files[1:]])
            self.add(args[-1], args[args.index("--new") + 1])
        else:
            self.start([*files, "--no-tell-kernel"] if args[0] == "sfdisk" else files, data)

    def start(self, args, data=None):
        result = subprocess.run(args, input=data, capture_output=True)
        if result.returncode != 0:
            lines = (result.stderr or result.stdout).decode().strip().splitlines()
            raise RuntimeError(f"{args[0]}: {lines[-1] if lines else result.returncode}")

    def add(self, device, new):
        """Adds a partition, as `number:start:end` of sgdisk, to those that are there."""
        number, start, end = (int(word) for word in new.split(":"))
        number = number or 1 + max([0, *(found for found, *_ in self.partitions(device))])
        entries = [*self.partitions(device), (number, start, end - start + 1)]
        lines = [f"{number}: start={start}, size={size}" for number, start, size in entries]
        script = "\n".join(["label: gpt", "first-lba: 34", "", *lines, ""])
        self.start(["sfdisk", "--no-tell-kernel", self.file_of(device)], script.encode())

    def partitions(self, device):
        """Number, start and size in sectors of what is on a device."""
        result = subprocess.run(["sfdisk", "--json", self.file_of(device)], capture_output=True)
        if result.returncode != 0:
            return []
        table = json.loads(result.stdout)["partitiontable"]
        prefix = len(self.file_of(device))
        return [
            (int(part["node"][prefix:].lstrip("p")), part["start"], part["size"])
            for part in table.get("partitions", [])
        ]

    def of_partition(self, kname, _sector_size):
        device, number = kname.split("|")
        for found, start, size in self.partitions("/dev/" + device):
            if found == int(number):
                return start, size
        # One that is kept: the machine's disks are blank.
        return 2048, 2048

    def in_bytes(self, device):
        return [
            (f"{os.path.basename(device)}|{number}", number, start * 512, size * 512)
            for number, start, size in self.partitions(device)
        ]

    def subp(self, args, data=None, **_options):
        """In place of starting a program: what cannot be an argument fails as with the real one."""
        if isinstance(args, (list, tuple)):
            for argument in args:
                os.fsencode(argument)
            if args[0] in self.PROGRAMS:
                self.run(list(args), data)
        return "", ""


class FormattedDasd(block_meta.dasd.DasdDevice):
    """A DASD that is as the section wants it; its id is still read by curtin."""

    devname = "/dev/dasda"

    def needs_formatting(self, *_arguments):
        return False


def disk_path(volume):
    return volume.get("path") or "/dev/vda"


def patches(scratch):
    disks = Disks(scratch)
    state = {"target": "/target", "fstab": scratch + "/fstab", "scratch": scratch}
    exists = os.path.exists
    known = lambda path: str(path).startswith("/dev/") or exists(path)  # noqa: E731
    return [
        mock.patch.object(util, "subp", disks.subp),
        mock.patch.object(util, "which", as_is("/usr/bin/true")),
        mock.patch.object(util, "load_command_environment", as_is(state)),
        mock.patch.object(util, "write_file", as_is(None)),
        mock.patch.object(util, "ensure_dir", as_is(None)),
        mock.patch.object(util, "FlockEx", mock.MagicMock()),
        mock.patch.object(os.path, "exists", known),
        mock.patch.object(block, "quick_zero", as_is(None)),
        mock.patch.object(block, "wipe_file", as_is(None)),
        mock.patch.object(block, "zero_file_at_offsets", as_is(None)),
        mock.patch.object(block, "get_part_table_type", as_is("gpt")),
        mock.patch.object(block, "path_to_kname", lambda path: os.path.basename(path)),
        mock.patch.object(block, "partition_kname", lambda disk, number: f"{disk}|{number}"),
        mock.patch.object(block, "kname_to_path", lambda name: "/dev/" + name),
        mock.patch.object(block, "get_blockdev_sector_size", as_is((512, 512))),
        mock.patch.object(block, "rescan_block_devices", as_is(None)),
        mock.patch.object(block, "sysfs_partition_data", disks.in_bytes),
        mock.patch.object(block, "disk_to_byid_path", as_is(None)),
        mock.patch.object(block, "get_volume_id", as_is(("UUID", "0"))),
        mock.patch.object(block, "zkey_supported", as_is(False)),
        mock.patch.object(block, "sfdisk_info", as_is({"label": "gpt", "partitions": []})),
        mock.patch.object(block, "get_partition_sfdisk_info", as_is({"node": "/dev/vda1"})),
        mock.patch.object(clear_holders, "get_holders", as_is([])),
        mock.patch.object(mdadm, "get_holders", as_is([])),
        mock.patch.object(mdadm, "zero_device", as_is(None)),
        mock.patch.object(mdadm, "mdadm_detail_scan", as_is("")),
        mock.patch.object(mdadm, "md_get_devices_list", as_is(["/dev/a", "/dev/b"])),
        mock.patch.object(mdadm.udev, "udevadm_settle", as_is(None)),
        mock.patch.object(lvm, "lvm_scan", as_is(None)),
        mock.patch.object(multipath, "is_mpath_member", as_is(False)),
        mock.patch.object(multipath, "is_mpath_device", as_is(False)),
        mock.patch.object(zfs.ZPoolEncryption, "setup", as_is(None)),
        mock.patch.object(zfs, "zfs_assert_supported", as_is(None)),
        mock.patch.object(distro, "lsb_release", as_is({"codename": "noble"})),
        mock.patch.object(compat, "supports_sfdisk_no_tell_kernel", as_is(False)),
        mock.patch.object(block_meta, "devsync", as_is(None)),
        mock.patch.object(block_meta, "v1_get_path_to_disk", disk_path),
        mock.patch.object(block_meta, "v2_get_path_to_disk", disk_path),
        mock.patch.object(block_meta, "calc_partition_info", disks.of_partition),
        mock.patch.object(block_meta, "udevadm_settle", as_is(None)),
        mock.patch.object(block_meta, "udevadm_info", as_is({"DM_NAME": "x", "DEVLINKS": ""})),
        mock.patch.object(block_meta, "make_dname_byid", as_is([["x"]])),
        mock.patch.object(block_meta, "get_volume_spec", lambda path: path),
        mock.patch.object(block_meta.dasd, "DasdDevice", FormattedDasd),
        mock.patch.object(block_meta.iscsi, "volpath_is_iscsi", as_is(False)),
        mock.patch.object(block_meta_v2, "udevadm_settle", as_is(None)),
        # Of what is kept, only the machine knows.
        mock.patch.object(block_meta, "partition_verify_sfdisk", as_is(None)),
        mock.patch.object(block_meta, "lvm_volgroup_verify", as_is(None)),
        mock.patch.object(block_meta, "lvm_partition_verify", as_is(None)),
        mock.patch.object(block_meta, "dm_crypt_verify", as_is(None)),
        mock.patch.object(block_meta, "raid_verify", as_is(None)),
        mock.patch.object(mdadm, "mdadm_query_detail", as_is({"MD_UUID": "0"})),
        mock.patch.object(block_meta_v2, "partition_verify_sfdisk_v2", as_is(None)),
        mock.patch.object(block_meta_v2, "_find_part_info", as_is({"node": "/dev/vda1", "size": 1})),
        mock.patch.object(block_meta_v2, "_get_volume_fstype", as_is("ext4")),
        # Its hook.
        mock.patch.object(swap, "setup_swapfile", as_is(None)),
    ]


def curtin(rendered):
    """Lets curtin act on what Subiquity rendered, up to the edge of the machine."""
    handlers = {
        name[: -len("_handler")]: getattr(block_meta, name)
        for name in dir(block_meta)
        if name.endswith("_handler")
    }
    storage = block_meta.extract_storage_ordered_dict(rendered)
    storage.version = rendered["storage"]["version"]
    if storage.version > 1:
        handlers.update(
            disk=block_meta_v2.disk_handler_v2, partition=block_meta_v2.partition_handler_v2
        )
    storage = block_meta.zfsroot_update_storage_config(storage)
    block_meta.get_device_paths_from_storage_config(storage)
    context = block_meta.BlockMetaContext(handlers)
    for command in storage.values():
        handlers[command["type"]](command, storage, context)
    # As its hooks read them, after the copy.
    curthooks.add_swap(rendered, "/target", "/fstab")
    if rendered.get("grub") is not None:
        config.fromdict(config.GrubConfig, rendered["grub"])


async def verdict(storage, bootloader, version):
    try:
        rendered = await subiquity(copy.deepcopy(storage), bootloader, version)
    except BaseException as error:
        return f"subiquity: {type(error).__name__}: {error}"
    rendered = json.loads(json.dumps(rendered, default=str))
    with tempfile.TemporaryDirectory(prefix="storage-oracle.") as scratch:
        with contextlib.ExitStack() as stack:
            for patch in patches(scratch):
                stack.enter_context(patch)
            try:
                curtin(rendered)
            except BaseException as error:
                return f"curtin: {type(error).__name__}: {error}"
    return None


async def main():
    for line in sys.stdin:
        case = json.loads(line)
        runs = {}
        for bootloader in (Bootloader.BIOS, Bootloader.UEFI):
            for version in (1, 2):
                name = f"{bootloader.name.lower()}-{version}"
                runs[name] = await verdict(case["storage"], bootloader, version)
        print(json.dumps({"id": case["id"], "runs": runs}), flush=True)


asyncio.run(main())
