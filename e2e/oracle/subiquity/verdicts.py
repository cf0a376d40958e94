#!/usr/bin/env python3
"""What the whole Subiquity server says of seeds: the oracle of compare.ts, run by hand.

Reads one JSON object a line, {"id": ..., "file": ..., "text": ..., "firmware": ["bios", "uefi"]}, and
answers each with one line:

  {"id": ..., "runs": {"bios": null, "uefi": {"at": "Filesystem", "said": "..."}}}

null: the installation reached its end. Otherwise `at` is who refused, and `said` what it said.

For each seed and firmware, the server of Subiquity starts in its own dry-run mode, in a process of
its own: all controllers, the steps of an installation, its own replay in place of curtin. Ours are
only these edges:

- a file of cloud-init goes through cloud-init's own loader and `cloud-init schema` first;
- systemd does not run here: `systemd-run` runs a command at once, `systemd-cat` runs nothing, so
  that the commands of a seed do not run, and `timedatectl` reads tzdata;
- the source of our own medium is added to the catalog of sources.

At the end, `netplan generate` reads the network that Subiquity wrote, and curtin's own code reads `swap`,
`grub` and the debconf selections. Its partitioning is a replay: the oracle for storage runs that.
"""

import argparse
import asyncio
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from unittest import mock

# Without a change of its state or log for so long, a run hangs. In seconds.
SILENCE = 180

STAND_INS = {
    "systemd-cat": 'echo "not run: $*"',
    "systemd-run": 'while [ "$1" != -- ]; do shift; done\nshift\nexec "$@"',
    # As in a live session: with all of tzdata's names.
    "timedatectl": 'test "$1" != list-timezones || awk \'$1 == "Z" { print $2 } $1 == "L" { print $3 }\' '
    "/usr/share/zoneinfo/tzdata.zi",
    "cloud-init": 'exec /usr/bin/cloud-init schema --config-file "$ORACLE_USER_DATA"',
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("subiquity", "curtin", "probert"):
        parser.add_argument(f"--{name}", required=True, help=f"checkout of canonical/{name}")
    parser.add_argument("--machine", default="examples/machines/simple.json")
    return parser.parse_args()


ARGUMENTS = parse_arguments()
# Subiquity finds its examples from the current folder.
os.chdir(ARGUMENTS.subiquity)
sys.path[:0] = [ARGUMENTS.subiquity, ARGUMENTS.curtin, ARGUMENTS.probert]
WORK = pathlib.Path(tempfile.mkdtemp(prefix="subiquity-oracle."))
(WORK / "bin").mkdir()
for program, script in STAND_INS.items():
    path = WORK / "bin" / program
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
os.environ.update(
    PATH=f"{WORK}/bin:{os.environ['PATH']}",
    PYTHONPATH=":".join(sys.path[:3]),
    PYTHONDONTWRITEBYTECODE="1",
    LANG="C.UTF-8",
    USER="root",
    HOME="/root",
    # Waits are a thousandth of what they are on a real machine.
    SUBIQUITY_REPLAY_TIMESCALE="1000",
)

import yaml  # noqa: E402
from cloudinit import handlers, util  # noqa: E402

# Imported once: every run is a fork.
from curtin import config as curtin_config  # noqa: E402
from curtin import swap  # noqa: E402
from curtin.commands import apt_config, curthooks  # noqa: E402
from subiquity.cmd import server as command  # noqa: E402
from subiquity.server import server  # noqa: E402
from subiquity.server.server import SubiquityServer  # noqa: E402

CATALOG = WORK / "sources.yaml"
DRY_RUN = WORK / "dry-run.yaml"


def write_configs():
    """The sources of Ubuntu Server and of our medium; no mirror is asked."""
    sources = yaml.safe_load(pathlib.Path("examples/sources/install.yaml").read_text())
    ours = dict(next(source for source in sources if source.get("default")))
    ours.update(id="micro-linux", default=False)
    CATALOG.write_text(yaml.safe_dump([*sources, ours]))
    DRY_RUN.write_text(yaml.safe_dump({"apt_mirror_check_default_strategy": "success"}))
    machine_id = pathlib.Path("/etc/machine-id")
    if not machine_id.exists():
        machine_id.write_text("0" * 31 + "1\n")
    # Without it, Subiquity does not ask timedatectl.
    os.makedirs("/run/systemd/system", exist_ok=True)


def finish(directory, at, said):
    """Ends a run with its verdict. The first one counts."""
    with open(directory / "verdict.new", "w") as file:
        json.dump({"at": at, "said": said}, file)
    os.rename(directory / "verdict.new", directory / "verdict")
    os._exit(0)


def reason_of(error):
    """The exception and what caused it, in one line."""
    parts = []
    while error is not None:
        lines = str(error).strip().splitlines()
        parts.append(f"{type(error).__name__}: {lines[0] if lines else ''}")
        error = error.__cause__ or error.__context__
    return " <- ".join(parts)


def place_of(error):
    """The innermost file of Subiquity in the traceback: its controller or model."""
    place = "server"
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if "/controllers/" in name or "/models/" in name:
                place = pathlib.Path(name).stem
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
    return place


def watch(directory, user_data):
    """Lets the server tell its verdict, and gives it what cloud-init read."""
    handle = SubiquityServer._exception_handler

    def on_error(self, loop, context):
        error = context.get("exception")
        if error is not None:
            finish(directory, place_of(error), reason_of(error))
        handle(self, loop, context)

    apply = SubiquityServer.apply_autoinstall_config

    async def on_apply(self, *arguments, **options):
        await apply(self, *arguments, **options)
        if self.interactive:
            finish(directory, "person", "waits for answers")

    async def on_cloud_init(self):
        self.cloud_init_ok = True
        if user_data is not None:
            await self.load_cloud_config()

    SubiquityServer._exception_handler = on_error
    SubiquityServer.apply_autoinstall_config = on_apply
    SubiquityServer.wait_for_cloudinit = on_cloud_init
    server.get_host_combined_cloud_config = lambda: user_data


def read_user_data(directory, text):
    """What cloud-init makes of a file."""
    kind = handlers.type_from_starts_with(text)
    if kind != "text/cloud-config":
        finish(directory, "cloud-init", f"is {kind}")
    read = util.load_yaml(text.encode(), default=None)
    if read is None:
        finish(directory, "cloud-init", "cannot read it")
    if not isinstance(read.get("autoinstall"), dict) and not read.get("autoinstall"):
        finish(directory, "cloud-init", "has no autoinstall")
    return read


def child(directory, case, firmware):
    """One run, in a process group of its own. Does not return."""
    os.setsid()
    log = os.open(directory / "output", os.O_WRONLY | os.O_CREAT, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    try:
        seed = directory / "seed"
        seed.write_text(case["text"])
        os.environ["ORACLE_USER_DATA"] = str(seed)
        os.environ["TMPDIR"] = str(directory)
        tempfile.tempdir = None
        cloud = case["file"] == "user-data"
        watch(directory, read_user_data(directory, case["text"]) if cloud else None)
        sys.argv = [
            "subiquity-server",
            *("--dry-run", "--dry-run-config", str(DRY_RUN)),
            *("--output-base", str(directory / "out")),
            *("--machine-config", ARGUMENTS.machine),
            *("--bootloader", firmware),
            *("--kernel-cmdline", "autoinstall subiquity-storage-version=2"),
            *("--source-catalog", str(CATALOG)),
            *("--postinst-hooks-dir", str(directory / "none")),
            *(() if cloud else ("--autoinstall", str(seed))),
        ]
        (directory / "out").mkdir()
        command.main()
        os._exit(0)
    except BaseException as error:
        finish(directory, place_of(error), reason_of(error))


def size_of(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def wait_for(pid, directory):
    """Until the run ends, or nothing more happens in it."""
    logs = [directory / "out" / name for name in ("subiquity-server-debug.log", "run")]
    before, since = None, time.monotonic()
    while True:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return None
        now = [size_of(path) for path in logs]
        if now != before:
            before, since = now, time.monotonic()
        if time.monotonic() - since > SILENCE:
            return {"at": "hang", "said": f"nothing for {SILENCE} seconds"}
        time.sleep(0.05)


def verdict(case, firmware):
    directory = pathlib.Path(tempfile.mkdtemp(dir=WORK))
    pid = os.fork()
    if pid == 0:
        child(directory, case, firmware)
    hang = wait_for(pid, directory)
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    if hang is not None:
        os.waitpid(pid, 0)
    try:
        if hang is not None:
            return hang
        if (directory / "verdict").exists():
            return json.loads((directory / "verdict").read_text())
        state = (directory / "out/run/subiquity/server-state").read_text()
        if state != "EXITED":
            return {"at": "state", "said": state}
        return netplan(directory / "out") or curtin(directory / "out")
    finally:
        if os.environ.get("ORACLE_KEEP") is None:
            shutil.rmtree(directory, ignore_errors=True)


def netplan(out):
    """Whether netplan accepts the network of the installed system."""
    run = subprocess.run(
        ["netplan", "generate", "--root-dir", str(out)], capture_output=True, text=True
    )
    if run.returncode == 0:
        return None
    lines = [line for line in run.stderr.splitlines() if "rror" in line]
    return {"at": "netplan", "said": lines[0] if lines else run.stderr[-200:]}


def curtin(out):
    """Whether curtin's hooks can read what Subiquity wrote for them."""
    written = out / "var/log/installer/curtin-install"
    config = yaml.safe_load((written / "subiquity-curthooks.conf").read_text())
    apt = yaml.safe_load((written / "subiquity-curtin-apt.conf").read_text())
    nothing = mock.Mock(return_value=None)
    try:
        with mock.patch.object(swap, "setup_swapfile", nothing):
            curthooks.add_swap(config, str(out), "/fstab")
        curtin_config.fromdict(curtin_config.GrubConfig, config.get("grub") or {})
        apt_config.translate_old_apt_features(apt)
        with mock.patch.object(apt_config, "debconf_set_selections", nothing):
            with mock.patch.object(apt_config.distro, "get_installed_packages", lambda _: set()):
                apt_config.apply_debconf_selections(apt.get("apt") or {}, str(out))
    except Exception as error:
        return {"at": "curtin", "said": reason_of(error)}
    return None


def main():
    write_configs()
    try:
        for line in sys.stdin:
            case = json.loads(line)
            runs = {firmware: verdict(case, firmware) for firmware in case["firmware"]}
            print(json.dumps({"id": case["id"], "runs": runs}), flush=True)
    finally:
        if os.environ.get("ORACLE_KEEP") is None:
            shutil.rmtree(WORK, ignore_errors=True)


main()
