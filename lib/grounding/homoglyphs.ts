/**
 * Letters of other scripts that look like Latin ones, for comparing names (after UTS 39's
 * confusables; only those a reader cannot tell apart in a usual typeface). Each is one UTF-16
 * unit for one, so that offsets stay what they are.
 */
const LOOK_ALIKES = new Map<string, string>([
  // Cyrillic
  ...pairs("АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT ХX УY ҮY ԌG ԚQ ԜW Һh ӀI"),
  ...pairs("аa еe ѕs іi јj оo рp сc хx уy һh ԁd ԛq ԝw ӏl гr үy"),
  // Greek
  ...pairs("ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC ͿJ ϳj ϲc οo ιi νv ρp αa κk υu"),
  // Armenian, Cherokee, and Latin letters of phonetics
  ...pairs("ՕO ՏS Լl հh ոn սu օo ցg քp ᎪA ᏴB ᏟC ᎠD ᎬE ᏀG ᎻH ᎫJ ᏦK ᏞL ᎷM ᎾO"),
  ...pairs("ᏢP ᏚS ᎢT ᏙV ᎳW ᏃZ ɑa ɡg ıi ȷj"),
]);
const TOKEN = /[\p{L}\p{N}_][\p{L}\p{N}_.\-@\\/:$%~]{0,400}/gu;
const ASCII = /^[\x00-\x7f]*$/;
const LATIN = /\p{Script=Latin}/u;
/** What a name has and a word of a language does not. */
const SHAPED = /[\p{N}_.\-@\\/:$]/u;

/**
 * The text with look-alike letters made Latin, token by token, its length unchanged. Only a token all
 * of whose foreign letters are look-alikes is touched, and only when it mixes scripts, is shaped
 * like a name, or is known in its Latin form. A token known as it is written stays: an attacker's
 * look-alike domain that stands in the evidence is its own name.
 */
export function foldHomoglyphs(text: string, isKnown: (token: string) => boolean): string {
  if (ASCII.test(text)) return text;
  return text.replace(TOKEN, (token) => {
    if (ASCII.test(token)) return token;
    const latin = toLatin(token);
    if (latin === null) return token;
    const bare = token.replace(/(?<![.:,/\\@-])[.:,/\\@-]+$/, "");
    if (isKnown(bare)) return token;
    const shaped = LATIN.test(token) || SHAPED.test(bare);
    return shaped || isKnown(latin.slice(0, bare.length)) ? latin : token;
  });
}

/** The token in Latin letters, or null when a letter in it looks like none. */
function toLatin(token: string): string | null {
  let out = "";
  for (const c of token) {
    const latin = LOOK_ALIKES.get(c);
    if (latin === undefined && c > "\u024f" && /\p{L}/u.test(c)) return null;
    out += latin ?? c;
  }
  return out;
}

/** "АA" is the look-alike and the letter it passes for. */
function pairs(text: string): [string, string][] {
  return text.split(" ").map((pair): [string, string] => [pair.charAt(0), pair.charAt(1)]);
}
