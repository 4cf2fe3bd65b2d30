import { defineConfig } from "vitest/config";
import { runFolder } from "./lib/testing-leftovers.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: [
            "lib/**/*.test.ts",
            "components/**/*.test.ts",
            "app/**/*.test.ts",
            "e2e/**/*.test.ts",
            "prisma/**/*.test.ts",
          ],
          exclude: ["**/*.db.test.ts", "**/node_modules/**"],
          env: { TMPDIR: runFolder("pure") },
          globalSetup: ["./lib/testing-leftovers.ts"],
          // Only so that what hangs ends; no test is about time.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude: ["**/node_modules/**", "**/.next/**", "**/.data/**"],
          env: { TMPDIR: runFolder("db") },
          globalSetup: ["./lib/testing-leftovers.ts", "./lib/db/testing-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
