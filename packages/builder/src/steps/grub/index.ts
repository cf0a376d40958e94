export { type GrubConfigOptions, grubConfig } from './grub-config.ts';
export { grubFunctions } from './grub-functions.ts';
export { embeddedConfig, grubStub } from './grub-stub.ts';
export { BIOS_MODULES, BIOS_PREFIX, EFI_MODULES, EFI_PREFIX, ISO_MODULES } from './modules.ts';
export { grubQuote } from './quote.ts';
export { serialTerminal } from './serial-terminal.ts';
export { SLOT_SUMS_PATH, type SlotConfigOptions, slotConfig, slotSums } from './slot-config.ts';
