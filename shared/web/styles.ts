import { accentOf } from './colour.ts';
import { dark, light, type Palette, surfaces } from './palette.ts';

/** The one style sheet; only the accent's custom properties differ between organisations. */
export function styleSheet(accentColour: string | undefined): string {
  const accent = accentOf(accentColour, surfaces);
  return (
    `:root{--fill:${accent.fill};--on-fill:${accent.on};--ink:${accent.inkOnLight}}` +
    `@media (prefers-color-scheme:dark){:root{--ink:${accent.inkOnDark}}}` +
    sheet
  );
}

const sheet = compact(`
:root {
  color-scheme: light dark;
  ${variables(light)}
  --shadow: 0 1px 2px rgb(16 24 40 / 5%), 0 12px 32px -12px rgb(16 24 40 / 14%);
}
@media (prefers-color-scheme: dark) {
  :root {
    ${variables(dark)}
    --shadow: none;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; border-top: 4px solid var(--fill); background: var(--ground); color: var(--text);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, p, ol, ul, dl, dd, figure { margin: 0; padding: 0; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.4; font-weight: 650; }
p { text-wrap: pretty; }
a { color: var(--ink); text-underline-offset: .2em; text-decoration-thickness: from-font; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; border-radius: 4px; }
.page { width: 100%; max-width: 30rem; margin-inline: auto; padding: clamp(1.25rem, 7vh, 5rem) 1rem 3rem; }
.page.wide { max-width: 43rem; }
.brand { display: flex; align-items: center; gap: .875rem; margin-bottom: 1.5rem; padding-inline: .25rem; }
.mark {
  flex: none; display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: .75rem;
  background: var(--fill); color: var(--on-fill); font-size: 1.375rem; font-weight: 650; line-height: 1;
  box-shadow: inset 0 0 0 1px rgb(127 127 127 / 25%);
}
.names { min-width: 0; line-height: 1.35; }
.names b, .names span { display: block; }
.names b { font-weight: 650; }
.names span { color: var(--muted); font-size: .9375rem; }
.card {
  display: grid; gap: 1.5rem; padding: 2.5rem; background: var(--surface);
  border: 1px solid var(--line); border-radius: 1rem; box-shadow: var(--shadow);
}
.card > *, .steps > li, .stack > * { min-width: 0; }
.stack { display: grid; gap: .75rem; }
.section { display: grid; gap: .25rem; }
.opening { display: grid; gap: .625rem; }
.muted { color: var(--muted); }
.small { font-size: .9375rem; }
form { display: grid; gap: 1.5rem; }
.field { display: grid; gap: .375rem; }
label { font-weight: 600; }
h2 label { font-weight: inherit; }
input {
  width: 100%; min-height: 3.25rem; padding: .625rem .875rem; border: 1px solid var(--edge); border-radius: .625rem;
  background: var(--surface); color: inherit; font: inherit;
}
input:focus-visible { outline-offset: 0; border-color: var(--ink); border-radius: .625rem; }
input[aria-invalid] { border: 2px solid var(--danger); }
input.code {
  max-width: 15rem; font: 500 1.625rem/1.2 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace;
  letter-spacing: .28em; font-variant-numeric: tabular-nums;
}
button, .button {
  display: flex; align-items: center; justify-content: center; width: 100%; min-height: 3.25rem; padding: .625rem 1.25rem;
  border: 1px solid var(--ink); border-radius: .625rem; background: var(--fill); color: var(--on-fill);
  font: inherit; font-weight: 600; text-align: center; text-wrap: balance; text-decoration: none; cursor: pointer;
  transition: box-shadow .15s, filter .15s;
}
button:hover, .button:hover { filter: brightness(1.08) contrast(1.04); box-shadow: 0 2px 8px rgb(16 24 40 / 18%); }
button:active, .button:active { filter: brightness(.94); }
button:focus-visible, .button:focus-visible { border-radius: .625rem; }
.quiet { background: var(--surface); color: var(--text); border-color: var(--edge); font-weight: 550; }
.quiet:hover { background: var(--panel); filter: none; box-shadow: none; }
.or { display: flex; align-items: center; gap: 1rem; color: var(--muted); font-size: .9375rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.problem { padding: .875rem 1.125rem; border: 1px solid var(--danger); border-inline-start-width: 5px; border-radius: .625rem; background: var(--danger-ground); }
.problem a, .help-wrong { color: var(--danger); }
.help-wrong { font-size: .9375rem; }
.why, .notice { padding: .875rem 1.125rem; border: 1px solid transparent; border-radius: .625rem; background: var(--panel); font-size: .9375rem; }
.why b { font-weight: 650; }
.steps { display: grid; gap: 2rem; list-style: none; counter-reset: step; }
.steps > li { position: relative; display: grid; gap: .875rem; padding-inline-start: 3rem; counter-increment: step; }
.steps > li::before {
  content: counter(step); position: absolute; inset: -.125rem auto auto 0; display: grid; place-items: center;
  width: 2rem; height: 2rem; border: 1.5px solid var(--ink); border-radius: 50%; color: var(--ink);
  font-size: .9375rem; font-weight: 650;
}
.steps > li:not(:last-child)::after {
  content: ""; position: absolute; inset: 2.375rem auto -1.5rem calc(1rem - 1px); border-inline-start: 1px solid var(--line);
}
.ways { display: grid; gap: 1rem 1.75rem; grid-template: "qr scan" auto "qr link" 1fr / auto 1fr; }
.ways .scan { grid-area: scan; padding-top: .5rem; }
.ways .link { grid-area: link; display: grid; gap: .625rem; align-content: start; }
.qr { grid-area: qr; align-self: start; padding: .25rem; border: 1px solid var(--line); border-radius: .75rem; background: #fff; width: fit-content; }
.qr svg { display: block; width: 12.5rem; height: 12.5rem; forced-color-adjust: none; }
details { border-top: 1px solid var(--line); padding-top: .875rem; }
summary { width: fit-content; color: var(--ink); font-weight: 550; cursor: pointer; }
summary:hover { text-decoration: underline; text-underline-offset: .2em; }
details > :not(summary) { margin-top: .75rem; }
.facts { display: grid; gap: .125rem 1.25rem; grid-template-columns: auto 1fr; font-size: .9375rem; }
.facts dt { color: var(--muted); }
.key, .reference .value, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
.key { user-select: all; font-weight: 600; letter-spacing: .04em; word-spacing: .1em; }
.sign { display: block; width: 2.75rem; height: 2.75rem; color: var(--ink); }
.reference { padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--panel); }
.reference dt, .reference .hint { color: var(--muted); font-size: .9375rem; }
.reference .value { font-size: 1.375rem; font-weight: 600; letter-spacing: .04em; user-select: all; }
.below { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: center; margin-top: 1.5rem; font-size: .9375rem; }
.below a { padding-block: .375rem; }
.going { display: grid; gap: 1.5rem; }
.bar { height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
.bar::after { content: ""; display: block; width: 40%; height: 100%; border-radius: 2px; background: var(--ink); animation: go 1.4s ease-in-out infinite; }
@keyframes go { from { transform: translateX(-100%); } to { transform: translateX(250%); } }
@media (max-width: 36rem) {
  body { background: var(--surface); hyphens: auto; hyphenate-limit-chars: 12 4 4; }
  .page, .page.wide { padding: 1.25rem 1.25rem 2.5rem; }
  .brand { margin: 0 0 1.75rem; padding: 0 0 1.25rem; border-bottom: 1px solid var(--line); }
  .card { padding: 0; border: 0; border-radius: 0; box-shadow: none; }
  h1 { font-size: 1.5rem; }
  .ways { grid-template: "link" "scan" "qr" / 1fr; }
  .qr { margin-inline: auto; }
  .below { justify-content: start; padding-top: 1rem; border-top: 1px solid var(--line); }
}
@media (max-width: 24rem) {
  .page, .page.wide { padding-inline: 1rem; }
  .steps > li { padding-inline-start: 0; }
  .steps > li::before { position: static; }
  .steps > li::after { display: none; }
  .facts { grid-template-columns: 1fr; }
  .facts dd { margin-bottom: .375rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none; transition: none; }
  .bar::after { width: 100%; }
}
@media (forced-colors: active) {
  .mark, button, .button, .bar { border: 1px solid; }
  .bar::after { background: CanvasText; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; color: #000; }
  .page { padding: 0; }
  .card { padding: 0; border: 0; box-shadow: none; }
  button, .button, .below, .bar { display: none; }
}
`);

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');
}

/** Shorter on the wire: every page carries the sheet. */
function compact(css: string): string {
  return css
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .trim();
}
