// Checks the links of all Markdown files: a relative one names a file of the repository, a fragment names a
// heading, and so does an absolute link to this repository. Links to other sites are not followed.
// In all other texts, such as claims, sources and the page's templates, it checks the links to this repository.
// On pages of runs it also checks fragments, and that what is said to be below or above a link is there.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const BLOB = 'github\\.com/contend-rs/contend/(blob|tree|raw)';
const RAW = 'raw\\.githubusercontent\\.com/contend-rs/contend';
const OURS = new RegExp(`^https://(${BLOB}|${RAW})/(main|HEAD)/`);
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).split('\0').filter(Boolean);
const files = new Set(git('ls-files', '-z', '--cached', '--others', '--exclude-standard'));

/// A document without its code, line by line: what looks like a link there is none.
const prose = (path) => {
  let fence = null;
  return readFileSync(path, 'utf8').split('\n').map((line) => {
    const mark = line.match(/^\s*(`{3,}|~{3,})/)?.[1];
    if (fence ? mark?.startsWith(fence) : mark) {
      fence = fence ? null : mark;
      return '';
    }
    return fence ? '' : line.replace(/(`+)(?:(?!\1).)+\1/g, (code) => 'x'.repeat(code.length));
  });
};

/// The names that GitHub gives to the headings of a document.
const headings = (path) => {
  const seen = new Map();
  const names = new Set();
  let fence = false;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (/^\s*(`{3,}|~{3,})/.test(line)) fence = !fence;
    for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) names.add(id);
    const title = !fence && line.match(/^#{1,6}\s+(.*?)\s*#*$/)?.[1];
    if (!title) continue;
    const text = title.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = text.replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    names.add(count ? `${name}-${count}` : name);
  }
  return names;
};

/// What is wrong with a link; nothing where it is right.
const wrong = (from, target) => {
  const own = target.replace(OURS, '/');
  if (/^[a-z][a-z0-9+.-]*:/i.test(own)) return undefined;
  if (own === target && own.startsWith('/')) return 'an absolute path, which means something else on each site';
  const [path, fragment] = own.split('#');
  const base = own === target ? posix.dirname(from) : '.';
  const place = path === '' ? from : posix.normalize(posix.join(base, decodeURIComponent(path.split('?')[0])));
  const folder = place.replace(/\/*$/, '/');
  if (!files.has(place) && ![...files].some((file) => file.startsWith(folder))) return `there is no ${place}`;
  if (!fragment || !place.endsWith('.md') || headings(place).has(fragment)) return undefined;
  return `${place} has no heading #${fragment}`;
};

const LINKS = [
  /\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g,
  /^\s*\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/g,
  /<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)="([^"]+)"/g,
];
let links = 0;
const faults = [];
// Tests compare with Markdown that a run would write beside its charts.
const ours = (name) => name.endsWith('.md') && !/(^|\/)tests\//.test(name) && existsSync(name);
const documents = [...files].filter(ours);
for (const file of documents) {
  prose(file).forEach((line, index) => {
    for (const [, target] of LINKS.flatMap((link) => [...line.matchAll(link)])) {
      links += 1;
      const fault = wrong(file, target);
      if (fault) faults.push(`${file}:${index + 1}: ${target}: ${fault}`);
    }
  });
}

/// What is wrong with a link to this repository in a text that is not Markdown.
const texts = [...files].filter((name) => /\.(rs|toml|html|yml|mjs|js)$/.test(name) && existsSync(name));
for (const file of texts) {
  readFileSync(file, 'utf8').split('\n').forEach((line, index) => {
    for (const [target] of line.matchAll(/https:\/\/(?:github|raw\.githubusercontent)\.com\/contend-rs\/contend\/[^\s"'`)<>\\]+/g)) {
      if (!OURS.test(target) || target.includes('{') || target.replace(OURS, '') === '') continue;
      links += 1;
      const fault = wrong(file, target.replace(/[.,;]$/, ''));
      if (fault) faults.push(`${file}:${index + 1}: ${target}: ${fault}`);
    }
  });
}

/// The faults of a page's links: a fragment without its element, a file that is not beside the page, a wrong direction.
const pageFaults = (page) => {
  const html = readFileSync(page, 'utf8').replace(/<script\b.*?<\/script>/gs, (script) => ' '.repeat(script.length));
  const places = new Map([...html.matchAll(/\sid="([^"]+)"/g)].map((id) => [id[1], id.index]));
  const found = [];
  for (const { 1: target, 2: text, index } of html.matchAll(/<a\b[^>]*?\bhref="([^"]+)"[^>]*>(.*?)<\/a>/gs)) {
    links += 1;
    const [path, fragment] = target.split('#');
    if (path !== '') {
      if (/^\.{1,2}\//.test(path) && !existsSync(posix.join(dirname(page), path))) found.push(`${target}: there is no such file`);
      continue;
    }
    const place = places.get(fragment);
    if (place === undefined) found.push(`${target}: nothing has this id`);
    else if (/\bbelow\b/.test(text) && place < index) found.push(`${target} is above "${text}"`);
    else if (/\babove\b/.test(text) && place > index) found.push(`${target} is below "${text}"`);
  }
  return found;
};
const pages = [...files].filter((name) => /^reports\/.*\.html$/.test(name) && existsSync(name));
for (const page of pages) faults.push(...pageFaults(page).map((fault) => `${page}: ${fault}`));

for (const fault of faults) console.error(fault);
if (faults.length > 0 || links === 0) process.exit(1);
console.log(`${links} links in ${documents.length} documents, ${texts.length} sources and ${pages.length} pages`);
