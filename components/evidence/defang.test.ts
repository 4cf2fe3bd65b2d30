import { expect, test } from "vitest";
import { defang } from "./defang.ts";

test.each([
  ["url", "https://bad.example.com/a.exe", "hxxps://bad[.]example[.]com/a[.]exe"],
  ["url", "HTTP://bad.example", "HxxP://bad[.]example"],
  ["ip", "10.0.3.7", "10[.]0[.]3[.]7"],
  ["ip", "fe80::1", "fe80[:][:]1"],
  ["domain", "bad.example", "bad[.]example"],
  ["email", "a@b.example", "a[@]b[.]example"],
  ["host", "ws-014.corp.local", "ws-014.corp.local"],
  ["hash", "d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"],
])("%s %s is shown as %s", (type, value, shown) => {
  expect(defang(type, value)).toBe(shown);
});
