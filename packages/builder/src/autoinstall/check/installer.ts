/** Who will read a seed: Ubuntu's installer, or our own. */
export const INSTALLERS = ['subiquity', 'micro-linux'] as const;
export type Installer = (typeof INSTALLERS)[number];
