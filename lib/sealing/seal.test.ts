import { expect, test } from "vitest";
import { newSealKeys, openSealed, publicKeyOf, seal, SealError } from "./seal.ts";

const KEYS = newSealKeys();
const PLACE = {
  table: "model_config",
  column: "key_sealed",
  rowId: "0198f0a0-0000-7000-8000-000000000001",
};
const SECRET = "sk-test-Ключ-🔑-0123456789";

test("what the public key seals, the private key of the pair opens, whatever the text", () => {
  for (const text of [SECRET, "", "a".repeat(100_000)])
    expect(openSealed(seal(text, KEYS.publicKey, PLACE), KEYS.privateKey, PLACE)).toBe(text);
});

test("no byte of a box can be changed, added or left out", () => {
  const box = seal(SECRET, KEYS.publicKey, PLACE);
  const changed = [...box.keys()].map((at) => box.with(at, box[at]! ^ 1));
  const resized = [box.slice(0, -1), box.slice(1), Uint8Array.from([...box, 0]), new Uint8Array(0)];
  for (const bytes of [...changed, ...resized])
    expect(() => openSealed(bytes, KEYS.privateKey, PLACE)).toThrow(SealError);
});

test("a box does not open in another row, column or table", () => {
  const box = seal(SECRET, KEYS.publicKey, PLACE);
  const moved = [
    { ...PLACE, rowId: "0198f0a0-0000-7000-8000-000000000002" },
    { ...PLACE, column: "redaction_sealed" },
    { ...PLACE, table: "model_run" },
  ];
  for (const place of moved)
    expect(() => openSealed(box, KEYS.privateKey, place)).toThrow(/for another place/);
});

test("another pair's key does not open it, and the error tells nothing of the text", () => {
  const box = seal(SECRET, KEYS.publicKey, PLACE);
  const open = () => openSealed(box, newSealKeys().privateKey, PLACE);
  expect(open).toThrow(SealError);
  expect(open).not.toThrow(/sk-test/);
});

test("a box holds nothing of the text in the clear and two boxes of one text share nothing", () => {
  const [one, two] = [seal(SECRET, KEYS.publicKey, PLACE), seal(SECRET, KEYS.publicKey, PLACE)];
  expect(Buffer.from(one).includes("sk-test")).toBe(false);
  expect(Buffer.from(one.slice(1, 33)).equals(two.slice(1, 33))).toBe(false);
  expect(Buffer.from(one.slice(33)).equals(two.slice(33))).toBe(false);
});

test("a private key names its public one; a key of another length is refused in a sentence", () => {
  expect(publicKeyOf(KEYS.privateKey)).toBe(KEYS.publicKey);
  expect(() => seal("x", "c2hvcnQ", PLACE)).toThrow("A sealing key is 32 bytes as base64url");
  expect(() => openSealed(seal("x", KEYS.publicKey, PLACE), "c2hvcnQ", PLACE)).toThrow(SealError);
});
