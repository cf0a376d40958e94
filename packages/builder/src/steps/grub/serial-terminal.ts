/**
 * On BIOS the menu also goes to the serial port, if there is one: switching to a terminal that is
 * missing would leave GRUB with none. UEFI firmware redirects its console by itself, and doing it
 * twice would show each character twice.
 */
export function serialTerminal(consoles: readonly string[]): string {
  for (const console of consoles) {
    const match = /^ttyS(\d+)(?:,(\d+).*)?$/.exec(console);
    if (match) {
      // 9600 is what the kernel takes for a serial console with no speed (serial-console.rst).
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
