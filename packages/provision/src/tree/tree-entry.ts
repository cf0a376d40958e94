/** One file, directory or link of a tree to create, with its owner and mode. */
export type TreeEntry = TreeFile | TreeDirectory | TreeLink;

interface Owned {
  /** Absolute path inside the tree. */
  readonly path: string;
  /** Numeric owner and group; root by default. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface TreeFile extends Owned {
  readonly kind: 'file';
  /** Permission bits; 0644 by default. */
  readonly mode?: number;
  /** The text itself, or the file to copy. */
  readonly content: string | { readonly from: string };
}

export interface TreeDirectory extends Owned {
  readonly kind: 'directory';
  /** Permission bits; 0755 by default. */
  readonly mode?: number;
}

export interface TreeLink extends Owned {
  readonly kind: 'link';
  readonly target: string;
}
