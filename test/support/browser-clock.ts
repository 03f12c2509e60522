import { generateSync } from 'otplib';
import type { Authenticator } from '../../dev/walk.ts';

const stepMs = 30_000;

/**
 * The gateway's clock: the real one until a guest needs a code before the app would show a new one;
 * then it goes ahead, so that no test waits half a minute.
 */
export function openClock() {
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const stepNow = () => Math.floor(now().getTime() / stepMs);
  const codeAt = (secret: string, step: number) => generateSync({ secret, epoch: step * 30 });
  return {
    now,
    /** Lets time pass: the gateway's, while everybody else's clock goes on as it does. */
    forward(ms: number): void {
      aheadMs += ms;
    },
    /** A code that the gateway accepts now, and has not seen. */
    freshCode(authenticator: Authenticator): string {
      const { secret, lastStep = 0 } = authenticator;
      if (!secret) throw new Error('no authenticator app is set up');
      const step = Math.max(stepNow(), lastStep + 1);
      // one step ahead is accepted
      aheadMs += Math.max(0, step - stepNow() - 1) * stepMs;
      authenticator.lastStep = step;
      return codeAt(secret, step);
    },
    /** Six digits that are no code of this secret around now. */
    wrongCode(secret: string): string {
      const near = [-2, -1, 0, 1, 2].map((offset) => codeAt(secret, stepNow() + offset));
      const wrong = ['123456', '234567', '345678', '456789', '567890', '678901'];
      return wrong.find((code) => !near.includes(code)) ?? '000000';
    },
  };
}

export type Clock = ReturnType<typeof openClock>;
