import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
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
  hear: (told: unknown) => void = () => undefined,
): Promise<Child<Question, Reply>> {
  const path = fileURLToPath(module);
  const child = fork(path, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    ...(oneCore ? { execPath: holder, execArgv: held } : {}),
  });
  const replies = new EventEmitter();
  child.on('message', (message: Message) => {
    if ('told' in message) hear(message.told);
    else replies.emit('reply', message.reply);
  });
  const next = () => nextReply<Reply>(child, replies, path);
  return {
    ready: await next(),
    ask(question) {
      child.send(question);
      return next();
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** An answer to what was asked, or something that the child tells unasked. */
type Message = { readonly reply: unknown } | { readonly told: unknown };

async function nextReply<Reply>(
  child: ChildProcess,
  replies: EventEmitter,
  path: string,
): Promise<Reply> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const [reply] = await Promise.race([
      once(replies, 'reply', { signal }),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`${path} has ended`))),
    ]);
    return reply as Reply;
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
    void answer(question as Question).then((reply) => send({ reply }));
  });
  process.on('disconnect', () => process.exit());
  send({ reply: ready });
}

/** In the child: something that the parent has not asked for. */
export const tellParent = (told: unknown): void => send({ told });

const send = (message: Message): void => void process.send?.(message);
