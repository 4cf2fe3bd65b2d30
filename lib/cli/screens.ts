/** `npm run screens [-- -g NAME]`: takes the pictures of docs/screens anew. */
import { mkdirSync } from "node:fs";
import { runStories } from "./run-stories.ts";

mkdirSync("docs/screens", { recursive: true });
runStories("e2e/screens/playwright.config.ts", process.argv.slice(2));
