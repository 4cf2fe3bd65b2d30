/** Imported by whatever a browser loads that imports zod: its policy forbids making functions out of text, and zod tries. */
import { config } from "zod";

config({ jitless: true });
