// Opens the index of a portfolio in Chromium and says, as JSON on the standard output, what it saw there.
// node parc.mjs CHROMIUM MODULES INDEX
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [executablePath, modules, index] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const url = pathToFileURL(index).href;
const browser = await chromium.launch({
  executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const rows = (one) => one.$$eval('#table-dossiers tbody tr', (all) =>
  all.filter((row) => row.offsetParent !== null || row.getClientRects().length).map((row) => row.cells[1].textContent));

async function page(options, work) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

const seen = {};
// Under its own policy: nothing is refused, nothing is asked for.
await page({}, async (one) => {
  seen.requests = [];
  seen.messages = [];
  one.on('request', (request) => seen.requests.push(request.url()));
  one.on('console', (message) => seen.messages.push(message.text()));
  one.on('pageerror', (error) => seen.messages.push(String(error)));
  await one.goto(url);
  seen.url = url;
  seen.initial = await rows(one);
  const heading = one.locator('#table-dossiers thead th').nth(1).locator('button');
  await heading.click();
  seen.ascending = await rows(one);
  await heading.click();
  seen.descending = await rows(one);
  const majors = one.locator('#table-dossiers thead th').nth(2).locator('button');
  await majors.click();
  await majors.click();
  seen.majors = await one.$$eval('#table-dossiers tbody tr', (all) => all.map((row) => row.cells[2].textContent));
  await one.check('#filtre-majeur');
  seen.filtered = await rows(one);
});
await page({ javaScriptEnabled: false }, async (one) => {
  await one.goto(url);
  await one.locator('#filtre-invalide').check();
  seen.buttons = await one.locator('thead button').count();
  seen.withoutScript = await one.locator('#table-dossiers tbody tr:visible').count();
});
seen.axe = {};
for (const [name, options] of Object.entries({
  clair: { colorScheme: 'light' }, sombre: { colorScheme: 'dark' },
  telephone: { viewport: { width: 360, height: 740 } },
})) {
  seen.axe[name] = await page({ bypassCSP: true, ...options }, async (one) => {
    await one.goto(url);
    await one.evaluate(axe);
    const { violations, passes } = await one.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
    return {
      passes: passes.length,
      wide: await one.evaluate(() => document.documentElement.scrollWidth > window.innerWidth),
      violations: violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`)),
    };
  });
}
await browser.close();
console.log(JSON.stringify(seen));
