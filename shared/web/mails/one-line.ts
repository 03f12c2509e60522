/**
 * A name as a part of one line. What would end the line becomes a blank; what cannot be seen, or
 * turns the direction of what follows, goes. Joiners stay: scripts and emoji are written with them.
 */
export function oneLine(name: string): string {
  return name
    .replace(/(?![\u200c\u200d])\p{Cf}|\p{Cs}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/**
 * One line that no mail program makes a link of by itself, for names that no administrator chose:
 * `Pay at https://a.example` becomes `Pay at https: //a. example`.
 */
export function unlinked(name: string): string {
  return oneLine(name).replace(/[.:@](?=\S)/g, '$& ');
}
