import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  // Each test has a server and a database of its own (tests/fixtures.ts): all may run side by side.
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  outputDir: "test-results/artifacts",
  reporter: [["line"], ["json", { outputFile: "test-results/report.json" }]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    timezoneId: "UTC",
    // Recording slows every test down; `--trace on` makes one when it is wanted.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      // The system's browser: nothing is downloaded for the tests.
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-quic",
      ],
    },
  },
});
