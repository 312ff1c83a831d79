// Opens pages in Chromium and says, as JSON, what each asked for, said, opened or had refused by its policy.
// node inerte.mjs CHROMIUM MODULES PAGE…
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [executablePath, modules, ...pages] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(modules), 'x.js'))('playwright-core');
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
const browser = await chromium.launch({ executablePath, args });
const seen = {};
for (const page of pages) {
  const url = pathToFileURL(page).href;
  const context = await browser.newContext();
  const one = await context.newPage();
  const found = { url, requests: [], messages: [], dialogs: [], opened: 0 };
  await context.addInitScript(() => {
    globalThis.refusals = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.refusals.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  context.on('request', (request) => found.requests.push(request.url()));
  context.on('page', () => { found.opened += 1; });
  one.on('console', (message) => found.messages.push(message.text()));
  one.on('pageerror', (error) => found.messages.push(String(error)));
  one.on('dialog', (dialog) => { found.dialogs.push(dialog.message()); return dialog.dismiss(); });
  const start = performance.now();
  await one.goto(url);
  found.milliseconds = Math.round(performance.now() - start);
  found.shown = await one.evaluate(() => {
    document.querySelectorAll('details').forEach((each) => { each.open = true; });
    return {
      policy: document.querySelector('meta[http-equiv]')?.content ?? '',
      rows: document.querySelectorAll('tr').length,
      visible: document.body.getBoundingClientRect().height,
      styles: document.styleSheets.length,
      foreign: [...document.querySelectorAll('script, iframe, img, object, embed, link, form, base')].length,
    };
  });
  await one.waitForLoadState('networkidle');
  found.refusals = await one.evaluate(() => globalThis.refusals);
  seen[page] = found;
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(seen));
