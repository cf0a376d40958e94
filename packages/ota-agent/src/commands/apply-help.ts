/** What `ota-agent apply --help` prints after the options. */
export const APPLY_HELP = `
What happens
  The signature is checked first, with the keys in keys/*.pem of /etc/ota-agent, /run/ota-agent and
  /usr/lib/ota-agent. Then the other slot is marked as not bootable, written, read back
  from the disk and hashed; each chunk is also hashed before it is written. Then it is armed: the next
  boot tries it. If that boot becomes healthy it is confirmed; if not, the machine rolls
  back to the current system by itself (ota-agent status says why).
  The running system is never written to. A power cut does no harm at any point. The same command
  continues where an interrupted one stopped. An image that is already in the slot is only read.

Examples
  ota-agent apply update.img
  ota-agent apply --dry-run update.img
  curl --fail https://mirror.example/update.img | ota-agent apply -
  ota-agent apply --no-reboot --json update.img        # exit code 4; reboot when convenient
  ota-agent apply --progress=json update.img 2>progress.jsonl

Progress
  auto  a bar on a terminal, else plain; none with --json
  json  one JSON object per line on standard error: event (started, progress, done, failed), step, …
        Only the result goes to standard output.

Exit codes
    0  done: the machine restarts (with --dry-run: it would be applied)
    1  failed; or the device is not ready: not confirmed yet, slot in use, disk failing, bad file
    2  wrong arguments, or an invalid config
    3  nothing to do: this image is already running
    4  done; a reboot is needed (--no-reboot)
    5  refused: signature, other product, older version, rollback index, failed before, too large
    6  another ota-agent is running
  130  stopped by Ctrl-C or SIGTERM

Files
  /etc/ota-agent/config.yaml   boot.tries, signatures.threshold, trial.deadlineSeconds
  /var/lib/ota-agent           apply.json (progress), trial.json, slots/*.head, history.jsonl
  /run/ota-agent/lock          held while it works

More: docs/explanation/apply.md, docs/reference/exit-codes.md.`;
