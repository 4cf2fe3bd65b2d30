import { expect, test } from "vitest";
import { isReadable, refusedAddress } from "./address.ts";

const at = (baseUrl: string, isLocal = false) => refusedAddress({ baseUrl, isLocal });

test.each([
  "http://169.254.169.254",
  "http://2852039166",
  "http://[::ffff:169.254.169.254]/latest",
  "http://[64:ff9b::a9fe:a9fe]",
  "http://[fe80::1]",
  "http://[fd00:ec2::254]",
  "http://[FD00:0EC2:0:0:0:0:0:254]:80",
  "http://100.100.100.200",
  "http://[::ffff:100.100.100.200]",
  "https://168.63.129.16",
  "http://metadata.google.internal",
  "https://METADATA.google.internal./computeMetadata/v1",
  "http://metadata",
])("%s is a metadata service, on no premises a model", (address) => {
  expect(at(address, true)).toMatch(/metadata service/);
});

test.each([
  ["http://user:secret@models.example", /^Leave name and password out/],
  ["https://secret@models.example", /^Leave name and password out/],
  ["https://models.example?key=secret", /^Leave out what follows/],
  ["https://models.example#secret", /^Leave out what follows/],
  ["ftp://models.example/secret", /^Write an address/],
  ["secret", /^Write an address/],
  ["http://models.example", /^Without https/],
  ["http://127.0.0.1.models.example", /^Without https/],
])("%s is refused in a sentence that repeats nothing of it", (address, sentence) => {
  expect(at(address)).toMatch(sentence);
  expect(at(address)).not.toContain("secret");
});

test.each([
  "http://127.0.0.1:49152",
  "http://localhost:8000",
  "http://[::1]:8000",
  "https://models.example/proxy",
  "https://100.100.100.201",
  "https://[fd00:ec2::255]",
])("%s may be asked, on one's own premises or not", (address) => {
  expect(at(address)).toBeNull();
  expect(at(address, true)).toBeNull();
});

test("clear text may cross one's own premises, and the provider's own address is no question", () => {
  expect(isReadable("http://10.0.0.5:8000")).toBe(true);
  expect(at("http://10.0.0.5:8000", true)).toBeNull();
  expect(refusedAddress({ baseUrl: null, isLocal: false })).toBeNull();
});
