/** Runs the stories of e2e/ in a real browser. */
import { runStories } from "./run-stories.ts";

runStories("e2e/playwright.config.ts", process.argv.slice(2));
