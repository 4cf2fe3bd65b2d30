import { create } from "qrcode";

/** A QR code (ISO/IEC 18004, level M) as rows of dark and light modules. */
export function codeMatrix(text: string): boolean[][] {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const places = Array.from({ length: modules.size }, (_, place) => place);
  return places.map((row) => places.map((column) => modules.get(row, column) === 1));
}
