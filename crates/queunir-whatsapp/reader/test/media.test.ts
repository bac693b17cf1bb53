// What is told of files, and which addresses are handed out. The markup is the evidence's (3.6).

import { describe, expect, it } from "vitest";
import { safe } from "../src/calls";
import { conversation as read } from "../src/conversation";
import { conversation, g2Conversation, g2Message, g3Message, page } from "./markup";

const pre = "[11:58, 21/11/2026] Maria Souza: ";
const blob = (n: number) => `blob:https://web.whatsapp.com/0000000${n}`;
const jpeg = (size: number) => `data:image/jpeg;base64,${"A".repeat(size)}`;
const blurred = (size: number) => `<div style="background-image: url(&quot;${jpeg(size)}&quot;)"></div>`;
const picture = (inside: string) =>
  `<div role="button" data-testid="image-thumb" aria-label="Open picture">${inside}</div>`;
const dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const quoted = (inside: string) =>
  `<div data-testid="quoted-message"><div role="button" aria-label="Quoted message"><span data-testid="author">Ana</span>${inside}</div></div>`;

function draw(inside: string, more: Partial<Parameters<typeof g3Message>[0]> = {}): void {
  document.body.innerHTML = page(conversation([g3Message({ id: "A1", inside, ...more })]));
}

function shown(): unknown {
  return read()?.rows[0]?.media?.files;
}

function ask(place = 0, key = "A1"): Record<string, unknown> {
  return safe().media?.({ key, place }) as Record<string, unknown>;
}

describe("the files of a message", () => {
  it("tells what of a file the page shows", () => {
    const cases: [string, string, unknown][] = [
      ["a picture that is here", picture(`${blurred(400)}<img src="${blob(1)}">`), ["whole"]],
      [
        "a picture that is not",
        picture(`${blurred(400)}<span data-testid="media-state-download"></span>`),
        ["preview"],
      ],
      ["a picture without anything", picture(""), ["nothing"]],
      ["a film", `<div data-testid="video-content">${blurred(300)}${blurred(900)}<span>1:02</span></div>`, ["preview"]],
      [
        "a film's poster",
        `<div data-testid="video-content"><img src="${blob(1)}"><span>1:02</span></div>`,
        ["preview"],
      ],
      [
        "a film that plays",
        `<div data-testid="video-content"><video src="${blob(2)}"></video><span>1:02</span></div>`,
        ["whole"],
      ],
      [
        "a voice note and the picture of who speaks",
        `<img src="${blob(3)}"><span data-icon="ptt-status"></span><button aria-label="Play voice message"></button><canvas></canvas><div>0:12</div>`,
        ["nothing"],
      ],
      [
        "a document",
        `<div role="button"><span title="nota.pdf">nota.pdf</span><span>2 pages • PDF • 120 kB</span><span data-icon="document-PDF-icon"></span></div>`,
        ["nothing"],
      ],
      [
        "a document that was opened",
        `<a href="${blob(4)}" download="nota.pdf"><span title="nota.pdf">nota.pdf</span><span>PDF • 120 kB</span></a>`,
        ["whole"],
      ],
      ["a sticker", `<div data-testid="sticker-container"><img alt="gato" src="${blob(5)}"></div>`, ["whole"]],
      [
        "an album of which one picture is missing",
        `<div data-testid="media-album"><div style="grid-area: 1 / 1">${picture(`<img src="${blob(6)}">`)}</div><div style="grid-area: 1 / 2">${picture(blurred(400))}</div><span>+3</span></div>`,
        ["whole", "preview"],
      ],
    ];
    for (const [name, inside, wanted] of cases) {
      draw(inside);
      expect(shown(), name).toEqual(wanted);
    }
    draw(`<div role="button"><span title="nota.pdf">nota.pdf</span><span>2 pages • PDF • 120 kB</span></div>`);
    expect(read()?.rows[0]?.media).toMatchObject({ name: "nota.pdf", size: "120 kB" });
    draw("", { body: "only words", pre: "[11:58, 21/11/2026] Ana: " });
    expect(read()?.rows[0]?.media).toBeUndefined();
  });

  it("hands out the page's own addresses and no others", () => {
    draw(picture(`${blurred(400)}<img src="${blob(1)}">`));
    expect(ask()).toMatchObject({ title: "Maria Souza", drawn: true, whole: blob(1), preview: jpeg(400) });
    draw(`<div data-testid="video-content">${blurred(300)}${blurred(900)}<span>1:02</span></div>`);
    expect(ask()).toMatchObject({ drawn: true, preview: jpeg(900) });
    expect(ask().whole).toBeUndefined();
    draw(picture(`<img src="https://media.example/a.jpg"><img class="emoji" data-plain-text="🎉" src="${dot}">`));
    expect([ask().whole, ask().preview]).toEqual([undefined, undefined]);
    draw(picture(`<div style="background-image: url(data:image/svg+xml;base64,${"A".repeat(400)})"></div>`));
    expect(ask().preview).toBeUndefined();
  });

  it("does not take an emoji or a quoted picture for the file", () => {
    const answer = `${quoted(`<div style="background-image: url(&quot;${jpeg(700)}&quot;)"></div><img src="${blob(9)}">`)}${picture(blurred(400))}`;
    draw(answer, { body: `<img class="emoji" data-plain-text="🎉" alt="🎉" src="${blob(8)}">` });
    expect(shown()).toEqual(["preview"]);
    expect(ask()).toMatchObject({ preview: jpeg(400) });
    expect(ask().whole).toBeUndefined();
    // A document has no frame of its own around its picture.
    const file = `<div role="button"><span title="nota.pdf">nota.pdf</span><span>PDF • 120 kB</span></div>`;
    const blurry = `<div style="background-image: url(&quot;${jpeg(700)}&quot;)"></div>`;
    for (const inside of [blurry, `<img src="${blob(9)}">`, `<img src="${jpeg(700)}">`]) {
      draw(`${quoted(inside)}${file}`);
      expect(shown(), inside).toEqual(["nothing"]);
    }
  });

  it("finds the tiles of an album of the generation before, which names nothing", () => {
    const tiles = [6, 7].map((n) => `<div style="grid-area: 1 / ${n - 5}"><img src="${blob(n)}"></div>`).join("");
    document.body.innerHTML = page(
      g2Conversation([
        g2Message({ id: "false_5511@c.us_AC01", out: false, pre, body: "x" }).replace(
          /<div><span dir="ltr".*?<\/span><\/span><\/div>/,
          `<div>${tiles}</div>`,
        ),
      ]),
    );
    expect(read()?.rows[0]).toMatchObject({ kind: "album", media: { files: ["whole", "whole"] } });
    expect(ask(1, "AC01")).toMatchObject({ whole: blob(7) });
  });

  it("finds one place of an album, and nothing of what is not drawn", () => {
    draw(
      `<div data-testid="media-album"><div style="grid-area: 1 / 1">${picture(`<img src="${blob(6)}">`)}</div><div style="grid-area: 1 / 2">${picture(`<img src="${blob(7)}">`)}</div></div>`,
    );
    expect([ask(0).whole, ask(1).whole, ask(2).whole]).toEqual([blob(6), blob(7), undefined]);
    expect(ask(0, "B2")).toEqual({ title: "Maria Souza", drawn: false });
    draw("", { virtualized: true });
    expect(ask()).toEqual({ title: "Maria Souza", drawn: false });
    document.body.innerHTML = "";
    expect(ask()).toEqual({ title: "", drawn: false });
  });
});
