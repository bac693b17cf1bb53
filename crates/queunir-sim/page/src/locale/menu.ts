// The words of a message's menu, its dialogs and toasts, a line per language; only the English ones are known.

const LANGUAGES = ["en", "es", "it", "pt", "zh"] as const;

const TABLE = {
  options: [
    "Open message options",
    "Abrir opciones del mensaje",
    "Apri opzioni messaggio",
    "Abrir opções da mensagem",
    "打开消息选项",
  ],
  optionsOf: [
    "Open message options for {}",
    "Abrir opciones del mensaje de {}",
    "Apri opzioni messaggio di {}",
    "Abrir opções da mensagem de {}",
    "打开 {} 的消息选项",
  ],
  context: ["Context menu", "Menú contextual", "Menu contestuale", "Menu de contexto", "右键菜单"],
  info: ["Message info", "Info. del mensaje", "Info messaggio", "Dados da mensagem", "消息信息"],
  reply: ["Reply", "Responder", "Rispondi", "Responder", "回复"],
  copy: ["Copy", "Copiar", "Copia", "Copiar", "复制"],
  react: ["React", "Reaccionar", "Reagisci", "Reagir", "回应"],
  download: ["Download", "Descargar", "Scarica", "Baixar", "下载"],
  forward: ["Forward", "Reenviar", "Inoltra", "Encaminhar", "转发"],
  pin: ["Pin", "Fijar", "Fissa", "Fixar", "置顶"],
  unpin: ["Unpin", "Desfijar", "Rimuovi", "Desafixar", "取消置顶"],
  star: ["Star", "Destacar", "Aggiungi a importanti", "Favoritar", "加星标"],
  unstar: ["Unstar", "No destacar", "Rimuovi da importanti", "Desfavoritar", "取消星标"],
  edit: ["Edit", "Editar", "Modifica", "Editar", "编辑"],
  select: ["Select", "Seleccionar", "Seleziona", "Selecionar", "选择"],
  report: ["Report", "Reportar", "Segnala", "Denunciar", "举报"],
  delete: ["Delete", "Eliminar", "Elimina", "Apagar", "删除"],
  reactions: ["Reactions", "Reacciones", "Reazioni", "Reações", "回应"],
  moreReactions: ["More reactions", "Más reacciones", "Altre reazioni", "Mais reações", "更多回应"],
  searchReaction: ["Search reaction", "Buscar reacción", "Cerca reazione", "Pesquisar reação", "搜索回应"],
  cancel: ["Cancel", "Cancelar", "Annulla", "Cancelar", "取消"],
  deleteTitle: ["Delete message?", "¿Eliminar mensaje?", "Eliminare il messaggio?", "Apagar mensagem?", "删除消息？"],
  forEveryone: ["Delete for everyone", "Eliminar para todos", "Elimina per tutti", "Apagar para todos", "为所有人删除"],
  forMe: ["Delete for me", "Eliminar para mí", "Elimina per me", "Apagar para mim", "为自己删除"],
  editTitle: ["Edit message", "Editar mensaje", "Modifica messaggio", "Editar mensagem", "编辑消息"],
  confirmEdit: ["Confirm edit", "Confirmar edición", "Conferma modifica", "Confirmar edição", "确认编辑"],
  pinTitle: [
    "Choose how long your pin lasts",
    "Elige la duración del mensaje fijado",
    "Scegli la durata del messaggio fissato",
    "Escolha por quanto tempo a mensagem ficará fixada",
    "选择置顶时长",
  ],
  pinHint: [
    "You can unpin at any time.",
    "Puedes desfijarlo en cualquier momento.",
    "Puoi rimuoverlo in qualsiasi momento.",
    "Você pode desafixar quando quiser.",
    "您可以随时取消置顶。",
  ],
  day: ["24 hours", "24 horas", "24 ore", "24 horas", "24 小时"],
  week: ["7 days", "7 días", "7 giorni", "7 dias", "7 天"],
  month: ["30 days", "30 días", "30 giorni", "30 dias", "30 天"],
  replaceTitle: [
    "Replace oldest pin?",
    "¿Reemplazar el mensaje fijado más antiguo?",
    "Sostituire il messaggio fissato meno recente?",
    "Substituir a mensagem fixada mais antiga?",
    "替换最早的置顶消息？",
  ],
  replaceText: [
    "Your new pin will replace the oldest one.",
    "El nuevo mensaje fijado reemplazará al más antiguo.",
    "Il nuovo messaggio fissato sostituirà il meno recente.",
    "A nova mensagem fixada substituirá a mais antiga.",
    "新的置顶消息将替换最早的一条。",
  ],
  continue: ["Continue", "Continuar", "Continua", "Continuar", "继续"],
  pinned: ["Pinned message", "Mensaje fijado", "Messaggio fissato", "Mensagem fixada", "置顶消息"],
  goTo: ["Go to message", "Ir al mensaje", "Vai al messaggio", "Ir para a mensagem", "转到消息"],
  bannerMenu: ["Menu", "Menú", "Menu", "Menu", "菜单"],
  forwardTitle: [
    "Forward message to",
    "Reenviar mensaje a",
    "Inoltra messaggio a",
    "Encaminhar mensagem para",
    "转发消息给",
  ],
  searchNames: [
    "Search name or number",
    "Buscar nombre o número",
    "Cerca nome o numero",
    "Pesquisar nome ou número",
    "搜索姓名或号码",
  ],
  close: ["Close", "Cerrar", "Chiudi", "Fechar", "关闭"],
  tooMany: [
    "You can only share with up to 5 chats",
    "Solo puedes compartir con un máximo de 5 chats",
    "Puoi condividere con un massimo di 5 chat",
    "Você só pode compartilhar com até 5 conversas",
    "最多只能分享给 5 个对话",
  ],
  starredNow: ["Message starred", "Mensaje destacado", "Messaggio aggiunto", "Mensagem favoritada", "已加星标"],
  unstarredNow: [
    "Message unstarred",
    "Mensaje no destacado",
    "Messaggio rimosso",
    "Mensagem desfavoritada",
    "已取消星标",
  ],
  deletedNow: [
    "Message deleted for me",
    "Mensaje eliminado para mí",
    "Messaggio eliminato per me",
    "Mensagem apagada para mim",
    "已为自己删除消息",
  ],
  gone: [
    "This message is no longer available",
    "Este mensaje ya no está disponible",
    "Questo messaggio non è più disponibile",
    "Esta mensagem não está mais disponível",
    "此消息已不存在",
  ],
  late: ["It is too late for that", "Ya es demasiado tarde", "È troppo tardi", "Já é tarde demais", "已超过时限"],
  failed: [
    "Something went wrong. Try again.",
    "Algo salió mal. Inténtalo de nuevo.",
    "Si è verificato un errore. Riprova.",
    "Algo deu errado. Tente novamente.",
    "出错了，请重试。",
  ],
} satisfies Record<string, [string, string, string, string, string]>;

export type MenuWord = keyof typeof TABLE;

/** One of the words above in a language such as `pt`; `value` stands where the braces are. */
export function menuWord(lang: string, word: MenuWord, value = ""): string {
  const index = LANGUAGES.findIndex((one) => lang.startsWith(one));
  return (TABLE[word][Math.max(0, index)] ?? "").replace("{}", value);
}
