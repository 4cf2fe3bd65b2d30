import { requests as cloudKey } from "./cloud-key.ts";
import { requests as contradiction } from "./contradiction.ts";
import { requests as falsePositive } from "./false-positive.ts";
import { requests as handsOnKeyboard } from "./hands-on-keyboard.ts";
import { requests as injected } from "./injected.ts";
import { requests as insider } from "./insider.ts";
import { requests as passwordSpray } from "./password-spray.ts";
import { requests as ransomware } from "./ransomware.ts";
import type { NightRequest } from "./request.ts";
import { requests as scanner } from "./scanner.ts";

/** The incidents of the night in the order in which they began. */
export const NIGHT: readonly { name: string; requests: (nightStart: Date) => NightRequest[] }[] = [
  { name: "insider exfiltration", requests: insider },
  { name: "hands-on-keyboard intrusion", requests: handsOnKeyboard },
  { name: "false positive", requests: falsePositive },
  { name: "password spray", requests: passwordSpray },
  { name: "ransomware precursor", requests: ransomware },
  { name: "cloud key misuse", requests: cloudKey },
  { name: "noisy scanner", requests: scanner },
  { name: "injected instructions", requests: injected },
  { name: "two sources disagree", requests: contradiction },
];
