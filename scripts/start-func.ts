// The built app under Azure Functions Core Tools: npm run start:func
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from './func/missing.ts';

const settings = 'local.settings.json';

const lacks = missing('.', process.env['PATH'] ?? '');
if (lacks.length > 0) {
  for (const lack of lacks) console.error(lack);
  process.exitCode = 2;
} else {
  const stdio = 'inherit';
  const built = spawnSync(process.execPath, [join('scripts', 'build.ts')], { stdio });
  if (built.status === 0) {
    copyFileSync(settings, join('dist', settings));
    // on Windows it is a batch file
    const shell = process.platform === 'win32';
    process.exitCode = spawnSync('func', ['start'], { cwd: 'dist', stdio, shell }).status ?? 1;
  } else process.exitCode = built.status ?? 1;
}
