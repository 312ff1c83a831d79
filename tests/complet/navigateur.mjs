// Opens a report in Chromium and says, as JSON on the standard output, what it saw there.
// node navigateur.mjs CHROMIUM MODULES REPORT PDF
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [executablePath, modules, report, pdf] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const url = pathToFileURL(report).href;
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const SIZES = { bureau: { width: 1280, height: 900 }, telephone: { width: 360, height: 740 } };
const MEDIA = {
  clair: { colorScheme: 'light' }, sombre: { colorScheme: 'dark' }, impression: { media: 'print' },
};
// 1280 pixels at 200 % are 640 pixels, twice as dense.
const NARROW = {
  telephone: { viewport: SIZES.telephone },
  zoom: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
};

const browser = await chromium.launch({ executablePath, args });
const seen = { axe: {}, discret: {}, large: {} };

async function page(options, work) {
  const context = await browser.newContext({ viewport: SIZES.bureau, ...options });
  try {
    return await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

async function judge(one) {
  await one.evaluate(axe);
  const { violations, passes } = await one.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  return {
    passes: passes.length,
    violations: violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`)),
  };
}

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const [name, media] of Object.entries(MEDIA)) {
    seen.axe[`${name}, ${size}`] = await page({ viewport, bypassCSP: true }, async (one) => {
      await one.emulateMedia(media);
      await one.goto(url);
      return judge(one);
    });
  }
}

// The judge does judge: a picture without text must be told.
seen.temoin = await page({ bypassCSP: true }, async (one) => {
  await one.setContent('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">');
  return judge(one);
});

for (const [size, viewport] of Object.entries(SIZES)) {
  seen.discret[size] = await page({ viewport }, async (one, context) => {
    const found = { messages: [], requests: [] };
    // Registered before the page: told of violations even while the document is being read.
    await context.addInitScript(() => {
      globalThis.refusals = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        globalThis.refusals.push(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    one.on('console', (message) => found.messages.push(message.text()));
    one.on('pageerror', (error) => found.messages.push(String(error)));
    one.on('request', (request) => found.requests.push(request.url()));
    await one.goto(url);
    await one.evaluate(() => document.querySelectorAll('details').forEach((each) => { each.open = true; }));
    await one.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await one.waitForLoadState('networkidle');
    found.refusals = await one.evaluate(() => globalThis.refusals);
    // The policy is in force: a style that the page did not announce is refused.
    await one.evaluate(() => { document.head.appendChild(document.createElement('style')).textContent = 'p {}'; });
    await one.waitForTimeout(100);
    found.temoin = await one.evaluate(() => globalThis.refusals);
    return found;
  });
}
seen.url = url;

for (const [name, options] of Object.entries(NARROW)) {
  seen.large[name] = await page(options, async (one) => {
    await one.goto(url);
    return one.evaluate(() => {
      document.querySelectorAll('details').forEach((each) => { each.open = true; });
      scrollTo(10000, 0);
      // What only shows when focused waits outside the page; what scrolls does so in its own frame.
      const outside = [...document.querySelectorAll('body *')].filter((each) =>
        !each.closest('.defile') && !each.matches('.evitement') && each.getBoundingClientRect().right > innerWidth + 1);
      return {
        page: document.documentElement.scrollWidth, window: innerWidth, scrolled: scrollX,
        outside: outside.slice(0, 5).map((each) => each.outerHTML.slice(0, 120)),
      };
    });
  });
}

await page({}, async (one) => {
  await one.goto(url);
  await one.pdf({ path: pdf, preferCSSPageSize: true });
});

// Without scripts, nothing can be asked of the page but what it shows and where its links lead.
seen.sansScript = await page({ javaScriptEnabled: false }, async (one) => {
  await one.goto(url);
  const shown = {
    title: await one.title(), heading: await one.locator('h1').innerText(),
    parts: await one.locator('main h2').allInnerTexts(), scripts: await one.locator('script').count(),
  };
  await one.locator('nav.sommaire a').last().click();
  shown.address = new URL(one.url()).hash;
  const closed = one.locator('details:not([open])').first();
  shown.closed = await closed.count();
  if (shown.closed) {
    const drawing = one.locator('details').nth(await one.locator('details').evaluateAll(
      (all) => all.findIndex((each) => !each.open)));
    const table = drawing.locator('table');
    shown.before = await table.isVisible();
    await drawing.locator('summary').click();
    shown.after = await table.isVisible();
  }
  return shown;
});

await browser.close();
process.stdout.write(JSON.stringify(seen));
