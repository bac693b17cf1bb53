// What the reader says about an open conversation.

import { describe, expect, it } from "vitest";
import { calls, safe } from "../src/calls";
import { conversation as read } from "../src/conversation";
import type { Row } from "../src/schema";
import {
  type BubbleOptions,
  conversation,
  encryptionNotice,
  g2Conversation,
  g2Message,
  g3Message,
  marker,
  page,
} from "./markup";

function rows(...parts: string[]): Row[] {
  document.body.innerHTML = page(conversation(parts));
  return read()?.rows ?? [];
}

function one(part: string): Row | undefined {
  return rows(part)[0];
}

const pre = "[11:58, 21/11/2026] Maria Souza: ";

describe("the open conversation", () => {
  it("reads header, composer and rows in order", () => {
    document.body.innerHTML = page(
      conversation([
        encryptionNotice(),
        marker("Hoje"),
        g3Message({
          id: "3EB0A1",
          pre,
          body: "oi",
          tail: "in",
          label: "Maria Souza:",
        }),
      ]),
    );
    const seen = read();
    expect(seen).toMatchObject({
      open: true,
      title: "Maria Souza",
      subtitle: "online",
      composer_label: "Digite uma mensagem para Maria Souza",
      writable: true,
      at_start: true,
      at_end: true,
    });
    expect(seen?.rows.map((row) => row.row)).toEqual(["start", "marker", "message"]);
    expect(seen?.rows[2]).toMatchObject({
      id: "3EB0A1",
      drawn: true,
      text: "oi",
      pre,
      tail: "in",
      author_label: "Maria Souza:",
      clock: "11:58",
      kind: "none",
    });
    expect(seen?.rows[2]?.status).toBeUndefined();
  });

  it("counts nested ids once", () => {
    expect(
      rows(
        g3Message({
          id: "A",
          pre,
          body: "x",
          inside: `<div data-id="A"></div>`,
        }),
      ),
    ).toHaveLength(1);
  });

  it("reports far rows as not drawn, not as empty", () => {
    expect(one(g3Message({ id: "A", virtualized: true }))).toEqual({
      row: "message",
      id: "A",
      drawn: false,
    });
  });

  it("hands over delivery state by label, icon and presence", () => {
    const row = one(
      g3Message({
        id: "A",
        pre,
        body: "x",
        ack: { icon: "wds-ic-read", label: " Entregue " },
      }),
    );
    expect(row).toMatchObject({
      status: true,
      ack_label: " Entregue ",
      ack_icon: "wds-ic-read",
    });
  });

  it("reads the body alone: emoji, lines, formatting; no author, no time, no link card", () => {
    const body = `linha 1\nlinha <img alt="🙂" data-plain-text="🙂" class="emoji" src="data:,"><strong data-app-text-template="*\${appText}*">forte</strong> <span role="button"><span data-plain-text="@Ana" data-app-text-template="5@lid">@Ana</span></span>`;
    const card = `<div data-testid="link-preview-container"><span data-testid="selectable-text" class="selectable-text copyable-text">cartão</span></div>`;
    expect(one(g3Message({ id: "A", pre, body, inside: card }))?.text).toBe("linha 1\nlinha 🙂*forte* @Ana");
  });

  it("matches a testid of two words", () => {
    expect(
      one(
        g3Message({
          id: "A",
          pre,
          inside: `<span data-testid="select-all selectable-text">oi</span>`,
        }),
      )?.text,
    ).toBe("oi");
  });

  it("reads emoji without a body element", () => {
    expect(
      one(
        g3Message({
          id: "A",
          pre,
          inside: `<div><img alt="❤" data-plain-text="❤" class="emoji"></div>`,
        }),
      )?.text,
    ).toBe("❤");
  });

  it("keeps quoted text, quoted ticks and quoted authors out of the answer", () => {
    const quoted = `<div data-testid="quoted-message"><div role="button" aria-label="Mensagem citada"><span data-testid="author">Você</span><span class="quoted-mention selectable-text copyable-text" dir="ltr">pergunta</span><span aria-label=" Sent "><svg><title>wds-ic-read</title></svg></span></div></div>`;
    const row = one(g3Message({ id: "A", pre, body: "resposta", inside: quoted }));
    expect(row).toMatchObject({
      text: "resposta",
      quoted: { sender: "Você", text: "pergunta" },
    });
    expect(row?.status).toBeUndefined();
    expect(row?.author).toBeUndefined();
  });

  it("knows kinds by their marks", () => {
    const kinds: [string, string][] = [
      ["image", `<div data-testid="image-thumb" aria-label="Open picture" role="button"><img src="blob:x"></div>`],
      ["video", `<div data-testid="video-content"><span>0:12</span></div>`],
      ["gif", `<div data-testid="media-gif"></div>`],
      ["voice", `<span data-icon="ptt-status"></span><span aria-label="Voice message"></span><div>0:07</div>`],
      ["sticker", `<div data-testid="sticker-container"><img alt="gato" src="blob:y"></div>`],
      ["location", `<a data-testid="location-msg" href="https://maps.example/"></a>`],
      ["contact", `<div data-testid="vcard-msg">Bia</div>`],
      ["poll", `<div data-testid="poll-bubble"></div>`],
      ["album", `<div data-testid="media-album"></div>`],
      ["deleted", `<span data-icon="recalled"></span><div>Mensagem apagada</div>`],
      ["undecrypted", `<div>Waiting for this message. This may take a while.</div>`],
      ["document", `<div data-testid="document-thumb"></div><span title="nota.pdf">nota.pdf</span>`],
    ];
    for (const [kind, inside] of kinds) expect(one(g3Message({ id: "A", inside }))?.kind, kind).toBe(kind);
    expect(one(g3Message({ id: "A", inside: kinds[3]?.[1] ?? "" }))?.media).toMatchObject({
      duration: "0:07",
      files: ["nothing"],
    });
    expect(one(g3Message({ id: "A", inside: kinds[11]?.[1] ?? "" }))?.media).toMatchObject({ name: "nota.pdf" });
  });

  it("knows polls and stickers without their names", () => {
    const kindOf = (bubble: Partial<BubbleOptions>) =>
      one(g3Message({ id: "A", ...bubble }).replaceAll("data-testid", "x"))?.kind;
    const box = (name: string) => `<div><input type="checkbox" id="${name}"><label for="${name}">${name}</label></div>`;
    const press = (name: string) => `<div role="button"><span>${name}</span><span>0</span></div>`;
    const asked = (line: string) => `<div><span>${line}</span></div>${press("Sexta")}${press("Sábado")}`;
    const question = `<span class="selectable-text copyable-text" dir="ltr">Que dia?</span>`;
    expect(kindOf({ pre, inside: question + box("Sexta") + box("Sábado") })).toBe("poll");
    for (const line of ["Select one or more", "Selecione uma opção", "选择一项"])
      expect(kindOf({ pre, inside: question + asked(line) }), line).toBe("poll");
    expect(kindOf({ pre, inside: question + box("Sexta") }), "a row that is ticked").toBe("none");
    expect(kindOf({ pre, inside: question + asked("Escolha") }), "buttons").toBe("none");
    expect(kindOf({ pre, inside: press("a") + press("b"), body: "Select one" }), "somebody's words").toBe("none");

    const picture = `<div><img alt="Figurinha" src="blob:x"></div>`;
    const name = `<div><span dir="auto">Bia</span></div>`;
    expect(kindOf({ inside: picture })).toBe("sticker");
    expect(kindOf({ inside: name + picture }), "in a group").toBe("sticker");
    expect(kindOf({ inside: `<div role="button">${picture}</div>` }), "can be pressed").toBe("image");
    expect(kindOf({ inside: `${picture}<span>0:07</span>` }), "has a length").not.toBe("sticker");
    expect(kindOf({ inside: picture.replace("Figurinha", "") }), "is not described").not.toBe("sticker");
    expect(one(`<div role="row"><div data-id="A">${picture}<span>Não é um contato</span></div></div>`)?.row).toBe(
      "notice",
    );
  });

  it("a caption is the body of its picture", () => {
    expect(
      one(
        g3Message({
          id: "A",
          pre,
          inside: `<div data-testid="image-thumb"></div>`,
          body: "legenda",
        }),
      ),
    ).toMatchObject({ kind: "image", text: "legenda" });
  });

  it("sees edits, forwards, failures, reactions and long texts", () => {
    const row = one(
      g3Message({
        id: "A",
        pre,
        body: "texto",
        meta: "<span>Editada</span>",
        inside: `<div data-testid="forwarded-header"></div><div role="button">Ler mais</div>`,
        outside: `<span data-icon="message-fail"></span><div data-testid="reaction-bubble"><button aria-haspopup="true" aria-label="reaction 👍. View reactions"></button></div>`,
      }),
    );
    expect(row).toMatchObject({
      meta: ["Editada"],
      forwarded: true,
      failed: true,
      cut: true,
      reactions: ["reaction 👍. View reactions"],
    });
  });

  it("sees the star and the pin beside the clock, and no star elsewhere", () => {
    const icon = (name: string) => `<span aria-label="x"><svg><title>${name}</title></svg></span>`;
    const meta = `${icon("star")}${icon("pinned-small")}`;
    expect(one(g3Message({ id: "A", pre, body: "texto", meta }))).toMatchObject({ starred: true, pinned: true });
    const bare = one(g3Message({ id: "A", pre, body: "texto", outside: icon("star") }));
    expect([bare?.starred, bare?.pinned]).toEqual([undefined, undefined]);
  });

  it("leaves out notices and names the divider", () => {
    const notice = `<div role="row"><div data-id="N1"><div data-virtualized="false"><div data-testid="msg-notification-container"><div data-testid="subtype-add">Ana entrou</div></div></div></div></div>`;
    const seen = rows(notice, `<div><span aria-live="polite">2 mensagens não lidas</span></div>`);
    expect(seen).toMatchObject([{ row: "notice", subtype: "add" }, { row: "divider" }]);
  });

  it("takes a notice's words for a notice only where there is no stamp", () => {
    const words = `<span data-testid="selectable-text">This message was deleted</span>`;
    expect(one(g3Message({ id: "A", inside: words }))).toMatchObject({ kind: "deleted", text: "" });
    expect(one(g3Message({ id: "A", pre, body: "This message was deleted" }))).toMatchObject({ kind: "none" });
  });

  it("takes calls for messages and cards with an id for notices", () => {
    const row = (inner: string) => `<div role="row"><div data-id="A">${inner}</div></div>`;
    const call = `<div data-testid="msg-notification-container"><span>Chamada de voz perdida às 10:00</span></div>`;
    expect(one(row(call))).toMatchObject({ row: "message", kind: "call", text: "" });
    expect(one(row(`<div><span>Não é um contato</span><button>Bloquear</button></div>`))).toMatchObject({
      row: "notice",
      id: "A",
    });
  });

  it("finds a body without name and class, but neither the author nor the clock", () => {
    const drawn = (spans: string) =>
      `<div role="row"><div data-id="A"><div data-testid="msg-container"><div data-pre-plain-text="${pre}">${spans}</div></div></div></div>`;
    const author = `<span dir="auto">Maria Souza</span>`;
    expect(one(drawn(`${author}<span dir="ltr">oi</span><span dir="auto">11:58</span>`))?.text).toBe("oi");
    expect(one(drawn(`${author}<span dir="auto">11:58</span>`))?.text).toBe("");
  });

  it("does not take something inside a row for the box of rows", () => {
    document.body.innerHTML = `<div id="main"><header><span title="Ana" dir="auto">Ana</span></header><div class="copyable-area"><div><div data-id="true_1@c.us_A"><div class="message-out"><div tabindex="0">x</div></div></div><div data-id="true_1@c.us_B"><div class="message-out">y</div></div></div></div></div>`;
    expect(read()?.rows.map((row) => row.id)).toEqual(["true_1@c.us_A", "true_1@c.us_B"]);
  });

  it("gives stretches for what is larger than a batch", () => {
    document.body.innerHTML = page(
      conversation(Array.from({ length: 5 }, (_, n) => g3Message({ id: `K${n}`, pre, body: `${n}` }))),
    );
    expect(calls.rows({ from: 3, count: 10 })).toMatchObject({ rows: [{ id: "K3" }, { id: "K4" }], pieces: 5 });
  });

  it("breaks lines before and behind blocks, and keeps the marks of lists", () => {
    const body = `a<ul><li data-pre-plain-text="- ">um</li><li data-pre-plain-text="- ">dois</li></ul>fim <span role="button">Ler mais</span>`;
    expect(one(g3Message({ id: "A", pre, body }))).toMatchObject({ text: "a\n- um\n- dois\nfim ", cut: true });
  });

  it("reads the generation before", () => {
    document.body.innerHTML = `<div id="app">${g2Conversation([
      g2Message({
        id: "true_5511@c.us_AC1",
        out: true,
        pre: "[11:58, 21/11/2026] Loja: ",
        body: "oi",
        icon: "msg-dblcheck",
        label: " Lida ",
      }),
      g2Message({ id: "false_5511@c.us_AC2", out: false, pre, body: "olá" }),
    ])}</div>`;
    const seen = read();
    expect(seen).toMatchObject({
      title: "Maria Souza",
      health: { generation: "g2" },
    });
    expect(seen?.rows).toMatchObject([
      {
        class: "out",
        status: true,
        ack_label: " Lida ",
        text: "oi",
        clock: "11:58",
      },
      { class: "in", text: "olá" },
    ]);
  });

  it("survives a page with neither app nor conversation", () => {
    document.body.innerHTML = "";
    expect(read()).toMatchObject({ open: false, rows: [] });
    for (const [name, call] of Object.entries(safe()))
      expect(() => call({ title: "x", top: 0, after: null, fields: {} }), name).not.toThrow();
  });

  it("fits a batch by leaving far rows for later", () => {
    const big = "x".repeat(60_000);
    const seen = rows(...Array.from({ length: 20 }, (_, n) => g3Message({ id: `K${n}`, pre, body: big })));
    expect(seen).toHaveLength(20);
    expect(seen[0]).toMatchObject({ drawn: false });
    expect(seen[19]).toMatchObject({ drawn: true });
    expect(JSON.stringify(seen).length).toBeLessThan(1 << 20);
  });
});

describe("what the driver asks", () => {
  it("reads the composer as a person does", () => {
    const texts: [string, string][] = [
      [`<p><br></p>`, ""],
      [`<p><span data-lexical-text="true">oi</span></p>`, "oi"],
      [`<p><span data-lexical-text="true">a</span><br><span data-lexical-text="true">b</span></p>`, "a\nb"],
      [`<p><span data-lexical-text="true">a</span></p><p><span data-lexical-text="true">b</span></p>`, "a\nb"],
      [
        `<p><span data-lexical-text="true">a</span></p><p><br></p><p><span data-lexical-text="true">b</span></p>`,
        "a\n\nb",
      ],
      [`<p><span data-lexical-text="true">a</span><br><br></p>`, "a\n"],
      [`<p><img alt="🙂"><span data-lexical-text="true"> fim</span></p>`, "🙂 fim"],
    ];
    for (const [html, text] of texts) {
      document.body.innerHTML = page(conversation([], "Ana", html));
      expect(calls.composer(), html).toMatchObject({
        present: true,
        text,
        empty: text === "",
        hasDraft: text !== "",
      });
    }
  });

  it("tells the quote above the composer from those in the conversation", () => {
    const quote = (author: string, text: string) =>
      `<div role="button" aria-label="Mensagem citada"><span dir="auto" data-testid="author">${author}</span><span dir="ltr" class="quoted-mention">${text}</span></div>`;
    document.body.innerHTML = page(conversation([g3Message({ id: "A", pre, body: "1" })]));
    document.querySelector("[data-testid=msg-container]")?.insertAdjacentHTML("afterbegin", quote("Ana", "de ontem"));
    expect(calls.composer().quote).toBeUndefined();
    document.querySelector("footer")?.insertAdjacentHTML("afterbegin", quote("Você", "de hoje"));
    expect(calls.composer().quote).toEqual({ sender: "Você", text: "de hoje" });
  });

  it("does not take the microphone for the send button", () => {
    document.body.innerHTML = page(conversation([]));
    const footer = document.querySelector("footer");
    footer?.insertAdjacentHTML("beforeend", `<button data-tab="11"><span data-icon="ptt"></span></button>`);
    expect(calls.sendButton().present).toBe(false);
    footer?.insertAdjacentHTML(
      "beforeend",
      `<button data-testid="compose-btn-send" data-tab="11" aria-label="Enviar"><svg><title>wds-ic-send-filled</title></svg></button>`,
    );
    expect(calls.sendButton().present).toBe(true);
  });

  it("gives the last message and the rows after a key", () => {
    document.body.innerHTML = page(
      conversation([
        g3Message({ id: "A", pre, body: "1" }),
        g3Message({
          id: "B",
          pre,
          body: "2",
          ack: { icon: "wds-ic-delivered", label: " Enviada " },
        }),
      ]),
    );
    expect(calls.lastMessage()).toEqual({ key: "B", direction: "out" });
    expect(calls.messages({ after: "A" })).toMatchObject({
      rows: [{ id: "B" }],
    });
    expect(calls.messages({ after: "Z" })).toEqual({
      error: "after_not_found",
    });
    expect(calls.header()).toEqual({
      present: true,
      title: "Maria Souza",
      subtitle: "online",
    });
  });
});
