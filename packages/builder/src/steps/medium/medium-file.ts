/** A file of an installation medium. */
export interface MediumFile {
  /** Absolute, on the medium. */
  readonly path: string;
  /** On this host. */
  readonly file: string;
}
