/** Where the pages lie that tests compare with the code: relative to the root of the checkout. */
export const PAGES = {
  config: 'docs/reference/config.md',
  commands: 'docs/reference/commands.md',
  deviceConfig: 'docs/reference/device-config.md',
  exitCodes: 'docs/reference/exit-codes.md',
  grubenv: 'packages/grubenv/README.md',
  journal: 'docs/reference/journal.md',
} as const;
