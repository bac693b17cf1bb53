// The words of the API under short names, taken from the generated description.
import type { components } from "#/api/__generated__/schema";

type Schemas = components["schemas"];

export type AccountAnswer = Schemas["AccountAnswer"];
export type AccountQuestion = Schemas["AccountQuestion"];
export type Act = Schemas["Act"];
export type ActList = Schemas["ActList"];
export type Ack = Schemas["Ack"];
export type Activity = Schemas["Activity"];
export type Chat = Schemas["Chat"];
export type ChatHistory = Schemas["ChatHistory"];
export type ChatKind = Schemas["ChatKind"];
export type ChatList = Schemas["ChatList"];
export type Collection = Schemas["Collection"];
export type Collected = Schemas["Collected"];
export type Condition = Schemas["Condition"];
export type Contact = Schemas["Contact"];
export type Fact = Schemas["Fact"];
export type FactKind = Schemas["FactKind"];
export type FactSource = Schemas["FactSource"];
export type Config = Schemas["AppConfig"];
export type Gap = Schemas["Gap"];
export type FirstContacts = Schemas["FirstContacts"];
export type ImportedOptOuts = Schemas["ImportedOptOuts"];
export type Join = Schemas["Join"];
export type JoinList = Schemas["JoinList"];
export type Link = Schemas["Link"];
export type LinkHistory = Schemas["LinkHistory"];
export type LinkSpan = Schemas["LinkSpan"];
export type Me = Schemas["Me"];
export type Media = Schemas["Media"];
export type Member = Schemas["ListedMember"];
export type Members = Schemas["Members"];
export type Message = Schemas["Message"];
export type MessageKind = Schemas["MessageKind"];
export type MessagePage = Schemas["MessagePage"];
export type OlderAnswer = Schemas["OlderAnswer"];
export type NewChat = Schemas["NewChat"];
export type Opened = Schemas["Opened"];
export type OptedOut = Schemas["OptedOut"];
export type OptOutFile = Schemas["OptOutFile"];
export type OptOutList = Schemas["OptOutList"];
export type OptOutReason = Schemas["OptOutReason"];
export type OptOutWords = Schemas["OptOutWords"];
export type Outgoing = Schemas["Outgoing"];
export type OutgoingFile = Schemas["OutgoingFile"];
export type OutgoingList = Schemas["OutgoingList"];
export type Pairing = Schemas["Pairing"];
export type Parting = Schemas["Parting"];
export type PartingKind = Schemas["PartingKind"];
export type PartingStep = Schemas["PartingStep"];
export type PageState = Schemas["PageState"];
export type Phase = Schemas["Phase"];
export type QrCode = Schemas["QrCode"];
export type ReaderTrouble = Schemas["ReaderTrouble"];
export type RefusedLine = Schemas["RefusedLine"];
export type Reaction = Schemas["Reaction"];
export type ReaderRecords = Schemas["Records"];
export type ReadingMode = Schemas["ReadingMode"];
export type ReadingModeSetting = Schemas["ReadingModeSetting"];
export type SliceView = Schemas["SliceView"];
export type QueuePlace = Schemas["Queue"];
export type StopReason = Schemas["StopReason"];
export type Quote = Schemas["Quote"];
export type ReplyTo = Schemas["ReplyTo"];
export type Trouble = Schemas["Trouble"];
export type Upload = Schemas["Upload"];
export type Wish = Schemas["Wish"];

/** What happened, stored and numbered. */
export type StoredEvent = Schemas["Event"];

/** How things are, sent on every connect and on change. */
export type Snapshot = Schemas["Snapshot"];

export type ServerEvent = StoredEvent | Snapshot;
export type EventName = ServerEvent["type"];
export type EventNamed<N extends EventName> = Extract<ServerEvent, { type: N }>;
