/**
 * Addresses and links written so that nothing on the way turns them into something to click:
 * `hxxps://bad[.]example[.]com`, `10[.]0[.]3[.]7`, `a[@]b[.]example`. Other values stay as they are.
 */
export function defang(type: string, value: string): string {
  switch (type) {
    case "ip":
      return value.includes(":") ? value.replaceAll(":", "[:]") : dots(value);
    case "domain":
      return dots(value);
    case "url":
      return dots(value.replace(/^(\w*?)tt(ps?:\/\/)/i, "$1xx$2"));
    case "email":
      return dots(value.replace("@", "[@]"));
    default:
      return value;
  }
}

function dots(value: string): string {
  return value.replaceAll(".", "[.]");
}
