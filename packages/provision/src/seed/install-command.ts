/** Text for sh, or a program and its arguments. */
export type InstallCommand = string | readonly string[];
