// Opens pages in Chromium and says, as JSON on the standard output, what axe-core finds in each and what it asks for.
// node pages.mjs CHROMIUM MODULES PAGE…
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [executablePath, modules, ...pages] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { bureau: { width: 1280, height: 900 }, telephone: { width: 360, height: 740 } };
const MEDIA = {
  clair: { colorScheme: 'light' }, sombre: { colorScheme: 'dark' }, impression: { media: 'print' },
};
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath, args });
const found = [];

for (const path of pages) {
  const url = pathToFileURL(path).href;
  const seen = { axe: {}, requetes: [], console: [], large: 0 };
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const [name, media] of Object.entries(MEDIA)) {
      const context = await browser.newContext({ viewport, bypassCSP: true });
      const one = await context.newPage();
      await one.emulateMedia(media);
      await one.goto(url);
      await one.evaluate(axe);
      const { violations, passes } = await one.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      seen.axe[`${name}, ${size}`] = {
        passes: passes.length,
        violations: violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`)),
      };
      await context.close();
    }
  }
  // A context without any bypass: the policy of the page holds.
  const context = await browser.newContext({ viewport: SIZES.telephone });
  const one = await context.newPage();
  one.on('console', (message) => seen.console.push(message.text()));
  one.on('request', (request) => { if (request.url() !== url) seen.requetes.push(request.url()); });
  await one.goto(url);
  seen.large = await one.evaluate(() => document.documentElement.scrollWidth);
  await context.close();
  found.push(seen);
}
await browser.close();
console.log(JSON.stringify(found));
