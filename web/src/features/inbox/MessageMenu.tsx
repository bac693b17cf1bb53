// The menu of one message: a tray of reactions, then what can be done to it.
import { ChevronDown, Copy, Forward, Pencil, Pin, PinOff, Reply, Star, StarOff, Trash2 } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import { useRef } from "react";
import { toast } from "sonner";
import type { Message } from "#/api/types";
import { useActs } from "#/features/inbox/ActsContext";
import { ownReaction, possibleActs, quickEmoji, sameEmoji } from "#/features/inbox/acts";
import { serverNow } from "#/lib/clock";
import { useWords } from "#/lib/words";
import { cx } from "#/ui/cx";
import { MenuItem, MenuLine } from "#/ui/Menu";

interface MessageMenuProps {
  message: Message;
  open: boolean;
  onOpenChange(open: boolean): void;
}

export function MessageMenu({ message, open, onOpenChange }: MessageMenuProps) {
  const say = useWords();
  /** What was chosen takes the focus itself. */
  const writes = useRef(false);
  return (
    <Primitive.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger
        aria-label={say("menu.open")}
        title={say("menu.open")}
        // The bubble itself opens it by keyboard, so that a conversation has one stop per message and not two.
        tabIndex={-1}
        className={cx(
          "absolute top-0.5 flex size-8 items-center justify-center rounded-full border border-line bg-raised text-muted transition-opacity hover:text-text",
          message.direction === "out" ? "right-full mr-1.5" : "left-full ml-1.5",
          // Where there is no pointer to hover with, a long press opens the menu.
          open ? "opacity-100" : "opacity-0 group-hover/row:opacity-100 pointer-coarse:pointer-events-none",
        )}
      >
        <ChevronDown size={17} />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side="bottom"
          // Over the conversation, never over the list.
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={say("menu.label")}
          onCloseAutoFocus={(event) => {
            if (writes.current) event.preventDefault();
            writes.current = false;
          }}
          className="z-50 min-w-60 animate-rise rounded-xl border border-line bg-raised p-1.5 shadow-float focus:outline-none"
        >
          {open && (
            <Items
              message={message}
              onWrite={() => {
                writes.current = true;
              }}
            />
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Items({ message, onWrite }: { message: Message; onWrite(): void }) {
  const say = useWords();
  const { ask, begin, blocked } = useActs();
  const possible = possibleActs(message, serverNow());
  const write = (what: "reply" | "edit"): void => {
    onWrite();
    begin(what, message);
  };
  const copy = (): void =>
    void navigator.clipboard.writeText(message.text).then(
      () => toast.success(say("menu.copied")),
      () => toast.error(say("problem.internal")),
    );
  return (
    <>
      {blocked === null && possible.mark && <Tray message={message} />}
      {possible.copy && (
        <MenuItem icon={<Copy size={16} />} onSelect={copy}>
          {say("menu.copy")}
        </MenuItem>
      )}
      {blocked !== null ? (
        <p className="max-w-64 px-2.5 py-2 text-muted text-sm">{blocked}</p>
      ) : (
        <>
          {possible.reply && (
            <MenuItem icon={<Reply size={16} />} onSelect={() => write("reply")}>
              {say("menu.reply")}
            </MenuItem>
          )}
          {possible.forward && (
            <MenuItem icon={<Forward size={16} />} onSelect={() => begin("forward", message)}>
              {say("menu.forward")}
            </MenuItem>
          )}
          {possible.mark &&
            (message.pinned ? (
              <MenuItem icon={<PinOff size={16} />} onSelect={() => ask(message, { kind: "pin", duration: null })}>
                {say("menu.unpin")}
              </MenuItem>
            ) : (
              <MenuItem icon={<Pin size={16} />} onSelect={() => begin("pin", message)}>
                {say("menu.pin")}
              </MenuItem>
            ))}
          {possible.mark && (
            <MenuItem
              icon={message.starred ? <StarOff size={16} /> : <Star size={16} />}
              onSelect={() => ask(message, { kind: "star", on: !message.starred })}
            >
              {say(message.starred ? "menu.unstar" : "menu.star")}
            </MenuItem>
          )}
          {possible.edit && (
            <MenuItem icon={<Pencil size={16} />} onSelect={() => write("edit")}>
              {say("menu.edit")}
            </MenuItem>
          )}
          {possible.deleteForMe && <MenuLine />}
          {possible.deleteForMe && (
            <MenuItem icon={<Trash2 size={16} />} onSelect={() => begin("delete_for_me", message)}>
              {say("menu.delete_for_me")}
            </MenuItem>
          )}
          {possible.deleteForEveryone && (
            <MenuItem
              icon={<Trash2 size={16} className="text-danger" />}
              onSelect={() => begin("delete_for_everyone", message)}
            >
              {say("menu.delete_for_everyone")}
            </MenuItem>
          )}
        </>
      )}
    </>
  );
}

function Tray({ message }: { message: Message }) {
  const say = useWords();
  const { ask } = useActs();
  const own = ownReaction(message);
  const isOwn = (emoji: string): boolean => own !== null && sameEmoji(own, emoji);
  const offered = own === null || quickEmoji.some(isOwn) ? quickEmoji : [...quickEmoji, own];
  return (
    <>
      <Primitive.Group aria-label={say("reaction.tray")} className="flex justify-between gap-0.5 px-0.5 pb-0.5">
        {offered.map((emoji) => (
          <Primitive.CheckboxItem
            key={emoji}
            checked={isOwn(emoji)}
            aria-label={isOwn(emoji) ? say("reaction.take_back", { emoji }) : say("reaction.give", { emoji })}
            onSelect={() => ask(message, { kind: "react", emoji: isOwn(emoji) ? null : emoji })}
            className={cx(
              "flex size-10 cursor-default select-none items-center justify-center rounded-full text-[1.35rem] outline-none data-[highlighted]:bg-hover data-[highlighted]:outline-2 data-[highlighted]:outline-accent/40",
              isOwn(emoji) && "bg-accent-soft",
            )}
          >
            {emoji}
          </Primitive.CheckboxItem>
        ))}
      </Primitive.Group>
      <MenuLine />
    </>
  );
}
