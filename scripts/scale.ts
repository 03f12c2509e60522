// What the gateway costs and where it ends, on paper: npm run scale writes docs/scale.md
import { readFileSync, writeFileSync } from 'node:fs';
import { readWays, scalePage } from './scale/scale.ts';

writeFileSync('docs/scale.md', scalePage(readWays(readFileSync('docs/performance.md', 'utf8'))));
console.log('docs/scale.md is written');
