// The picture of a conversation: small beside its name, and large for whoever wants to see it.
import { X } from "lucide-react";
import { useState } from "react";
import type { Chat } from "#/api/types";
import { PictureDialog } from "#/features/inbox/PictureDialog";
import { pictureAddress } from "#/features/inbox/picture";
import { useWords } from "#/lib/words";
import { Avatar, round } from "#/ui/Avatar";
import { Button } from "#/ui/Button";

interface ChatAvatarProps {
  chat: Chat;
  size: number;
  className?: string;
}

export function ChatAvatar({ chat, size, className = "" }: ChatAvatarProps) {
  const kind = chat.kind === "group" ? "group" : "person";
  return (
    <Avatar
      name={chat.title}
      seed={chat.id}
      size={size}
      kind={kind}
      picture={pictureAddress(chat)}
      className={className}
    />
  );
}

/** The same, to be opened; without a picture there is nothing to open. */
export function ChatAvatarButton(props: ChatAvatarProps) {
  const say = useWords();
  const [open, setOpen] = useState(false);
  const { chat } = props;
  const address = pictureAddress(chat);
  if (address === null) return <ChatAvatar {...props} />;
  const name = say("panel.picture", { name: chat.title });
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-label={say("media.open", { what: name })}
        className="cursor-zoom-in rounded-3xl"
      >
        <ChatAvatar {...props} />
      </button>
      <PictureDialog open={open} onClose={() => setOpen(false)} label={name}>
        <img src={address} alt={name} className={`size-80 max-w-full ${round}`} />
        <Button icon={<X size={17} aria-hidden="true" />} onClick={() => setOpen(false)}>
          {say("dialog.close")}
        </Button>
      </PictureDialog>
    </>
  );
}
