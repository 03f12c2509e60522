import type { Journal } from '../ports.ts';

/** JSON lines on standard output: one object a line, whatever its texts contain. */
export function consoleJournal(clock: () => Date, write: (line: string) => void): Journal {
  return {
    line(level, event, detail = {}) {
      // JSON escapes control characters; what is left are separators that some readers break lines at
      const line = JSON.stringify({ at: clock().toISOString(), level, event, ...detail });
      write(line.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'));
    },
  };
}
