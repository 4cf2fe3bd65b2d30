import { defineConfig } from "playwright/test";
import stories from "../playwright.config.ts";

/** `npm run screens`: one demo night, every screen of it in both themes and two widths, into docs/screens. */
export default defineConfig({
  ...stories,
  testMatch: "*.pictures.ts",
  outputDir: "../../test-results/screens",
  globalSetup: "../global-setup.ts",
  timeout: 180_000,
  reporter: [["list"]],
});
