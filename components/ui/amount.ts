/** Made once: a formatter costs more than what it formats. */
const FORMAT = new Intl.NumberFormat("en");

/** `1,234`. */
export function amount(n: number): string {
  return FORMAT.format(n);
}

/** `1 alert`, `1,234 alerts`. */
export function counted(n: number, noun: string): string {
  return `${amount(n)} ${noun}${n === 1 ? "" : "s"}`;
}
