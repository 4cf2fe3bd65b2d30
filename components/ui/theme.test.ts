import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");
const [light, dark] = tokens();

const SURFACES = ["bg", "surface", "sunken", "raised", "hover", "selected"];
const READABLE: [string, number][] = [
  ["text", 7],
  ["dim", 4.5],
  ["faint", 4.5],
  ["accent", 4.5],
  ["model", 4.5],
  ["ok", 4.5],
  ["warn", 4.5],
  ["danger", 4.5],
  ["info", 4.5],
  ["critical", 4.5],
  ["high", 4.5],
  ["medium", 4.5],
  ["low", 4.5],
  ["informational", 4.5],
  ["rules", 3],
  ["line-strong", 3],
];

describe.each([
  ["dark", dark],
  ["light", light],
])("in the %s theme", (_name, tokens) => {
  test.each(READABLE)("%s has a contrast of at least %d on every surface", (token, least) => {
    for (const surface of SURFACES) {
      expect(contrast(tokens, token, surface), `${token} on ${surface}`).toBeGreaterThanOrEqual(
        least,
      );
    }
  });

  test.each(["accent-solid", "danger-solid"])("words on %s can be read", (solid) => {
    expect(contrast(tokens, "on-accent", solid)).toBeGreaterThanOrEqual(4.5);
  });
});

type Rgb = [number, number, number];
type Tokens = Record<string, Rgb>;

/** Every colour that the page takes by the look of it. */
function tokens(): [light: Tokens, dark: Tokens] {
  const one = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
  const pair = new RegExp(String.raw`--([\w-]+): light-dark\(${one}, ${one}\);`, "g");
  const [found, looks] = [[...css.matchAll(pair)], [{} as Tokens, {} as Tokens] as const];
  for (const [, name, ...parts] of found) {
    const [l, c, h, l2, c2, h2] = parts.map(Number) as [number, number, number, ...number[]];
    looks[0][name!] = linearRgb(l, c, h);
    looks[1][name!] = linearRgb(l2!, c2!, h2!);
  }
  return [looks[0], looks[1]];
}

/** OKLCH to linear sRGB, clamped to the gamut (CSS Color 4, 18). */
function linearRgb(l: number, c: number, hue: number): Rgb {
  const a = c * Math.cos((hue * Math.PI) / 180);
  const b = c * Math.sin((hue * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb: Rgb = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  return rgb.map((value) => Math.min(1, Math.max(0, value))) as Rgb;
}

/** WCAG 2.2 contrast ratio. */
function contrast(tokens: Tokens, one: string, other: string): number {
  const [high, low] = [luminance(tokens[one]), luminance(tokens[other])].toSorted((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance(rgb: Rgb | undefined): number {
  if (!rgb) throw new Error("The theme lacks a colour the test asks for.");
  return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}
