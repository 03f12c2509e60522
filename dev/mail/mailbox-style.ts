/** Two panes side by side; on a phone the list, then the message. */
export const mailboxStyle = `
:root { color-scheme: light dark; --accent: light-dark(#0b5c74, #7fd0e8); --muted: light-dark(#5a616b, #a5abb5); --line: light-dark(#dfe2e7, #33373f); --chosen: light-dark(#e3f1f5, #173641); }
* { box-sizing: border-box; }
body { display: flex; flex-direction: column; height: 100dvh; margin: 0; font: 1rem/1.45 system-ui, sans-serif; background: light-dark(#fff, #1b1e23); color: light-dark(#1b1d21, #e8eaed); }
a { color: inherit; text-decoration: none; }
:focus-visible { outline: 3px solid light-dark(#1b6ac9, #9cc4ff); outline-offset: -3px; }
header { display: flex; align-items: baseline; gap: .6rem; padding: .7rem 1.25rem; background: #0b4a5d; color: #fff; }
h1 { margin: 0; font-size: 1rem; font-weight: 600; letter-spacing: .02em; }
.note { color: #c5dde4; font-size: .85rem; }
.refresh { margin-left: auto; padding: .2rem .9rem; border: 1px solid #ffffff80; border-radius: 1rem; font-size: .9rem; }
.refresh:hover { background: #ffffff26; }
main { display: grid; grid-template-columns: minmax(17rem, 24rem) 1fr; flex: 1; min-height: 0; }
.list { overflow-y: auto; border-right: 1px solid var(--line); background: light-dark(#f7f8fa, #202329); }
.boxes { display: flex; flex-wrap: wrap; gap: .4rem; padding: .8rem 1rem; border-bottom: 1px solid var(--line); font-size: .85rem; }
.boxes a { padding: .15rem .7rem; border: 1px solid var(--line); border-radius: 1rem; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.boxes a:hover { border-color: var(--accent); }
.boxes a[aria-current] { border-color: var(--accent); background: var(--chosen); font-weight: 600; }
.count { color: var(--muted); font-weight: 400; }
ol { margin: 0; padding: 0; list-style: none; }
li a { display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; padding: .7rem 1rem .75rem; border-bottom: 1px solid var(--line); }
li a:hover { background: var(--chosen); }
li a[aria-current] { box-shadow: inset .25rem 0 var(--accent); background: var(--chosen); }
li span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.from { font-size: .85rem; }
li time, .to { color: var(--muted); font-size: .85rem; }
.subject, .to { grid-column: 1 / -1; }
.subject { font-weight: 600; }
.mail { display: flex; flex-direction: column; min-width: 0; overflow-y: auto; }
.back { display: none; }
article { display: flex; flex: 1; flex-direction: column; padding: 1.5rem 2rem 2rem; }
h2 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.25; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0 0 1.25rem; font-size: .9rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.tabs { display: flex; gap: 1.5rem; border-bottom: 1px solid var(--line); font-size: .9rem; }
.tabs a { padding: .35rem 0; border-bottom: .2rem solid transparent; color: var(--muted); }
.tabs a:hover { color: inherit; }
.tabs a[aria-current] { border-bottom-color: var(--accent); color: inherit; font-weight: 600; }
iframe { flex: 1; width: 100%; min-height: 26rem; margin-top: 1rem; border: 1px solid var(--line); border-radius: .4rem; background: #fff; }
pre { margin: 1rem 0 0; font: .95rem/1.55 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.empty { margin: 0; padding: 2.5rem 1.5rem; color: var(--muted); text-align: center; }
@media (max-width: 46rem) {
  main { grid-template-columns: 1fr; }
  .list { border-right: 0; }
  li a[aria-current] { box-shadow: none; background: none; }
  main.reading .list, main:not(.reading) .mail { display: none; }
  .back { display: block; padding: .75rem 1.25rem; border-bottom: 1px solid var(--line); color: var(--accent); }
  article { padding: 1.25rem; }
}
`;
