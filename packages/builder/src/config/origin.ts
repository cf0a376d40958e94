import { formatKeyPath, type KeyPath } from '@micro-linux/provision';

/** Where a value came from. */
export type Origin =
  | {
      readonly kind: 'file';
      /** As given on the command line. */
      readonly file: string;
      /** From 1. */
      readonly line: number;
      readonly column: number;
      /** The variant of the file that it is in. */
      readonly variant?: string;
    }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'default' };

/** An origin as the beginning of a message: `micro-linux.yaml:3:7`, `flag --prefix`. */
export function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return `${origin.file}:${origin.line}:${origin.column}`;
    case 'environment':
      return `environment variable ${origin.variable}`;
    case 'flag':
      return `flag ${origin.flag}`;
    case 'default':
      return 'defaults';
  }
}

/** Where each value of a configuration came from. */
export class Origins {
  readonly #byPath = new Map<string, Origin>();

  /** The positions of keys, if they differ from those of their values. */
  readonly #keys = new Map<string, Origin>();

  /** Records the position of the key itself, for findings about the key. */
  setKey(path: KeyPath, origin: Origin): void {
    this.#keys.set(formatKeyPath(path), origin);
  }

  /** The origin of a key, not of its value. */
  ofKey(path: KeyPath): Origin {
    return this.#keys.get(formatKeyPath(path)) ?? this.of(path);
  }

  /**
   * Copies the positions of a value and its key from another file, or another place.
   *
   * @param how.mark changes the origin that is recorded.
   */
  copy(
    other: Origins,
    from: KeyPath,
    { to, mark }: { readonly to: KeyPath; readonly mark: (origin: Origin) => Origin },
  ): void {
    const key = other.#keys.get(formatKeyPath(from));
    const value = other.#byPath.get(formatKeyPath(from));
    if (key) {
      this.setKey(to, mark(key));
    }
    if (value) {
      this.set(to, mark(value));
    }
  }

  /** A copy that can be changed by itself. */
  clone(): Origins {
    const copy = new Origins();
    for (const [path, origin] of this.#byPath) {
      copy.#byPath.set(path, origin);
    }
    for (const [path, origin] of this.#keys) {
      copy.#keys.set(path, origin);
    }
    return copy;
  }

  set(path: KeyPath, origin: Origin): void {
    this.#byPath.set(formatKeyPath(path), origin);
  }

  /** Whether this very value was set, not only a group around it. */
  has(path: KeyPath): boolean {
    return this.#byPath.has(formatKeyPath(path));
  }

  /** Forgets the value at a path and all below it. */
  delete(path: KeyPath): void {
    const text = formatKeyPath(path);
    for (const key of this.#byPath.keys()) {
      if (key === text || key.startsWith(`${text}.`) || key.startsWith(`${text}[`)) {
        this.#byPath.delete(key);
      }
    }
  }

  /** The origin of a value, or of the nearest group around it that has one. */
  of(path: KeyPath): Origin {
    for (let length = path.length; length >= 0; length--) {
      const origin = this.#byPath.get(formatKeyPath(path.slice(0, length)));
      if (origin) {
        return origin;
      }
    }
    return { kind: 'default' };
  }
}
