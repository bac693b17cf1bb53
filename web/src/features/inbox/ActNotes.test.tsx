import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it } from "vitest";
import type { Act, Chat, Message } from "#/api/types";
import { ActNotes } from "#/features/inbox/ActNotes";
import { ActsProvider } from "#/features/inbox/ActsContext";
import { acts } from "#/features/inbox/actQueries";
import { speak } from "#/lib/words";

const forward: Act = {
  id: "act_1",
  chat_id: "chat_1",
  message_id: "msg_1",
  client_key: "k",
  wish: { kind: "forward", to: "chat_2" },
  state: "uncertain",
  reason: "vanished",
  created_at: "2026-11-22T12:00:00Z",
};

/** What stands under a message while an act on it is open. */
function shown(act: Act): string {
  const cache = new QueryClient();
  cache.setQueryData(acts("chat_1").queryKey, [act]);
  const page = renderToStaticMarkup(
    <QueryClientProvider client={cache}>
      <I18nProvider i18n={i18n}>
        <ActsProvider chat={{ id: "chat_1" } as Chat} blocked={null} onEdit={() => {}} onReply={() => {}}>
          <ActNotes message={{ id: "msg_1", chat_id: "chat_1", direction: "in" } as Message} />
        </ActsProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  return page.slice(0, page.indexOf("</ul>"));
}

describe("an act that nobody can tell about", () => {
  beforeAll(() => speak("en"));

  it("shows a forward whose copy is gone as uncertain, says why, and offers no repetition", () => {
    const text = shown(forward);
    expect(text).toContain("Not certain: ");
    expect(text).toContain("The copy was gone from WhatsApp before it was handed in");
    expect(text).not.toContain("Try again");
    expect(text.match(/<button/g)).toHaveLength(2);
  });

  it("offers one where pressing again does no harm", () => {
    const text = shown({ ...forward, wish: { kind: "star", on: true }, reason: "not_shown" });
    expect(text).toContain("It may have been done or not");
    expect(text.match(/<button/g)).toHaveLength(3);
  });
});
