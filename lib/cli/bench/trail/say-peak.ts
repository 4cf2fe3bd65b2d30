/** Loaded before a program that is measured: at its end, says the most memory it had. */
import { peakMb } from "./processor-time.ts";

process.on("exit", () => process.stdout.write(`peak ${peakMb() ?? 0}\n`));
