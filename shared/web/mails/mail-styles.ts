import { accentOf } from '../colour.ts';
import { dark, light, type Palette, surfaces } from '../palette.ts';

/** Colours are written out: many mail programs know no custom properties, grids or flexible boxes. */
export function mailStyles(accentColour: string): string {
  const accent = accentOf(accentColour, surfaces);
  return `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 32px 12px; font: 17px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; }
.mail { display: block; max-width: 560px; margin: 0 auto; border: 1px solid; border-radius: 16px; overflow: hidden; }
.from { margin: 0; padding: 16px 32px; background: ${accent.fill}; color: ${accent.on}; font-weight: 600; }
.letter { padding: 28px 32px 32px; }
h1 { margin: 0 0 16px; font-size: 26px; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; text-wrap: balance; }
.plain, .detail { margin: 0 0 16px; }
.detail { margin-bottom: 4px; font-size: 15px; }
.detail + .plain { margin-top: 16px; }
.code { margin: 20px 0; padding: 18px 12px; border-radius: 10px; font: 600 34px/1.2 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; letter-spacing: .06em; text-align: center; white-space: nowrap; -webkit-user-select: all; user-select: all; }
.advice { margin: 20px 0; padding: 14px 18px; border-radius: 10px; font-size: 15px; }
.letter > :last-child { margin-bottom: 0; }
@media (max-width: 480px) {
body { padding: 0; }
.mail { border: 0; border-radius: 0; }
.from { padding: 14px 20px; }
.letter { padding: 24px 20px; }
.code { font-size: 30px; }
}
${colours(light, accent.inkOnLight)}
@media (prefers-color-scheme: dark) {
${colours(dark, accent.inkOnDark)}
}
`;
}

function colours(palette: Palette, ink: string): string {
  return `body { background: ${palette.ground}; }
.mail { background: ${palette.surface}; border-color: ${palette.line}; color: ${palette.text}; }
.detail { color: ${palette.muted}; }
.advice, .code { background: ${palette.panel}; }
.code { color: ${ink}; }`;
}
