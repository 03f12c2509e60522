import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of a bench's own, asked one thing at a time. */
export type Child<Question, Reply> = {
  /** Its first message, once it is ready. */
  readonly ready: Reply;
  ask(question: Question): Promise<Reply>;
  [Symbol.asyncDispose](): Promise<void>;
};

// so that the thread pool, which signs, does not lend a server the second core
const holder = 'taskset';
const held = ['-c', '0', process.execPath];
const oneCore = spawnSync(holder, [...held, '--version']).status === 0;

/** Whether servers are held to one core here; elsewhere the thread pool may use a second one. */
export const isHeldToOneCore = oneCore;

export async function startChild<Question extends object, Reply>(
  module: string,
  args: readonly string[],
): Promise<Child<Question, Reply>> {
  const path = fileURLToPath(module);
  const child = fork(path, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    ...(oneCore ? { execPath: holder, execArgv: held } : {}),
  });
  return {
    ready: await reply<Reply>(child, path),
    ask(question) {
      child.send(question);
      return reply<Reply>(child, path);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function reply<Reply>(child: ChildProcess, path: string): Promise<Reply> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`${path} has ended`))),
    ]);
    return message as Reply;
  } finally {
    over.abort();
  }
}

/** In the child: says that it is ready and answers whatever it is asked. */
export function serveParent<Question, Reply>(
  ready: Reply,
  answer: (question: Question) => Promise<Reply>,
): void {
  process.on('message', (question) => {
    void answer(question as Question).then((reply) => process.send?.(reply));
  });
  process.on('disconnect', () => process.exit());
  process.send?.(ready);
}
