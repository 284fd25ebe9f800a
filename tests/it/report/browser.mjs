// Opens pages in light, dark, on a narrow screen and on paper, and prints what is wrong with each as JSON.
//
//   node browser.mjs FOLDER-OF-PACKAGES CHROMIUM PAGE...
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packages, chromium, ...pages] = process.argv.slice(2);
const require = createRequire(pathToFileURL(packages + "/"));
const { default: puppeteer } = await import(pathToFileURL(require.resolve("puppeteer-core")));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const modes = [
  { name: "light", width: 1600, scheme: "light", media: "screen" },
  { name: "dark", width: 1280, scheme: "dark", media: "screen" },
  { name: "narrow", width: 360, scheme: "light", media: "screen" },
  { name: "paper", width: 800, scheme: "light", media: "print" },
];

const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const visits = [];
for (const file of pages) {
  for (const mode of modes) {
    const problems = [];
    const page = await browser.newPage();
    await page.setViewport({ width: mode.width, height: 1000 });
    await page.emulateMediaType(mode.media);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: mode.scheme }]);
    page.on("console", (message) => problems.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(file).href) problems.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
    const seen = await page.evaluate(() => ({
      title: document.title,
      foreign: [...document.querySelectorAll("script, img, iframe, object, embed, link")].map((one) => one.outerHTML),
      handlers: [...document.querySelectorAll("*")]
        .flatMap((one) => one.getAttributeNames())
        .filter((name) => name.startsWith("on")),
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      // Every text of the map lies within the rectangle before it.
      cut: [...document.querySelectorAll(".map text")].filter((text) => {
        const rectangles = [...text.closest("svg").querySelectorAll("rect")];
        const own = rectangles.filter((one) => one.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
        return text.getBoundingClientRect().right > own.getBoundingClientRect().right;
      }).map((one) => one.textContent),
      hidden: [...document.querySelectorAll("details > :not(summary)")].filter((one) => one.getBoundingClientRect().height === 0).map((one) => one.outerHTML.slice(0, 200)),
    }));
    if (seen.title.includes("HACKED") && !seen.title.includes("document.title")) problems.push(`title: ${seen.title}`);
    problems.push(...seen.foreign.map((one) => `element: ${one}`), ...seen.handlers.map((one) => `handler: ${one}`));
    problems.push(...seen.cut.map((one) => `leaves its box: ${one}`));
    if (mode.media === "screen" && seen.overflow > 0) problems.push(`wider than the screen by ${seen.overflow}`);
    if (mode.media === "print") problems.push(...seen.hidden.map((one) => `hidden on paper: ${one}`));
    if (mode.media === "screen") {
      // The policy of the page forbids scripts, axe among them; it comes in by the debugger.
      await page.setBypassCSP(true);
      await page.reload({ waitUntil: "load" });
      await page.evaluate(axe);
      const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of result.violations) {
        const nodes = violation.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} (${node.failureSummary})`);
        problems.push(`axe ${violation.id}: ${nodes.join(" | ")}`);
      }
    }
    await page.close();
    visits.push({ page: file, mode: mode.name, problems });
  }
}
await browser.close();
console.log(JSON.stringify(visits));
