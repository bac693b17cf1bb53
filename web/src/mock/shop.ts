// A believable small shop for development: forty customers and their messages.
import type { Chat, Contact, Fact, Members, Message, Outgoing } from "#/api/types";

const minute = 60_000;
const day = 24 * 60 * minute;

type Line = [from: "in" | "out", minutesAgo: number, text: string, more?: Partial<Message>];

interface Person {
  name: string;
  phone?: string;
  lines: Line[];
  more?: Partial<Chat>;
}

const people: Person[] = [
  {
    name: "Marina Duarte",
    phone: "+55 11 98888-0142",
    more: { pinned: true, unread: 2 },
    lines: [
      ["in", 3 * 1440 + 60, "Oi Ana, tudo bem? Aqui é a Marina, prima da Júlia."],
      ["out", 3 * 1440 + 52, "Oi Marina! Tudo ótimo, e com você? 😊"],
      ["in", 3 * 1440 + 51, "Tudo! Vi o vestido azul no perfil de vocês e fiquei apaixonada."],
      ["in", 3 * 1440 + 51, "Ainda tem no tamanho M?"],
      ["out", 3 * 1440 + 40, "Tem sim! Restam duas peças no M.\nO valor é R$ 189,90 e no Pix sai por R$ 175,00."],
      ["in", 1440 + 130, "Perfeito. Posso passar aí amanhã depois das 14h?"],
      ["out", 1440 + 125, "Pode! Já deixo separado no seu nome."],
      ["in", 1440 + 124, "❤️"],
      ["in", 95, "Bom dia! Estou a caminho da loja."],
      ["out", 92, "Bom dia, Marina! Estamos te esperando."],
      ["in", 14, "Cheguei, mas não achei o número. É o 214 ou o 241?"],
      ["in", 12, "Tem uma cafeteria verde na frente?"],
    ],
  },
  {
    name: "Atelier Fornecedores",
    more: { kind: "group", pinned: true, muted: true },
    lines: [
      ["in", 400, "Chegou linho cru, 40 metros.", { sender: "Beto Tecidos" }],
      ["in", 398, "Foto em seguida", { sender: "Beto Tecidos" }],
      ["in", 397, "", { sender: "Beto Tecidos", kind: "image", media: [{ id: "media_1", state: "failed" }] }],
      [
        "in",
        240,
        "Qual o preço por metro?",
        { sender: "Clara Modelagem", quoted: { sender: "Beto Tecidos", text: "Chegou linho cru, 40 metros." } },
      ],
      ["out", 120, "Fico com 12 metros, por favor."],
    ],
  },
  {
    name: "João Pedro Almeida",
    phone: "+55 21 97777-3310",
    lines: [
      ["in", 200, "Boa tarde, vocês entregam em Niterói?"],
      ["out", 190, "Boa tarde, João! Entregamos sim, por R$ 18,00, em até 2 dias."],
      ["in", 50, "Fechado. Pode mandar a chave Pix?"],
      ["out", 46, "Claro: contato@lojadaana.example\nAssim que cair eu confirmo por aqui.", { ack: "delivered" }],
    ],
  },
  {
    name: "Sofia Ramírez",
    phone: "+34 611 555 018",
    more: { unread: 4, not_read_yet: 3 },
    lines: [["in", 66, "¡Hola! Me encanta la blusa de lino, ¿hacen envíos a Es…", { source: "list" }]],
  },
  {
    name: "Emily Carter",
    phone: "+1 415 555 0136",
    lines: [
      ["in", 300, "Hi! Is the linen shirt pre-washed?"],
      ["out", 280, "Hi Emily! Yes, washed twice, it will not shrink."],
      ["in", 275, "Amazing, thank you 🙏"],
    ],
  },
  {
    name: "+55 31 96666-9021",
    phone: "+55 31 96666-9021",
    more: { marked_unread: true },
    lines: [["in", 320, "Vcs abrem domingo?"]],
  },
  {
    name: "ليلى حداد",
    phone: "+971 50 555 0177",
    lines: [
      ["in", 500, "مرحبا، هل يتوفر الفستان باللون الأخضر؟\nأحتاجه قبل يوم الجمعة."],
      ["out", 480, "Hello Layla! Yes, the green one (size 38) is here."],
    ],
  },
  {
    name: "Carlos Henrique",
    phone: "+55 11 95555-7788",
    more: { ambiguous: true },
    lines: [["in", 700, "Pode confirmar meu pedido?"]],
  },
  {
    name: "Patrícia Gomes",
    phone: "+55 11 94444-1212",
    lines: [
      ["out", 1500, "Seu pedido foi enviado! Código BR123456789.", { ack: "read" }],
      ["in", 1490, "Obrigada!! 😍😍"],
    ],
  },
  {
    name: "Anotações",
    more: { kind: "yourself" },
    lines: [["out", 1600, "Comprar etiquetas\nLigar para a gráfica\nFoto nova da vitrine", { ack: "read" }]],
  },
  {
    name: "Rafael Nunes",
    phone: "+55 85 93333-4545",
    lines: [
      ["in", 1900, "", { kind: "voice", media: [{ id: "media_2", state: "not_shown", duration_s: 14 }] }],
      ["out", 1890, "Ouvi aqui! Troca sem problema, é só trazer a etiqueta.", { ack: "read" }],
    ],
  },
  {
    name: "Dona Lourdes",
    phone: "+55 11 92222-0909",
    more: { archived: true },
    lines: [["in", 9_000, "Deus abençoe, minha filha."]],
  },
];

const moreNames = [
  "Bruna Teixeira",
  "Diego Farias",
  "Letícia Prado",
  "Otávio Reis",
  "Camila Souza",
  "Gustavo Lima",
  "Helena Moraes",
  "Igor Batista",
  "Jéssica Rocha",
  "Kátia Freitas",
  "Lucas Barros",
  "Mônica Vidal",
  "Nicolas Peixoto",
  "Olívia Castro",
  "Paulo Sérgio",
  "Renata Dias",
  "Samuel Torres",
  "Tatiane Cruz",
  "Vinícius Melo",
  "Yara Campos",
  "Aline Brito",
  "Caio Mendes",
  "Débora Pires",
  "Elisa Fontes",
  "Fábio Leal",
  "Giovana Paz",
  "Hugo Sales",
  "Isabela Neri",
];

export const hex = (seed: number): string => seed.toString(16).padStart(32, "0");
export const orderKey = (place: number): string => `a${String(place).padStart(8, "0")}`;

export interface Shop {
  chats: Chat[];
  messages: Map<string, Message[]>;
  outgoing: Map<string, Outgoing[]>;
}

/** Every text of the shop, with times counted back from `now`. */
export function shop(now: number): Shop {
  const all: Person[] = [
    ...people,
    ...moreNames.map(
      (name, index): Person => ({
        name,
        phone: `+55 11 9${String(8_000_000 + index * 7_331)}`,
        lines: [
          ["in", 2_000 + index * 700, "Oi! Vocês têm tabela de medidas?"],
          ["out", 1_990 + index * 700, "Temos sim, já te mando.", { ack: "read" }],
        ],
      }),
    ),
  ];
  const chats: Chat[] = [];
  const messages = new Map<string, Message[]>();
  for (const [index, person] of all.entries()) {
    const id = `chat_${hex(index + 1)}`;
    const stored = person.lines.map(
      ([direction, minutesAgo, text, more], place): Message => ({
        id: `msg_${hex((index + 1) * 1_000 + place)}`,
        chat_id: id,
        key: `3EB0${hex((index + 1) * 1_000 + place).slice(-12)}`,
        direction,
        kind: "text",
        text,
        sent_at: new Date(now - minutesAgo * minute).toISOString(),
        sent_at_certain: true,
        ...(direction === "out" && { ack: "read" as const }),
        failed: false,
        edited: false,
        forwarded: false,
        source: "row",
        order_key: orderKey(1_000 + place),
        ...more,
      }),
    );
    messages.set(id, stored);
    const last = stored.at(-1);
    chats.push({
      id,
      title: person.name,
      phone: person.phone ?? null,
      kind: "contact",
      preview: last
        ? {
            text: last.text || (last.kind === "voice" ? "🎤 0:14" : "📷 Foto"),
            from_me: last.direction === "out",
            ack: last.ack ?? null,
            at: last.sent_at ?? null,
          }
        : null,
      unread: 0,
      marked_unread: false,
      not_read_yet: 0,
      pinned: false,
      muted: false,
      archived: false,
      ambiguous: false,
      position: index,
      history_complete: index % 2 === 0,
      older: "may_come",
      ...person.more,
    });
  }
  return { chats, messages, outgoing: new Map() };
}

/** A day in milliseconds, for scenes. */
export const aDay = day;

/** Some of a group's members, as a panel shows them. */
function membersOf(now: number): Members {
  const since = new Date(now - 2 * day).toISOString();
  return {
    shown: [
      { name: "Você", admin: true },
      { name: "Marina Alves", admin: false },
      { push_name: "Zé da entrega que tem um nome bem comprido", phone: "+5511920000012", admin: true },
      { push_name: "Marina", phone: "+5511988880142", admin: false, chat_id: `chat_${hex(1)}` },
      { push_name: "Caio", admin: false },
    ],
    total: 23,
    since,
    seen_at: since,
  };
}

/** What is known of a chat's person: more of those whose number is known. */
export function contactOf(chat: Chat, now: number): Contact {
  const fact = (kind: Fact["kind"], source: Fact["source"], value: string, daysAgo: number): Fact => ({
    kind,
    source,
    value,
    since: new Date(now - daysAgo * day).toISOString(),
  });
  const { phone } = chat;
  const facts: Fact[] = phone
    ? [
        fact("phone", "panel", phone, 2),
        fact("phone", "title", phone, 9),
        fact("push_name", "panel", chat.title.split(" ")[0] ?? "", 2),
        fact("about", "panel", "Ocupada, respondo à noite 🌙", 2),
        fact("email", "panel", "contato@loja.example", 2),
        fact("website", "panel", "https://loja.example/", 2),
      ]
    : [fact("name", "title", chat.title, 9)];
  return {
    chat_id: chat.id,
    facts,
    panel: phone || chat.kind === "group" ? "read" : "unread",
    number_hidden: false,
    ...((phone || chat.kind === "group") && { read_at: new Date(now - 2 * day).toISOString() }),
    ...(chat.kind === "group" && { members: membersOf(now) }),
  };
}
