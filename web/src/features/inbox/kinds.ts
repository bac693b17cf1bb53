// What a message without plain text is called, and its sign.
import {
  BarChart3,
  Contact,
  EyeOff,
  File,
  FileQuestion,
  Image,
  KeyRound,
  type LucideIcon,
  MapPin,
  Mic,
  Music,
  Phone,
  Sticker,
  Trash2,
  Video,
} from "lucide-react";
import type { MessageKind } from "#/api/types";

export const kindSigns: Record<Exclude<MessageKind, "text">, { words: string; icon: LucideIcon }> = {
  image: { words: "kind.image", icon: Image },
  video: { words: "kind.video", icon: Video },
  gif: { words: "kind.gif", icon: Video },
  voice: { words: "kind.voice", icon: Mic },
  audio: { words: "kind.audio", icon: Music },
  document: { words: "kind.document", icon: File },
  sticker: { words: "kind.sticker", icon: Sticker },
  location: { words: "kind.location", icon: MapPin },
  contact: { words: "kind.contact", icon: Contact },
  poll: { words: "kind.poll", icon: BarChart3 },
  album: { words: "kind.album", icon: Image },
  call: { words: "kind.call", icon: Phone },
  view_once: { words: "kind.view_once", icon: EyeOff },
  undecrypted: { words: "kind.undecrypted", icon: KeyRound },
  deleted: { words: "kind.deleted", icon: Trash2 },
  unknown: { words: "kind.unknown", icon: FileQuestion },
};
