// The inbox: list, conversation and contact side by side where there is room, one at a time where there is not.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useState } from "react";
import { listAddress, type Shelf } from "#/features/inbox/address";
import { ChatList } from "#/features/inbox/ChatList";
import { ContactPanel } from "#/features/inbox/ContactPanel";
import { Conversation } from "#/features/inbox/Conversation";
import { MissingChat } from "#/features/inbox/MissingChat";
import { NewChatDialog } from "#/features/inbox/NewChatDialog";
import { chats } from "#/features/inbox/queries";
import { paths } from "#/lib/paths";
import { read, write } from "#/lib/storage";
import { useWords } from "#/lib/words";
import { EmptyState } from "#/ui/EmptyState";
import { Resizer, useColumn } from "#/ui/Resizer";
import { useRoom } from "#/ui/useWidth";

const listBounds = { least: 240, most: 520, normal: 300 };
const panelBounds = { least: 320, most: 640, normal: 440 };
const panelKey = "queunir.panel";

export interface InboxProps {
  chatId: string | null;
  /** What is typed into the search field. */
  typed: string;
  /** Which chats were chosen for the list; null for those among which the open one is. */
  shelf: Shelf | null;
  /** Whether the contact panel was asked for, where it is not shown anyway. */
  info: boolean;
  /** Why nothing can be written now; null when it can. */
  blocked: string | null;
  /** Whether the slice runs and can open chats. */
  reachable: boolean;
}

export function InboxPage({ chatId, typed, shelf, info, blocked, reachable }: InboxProps) {
  const say = useWords();
  const navigate = useNavigate();
  const room = useRoom();
  const list = useColumn("queunir.list-width", listBounds);
  const panel = useColumn("queunir.panel-width", panelBounds);
  const [collapsed, setCollapsed] = useState(() => read(panelKey) === "closed");
  const [beginning, setBeginning] = useState(false);
  const listed = useQuery(chats());
  const chat = listed.data?.find((one) => one.id === chatId) ?? null;

  const search = listAddress(typed, shelf);
  const togglePanel = (): void => {
    if (room === "three") {
      write(panelKey, collapsed ? null : "closed");
      setCollapsed(!collapsed);
    } else if (chatId) {
      void navigate({
        to: paths.chat,
        params: { chatId },
        search: info ? search : { ...search, info: true },
        replace: info,
      });
    }
  };
  const panelOpen = room === "three" ? !collapsed : info;

  const chatList = <ChatList selected={chatId} typed={typed} chosen={shelf} onBegin={() => setBeginning(true)} />;
  const conversation = chat ? (
    <Conversation
      key={chat.id}
      chat={chat}
      blocked={blocked}
      reachable={reachable}
      panelOpen={panelOpen}
      onTogglePanel={togglePanel}
      onBack={room === "one" ? () => void navigate({ to: paths.chats, search }) : null}
    />
  ) : chatId && listed.isSuccess ? (
    <MissingChat chatId={chatId} />
  ) : (
    <EmptyState icon={<MessagesSquare size={28} />} title={say("inbox.none_open")}>
      {say("inbox.none_open_text")}
    </EmptyState>
  );
  const contact = chat && <ContactPanel chat={chat} alone={room === "one"} onClose={togglePanel} />;

  return (
    <>
      {room === "one" ? alone() : beside()}
      {/* Not in the list, which is another one after a turn of the phone. */}
      <NewChatDialog open={beginning} onClose={() => setBeginning(false)} />
    </>
  );

  function alone() {
    if (!chatId) return <div className="h-full bg-surface">{chatList}</div>;
    return <div className="h-full">{panelOpen && contact ? contact : conversation}</div>;
  }

  function beside() {
    return (
      <div className="relative flex h-full min-h-0">
        <div className="h-full shrink-0 bg-surface" style={{ width: list.width }}>
          {chatList}
        </div>
        <Resizer label={say("inbox.resize_list")} column={list} bounds={listBounds} side="left" />
        <div className="h-full min-w-0 flex-1">{conversation}</div>
        {panelOpen && contact && room === "three" && (
          <>
            <Resizer label={say("inbox.resize_panel")} column={panel} bounds={panelBounds} side="right" />
            <div className="h-full shrink-0" style={{ width: panel.width }}>
              {contact}
            </div>
          </>
        )}
        {panelOpen && contact && room === "two" && (
          <div className="absolute inset-y-0 right-0 z-20 w-[26rem] animate-rise border-line border-l shadow-float">
            {contact}
          </div>
        )}
      </div>
    );
  }
}
