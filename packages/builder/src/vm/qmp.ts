import type { Duplex } from 'node:stream';
import { cancelled, MicroLinuxError } from '@micro-linux/core';
import * as z from 'zod';
import { type StartTimer, wallTime } from './own-time.ts';

/** An event from QEMU, e.g. SHUTDOWN, RESET, WATCHDOG. */
export interface QmpEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const messageSchema = z.union([
  z.object({ QMP: z.unknown() }).transform(() => ({ kind: 'greeting' as const })),
  z
    .object({ event: z.string(), data: z.record(z.string(), z.unknown()).default({}) })
    .transform((event) => ({ kind: 'event' as const, event })),
  z
    .object({ id: z.number(), return: z.unknown() })
    .transform((reply) => ({ kind: 'reply' as const, id: reply.id, value: reply.return })),
  z
    .object({ id: z.number(), error: z.object({ class: z.string(), desc: z.string() }) })
    .transform(({ id, error }) => ({ kind: 'error' as const, id, description: error.desc })),
]);

interface Pending {
  readonly command: string;
  resolve(value: unknown): void;
  reject(error: MicroLinuxError): void;
}

/** How long to wait for an event. */
interface EventWait {
  readonly timeoutMs: number;
  /** The clock; real time by default. */
  readonly startTimer?: StartTimer;
  readonly signal?: AbortSignal | undefined;
}

/**
 * QEMU's control channel: JSON lines, one reply to each command, events in between
 * (QEMU docs, interop/qmp-spec).
 */
export class QmpClient {
  readonly #stream: Duplex;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: QmpEvent) => void>();
  readonly #greeting = Promise.withResolvers<void>();
  #nextId = 1;
  #received = '';
  #closed = false;

  private constructor(stream: Duplex) {
    this.#stream = stream;
    this.#greeting.promise.catch(() => {});
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => this.#receive(chunk));
    // A broken connection is closed too; the reason does not matter here.
    stream.on('error', () => {});
    stream.on('close', () => this.#close());
  }

  /**
   * Performs the handshake on a new connection; resolves when QEMU accepts commands.
   *
   * @throws MicroLinuxError `qmp-closed`, `qmp-failed`.
   */
  static async connect(stream: Duplex): Promise<QmpClient> {
    const client = new QmpClient(stream);
    await client.#greeting.promise;
    await client.execute('qmp_capabilities');
    return client;
  }

  /**
   * Runs one command and resolves to what it returns.
   *
   * @throws MicroLinuxError `qmp-failed` (QEMU refused), `qmp-closed` (the connection closed
   *   first).
   */
  execute(command: string, options: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#closed) {
      return Promise.reject(closed(command));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { command, resolve, reject });
      this.#stream.write(`${JSON.stringify({ execute: command, arguments: options, id })}\n`);
    });
  }

  /** Runs a line of QEMU's monitor; resolves to its output. */
  async human(line: string): Promise<string> {
    return String(await this.execute('human-monitor-command', { 'command-line': line }));
  }

  /** Calls `listener` for each event from now on; returns a function that stops this. */
  onEvent(listener: (event: QmpEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Resolves with the next event of a name, counted from this call.
   *
   * @throws MicroLinuxError `qmp-timeout`, `qmp-closed`, `cancelled`.
   */
  nextEvent(
    name: string,
    { timeoutMs, startTimer = wallTime, signal }: EventWait,
  ): Promise<QmpEvent> {
    return new Promise((resolve, reject) => {
      const end = () => {
        timer.end();
        stop();
        this.#stream.off('close', onClose);
        signal?.removeEventListener('abort', onAbort);
      };
      const fail = (error: MicroLinuxError) => {
        end();
        reject(error);
      };
      const onClose = () => fail(closed(`with the event ${name}`));
      const onAbort = () => fail(cancelled(`waiting for the event ${name} was cancelled`));
      const stop = this.onEvent((event) => {
        if (event.event === name) {
          end();
          resolve(event);
        }
      });
      const timer = startTimer(timeoutMs, () =>
        fail(
          new MicroLinuxError({
            code: 'qmp-timeout',
            message: `the machine had no event ${name} within ${timeoutMs / 1000} s`,
          }),
        ),
      );
      this.#stream.once('close', onClose);
      signal?.addEventListener('abort', onAbort);
      if (this.#closed) {
        onClose();
      } else if (signal?.aborted) {
        onAbort();
      }
    });
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    const lines = this.#received.split('\n');
    this.#received = lines.pop() ?? '';
    for (const line of lines) {
      this.#handle(line);
    }
  }

  #handle(line: string): void {
    const parsed = messageSchema.safeParse(parseJson(line));
    if (!parsed.success) {
      return;
    }
    const message = parsed.data;
    switch (message.kind) {
      case 'greeting':
        this.#greeting.resolve();
        return;
      case 'event':
        for (const listener of this.#listeners) {
          listener(message.event);
        }
        return;
      case 'reply':
        this.#take(message.id)?.resolve(message.value);
        return;
      case 'error': {
        const pending = this.#take(message.id);
        pending?.reject(
          new MicroLinuxError({
            code: 'qmp-failed',
            message: `QEMU refused ${pending.command}`,
            why: message.description,
          }),
        );
        return;
      }
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #close(): void {
    this.#closed = true;
    this.#greeting.reject(closed('the greeting'));
    for (const pending of this.#pending.values()) {
      pending.reject(closed(pending.command));
    }
    this.#pending.clear();
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function closed(command: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'qmp-closed',
    message: `QEMU closed its control channel before it answered ${command}`,
  });
}
