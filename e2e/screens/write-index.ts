import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileOf, FOLDER, SCREENS, THEMES, WIDTHS } from "./list.ts";

/** `docs/screens/README.md`: each picture that is there, by screen. */
export async function writeIndex(): Promise<void> {
  const sections = SCREENS.map((screen) => {
    const shots = THEMES.flatMap((theme) =>
      WIDTHS.map((width) => ({ theme, width, file: fileOf(screen, width, theme) })),
    ).filter(({ file }) => existsSync(join(FOLDER, file)));
    const links = shots.map(({ theme, width, file }) => `[${theme}, ${width} px](${file})`);
    const shown = shots[0] ? `\n\n![${screen.is}](${shots[0].file})` : "";
    return `## ${screen.name}\n\nFor a person with the role ${screen.who.replace("second ", "")}: ${screen.is}. ${links.join(" · ")}${shown}`;
  });
  const head =
    "# Screens\n\nThe demo night as `npm run screens` met it; the same command takes every picture anew and fails where a screen is wider than its window or breaks a rule of axe in either theme.";
  await writeFile(join(FOLDER, "README.md"), `${[head, ...sections].join("\n\n")}\n`);
}
