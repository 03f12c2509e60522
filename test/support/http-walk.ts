import type { createBrowser } from '../../dev/browser.ts';
import type { HttpBrowser } from './http-browser.ts';
import type { Got, Sent } from './http-send.ts';

/** The watching browser in the shape that `walk` takes: every hop of a walk is watched too. */
export function walkingWith(browser: HttpBrowser): ReturnType<typeof createBrowser> {
  const asSent = (init: RequestInit = {}): Sent => ({
    ...(init.method === undefined ? {} : { method: init.method }),
    ...(init.headers === undefined ? {} : { headers: init.headers as Record<string, string> }),
    ...(init.body == null ? {} : { body: init.body as string | URLSearchParams }),
  });
  return {
    open: async (url, init?: RequestInit) => responseOf(await browser.open(url, asSent(init))),
    async follow(url, init?: RequestInit, stop?: (url: URL) => boolean) {
      const { url: at, got } = await browser.follow(url, asSent(init), stop);
      return { url: new URL(at), ...(got ? { response: responseOf(got) } : {}) };
    },
  };
}

function responseOf({ status, headers, text }: Got): Response {
  const bodiless = [204, 304].includes(status);
  return new Response(bodiless ? null : text, {
    status,
    headers: { 'content-type': headers['content-type'] ?? 'text/plain' },
  });
}
