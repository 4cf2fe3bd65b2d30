/** An observable as stored, from how people write it to keep it from being clicked: `hxxp://evil[.]test`. */
export function refang(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^hxxp(s?)(?=:|\[:)/, "http$1")
    .replace(/[[({](\.|dot)[\])}]/g, ".")
    .replace(/[[({](:|:\/\/)[\])}]/g, "$1")
    .replace(/[[({](@|at)[\])}]/g, "@");
}
