/**
 * On BIOS the menu also goes to the serial port, if there is one: switching to a missing terminal
 * would leave GRUB without any. UEFI firmware already redirects its console, so doing it here too
 * would print each character twice.
 */
export function serialTerminal(consoles: readonly string[]): string {
  for (const console of consoles) {
    const match = /^ttyS(\d+)(?:,(\d+).*)?$/.exec(console);
    if (match) {
      // 9600 is the kernel's default speed of a serial console (serial-console.rst).
      return `if [ "$grub_platform" = pc ]; then
  if serial --unit=${match[1]} --speed=${match[2] ?? 9600}; then
    terminal_input console serial
    terminal_output console serial
  fi
fi`;
    }
  }
  return '';
}
