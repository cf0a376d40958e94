import { templateOf } from '../../../config/unit-name.ts';
import type { UnitFile, UnitFiles } from './unit-files.ts';

/** A unit as systemd would load it. */
export interface Unit {
  /** Without aliases. */
  readonly name: string;
  readonly isMasked: boolean;
  /** Of its file, or of its template; empty for a masked unit and an init script. */
  readonly text: string;
  /** It is a script in /etc/init.d. */
  readonly isScript: boolean;
}

/** Aliases in a row that are followed. */
const MAXIMUM_ALIASES = 8;

/** What the units of a root file system start. Pure. */
export class UnitGraph {
  readonly #files: UnitFiles;
  readonly #linked: ReadonlyMap<string, readonly string[]>;

  constructor(files: UnitFiles) {
    this.#files = files;
    const linked = new Map<string, string[]>();
    for (const { from, to } of files.links) {
      const name = this.find(from)?.name ?? from;
      linked.set(name, [...(linked.get(name) ?? []), to]);
    }
    this.#linked = linked;
  }

  /** Names of all units, aliases and services of init scripts. */
  names(): readonly string[] {
    const services = [...this.#files.scripts].map((name) => `${name}.service`);
    return [...new Set([...this.#files.units.keys(), ...services])].toSorted();
  }

  /** The unit of a name; undefined if there is none. */
  find(name: string): Unit | undefined {
    let current = name;
    for (let count = 0; count < MAXIMUM_ALIASES; count++) {
      const file = this.#fileOf(current);
      if (file === undefined) {
        const [, script] = /^(.+)\.service$/.exec(current) ?? [];
        return script !== undefined && this.#files.scripts.has(script)
          ? { name: current, isMasked: false, text: '', isScript: true }
          : undefined;
      }
      if (file.kind !== 'alias') {
        return {
          name: current,
          isMasked: file.kind === 'mask',
          text: file.kind === 'file' ? file.text : '',
          isScript: false,
        };
      }
      current = instanceOf(file.target, current);
    }
    return undefined;
  }

  /** The units that a boot starts because the default target requires or wants them, without aliases. */
  started(): ReadonlySet<string> {
    const seen = new Set<string>();
    const waiting = ['default.target'];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const unit = this.find(name);
      if (unit !== undefined && !unit.isMasked && !seen.has(unit.name)) {
        seen.add(unit.name);
        waiting.push(...this.#startedBy(unit));
      }
    }
    return seen;
  }

  /**
   * Whether a link starts it, or a socket, timer or path of its name: from any unit, because udev and D-Bus
   * start some that no target requires. Dependencies of units that do not start themselves do not count.
   */
  isLinked(name: string): boolean {
    const candidates = [name, ...ACTIVATORS.map((kind) => name.replace(/\.service$/, kind))];
    const others = new Set(candidates.map((candidate) => this.find(candidate)?.name ?? candidate));
    return [...this.#linked].some(
      ([from, targets]) =>
        this.find(from)?.isMasked !== true &&
        targets.some((to) => others.has(this.find(to)?.name ?? to)),
    );
  }

  #startedBy(unit: Unit): readonly string[] {
    const linked = this.#linked.get(unit.name) ?? [];
    const template = templateOf(unit.name);
    const ofTemplate = template === undefined ? [] : (this.#linked.get(template) ?? []);
    return [...linked, ...ofTemplate, ...dependenciesOf(unit.text)];
  }

  #fileOf(name: string): UnitFile | undefined {
    const template = templateOf(name);
    return (
      this.#files.units.get(name) ??
      (template === undefined ? undefined : this.#files.units.get(template))
    );
  }
}

const ACTIVATORS = ['.socket', '.timer', '.path'];

/** Whether `systemctl enable` has something to do (systemd.unit(5), [Install]). */
export function canBeEnabled({ text }: Unit): boolean {
  const [, install = ''] = /^\[Install\]$([\s\S]*)/m.exec(text) ?? [];
  return /^(?:WantedBy|RequiredBy|UpheldBy|Also|Alias)\s*=\s*\S/m.test(install);
}

/** Whether a template can be enabled without an instance. */
export function hasDefaultInstance({ text }: Unit): boolean {
  return /^DefaultInstance\s*=\s*\S/m.test(text);
}

function dependenciesOf(text: string): readonly string[] {
  return [...text.matchAll(/^(?:Wants|Requires|BindsTo|Upholds)\s*=(.*)$/gm)].flatMap(
    ([, names = '']) => names.split(/\s+/).filter((name) => name !== '' && !name.includes('%')),
  );
}

/** The target of an alias; with the instance of the name, if it is a template. */
function instanceOf(target: string, name: string): string {
  const [, instance] = /^[^@]+@([^@]+)\.[a-z]+$/.exec(name) ?? [];
  return instance === undefined ? target : target.replace(/@(?=\.[a-z]+$)/, `@${instance}`);
}
