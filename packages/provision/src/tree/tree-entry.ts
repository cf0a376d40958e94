/** One file, directory or link of a tree to be made, with owner and mode as they shall be. */
export type TreeEntry = TreeFile | TreeDirectory | TreeLink;

interface Owned {
  /** Absolute path inside the tree. */
  readonly path: string;
  /** Numeric owner and group; root unless told. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface TreeFile extends Owned {
  readonly kind: 'file';
  /** Permission bits; 0644 unless told. */
  readonly mode?: number;
  /** The text itself, or the file to copy. */
  readonly content: string | { readonly from: string };
}

export interface TreeDirectory extends Owned {
  readonly kind: 'directory';
  /** Permission bits; 0755 unless told. */
  readonly mode?: number;
}

export interface TreeLink extends Owned {
  readonly kind: 'link';
  readonly target: string;
}
