// The words of menus, panels, dialogs and full screens, a line per language.

const LANGUAGES = ["en", "es", "it", "pt", "zh"] as const;

const TABLE = {
  attachMedia: ["Photos & videos", "Fotos y videos", "Foto e video", "Fotos e vídeos", "照片和视频"],
  attachDocument: ["Document", "Documento", "Documento", "Documento", "文档"],
  attachContact: ["Contact", "Contacto", "Contatto", "Contato", "联系人"],
  caption: ["Add a caption", "Añade un comentario", "Aggiungi una didascalia", "Adicione uma legenda", "添加说明"],
  contactInfo: ["Contact info", "Info. del contacto", "Info contatto", "Dados do contato", "联系人信息"],
  groupInfo: ["Group info", "Info. del grupo", "Info gruppo", "Dados do grupo", "群组信息"],
  about: ["About", "Info.", "Info", "Recado", "关于"],
  phone: ["Phone number", "Número de teléfono", "Numero di telefono", "Número de telefone", "电话号码"],
  members: [
    "Group · {} members",
    "Grupo · {} miembros",
    "Gruppo · {} membri",
    "Grupo · {} membros",
    "群组 · {} 位成员",
  ],
  viewAll: [
    "View all ({} more)",
    "Ver todos ({} más)",
    "Vedi tutti (altri {})",
    "Ver tudo (mais {})",
    "查看全部（还有 {} 位）",
  ],
  searchMembers: ["Search members", "Buscar miembros", "Cerca membri", "Pesquisar membros", "搜索成员"],
  admin: ["Group admin", "Admin. del grupo", "Amministratore", "Admin do grupo", "群组管理员"],
  newChat: ["New chat", "Nuevo chat", "Nuova chat", "Nova conversa", "新对话"],
  startingChat: ["Starting chat", "Iniciando chat", "Avvio della chat", "Iniciando conversa", "正在打开对话"],
  invalidNumber: [
    "Phone number shared via url is invalid.",
    "El número de teléfono compartido a través de la dirección URL es inválido.",
    "Il numero di telefono condiviso tramite URL non è valido.",
    "O número de telefone compartilhado por url é inválido.",
    "通过网址分享的电话号码无效。",
  ],
  absentNumber: [
    "The phone number {} isn't on WhatsApp.",
    "El número de teléfono {} no está en WhatsApp.",
    "Il numero di telefono {} non è su WhatsApp.",
    "O número de telefone {} não está no WhatsApp.",
    "电话号码 {} 未使用 WhatsApp。",
  ],
  olderButton: [
    "Click here to get older messages from your phone.",
    "Haz clic aquí para obtener mensajes anteriores de tu teléfono.",
    "Clicca qui per ricevere i messaggi meno recenti dal tuo telefono.",
    "Clique aqui para carregar mensagens mais antigas do seu celular.",
    "点击此处从手机获取更早的消息。",
  ],
  olderRefused: [
    "This device needs your permission to load older messages.",
    "Este dispositivo necesita tu permiso para cargar mensajes anteriores.",
    "Questo dispositivo ha bisogno della tua autorizzazione per caricare i messaggi meno recenti.",
    "Este aparelho precisa da sua permissão para carregar mensagens mais antigas.",
    "此设备需要您的许可才能加载更早的消息。",
  ],
  olderSyncing: [
    "Syncing older messages",
    "Sincronizando mensajes anteriores",
    "Sincronizzazione dei messaggi precedenti",
    "Sincronizando mensagens antigas",
    "正在同步更早的消息",
  ],
  retry: ["Retry", "Reintentar", "Riprova", "Tentar novamente", "重试"],
  history: [
    "Syncing older messages. See progress.",
    "Sincronizando mensajes anteriores. Ver progreso.",
    "Sincronizzazione dei messaggi precedenti in corso",
    "Sincronizando mensagens antigas. Ver progresso.",
    "正在同步更早的消息。查看进度。",
  ],
  historyDone: ["{}% complete", "{}% completado", "Completata al {}%", "{}% concluído", "已完成 {}%"],
  linkHeading: [
    "Enter phone number",
    "Ingresa el número de teléfono",
    "Inserisci il numero di telefono",
    "Insira o número de telefone",
    "输入电话号码",
  ],
  next: ["Next", "Siguiente", "Avanti", "Avançar", "下一步"],
  linkCode: [
    "Enter code on phone",
    "Ingresa el código en el teléfono",
    "Inserisci il codice sul telefono",
    "Insira o código no celular",
    "在手机上输入代码",
  ],
  qrOffline: [
    "Computer not connected",
    "Computadora sin conexión",
    "Computer non connesso",
    "Computador sem conexão",
    "电脑未连接",
  ],
  conflict: [
    "WhatsApp is open on another computer or browser. Click “Use here” to use WhatsApp in this window.",
    "WhatsApp está abierto en otra computadora o navegador. Haz clic en “Usar aquí” para usarlo en esta ventana.",
    "WhatsApp è aperto su un altro computer o browser. Clicca “Usa qui” per usarlo in questa finestra.",
    "O WhatsApp está aberto em outro computador ou navegador. Clique em “Usar aqui” para usá-lo nesta janela.",
    "WhatsApp 已在另一台电脑或浏览器中打开。点击“在此使用”以在此窗口中使用。",
  ],
  offline: [
    "Computer not connected",
    "Computadora sin conexión",
    "Computer non connesso",
    "Computador sem conexão",
    "电脑未连接",
  ],
  temp_ban: [
    "You’re temporarily banned from WhatsApp because you may have violated our Terms of Service.",
    "Tu cuenta está suspendida temporalmente porque es posible que hayas infringido nuestras Condiciones del servicio.",
    "Sei stato bannato temporaneamente da WhatsApp perché potresti aver violato i nostri Termini di servizio.",
    "Você foi banido temporariamente do WhatsApp porque pode ter violado nossos Termos de Serviço.",
    "您的 WhatsApp 账号已被暂时封禁，因为您可能违反了服务条款。",
  ],
  tos: [
    "WhatsApp is updating its terms. Open WhatsApp on your phone to accept them.",
    "WhatsApp está actualizando sus condiciones. Abre WhatsApp en tu teléfono para aceptarlas.",
    "WhatsApp sta aggiornando i suoi termini. Apri WhatsApp sul telefono per accettarli.",
    "O WhatsApp está atualizando os termos. Abra o WhatsApp no celular para aceitá-los.",
    "WhatsApp 正在更新条款。请在手机上打开 WhatsApp 接受。",
  ],
  smb_tos: [
    "WhatsApp Business is updating its terms. Open WhatsApp Business on your phone to accept them.",
    "WhatsApp Business está actualizando sus condiciones. Abre WhatsApp Business en tu teléfono para aceptarlas.",
    "WhatsApp Business sta aggiornando i suoi termini. Apri WhatsApp Business sul telefono per accettarli.",
    "O WhatsApp Business está atualizando os termos. Abra o WhatsApp Business no celular para aceitá-los.",
    "WhatsApp Business 正在更新条款。请在手机上打开 WhatsApp Business 接受。",
  ],
  service_unavailable: [
    "WhatsApp is temporarily unavailable. Please try again later.",
    "WhatsApp no está disponible temporalmente. Inténtalo más tarde.",
    "WhatsApp non è al momento disponibile. Riprova più tardi.",
    "O WhatsApp está temporariamente indisponível. Tente novamente mais tarde.",
    "WhatsApp 暂时不可用，请稍后再试。",
  ],
  screen_lock: [
    "WhatsApp Web is locked",
    "WhatsApp Web está bloqueado",
    "WhatsApp Web è bloccato",
    "O WhatsApp Web está bloqueado",
    "WhatsApp 网页版已锁定",
  ],
  proxy_block: [
    "Your network blocks WhatsApp.",
    "Tu red bloquea WhatsApp.",
    "La tua rete blocca WhatsApp.",
    "Sua rede bloqueia o WhatsApp.",
    "您的网络屏蔽了 WhatsApp。",
  ],
  call_takeover: [
    "A call is going on in another window.",
    "Hay una llamada en otra ventana.",
    "C'è una chiamata in un'altra finestra.",
    "Há uma ligação em outra janela.",
    "另一个窗口正在通话。",
  ],
  passkey: [
    "Confirm it’s you with your passkey",
    "Confirma que eres tú con tu clave de acceso",
    "Conferma la tua identità con la passkey",
    "Confirme sua identidade com a chave de acesso",
    "请使用通行密钥确认身份",
  ],
} satisfies Record<string, [string, string, string, string, string]>;

export type PanelWord = keyof typeof TABLE;

/** One of the words above in a language such as `pt`; `value` stands where the braces are. */
export function panelWord(lang: string, word: PanelWord, value: string | number = ""): string {
  const index = LANGUAGES.findIndex((one) => lang.startsWith(one));
  return (TABLE[word][Math.max(0, index)] ?? "").replace("{}", String(value));
}

const SCREENS: PanelWord[] = [
  "conflict",
  "offline",
  "temp_ban",
  "tos",
  "smb_tos",
  "service_unavailable",
  "screen_lock",
  "proxy_block",
  "call_takeover",
  "passkey",
];

/** Whether there is a full screen of this name. */
export function isScreen(name: string): name is PanelWord {
  return SCREENS.some((one) => one === name);
}
