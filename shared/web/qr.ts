import { create } from 'qrcode';
import { type Html, html } from './html.ts';

/** As inline SVG: no image request, nothing for the policy to allow. Always dark on light. */
export function qrCode(text: string, title: string): Html {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  // four modules of quiet zone, ISO/IEC 18004
  const box = size + 8;
  let path = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let run = 0;
      while (x + run < size && modules.get(y, x + run)) run++;
      if (run > 0) path += `M${x + 4} ${y + 4}h${run}v1h-${run}z`;
      x += run;
    }
  }
  return html`<svg role="img" aria-labelledby="qr-title" viewBox="0 0 ${box} ${box}" shape-rendering="crispEdges"><title id="qr-title">${title}</title><path fill="#fff" d="M0 0h${box}v${box}H0z"/><path fill="#000" d="${path}"/></svg>`;
}
