// eslint-disable-next-line import/no-named-as-default -- its types know the default alone
import PDFDocument from "pdfkit";
import type { Certificate } from "#lib/domain/decision/certificate.ts";
import { asPoint } from "#lib/domain/sentence.ts";
import type { Sentence } from "#lib/domain/sentence.ts";
import { codeMatrix } from "./code-matrix.ts";
import { printable, printableSentence, wrapText } from "./printable.ts";

type Doc = PDFKit.PDFDocument;
type Look = { font: string; size: number; leading: number; color: string };
type Place = { x: number; y: number; width: number };

// A4 in points.
const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 44;
const INNER = PAGE.width - 2 * MARGIN;
const GAP = 24;
const HALF = (INNER - GAP) / 2;

const INK = "#12161d";
const DIM = "#58616f";
const RULE = "#d4d9e0";
const ACCENT = "#1f4fa3";
const PANEL = "#f4f6f9";

const BRAND: Look = { font: "Helvetica-Bold", size: 8, leading: 10, color: ACCENT };
const SMALL: Look = { font: "Helvetica", size: 7.3, leading: 9.6, color: DIM };
const TITLE: Look = { font: "Helvetica-Bold", size: 21, leading: 25, color: INK };
const STANDS: Look = { font: "Helvetica-Bold", size: 10, leading: 14, color: ACCENT };
const LEAD: Look = { font: "Helvetica-Bold", size: 10.4, leading: 14, color: INK };
const BODY: Look = { font: "Helvetica", size: 9, leading: 12.2, color: INK };
const HEADING: Look = { font: "Helvetica-Bold", size: 8, leading: 13, color: DIM };
const MONO: Look = { font: "Courier", size: 7, leading: 11, color: INK };

const CODE_SIDE = 108;
const PAD = 12;
const NAME_WIDTH = 78;
const CUT_WORDS =
  "What ends in … was cut to fit this page. The whole of it is in the statement with this SHA-256, and on the trail.";

/**
 * The certificate as a PDF of one A4 page. The same certificate gives the same bytes: its only date is `at`, its streams
 * are not compressed and its fonts are those that every reader has. It holds text and shapes, no link and no script.
 */
export function drawCertificate(certificate: Certificate, at: Date): Promise<Buffer> {
  const doc = new PDFDocument({
    size: "A4",
    margin: 0,
    compress: false,
    pdfVersion: "1.7",
    lang: "en",
    displayTitle: true,
    info: {
      Title: "Certificate of a decision",
      Creator: "Countersign",
      Producer: "Countersign",
      CreationDate: at,
      ModDate: at,
    },
  });
  const written = new Promise<Buffer>((resolve, reject) => {
    const parts: Buffer[] = [];
    doc.on("data", (part: Buffer) => parts.push(part));
    doc.on("end", () => resolve(Buffer.concat(parts)));
    doc.on("error", reject);
  });
  const page = new Page(doc);
  drawPage(page, certificate);
  doc.end();
  return written;
}

/** Writes text on the one page and remembers whether any of it had to be cut. */
class Page {
  cut = false;
  readonly #doc: Doc;

  constructor(doc: Doc) {
    this.#doc = doc;
  }

  lines(text: string, look: Look, width: number, most: number): string[] {
    this.#doc.font(look.font).fontSize(look.size);
    const measure = (part: string) => this.#doc.widthOfString(part);
    const { lines, cut } = wrapText(text, { width, most, measure });
    this.cut ||= cut;
    return lines;
  }

  /** Draws lines below each other and gives where the next one goes. */
  draw(lines: readonly string[], look: Look, { x, y }: Omit<Place, "width">): number {
    this.#doc.font(look.font).fontSize(look.size).fillColor(look.color);
    for (const [n, line] of lines.entries())
      this.#doc.text(line, x, y + n * look.leading, { lineBreak: false });
    return y + lines.length * look.leading;
  }

  text(text: string, look: Look, place: Place, most: number): number {
    return this.draw(this.lines(text, look, place.width, most), look, place);
  }

  rule(y: number): void {
    this.#doc.moveTo(MARGIN, y).lineTo(PAGE.width - MARGIN, y);
    this.#doc.lineWidth(0.6).stroke(RULE);
  }

  panel(y: number, height: number): void {
    this.#doc.roundedRect(MARGIN, y, INNER, height, 5).fill(PANEL);
  }

  code(text: string, { x, y }: Omit<Place, "width">): void {
    const matrix = codeMatrix(text);
    const side = CODE_SIDE / (matrix.length + 8); // with the quiet zone of four modules on each side
    this.#doc.rect(x, y, CODE_SIDE, CODE_SIDE).fill("#ffffff");
    for (const [row, modules] of matrix.entries())
      for (const [column, dark] of modules.entries())
        if (dark) this.#doc.rect(x + (column + 4) * side, y + (row + 4) * side, side, side);
    this.#doc.fill("#000000");
  }
}

function drawPage(page: Page, certificate: Certificate): void {
  const top = drawHead(page, certificate);
  // What must be on the page takes its room first, from below; the statement has the rest.
  const panel = planPanel(page, certificate);
  const panelTop = PAGE.height - MARGIN - panel.height;
  const columns = planColumns(page, certificate);
  const statementEnd = panelTop - 14 - columns.height - 14;
  const below = drawStatement(page, certificate.statement, { top, bottom: statementEnd });
  page.rule(below + 6);
  columns.draw(below + 14);
  panel.draw(panelTop);
}

function drawHead(page: Page, { title, stands, incident }: Certificate): number {
  page.text("COUNTERSIGN", BRAND, { x: MARGIN, y: MARGIN, width: 120 }, 1);
  const words = "Certificate of a decision";
  page.text(words, SMALL, { x: PAGE.width - MARGIN - 83, y: MARGIN, width: 120 }, 1);
  page.rule(MARGIN + 15);
  const x = MARGIN;
  let y = page.text(printable(title), TITLE, { x, y: MARGIN + 28, width: INNER }, 1) + 2;
  y = page.text(printable(stands), STANDS, { x, y, width: INNER }, 1) + 2;
  y = page.text(printableSentence(incident), { ...BODY, color: DIM }, { x, y, width: INNER }, 2);
  page.rule(y + 7);
  return y + 15;
}

/** As much of the statement as there is room for, a sentence at a time; gives where it ends. */
function drawStatement(
  page: Page,
  sentences: readonly Sentence[],
  { top, bottom }: { top: number; bottom: number },
): number {
  const heading = "THE STATEMENT, AS IT WAS PUT TO SIGNATURE";
  let y = page.text(heading, HEADING, { x: MARGIN, y: top, width: INNER }, 1) + 2;
  for (const [n, sentence] of sentences.entries()) {
    const look = n === 0 ? LEAD : BODY;
    const point = asPoint(sentence);
    const indent = point ? 12 : 0;
    const lines = page.lines(
      printableSentence(point?.sentence ?? sentence),
      look,
      INNER - indent,
      4,
    );
    const isLast = n === sentences.length - 1;
    const room = bottom - y - (isLast ? 0 : BODY.leading); // a line is kept for saying that more follows
    if (lines.length * look.leading > room) {
      page.cut = true;
      const left = sentences.length - n;
      return page.text(
        `… and ${left} more ${left === 1 ? "sentence" : "sentences"} of the statement.`,
        { ...BODY, color: DIM },
        { x: MARGIN, y, width: INNER },
        1,
      );
    }
    y = page.draw(lines, look, { x: MARGIN + indent, y }) + 2.5;
  }
  return y;
}

type Block = { lines: string[]; look: Look; indent: number };

function planColumns(page: Page, { people, claims, effect, controls }: Certificate) {
  const left = blocksOf(page, "WHO PROPOSED AND SIGNED", people);
  const right = [
    ...blocksOf(page, "CLAIMS AND STANDINGS", claims),
    ...blocksOf(page, "EFFECT", effect),
  ];
  const both = Math.max(heightOf(left), heightOf(right));
  const references = page.lines(`Control references: ${printable(controls)}`, SMALL, INNER, 3);
  return {
    height: both + 6 + references.length * SMALL.leading,
    draw: (y: number) => {
      page.draw(references, SMALL, { x: MARGIN, y: y + both + 6 });
      drawBlocks(page, left, { x: MARGIN, y });
      drawBlocks(page, right, { x: MARGIN + HALF + GAP, y });
    },
  };
}

function blocksOf(page: Page, heading: string, sentences: readonly Sentence[]): Block[] {
  return [
    { lines: [heading], look: HEADING, indent: 0 },
    ...sentences.map((sentence) => {
      const point = asPoint(sentence);
      const indent = point ? 8 : 0;
      const text = printableSentence(point?.sentence ?? sentence);
      return { lines: page.lines(text, COLUMN, HALF - indent, 2), look: COLUMN, indent };
    }),
  ];
}

const COLUMN: Look = { ...BODY, size: 8.2, leading: 11 };
const BLOCK_GAP = 2;

function heightOf(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, { lines, look }) => sum + spaceAbove(look) + lines.length * look.leading + BLOCK_GAP,
    0,
  );
}

function drawBlocks(page: Page, blocks: readonly Block[], at: { x: number; y: number }): void {
  let { y } = at;
  for (const { lines, look, indent } of blocks)
    y = page.draw(lines, look, { x: at.x + indent, y: y + spaceAbove(look) }) + BLOCK_GAP;
}

function spaceAbove(look: Look): number {
  return look === HEADING ? 3 : 0;
}

/** The proof with its code, and below it what it shows and what it does not. */
function planPanel(page: Page, { proof, shows, limits, code }: Certificate) {
  const half = (INNER - 2 * PAD - GAP) / 2;
  const values = INNER - 2 * PAD - CODE_SIDE - 12 - NAME_WIDTH;
  const rows = proof.map(({ name, value }) => ({
    name,
    lines: page.lines(printable(value), MONO, values, 2),
  }));
  const rowsHeight = rows.reduce((sum, { lines }) => sum + lines.length * MONO.leading, 0);
  const said = (sentences: string[]) =>
    sentences.map((text) => page.lines(printable(text), { ...SMALL, color: INK }, half, 5));
  const [left, right] = [said(shows), said(limits)];
  const textHeight = (all: string[][]) =>
    all.reduce((sum, lines) => sum + lines.length * SMALL.leading + 2, HEADING.leading);
  const upper = HEADING.leading + Math.max(rowsHeight, CODE_SIDE);
  const lower = Math.max(textHeight(left) + 2 * SMALL.leading + 4, textHeight(right));
  return {
    height: PAD + upper + 12 + lower + PAD - 4,
    draw: (top: number) => {
      const height = PAD + upper + 12 + lower + PAD - 4;
      page.panel(top, height);
      const x = MARGIN + PAD;
      let y = page.text("WHAT PROVES IT", HEADING, { x, y: top + PAD, width: half }, 1);
      page.code(code, { x: PAGE.width - MARGIN - PAD - CODE_SIDE, y: top + PAD });
      for (const { name, lines } of rows) {
        page.draw([name], SMALL, { x, y });
        y = page.draw(lines, MONO, { x: x + NAME_WIDTH, y: y + 0.6 }) - 0.6;
      }
      const below = top + PAD + upper + 12;
      const end = drawColumn(page, "WHAT IT SHOWS", left, { x, y: below });
      drawColumn(page, "WHAT IT DOES NOT PROVE", right, { x: x + half + GAP, y: below });
      // Last of all: only now is it known whether anything was cut.
      if (page.cut)
        page.text(CUT_WORDS, { ...SMALL, color: ACCENT }, { x, y: end + 2, width: half }, 3);
    },
  };
}

function drawColumn(
  page: Page,
  heading: string,
  texts: string[][],
  { x, y }: { x: number; y: number },
): number {
  let next = page.draw([heading], HEADING, { x, y });
  for (const lines of texts) next = page.draw(lines, { ...SMALL, color: INK }, { x, y: next }) + 2;
  return next;
}
