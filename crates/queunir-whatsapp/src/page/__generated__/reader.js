(function() {
var query = Document.prototype.querySelector;
var queryAll = Document.prototype.querySelectorAll;
function own(property, fallback) {
for (let owner = Document.prototype; owner !== null; owner = Object.getPrototypeOf(owner)) {
const getter = Object.getOwnPropertyDescriptor(owner, property)?.get;
if (getter !== void 0) return getter.call(document);
}
return fallback;
}
function find(selector) {
try {
return query.call(document, selector);
} catch {
return null;
}
}
function findAll(selector) {
try {
return [...queryAll.call(document, selector)];
} catch {
return [];
}
}
function root() {
return own("documentElement", null);
}
function body() {
return own("body", null);
}
function active() {
return own("activeElement", null);
}
function visible() {
return own("visibilityState", "hidden") === "visible";
}
function language() {
return root()?.getAttribute("lang")?.slice(0, 40) || void 0;
}
function rightToLeft() {
return root()?.getAttribute("dir") === "rtl";
}
var g2_default = JSON.parse(`{"version":1,"generation":"g2","detect":[".message-in, .message-out","[data-id^='true_'], [data-id^='false_']","[data-icon='msg-check'], [data-icon='msg-dblcheck'], [data-icon='msg-time']","div[contenteditable='true'][data-tab='3']"],"fields":{"screen.loading":[["structure","#app progress"]],"screen.qr":[["attribute","[data-ref]"],["structure","#app canvas[aria-label]"]],"screen.offline_banner":[["icon","#side [data-icon='alert-computer']"]],"dialog":[["attribute","[data-animate-modal-popup='true']"]],"dialog.ok":[["structure","div[role='dialog'] button:last-of-type"]],"list.title":[["role","[role='gridcell'] span[title][dir='auto']"],["structure","span[title][dir='auto']"]],"list.cell":[["role","[role='gridcell']"],["structure","div[tabindex='-1'], div[tabindex='0']"]],"list.time":[["structure","[role='gridcell'][aria-colindex='2'] > :last-child"]],"list.unread":[["role","[role='gridcell'][aria-colindex='1'] span[aria-label]"]],"list.muted":[["icon","[data-icon='muted']"]],"list.search":[["tab","#side [data-tab='3']"]],"header":[["structure","header"]],"header.title":[["tab","[data-tab='6'] span[dir='auto'][title]"],["tab","[data-tab='6'] span[dir='auto']"],["structure","span[dir='auto'][title]"],["structure","span[dir='auto']"]],"header.subtitle":[["tab","[data-tab='6'] span[title]:not([dir='auto'])"]],"messages.box":[["attribute","[data-scrolltracepolicy='wa.web.conversation.messages']"],["structure",".copyable-area [tabindex='0']"],["structure",".copyable-area"]],"messages.list":[["role","[role='application']"]],"row.bubble":[["class",".message-in, .message-out"]],"row.body":[["class",".selectable-text.copyable-text"],["class","span.selectable-text"],["class","span.copyable-text"],["structure","[data-pre-plain-text] span[dir]"]],"row.quoted":[["label","[aria-label='Quoted message'], [aria-label='Quoted Message'], [aria-label='Mensagem citada'], [aria-label='Mensaje citado'], [aria-label='Messaggio citato']"],["structure","div:has(> .quoted-mention)"],["class",".quoted-mention"]],"row.reactions":[["structure","button[aria-haspopup][aria-label]"]],"row.forwarded":[["icon","[data-icon='forwarded'], [data-icon='forward-refreshed']"]],"kind.voice":[["label","span[aria-label='Voice message'], span[aria-label='Mensagem de voz'], span[aria-label='Mensaje de voz'], span[aria-label='Messaggio vocale']"]],"kind.audio":[["icon","[data-icon='audio-play'], [data-icon='audio-download']"]],"kind.gif":[["icon","[data-icon='media-gif']"]],"kind.video":[["icon","[data-icon='media-play'], [data-icon='msg-video'], [data-icon='video-pip']"]],"kind.document":[["icon","[data-icon^='document-'], [data-icon='audio-file']"]],"kind.image":[["label","[aria-label='Open picture'], [aria-label='Abrir foto'], [aria-label='Abrir imagem'], [aria-label='Abrir imagen'], [aria-label='Apri foto']"],["structure","[role='button'] img[src^='blob:']"]],"composer":[["structure","footer div[contenteditable='true'][role='textbox']"],["structure","footer div[contenteditable='true']"]],"send":[["icon","footer button:has([data-icon='send']), footer button:has([data-icon='wds-ic-send-filled'])"],["label","footer button[aria-label='Send'], footer button[aria-label='Enviar'], footer button[aria-label='Invia']"]]}}`);
var g3_default = JSON.parse(`{"version":1,"generation":"g3","detect":["[data-testid='wa-web-main-screen']","[data-testid='chat-list']","[data-testid='cell-frame-container']","[data-testid='conversation-header']","[data-testid='link-device-qr-code']","[data-testid='wa-web-loading-screen']","[data-testid^='conv-msg-']"],"fields":{"screen.loading":[["testid","[data-testid='wa-web-loading-screen']"]],"screen.qr":[["testid","[data-testid='link-device-qr-code']"]],"screen.qr_value":[["attribute","[data-ref]","data-ref"]],"screen.phone_login":[["testid","[data-testid='link-device-phone-number-entry-screen']"],["testid","[data-testid='link-with-phone-number-code-cells']"],["attribute","[data-link-code]"]],"screen.main":[["testid","[data-testid='wa-web-main-screen']"],["id","#pane-side"],["id","#side"]],"screen.offline_banner":[["testid","[data-testid='chat-butterbar-offline']"]],"screen.banner":[["testid","[data-testid='chat-butterbar']"]],"dialog":[["role","div[role='dialog']"],["testid","[data-testid='confirm-popup']"],["testid","[data-testid='popup-contents']"],["attribute","[data-animate-modal-popup]"]],"dialog.confirm":[["testid","[data-testid='confirm-popup']"]],"dialog.ok":[["testid","[data-testid='popup-controls-ok']"]],"dialog.cancel":[["testid","[data-testid='popup-controls-cancel']"]],"dialog.continue":[["testid","[data-testid='whats_new_continue_button']"]],"list.pane":[["id","#pane-side"],["attribute","[data-scrolltracepolicy='wa.web.chatlist']"]],"list.grid":[["role","[role='grid']"],["testid","[data-testid='chat-list']"]],"list.row":[["role","[role='row'], [role='listitem']"]],"list.title":[["testid","[data-testid='cell-frame-title'] span[title]"],["testid","[data-testid='message-yourself-row'] span[title]"]],"list.yourself":[["testid","[data-testid='message-yourself-row']"]],"list.cell":[["testid","[data-testid='cell-frame-container']"]],"list.time":[["testid","[data-testid='cell-frame-primary-detail']"]],"list.secondary":[["testid","[data-testid='cell-frame-secondary']"]],"list.preview":[["testid","[data-testid='last-msg-status'][title]"]],"list.unread":[["testid","[data-testid='icon-unread-count']"]],"list.muted":[["testid","[data-testid^='mute-notifications']"]],"list.search":[["testid","[data-testid='chat-list-search-container'] input"],["tab","input[role='textbox'][data-tab='3']"]],"main":[["id","#main"],["testid","[data-testid='conversation-panel-wrapper']"]],"header":[["testid","header[data-testid='conversation-header']"]],"header.title":[["testid","[data-testid='conversation-info-header-chat-title']"]],"header.subtitle":[["testid","[data-testid='chat-subtitle']"]],"messages.box":[["testid","[data-testid='conversation-panel-messages']"],["attribute","[data-scrolltracepolicy='wa.web.conversation.messages']"]],"messages.list":[["tab","[data-tab='8']"]],"row.bubble":[["testid","[data-testid='msg-container']"]],"row.notice":[["testid","[data-testid='msg-notification-container']"]],"row.subtype":[["testid","[data-testid^='subtype-']","data-testid"]],"row.divider":[["attribute","span[aria-live='polite']"]],"row.meta":[["testid","[data-testid='msg-meta']"]],"row.body":[["testid","[data-testid~='selectable-text']"]],"row.quoted":[["testid","[data-testid='quoted-message']"]],"row.author":[["testid","[data-testid='author']"]],"row.forwarded":[["testid","[data-testid='forwarded-header']"]],"row.reactions":[["testid","[data-testid='reaction-bubble'] button[aria-label]"],["testid","button[data-testid='reaction-bubble'][aria-label]"]],"row.preview_card":[["testid","[data-testid='link-preview-container']"]],"kind.poll":[["testid","[data-testid='poll-bubble']"]],"kind.location":[["testid","[data-testid='location-msg']"]],"kind.contact":[["testid","[data-testid='vcard-msg']"]],"kind.album":[["testid","[data-testid='media-album']"]],"kind.sticker":[["testid","[data-testid='sticker-container'], [data-testid='media-sticker']"]],"kind.gif":[["testid","[data-testid='image-thumb-gif'], [data-testid='media-gif']"]],"kind.video":[["testid","[data-testid='video-content']"]],"kind.voice":[["icon","[data-icon='ptt-status'], [data-testid='ptt-status']"]],"kind.audio":[["testid","[data-testid='media-canvas-audio-thumb'], [data-testid='audio-play'], [data-testid='audio-download']"]],"kind.document":[["testid","[data-testid='document-thumb'], [data-testid^='document-']"]],"kind.image":[["testid","[data-testid='image-thumb']"]],"kind.call":[["testid","[data-testid='call-log-system-message']"]],"composer":[["testid","footer [data-testid='conversation-compose-box-input'][contenteditable='true']"],["tab","footer div[contenteditable='true'][data-tab='10']"]],"send":[["testid","footer [data-testid='compose-btn-send']"],["tab","footer button[data-tab='11']"]]}}`);
var icons_default = JSON.parse(`{"ack":["wds-ic-status-pending","wds-ic-delivered","wds-ic-read","ic-schedule","msg-time","msg-check","msg-dblcheck","msg-dblcheck-ack","status-time","status-check","status-dblcheck","status-dblcheck-ack"],"media":["ic-image","ic-videocam-filled","ic-videocam","ic-headphones","ic-description","ic-gif","ic-mic","ptt-status","recalled","recalled-in","status-image","status-video","status-audio","status-ptt","status-document","status-gif"],"pinned":["ic-push-pin","pinned2","pinned"],"muted":["mute-notifications-refreshed","muted","ic-notifications-off"],"group":["default-group","default-group-refreshed"],"contact":["default-contact","default-contact-refreshed","default-user"],"tail_out":["tail-out"],"tail_in":["tail-in"],"recalled":["recalled","recalled-in"],"failed":["message-fail","msg-fail","ic-error","error-refreshed"],"forwarded":["forward-refreshed","forwarded"],"microphone":["ptt","ic-mic","mic-outlined","mic","wds-ic-mic"],"refresh":["refresh","refresh-large","ic-refresh","wds-ic-refresh","refresh-refreshed"],"offline":["alert-computer","ic-wifi-off","alert-phone"]}`);
var labels_default = JSON.parse(`{"languages":["en","pt","es","it","zh"],"ack":{"pending":["pending","in attesa","pendente","pendiente","待发送","等待中","en attente","ausstehend"],"sent":["sent","inviato","enviada","enviado","已发送","envoyé","gesendet"],"delivered":["delivered","consegnato","entregue","entregado","已送达","distribué","zugestellt"],"read":["read","letto","lida","lido","leído","已读","lu","gelesen"],"played":["played","riprodotto","reproduzida","reproduzido","reproducido","已播放","lu (vocal)","abgespielt"]},"draft":["draft","rascunho","borrador","bozza","草稿"],"typing":["typing","recording audio","digitando","gravando áudio","escribiendo","grabando audio","sta scrivendo","sta registrando","正在输入","正在录音"],"encryption":["end-to-end encrypted","criptografia de ponta a ponta","criptografadas de ponta a ponta","cifrados de extremo a extremo","cifradas de extremo a extremo","cifrado de extremo a extremo","crittografia end-to-end","crittografati end-to-end","端到端加密","端對端加密"],"undecrypted":["waiting for this message","aguardando mensagem","aguardando esta mensagem","esperando este mensaje","esperando el mensaje","in attesa del messaggio","in attesa di questo messaggio","正在等待此消息"],"view_once":["view once","visualização única","ver una vez","visualizza una volta","仅查看一次","open it on your phone","abra no seu celular"],"deleted":["this message was deleted","you deleted this message","esta mensagem foi apagada","mensagem apagada","você apagou esta mensagem","se eliminó este mensaje","eliminaste este mensaje","questo messaggio è stato eliminato","hai eliminato questo messaggio","此消息已被删除","你已删除此消息","deleted by admin"],"offline":["computer not connected","computador sem conexão","computadora sin conexión","ordenador sin conexión","computer non connesso","电脑未连接","计算机未连接"],"read_more":["read more","ler mais","leia mais","leer más","leggi tutto","leggi di più","阅读更多","查看更多"],"dialogs":{"use_here":["use here","usar aqui","usar aquí","usar nesta janela","usa qui","在此使用","在这里使用","在此窗口使用"],"fresh_look":["a fresh look","fresh look for whatsapp","uma nova aparência","um novo visual","un nuevo aspecto","una nueva apariencia","un nuovo look","全新外观"],"invalid_phone":["phone number shared via url is invalid","isn't on whatsapp","isn’t on whatsapp","compartilhado por url é inválido","não está no whatsapp","no está en whatsapp","non è su whatsapp","n'est pas sur whatsapp"]},"login":["scan to log in","steps to log in","use whatsapp on your computer","link a device","escaneie para entrar","etapas para acessar","etapas para entrar","escanea para iniciar sesión","escanea el código","pasos para iniciar sesión","scansiona per accedere","扫描登录","扫码登录"],"unsupported":["google chrome"],"blocked":["temporarily banned","banned from using whatsapp","no longer allowed to use whatsapp","service unavailable","banida temporariamente","conta foi banida","não pode mais usar o whatsapp","serviço indisponível","cuenta está suspendida","servicio no disponible","account è stato sospeso","servizio non disponibile"],"passkey":["passkey","chave de acesso","clave de acceso","llave de acceso","通行密钥"],"logged_out":["logging out","you've been logged out","you have been logged out","você foi desconectado","se cerró la sesión","sei stato disconnesso"]}`);
var profiles = [g3_default, g2_default];
var iconSets = {};
for (const [name, list] of Object.entries(icons_default)) if (Array.isArray(list)) iconSets[name] = new Set(list);
function iconSet(name) {
return iconSets[name] ?? new Set();
}
var words = {
ack: new Set(Object.values(labels_default.ack).flat()),
blocked: labels_default.blocked,
deleted: labels_default.deleted,
draft: labels_default.draft,
encryption: labels_default.encryption,
loggedOut: labels_default.logged_out,
languages: labels_default.languages,
login: labels_default.login,
offline: labels_default.offline,
passkey: labels_default.passkey,
readMore: labels_default.read_more,
typing: labels_default.typing,
undecrypted: labels_default.undecrypted,
unsupported: labels_default.unsupported,
viewOnce: labels_default.view_once,
dialogs: labels_default.dialogs
};
function mentions(text, list) {
return list.some((word) => text.includes(word));
}
function generation() {
for (const profile of profiles) if (profile.detect.some((selector) => find(selector) !== null)) return profile.generation;
return "unknown";
}
function anchorsOf(field, order) {
return order.flatMap((profile) => profile.fields[field] ?? []);
}
function isText(value, limit) {
return typeof value === "string" && value.length > 0 && value.length <= limit;
}
function isAnchor(value) {
return Array.isArray(value) && (value.length === 2 || value.length === 3) && value.every((part) => isText(part, 500));
}
function isProfile(value) {
const profile = value;
if (typeof profile !== "object" || profile === null || profile.version !== 1 || !isText(profile.generation, 40)) return false;
if (!Array.isArray(profile.detect) || profile.detect.length > 40 || !profile.detect.every((selector) => isText(selector, 500))) return false;
const fields = Object.entries(profile.fields ?? {});
return fields.length > 0 && fields.length <= 200 && fields.every(([name, anchors]) => isText(name, 60) && Array.isArray(anchors) && anchors.length <= 20 && anchors.every(isAnchor));
}
function useProfile(profile) {
const index = profiles.findIndex((known) => known.generation === profile.generation);
if (index >= 0) profiles[index] = profile;
else profiles.unshift(profile);
}
var Reading = class {
report;
order;
cache = new Map();
constructor(name = generation()) {
this.order = [...profiles].sort((a, b) => Number(b.generation === name) - Number(a.generation === name));
this.report = {
generation: name,
rows_seen: 0,
rows_read: 0,
anchors: {},
empty: {},
alarm: false
};
}
anchors(field) {
let anchors = this.cache.get(field);
if (anchors === void 0) {
anchors = anchorsOf(field, this.order);
this.cache.set(field, anchors);
}
return anchors;
}
hit(field, family) {
this.report.anchors[field] ??= family;
}
one(field, scope, accept = () => true) {
if (scope === null) return null;
for (const [family, selector] of this.anchors(field)) for (const element of select(selector, scope)) if (accept(element)) {
this.hit(field, family);
return element;
}
return null;
}
all(field, scope, accept = () => true) {
if (scope === null) return [];
for (const [family, selector] of this.anchors(field)) {
const found = select(selector, scope).filter(accept);
if (found.length > 0) {
this.hit(field, family);
return found;
}
}
return [];
}
has(field, scope) {
return this.one(field, scope) !== null;
}
attribute(field, scope) {
for (const [family, selector, attribute] of this.anchors(field)) {
if (attribute === void 0) continue;
for (const element of select(selector, scope)) {
const value = element.getAttribute(attribute);
if (value !== null) {
this.hit(field, family);
return value;
}
}
}
}
missing(field) {
this.report.empty[field] = (this.report.empty[field] ?? 0) + 1;
this.report.anchors[field] ??= "none";
}
found(field, family) {
this.hit(field, family);
}
};
function select(selector, scope) {
if (scope === void 0 || scope === null) return findAll(selector);
try {
return [...scope.querySelectorAll(selector)];
} catch {
return [];
}
}
function icons(scope) {
const found = [];
for (const element of scope.querySelectorAll("[data-icon], svg > title, svg[data-testid], span[data-testid], div[data-testid]")) {
const names = namesOf(element);
if (names.length > 0) found.push({
element: element.tagName.toLowerCase() === "title" ? element.parentElement ?? element : element,
names
});
}
return found;
}
function namesOf(element) {
if (element.tagName.toLowerCase() === "title") {
const title = element.textContent?.trim() ?? "";
return title === "" || title.length > 80 ? [] : [title];
}
return [element.getAttribute("data-icon"), element.getAttribute("data-testid")].filter((name) => name !== null && name !== "" && name.length <= 80);
}
function icon(scope, set, accept = () => true) {
const names = iconSet(set);
return icons(scope).find((found) => found.names.some((name) => names.has(name)) && accept(found.element));
}
function iconText(found, set) {
const names = iconSet(set);
return found.names.filter((name) => names.has(name)).join(" ");
}
function colours(element) {
const svg = element.tagName.toLowerCase() === "svg" ? element : element.querySelector("svg");
const path = svg?.querySelector("path");
const found = new Set();
for (const part of [
element,
svg,
path
]) {
if (!part) continue;
const style = getComputedStyle(part);
if (style.color) found.add(style.color);
if (part === path && style.fill) found.add(style.fill);
}
return [...found].slice(0, 6).map((colour) => colour.slice(0, 80));
}
var NOWHERE = {
present: false,
x: 0,
y: 0
};
function centre(element) {
if (element === null) return { ...NOWHERE };
const box = element.getBoundingClientRect();
return {
present: true,
x: box.left + box.width / 2,
y: box.top + box.height / 2
};
}
var MAX_LIST = 3e3;
var MAX_ROWS = 1400;
var MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
var SHORT = 3900;
var LONG = 69e3;
function short(text) {
return cap(text, SHORT);
}
function long(text) {
const capped = cap(text, LONG);
return {
text: capped,
cut: capped.length < text.length
};
}
function cap(text, limit) {
return (text.length > limit ? text.slice(0, limit) : text).toWellFormed();
}
function clean(text) {
return text.replace(MARKS, "").normalize("NFC").replace(/\s+/g, " ").trim();
}
function plain(text) {
return clean(text).toLowerCase();
}
var PLACE = "${appText}";
var BLOCKS = new Set([
"P",
"DIV",
"LI",
"UL",
"OL",
"BLOCKQUOTE",
"PRE"
]);
var SILENT = new Set([
"SVG",
"STYLE",
"SCRIPT",
"CANVAS",
"NOSCRIPT",
"TEMPLATE",
"VIDEO",
"AUDIO"
]);
function bodyText(element) {
const out = [];
walk(element, out, 0);
return out.join("");
}
function walk(node, out, depth) {
if (depth > 60) return;
for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) out.push(child.nodeValue ?? "");
else if (child.nodeType === Node.ELEMENT_NODE) element(child, out, depth + 1);
}
function element(node, out, depth) {
const tag = node.tagName.toUpperCase();
if (tag === "BR") {
out.push("\n");
return;
}
if (tag === "IMG") {
out.push(node.getAttribute("data-plain-text") ?? node.getAttribute("alt") ?? "");
return;
}
if (SILENT.has(tag) || node.getAttribute("aria-hidden") === "true" || node.getAttribute("role") === "gridcell") return;
if (tag === "BUTTON" && !node.hasAttribute("data-plain-text")) return;
const template = node.getAttribute("data-app-text-template");
const inner = [];
walk(node, inner, depth);
const text = inner.join("");
if (BLOCKS.has(tag) && out.length > 0 && !endsLine(out)) out.push("\n");
out.push(template?.includes(PLACE) ? template.replace(PLACE, () => text) : text);
}
function endsLine(out) {
for (let i = out.length - 1; i >= 0; i--) {
const piece = out[i];
if (piece) return piece.endsWith("\n");
}
return true;
}
function editorText(editor) {
const blocks = [...editor.children].filter((child) => BLOCKS.has(child.tagName.toUpperCase()));
if (blocks.length === 0) return editorLine(editor);
return blocks.map(editorLine).join("\n");
}
function editorLine(block) {
const out = [];
walk(block, out, 0);
if (lastElement(block)?.tagName.toUpperCase() === "BR") out.pop();
return out.join("");
}
function lastElement(block) {
for (let i = block.childNodes.length - 1; i >= 0; i--) {
const child = block.childNodes[i];
if (child?.nodeType === Node.ELEMENT_NODE) return child;
if (child?.nodeType === Node.TEXT_NODE && child.nodeValue !== "") return null;
}
return null;
}
function lineText(element) {
return clean(bodyText(element));
}
function pane(reading) {
return reading.one("list.pane");
}
function placedRows(reading, box) {
const grid = reading.one("list.grid", box) ?? box;
const rows = outermost(reading.all("list.row", grid)).slice(0, MAX_LIST);
reading.report.rows_seen += rows.length;
const placed = [];
let headings = 0;
for (const element of rows) {
const title = reading.one("list.title", element, isName);
if (title === null) {
headings += 1;
continue;
}
placed.push({
element,
title,
y: offset(element),
height: heightOf(element),
position: 0
});
}
placed.sort((a, b) => a.y - b.y);
reading.report.rows_seen -= placed.length > 0 ? headings : 0;
const first = placed[0];
const start = first === void 0 || first.height <= 0 ? 0 : Math.max(0, Math.round((first.y - headSpace(placed)) / usual(placed)));
placed.forEach((row, index) => {
row.position = start + index;
});
return placed;
}
function headSpace(placed) {
const first = placed[0];
return first !== void 0 && first.y < usual(placed) ? first.y : 0;
}
function usual(placed) {
const heights = placed.map((row) => row.height).filter((height) => height > 0).sort((a, b) => a - b);
return heights[Math.floor(heights.length / 2)] ?? 76;
}
function isName(element) {
return clean(element.getAttribute("title") ?? "") !== "" && element.closest("[data-testid=cell-frame-secondary]") === null;
}
function outermost(elements) {
const all = new Set(elements);
return elements.filter((element) => {
for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) if (all.has(parent)) return false;
return true;
});
}
function offset(row) {
for (let node = row, steps = 0; node !== null && steps < 3; node = node.parentElement, steps++) {
const style = node.style;
const match = /translateY\((-?[\d.]+)px\)|translate3d\([^,]+,\s*(-?[\d.]+)px|translate\([^,]+,\s*(-?[\d.]+)px/.exec(style?.transform ?? "");
const value = match?.[1] ?? match?.[2] ?? match?.[3];
if (value !== void 0) return Number(value);
if (node !== row && node.getAttribute("role") === "grid") break;
}
return row.getBoundingClientRect().top;
}
function heightOf(row) {
const styled = Number.parseFloat(row.style?.height ?? "");
return Number.isFinite(styled) && styled > 0 ? styled : row.getBoundingClientRect().height;
}
var MAX_PREVIEW = 2e3;
function list(reading = new Reading()) {
const result = read$1(reading);
if (new TextEncoder().encode(JSON.stringify(result)).length > 9e5) for (const row of result.rows) row.preview = row.preview?.slice(0, 80).toWellFormed();
return result;
}
function read$1(reading) {
const base = {
v: 1,
kind: "list",
visible: visible(),
present: false,
searching: false,
lang: language(),
complete: false,
rows: []
};
const box = pane(reading);
if (box === null) return base;
const grid = reading.one("list.grid", box);
const rows = placedRows(reading, box).map((row) => readRow(reading, row));
reading.report.rows_read += rows.length;
if (reading.report.rows_seen > 0 && rows.length === 0) reading.report.alarm = true;
const total = rowCount(grid);
const fits = box.scrollHeight <= box.clientHeight + 1;
return {
...base,
present: grid !== null || rows.length > 0,
searching: searching(reading),
total,
complete: total === void 0 ? fits : rows.length === total,
rows,
health: reading.report
};
}
function rowCount(grid) {
const value = Number(grid?.getAttribute("aria-rowcount") ?? NaN);
return Number.isInteger(value) && value >= 0 && value < 1e6 ? value : void 0;
}
function searching(reading) {
const field = reading.one("list.search");
if (field === null) return false;
if (field.tagName.toLowerCase() === "input") return field.value.trim() !== "";
return clean(field.textContent ?? "") !== "";
}
function readRow(reading, placed) {
const row = placed.element;
const preview = reading.one("list.preview", row, (element) => element !== placed.title);
const second = preview?.closest("[data-testid=cell-frame-secondary]") ?? reading.one("list.secondary", row);
const ack = icon(row, "ack");
const media = icon(row, "media", (element) => !placed.title.contains(element));
const line = second === null ? "" : plain(lineText(second));
const draft = preview === null && words.draft.some((word) => line.startsWith(word));
const typing = preview === null && !draft && isTyping(line);
const shown = preview === null && !draft && !typing && second !== null ? bodyText(second).trim() : "";
const previewText = preview?.getAttribute("title") ?? (shown === "" ? void 0 : shown);
const badge = unread(reading, row);
if (previewText === void 0) reading.missing("list.preview");
return {
title: short(placed.title.getAttribute("title") ?? ""),
y: placed.y,
height: placed.height,
position: placed.position,
time: short(timeOf(reading, row)),
preview: previewText === void 0 ? void 0 : previewText.slice(0, MAX_PREVIEW).toWellFormed(),
author: preview === null ? void 0 : authorOf$1(preview, previewText ?? ""),
ack_icon: ack === void 0 ? void 0 : iconText(ack, "ack"),
ack_colours: ack === void 0 ? [] : colours(ack.element),
media_icon: media === void 0 ? void 0 : iconText(media, "media"),
unread_label: badge === null ? void 0 : short(badge.getAttribute("aria-label") ?? ""),
unread_badge: badge !== null,
pinned: icon(row, "pinned") !== void 0,
muted: reading.has("list.muted", row) || icon(row, "muted") !== void 0,
archived: row.closest("[data-testid=drawer-left]") !== null,
typing,
draft,
avatar: avatarOf(row),
yourself: reading.has("list.yourself", row) || row.querySelector("[data-testid=message-yourself-row]") !== null
};
}
function isTyping(line) {
const said = /^(.{1,80})(\.\.\.|…)$/.exec(line)?.[1];
if (said === void 0) return false;
return !words.languages.includes(language()?.split("-")[0] ?? "") || words.typing.some((word) => said.endsWith(word));
}
function timeOf(reading, row) {
const element = reading.one("list.time", row, (found) => found.querySelector("[title]") === null);
if (element === null) {
reading.missing("list.time");
return "";
}
return lineText(element);
}
function unread(reading, row) {
const muted = reading.one("list.muted", row);
const accept = (element) => !element.contains(muted) && muted?.contains(element) !== true && /^[\d+.,\s]*$/.test(element.textContent ?? "") && element.querySelector("svg, [data-icon]") === null;
const found = reading.one("list.unread", row, accept);
if (found === null) return null;
return found.hasAttribute("aria-label") ? found : found.querySelector("[aria-label]") ?? found.closest("[aria-label]") ?? found;
}
function authorOf$1(preview, title) {
const text = bodyText(preview);
const end = text.indexOf(":\xA0");
if (end <= 0 || end > 80) return void 0;
const name = clean(text.slice(0, end));
const body = clean(title);
return name !== "" && !body.startsWith(`${name}:`) ? short(name) : void 0;
}
function avatarOf(scope) {
if (icon(scope, "group") !== void 0) return "group";
return icon(scope, "contact") === void 0 ? void 0 : "contact";
}
iconSet("ack");
var KINDS = [
"poll",
"location",
"contact",
"album",
"sticker",
"gif",
"video",
"voice",
"audio",
"document",
"image",
"call"
];
var CLOCK = /\d{1,2}[:.]\d{2}/;
var DURATION = /^\d{1,3}:\d{2}(:\d{2})?$/;
function isDrawn(reading, row) {
if ((row.matches("[data-virtualized]") ? row : row.querySelector("[data-virtualized]"))?.getAttribute("data-virtualized") === "true") return false;
if (reading.has("row.bubble", row) || reading.has("row.notice", row) || row.closest(".message-in, .message-out") !== null) return true;
return clean(row.textContent ?? "") !== "" || row.querySelector("img, canvas, svg") !== null;
}
function message(reading, row, id, paneBox) {
const bubble = reading.one("row.bubble", row) ?? row.closest(".message-in, .message-out") ?? row;
const quoted = reading.one("row.quoted", bubble);
const outside = (element) => quoted === null || !quoted.contains(element);
const pre = preOf(bubble, outside);
const body = bodyOf(reading, bubble, pre, outside);
const inBody = (element) => body?.contains(element) === true;
const meta = reading.one("row.meta", bubble, (element) => outside(element) && !inBody(element));
const ack = icon(meta ?? bubble, "ack", (element) => outside(element) && !inBody(element));
const text = long(body === null ? loneEmoji(bubble, outside) : bodyText(body));
const kind = kindOf(reading, bubble, outside, inBody, text.text);
const metaTexts = leaves(meta ?? bubble, (element) => outside(element) && !inBody(element));
if (pre === null && kind === "none") reading.missing("row.pre");
if (text.text === "" && kind === "none") reading.missing("row.text");
const label = ackLabel(meta, ack);
return {
row: "message",
id,
drawn: true,
text: kind === "deleted" || kind === "undecrypted" ? "" : text.text,
cut: text.cut || readMore(bubble, outside) || void 0,
kind,
class: classOf(row),
tail: tailOf(row, outside),
status: ack !== void 0 || label !== void 0 || void 0,
author_label: authorLabel(bubble, outside, inBody),
author: authorOf(reading, bubble, outside, inBody),
pre: pre === null ? void 0 : short(pre.getAttribute("data-pre-plain-text") ?? ""),
side: sideOf(bubble, pre, paneBox),
clock: clockOf(metaTexts),
ack_label: label,
ack_icon: ack === void 0 ? void 0 : iconText(ack, "ack"),
ack_colours: ack === void 0 ? void 0 : colours(ack.element),
failed: icon(row, "failed", (element) => outside(element) && !inBody(element)) !== void 0 || void 0,
quoted: quoted === null ? void 0 : quoteOf(reading, quoted),
meta: meta === null ? void 0 : metaTexts.filter((found) => !CLOCK.test(found)).slice(0, 8),
forwarded: reading.one("row.forwarded", bubble, outside) !== null || icon(bubble, "forwarded", outside) !== void 0 || void 0,
reactions: reactionsOf(reading, row, bubble),
media: mediaOf(bubble, kind, metaTexts, outside)
};
}
function preOf(bubble, outside) {
const found = [...bubble.querySelectorAll("[data-pre-plain-text]")];
if (bubble.matches("[data-pre-plain-text]")) found.unshift(bubble);
return found.find((element) => element.getAttribute("data-pre-plain-text")?.trimStart().startsWith("[") === true && outside(element)) ?? null;
}
function bodyOf(reading, bubble, pre, outside) {
const card = reading.one("row.preview_card", bubble);
const accept = (element) => outside(element) && element !== pre && !element.hasAttribute("data-pre-plain-text") && (card === null || !card.contains(element)) && element.closest("[data-testid=msg-meta], [data-testid=author], [data-testid=reaction-bubble]") === null;
return (pre === null ? null : reading.one("row.body", pre, accept)) ?? reading.one("row.body", bubble, accept);
}
function loneEmoji(bubble, outside) {
return [...bubble.querySelectorAll("img[data-plain-text]")].filter((image) => outside(image) && image.closest("[data-testid=reaction-bubble], button") === null).map((image) => image.getAttribute("data-plain-text") ?? "").join("");
}
function kindOf(reading, bubble, outside, inBody, text) {
const free = (element) => outside(element) && !inBody(element);
if (icon(bubble, "recalled", free) !== void 0) return "deleted";
for (const kind of KINDS) if (reading.one(`kind.${kind}`, bubble, free) !== null) return kind;
if (text !== "") return "none";
const line = plain(lineText(bubble));
if (mentions(line, words.undecrypted)) return "undecrypted";
if (mentions(line, words.viewOnce)) return "view_once";
if (mentions(line, words.deleted)) return "deleted";
return "none";
}
function classOf(row) {
const marked = row.matches(".message-in, .message-out") ? row : row.querySelector(".message-in, .message-out") ?? row.closest(".message-in, .message-out");
if (marked === null) return void 0;
return marked.classList.contains("message-out") ? "out" : "in";
}
function tailOf(row, outside) {
if (icon(row, "tail_out", outside) !== void 0) return "out";
return icon(row, "tail_in", outside) === void 0 ? void 0 : "in";
}
function authorLabel(bubble, outside, inBody) {
for (const span of bubble.querySelectorAll("span[aria-label]")) {
const label = span.getAttribute("aria-label")?.trim() ?? "";
if ((label.endsWith(":") || label.endsWith("：")) && outside(span) && !inBody(span)) return short(label);
}
}
function authorOf(reading, bubble, outside, inBody) {
const element = reading.one("row.author", bubble, (found) => outside(found) && !inBody(found));
const name = element === null ? "" : lineText(element);
return name === "" ? void 0 : short(name);
}
function sideOf(bubble, pre, pane) {
if (pane.width <= 0) return void 0;
for (const element of [
bubble,
pre,
bubble.firstElementChild
]) {
if (!element) continue;
const box = element.getBoundingClientRect();
if (box.width <= 0 || box.width > pane.width * .9) continue;
const shift = (box.left + box.width / 2 - (pane.left + pane.width / 2)) / pane.width;
if (Math.abs(shift) < .03) continue;
return shift > 0 !== rightToLeft() ? "end" : "start";
}
}
function leaves(scope, accept) {
const found = [];
for (const element of scope.querySelectorAll("span, div")) {
if (element.childElementCount > 0 || !accept(element)) continue;
const text = clean(element.textContent ?? "");
if (text !== "" && text.length < 60 && !found.includes(text)) found.push(text);
if (found.length >= 24) break;
}
const whole = clean(lineText(scope));
if (found.length === 0 && whole !== "" && whole.length < 60) found.push(whole);
return found;
}
function clockOf(texts) {
return texts.filter((text) => CLOCK.test(text) && text.length < 20).at(-1);
}
function ackLabel(meta, ack) {
const labelled = ack?.element.closest("[aria-label]");
if (labelled && (meta === null || meta.contains(labelled))) return labelled.getAttribute("aria-label") ?? void 0;
if (meta === null) return void 0;
for (const element of meta.querySelectorAll("[aria-label]")) {
const label = element.getAttribute("aria-label") ?? "";
if (words.ack.has(plain(label))) return label;
}
}
function readMore(bubble, outside) {
return [...bubble.querySelectorAll("button, [role=button]")].some((button) => outside(button) && words.readMore.includes(plain(lineTextOfButton(button)).replace(/[.…]+$/, "")));
}
function lineTextOfButton(button) {
return button.textContent?.slice(0, 60) ?? "";
}
function quoteOf(reading, quoted) {
const author = reading.one("row.author", quoted);
const body = quoted.querySelector(".quoted-mention") ?? (quoted.matches(".quoted-mention") ? quoted : null) ?? reading.one("row.body", quoted, (element) => author === null || !author.contains(element));
const sender = author === null ? "" : lineText(author);
return {
sender: sender === "" ? void 0 : short(sender),
text: long(body === null ? "" : bodyText(body)).text
};
}
function reactionsOf(reading, row, bubble) {
const labels = reading.all("row.reactions", row, (button) => !bubble.contains(button) || bubble === row).map((button) => short(button.getAttribute("aria-label") ?? "")).filter((label) => label !== "");
return labels.length === 0 ? void 0 : labels.slice(0, 20);
}
function mediaOf(bubble, kind, texts, outside) {
if (kind === "document") {
const name = [...bubble.querySelectorAll("span[title]")].find(outside)?.getAttribute("title");
return name ? { name: short(name) } : void 0;
}
if (![
"voice",
"video",
"audio",
"gif"
].includes(kind)) return void 0;
const duration = [...bubble.querySelectorAll("span, div")].filter((element) => element.childElementCount === 0 && outside(element)).map((element) => clean(element.textContent ?? "")).find((text) => DURATION.test(text) && text !== clockOf(texts));
return duration === void 0 ? void 0 : { duration };
}
function state() {
const reading = new Reading();
const screen = detect(reading);
const onMain = screen === "main";
return {
v: 1,
kind: "state",
visible: visible(),
generation: generation(),
lang: language(),
screen,
qr: screen === "qr" ? code(reading) : void 0,
sync_percent: screen === "syncing" || onMain ? percent(reading, onMain) : void 0,
own_title: onMain ? ownTitle(reading) : void 0,
offline: onMain && offline(reading),
dialog: onMain || screen === "unknown" ? dialogReport(reading) : void 0
};
}
function detect(reading) {
const page = body();
if (page === null) return "blank";
const conflict = sessionDialog(reading);
if (conflict !== null) return conflict;
if (reading.has("screen.loading")) return percent(reading, false) === void 0 ? "startup" : "syncing";
if (reading.has("screen.main")) return "main";
if (reading.has("screen.phone_login")) return "phone_login";
const place = qrPlace(reading);
if (place !== null) return qrScreen(reading, place);
return bySplashOrWords(page);
}
function bySplashOrWords(page) {
const app = find("#app");
if (find("#wa_web_initial_startup") !== null) return "startup";
const text = plain(page.textContent?.slice(0, 2e4) ?? "");
if (/google chrome \d+\+/.test(text) || app === null && mentions(text, words.unsupported)) return "unsupported";
if (mentions(text, words.login)) return "qr_wait";
if (mentions(text, words.blocked)) return "blocked";
if (mentions(text, words.passkey)) return "passkey";
if (mentions(text, words.offline)) return "offline";
if (mentions(text, words.loggedOut)) return "logged_out";
if (app === null || app.childElementCount === 0 || text === "") return "blank";
if (app.querySelector("progress, [role=progressbar]") !== null) return "startup";
return "unknown";
}
function sessionDialog(reading) {
for (const dialog of dialogs(reading)) if (mentions(plain(dialog.textContent ?? ""), words.dialogs.use_here ?? [])) return "another_session";
const confirm = reading.one("dialog.confirm");
if (confirm === null || reading.has("screen.main") || reading.has("screen.qr_value")) return null;
return reading.has("dialog.ok", confirm) && reading.has("dialog.cancel", confirm) ? "conflict" : null;
}
function dialogs(reading) {
const found = [...reading.all("dialog"), ...reading.all("dialog.confirm")];
return found.filter((dialog, index) => found.indexOf(dialog) === index && !found.some((other) => other !== dialog && other.contains(dialog)));
}
function qrPlace(reading) {
return reading.one("screen.qr") ?? reading.one("screen.qr_value");
}
function qrScreen(reading, place) {
if (reloadButton(place) !== null || dimmed(place)) return "qr_idle";
return code(reading) === void 0 ? "qr_wait" : "qr";
}
function code(reading) {
const value = reading.attribute("screen.qr_value");
if (value === void 0 || value.length > 2e3) return void 0;
return value.startsWith("2@") || value.startsWith("https://wa.me/") ? value.toWellFormed() : void 0;
}
function dimmed(place) {
const canvas = place.tagName.toLowerCase() === "canvas" ? place : place.querySelector("canvas");
if (canvas === null) return false;
for (let node = canvas; node !== null; node = node.parentElement) {
const opacity = getComputedStyle(node).opacity;
if (opacity !== "" && Number(opacity) < .3) return true;
if (node === place) break;
}
return false;
}
function reloadButton(place) {
const inside = place.matches("button") ? place : place.querySelector("button, [role=button]");
if (inside !== null) return inside;
const names = iconSet("refresh");
for (let box = place.parentElement, steps = 0; box !== null && steps < 3; box = box.parentElement, steps++) {
const button = icons(box).find(({ names: all }) => all.some((name) => names.has(name)))?.element.closest("button, [role=button]");
if (button) return button;
}
return null;
}
function qrReload() {
const reading = new Reading();
const place = qrPlace(reading);
if (place === null || reading.has("screen.main")) return { ...NOWHERE };
return centre(reloadButton(place));
}
function percent(reading, onMain) {
if (!onMain) {
const screen = reading.one("screen.loading");
return firstPercent((screen?.tagName.toLowerCase() === "progress" ? screen.parentElement : screen)?.textContent ?? "");
}
for (const banner of findAll("#side [data-testid^=chat-butterbar], #side [data-testid*=sync]").concat(reading.all("screen.banner"))) {
const value = firstPercent(banner.textContent ?? "");
if (value !== void 0) return value;
}
}
function firstPercent(text) {
const match = /(\d{1,3})\s?%|%\s?(\d{1,3})/.exec(text.slice(0, 5e3));
const value = Number(match?.[1] ?? match?.[2] ?? NaN);
return value >= 0 && value <= 100 ? value : void 0;
}
function ownTitle(reading) {
const title = reading.one("list.yourself")?.querySelector("span[title]")?.getAttribute("title");
return title ? short(title) : void 0;
}
function offline(reading) {
if (reading.has("screen.offline_banner")) return true;
const side = find("#side");
if (side === null) return false;
if (icon(side, "offline") !== void 0) return true;
return reading.all("screen.banner").some((banner) => mentions(plain(banner.textContent ?? ""), words.offline));
}
function dialog() {
return dialogReport(new Reading()) ?? {
present: false,
x: 0,
y: 0
};
}
function dialogReport(reading) {
const top = dialogs(reading).at(-1);
if (top === void 0) return void 0;
const text = plain(top.textContent ?? "").slice(0, 500);
const known = catalogued(reading, top, text);
const point = known === void 0 ? NOWHERE : centre(answer(reading, top));
return {
present: true,
...known === void 0 ? { text: short(text) } : { known },
x: point.x,
y: point.y
};
}
function catalogued(reading, dialog, text) {
if (reading.has("dialog.continue", dialog)) return "fresh_look";
return Object.entries(words.dialogs).find(([, list]) => mentions(text, list ?? []))?.[0];
}
function answer(reading, dialog) {
const named = reading.one("dialog.continue", dialog) ?? dialog.querySelector("[data-testid=popup-controls-ok]");
if (named !== null) return named.closest("button, [role=button]") ?? named.querySelector("button, [role=button]") ?? named;
return [...dialog.querySelectorAll("button, [role=button]")].at(-1) ?? null;
}
function useHere() {
const reading = new Reading();
for (const candidate of dialogs(reading)) {
if (!mentions(plain(candidate.textContent ?? ""), words.dialogs.use_here ?? [])) continue;
return centre([...candidate.querySelectorAll("button, [role=button]")].filter((button) => mentions(plain(button.textContent ?? ""), words.dialogs.use_here ?? [])).at(-1) ?? answer(reading, candidate));
}
return { ...NOWHERE };
}
function mainPane(reading) {
return reading.one("main");
}
function headerElement(reading) {
const main = mainPane(reading);
return main === null ? null : reading.one("header", main);
}
function header(reading = new Reading()) {
const element = headerElement(reading);
if (element === null) return {
present: false,
title: ""
};
const titled = reading.one("header.title", element, (found) => titleOf(found) !== "");
const title = titled === null ? "" : titleOf(titled);
if (title === "") reading.missing("header.title");
const second = reading.one("header.subtitle", element, (found) => found !== titled && titled?.contains(found) !== true);
const subtitle = second === null ? "" : second.getAttribute("title") ?? second.querySelector("[title]")?.getAttribute("title") ?? lineText(second);
return subtitle === "" ? {
present: true,
title
} : {
present: true,
title,
subtitle: short(subtitle)
};
}
function titleOf(element) {
return short((element.hasAttribute("title") ? element : element.querySelector("span[title][dir=auto]"))?.getAttribute("title") || clean(bodyText(element)));
}
function messagesBox(reading) {
const main = mainPane(reading);
if (main === null) return null;
return reading.one("messages.box", main) ?? scroller(reading.one("messages.list", main) ?? main.querySelector("[data-id]"));
}
function scroller(start) {
for (let node = start?.parentElement ?? null; node !== null && node.id !== "main"; node = node.parentElement) {
const overflow = getComputedStyle(node).overflowY;
if (overflow === "auto" || overflow === "scroll") return node;
}
return start?.parentElement ?? null;
}
function pieces(box) {
const found = [];
const visit = (parent, depth) => {
for (const child of parent.children) {
const id = child.getAttribute("data-id");
if (id !== null && id !== "") found.push({
element: child,
id
});
else if (depth < 30 && child.querySelector("[data-id]") !== null) visit(child, depth + 1);
else found.push({ element: child });
}
};
visit(box, 0);
return found;
}
function conversation(reading = new Reading(), after) {
const base = {
v: 1,
kind: "conversation",
visible: visible(),
open: false,
lang: language(),
title: "",
rows: [],
at_start: false,
at_end: false,
offline: false,
writable: false
};
const box = messagesBox(reading);
const head = header(reading);
if (!head.present || box === null) return base;
const all = pieces(box);
const from = after === void 0 ? 0 : all.findIndex((piece) => piece.id !== void 0 && sameKey(piece.id, after)) + 1;
if (after !== void 0 && from === 0) return null;
const rows = base.visible ? readRows(reading, all.slice(from), box) : [];
const end = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
const composer = editor(reading);
return fitted({
...base,
open: true,
title: head.title,
subtitle: head.subtitle,
avatar: headerAvatar(reading),
composer_label: composer?.getAttribute("aria-label")?.slice(0, 1e3).toWellFormed() ?? void 0,
rows,
at_start: rows.some((row) => row.row === "start"),
at_end: end,
offline: offline(reading),
writable: composer !== null,
health: reading.report
});
}
function headerAvatar(reading) {
const element = headerElement(reading);
return element === null ? void 0 : avatarOf(element);
}
function editor(reading) {
return reading.one("composer", mainPane(reading));
}
function keyOf(id) {
return /^(?:true|false)_[^_]*@[^_]*_([^_]+)/.exec(id)?.[1] ?? id;
}
function sameKey(id, key) {
return id === key || keyOf(id) === keyOf(key);
}
function readRows(reading, all, box) {
const pane = box.getBoundingClientRect();
const rows = [];
const ids = new Set();
let messages = 0;
for (const { element, id } of window(reading, all)) {
if (id === void 0) {
const row = between(reading, element);
if (row !== void 0) rows.push(row);
continue;
}
if (ids.has(id) || id.length > 300) continue;
ids.add(id);
if (!isDrawn(reading, element)) {
rows.push({
row: "message",
id,
drawn: false
});
continue;
}
messages += 1;
const row = notice(reading, element) ?? message(reading, element, id.toWellFormed(), pane);
if (row.row !== "message" || row.text !== "" || row.kind !== "none" || row.clock !== void 0) reading.report.rows_read += 1;
rows.push(row);
}
reading.report.rows_seen += messages;
if (messages > 0 && reading.report.rows_read === 0) reading.report.alarm = true;
return rows;
}
function window(reading, all) {
if (all.length <= 1400) return all;
const first = all.findIndex((piece) => piece.id !== void 0 && isDrawn(reading, piece.element));
const start = Math.max(0, Math.min(first < 0 ? all.length : first - 100, all.length - MAX_ROWS));
return all.slice(start, start + MAX_ROWS);
}
function notice(reading, element) {
if (reading.one("row.notice", element) === null || reading.has("row.bubble", element)) return void 0;
return noticeRow(reading, element);
}
function noticeRow(reading, element) {
const text = short(lineText(element)).slice(0, 1e3).toWellFormed();
const subtype = reading.attribute("row.subtype", element)?.replace(/^subtype-/, "");
return {
row: mentions(text.toLowerCase(), words.encryption) ? "start" : "notice",
drawn: true,
text,
subtype: subtype === void 0 ? void 0 : short(subtype)
};
}
function between(reading, element) {
const text = lineText(element);
if (text === "") return void 0;
if (element.matches("[data-testid=msg-notification-container]") || reading.has("row.notice", element)) return noticeRow(reading, element);
if (mentions(text.toLowerCase(), words.encryption) && text.length > 40) return noticeRow(reading, element);
if (element.matches("span[aria-live=polite]") || reading.has("row.divider", element)) return {
row: "divider",
drawn: true,
text: short(text)
};
if (text.length > 60 || element.querySelector("button, [role=button], progress") !== null) return {
row: "notice",
drawn: true,
text: short(text).slice(0, 1e3).toWellFormed()
};
return {
row: "marker",
drawn: true,
text: short(text)
};
}
function fitted(result) {
const encoder = new TextEncoder();
let size = encoder.encode(JSON.stringify(result)).length;
for (let index = 0; size > 9e5 && index < result.rows.length - 1; index++) {
const row = result.rows[index];
if (row?.id === void 0 || !row.drawn) continue;
size -= encoder.encode(JSON.stringify(row)).length - 60;
result.rows[index] = {
row: "message",
id: row.id,
drawn: false
};
}
return result;
}
function digits(text) {
return /^\+[\d\s().\-\u2010-\u2013]+$/.test(clean(text)) ? text.replace(/\D/g, "") : "";
}
function chatRow({ title, phone }) {
const nothing = {
found: "none",
x: 0,
y: 0,
position: 0,
clickable: false,
top: 0,
height: 0,
inView: false,
selected: false
};
const reading = new Reading();
const box = pane(reading);
if (box === null) return nothing;
const wanted = clean(title);
const number = phone ? phone.replace(/\D/g, "") : "";
const rows = placedRows(reading, box);
let hits = rows.filter((row) => clean(row.title.getAttribute("title") ?? "") === wanted);
if (hits.length === 0 && number !== "") hits = rows.filter((row) => digits(row.title.getAttribute("title") ?? "") === number);
const row = hits[0];
if (row === void 0) return nothing;
const cell = reading.one("list.cell", row.element) ?? row.element;
const area = cell.getBoundingClientRect();
const point = {
x: area.left + area.width / 2,
y: area.top + area.height / 2
};
const view = box.getBoundingClientRect();
const inView = area.height > 0 && point.y > view.top && point.y < view.bottom && point.x > view.left && point.x < view.right;
return {
found: hits.length === 1 ? "one" : "many",
...point,
position: row.position,
clickable: hits.length === 1 && inView && reachable(cell, row.element, point) && settled(reading, box, row.element, row.y),
top: row.y,
height: row.height,
inView,
selected: row.element.matches("[aria-selected=true]") || row.element.querySelector("[aria-selected=true]") !== null
};
}
function reachable(cell, row, point) {
if (getComputedStyle(cell).pointerEvents === "none") return false;
const top = document.elementFromPoint(point.x, point.y);
return top !== null && row.contains(top);
}
function settled(reading, box, row, y) {
const grid = reading.one("list.grid", box);
if (grid === null) return true;
const drawn = row.getBoundingClientRect().top;
const others = row.parentElement?.getBoundingClientRect().top ?? grid.getBoundingClientRect().top;
return Math.abs(drawn - others - y) < 3 || Math.abs(drawn - grid.getBoundingClientRect().top - y) < 3 || !/translate/.test(row.style.transform);
}
function boxOf(element) {
if (element === null) return {
present: false,
x: 0,
y: 0,
scrollTop: 0,
scrollHeight: 0,
clientHeight: 0
};
return {
...centre(element),
scrollTop: element.scrollTop,
scrollHeight: element.scrollHeight,
clientHeight: element.clientHeight
};
}
function scroll(element, top) {
if (element !== null) element.scrollTo({
top: top === "end" ? element.scrollHeight : Number(top) || 0,
behavior: "instant"
});
return boxOf(element);
}
function composer() {
const element = editor(new Reading());
if (element === null) return {
present: false,
writable: false,
text: "",
empty: true,
x: 0,
y: 0,
focused: false,
hasDraft: false
};
const text = editorText(element).toWellFormed();
const focus = active();
return {
...centre(element),
present: true,
writable: element.getAttribute("aria-disabled") !== "true",
text,
empty: text === "",
focused: focus !== null && (focus === element || element.contains(focus)),
hasDraft: text !== "",
label: element.getAttribute("aria-label")?.slice(0, 1e3).toWellFormed() ?? void 0
};
}
function sendButton() {
const reading = new Reading();
const button = reading.one("send", mainPane(reading), (element) => !isMicrophone(element));
return centre(button?.closest("button, [role=button]") ?? button);
}
function isMicrophone(element) {
const names = iconSet("microphone");
return icons(element).some((found) => found.names.some((name) => names.has(name)));
}
function lastMessage() {
const reading = new Reading();
const box = messagesBox(reading);
if (box === null) return null;
const last = pieces(box).findLast((piece) => piece.id !== void 0 && (!isDrawn(reading, piece.element) || !reading.has("row.notice", piece.element)));
if (last?.id === void 0) return null;
return {
key: keyOf(last.id).toWellFormed(),
direction: quickDirection(last.id, last.element)
};
}
function quickDirection(id, row) {
if (id.startsWith("true_") || row.querySelector(".message-out") !== null || icon(row, "tail_out") !== void 0 || icon(row, "ack") !== void 0) return "out";
if (id.startsWith("false_") || row.querySelector(".message-in") !== null || icon(row, "tail_in") !== void 0) return "in";
return "unknown";
}
var calls = {
state,
list: () => list(),
conversation: () => conversation(),
chatRow,
listBox: () => boxOf(pane(new Reading())),
conversationBox: () => boxOf(messagesBox(new Reading())),
scrollListTo: ({ top }) => scroll(pane(new Reading()), top),
scrollConversationTo: ({ top }) => scroll(messagesBox(new Reading()), top),
composer,
sendButton,
lastMessage,
messages: ({ after }) => conversation(new Reading(), after ?? void 0) ?? { error: "after_not_found" },
qrReload,
useHere,
dialog,
header: () => header(),
visible,
useProfile: (profile) => {
if (!isProfile(profile)) return { error: "not_a_profile" };
useProfile(profile);
return true;
}
};
function safe() {
const made = {};
for (const [name, call] of Object.entries(calls)) made[name] = (argument) => {
try {
return call(argument ?? {}) ?? null;
} catch (error) {
return { error: error instanceof Error ? `${name}: ${error.message}`.slice(0, 200).toWellFormed() : name };
}
};
return made;
}
var SETTLE = 30;
var GAP = {
state: 30,
list: 100,
conversation: 100
};
var SAFETY = 5e3;
var WAIT_FOR_BINDING = 200;
var slots = [
"state",
"list",
"conversation"
].map((kind) => ({
kind,
dirty: true,
last: -1e3,
hash: ""
}));
var reports = {};
var healthHash = "";
var timer;
var due = 0;
function binding() {
const found = globalThis.qnObserve;
return typeof found === "function" ? found : void 0;
}
function hash(text) {
let a = 3735928559;
let b = 1103547991;
for (let i = 0; i < text.length; i++) {
const code = text.charCodeAt(i);
a = Math.imul(a ^ code, 2654435761);
b = Math.imul(b ^ code, 1597334677);
}
return `${text.length}:${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}
function health() {
const parts = [reports.list, reports.conversation].filter((part) => part !== void 0);
const empty = {};
for (const part of parts) for (const [field, count] of Object.entries(part.empty)) empty[field] = (empty[field] ?? 0) + count;
return {
generation: parts[0]?.generation ?? "unknown",
rows_seen: parts.reduce((sum, part) => sum + part.rows_seen, 0),
rows_read: parts.reduce((sum, part) => sum + part.rows_read, 0),
anchors: Object.assign({}, ...parts.map((part) => part.anchors)),
empty,
alarm: parts.some((part) => part.alarm)
};
}
function read(kind) {
if (kind === "state") return state();
const reading = new Reading();
if (kind === "list") {
const { health: report, ...seen } = list(reading);
reports.list = report;
return seen.present ? seen : void 0;
}
if (!visible()) return void 0;
const { health: report, ...seen } = conversation(reading) ?? { open: false };
reports.conversation = report;
return seen.open ? seen : void 0;
}
var DOUBT = 1500;
var doubtSince;
function doubtful(seen) {
if (seen.screen !== "unknown") {
doubtSince = void 0;
return false;
}
doubtSince ??= performance.now();
return performance.now() - doubtSince < DOUBT;
}
function push(slot, send) {
const seen = read(slot.kind);
if (slot.kind === "state" && seen !== void 0 && doubtful(seen)) {
slot.dirty = true;
return;
}
if (seen === void 0) {
slot.hash = "";
return;
}
const text = JSON.stringify(seen);
const found = hash(text);
if (found === slot.hash) return;
send(text);
slot.hash = found;
}
function pushHealth(send) {
const text = JSON.stringify({
v: 1,
kind: "health",
health: health()
});
const found = hash(text);
if (found === healthHash || reports.list === void 0 && reports.conversation === void 0) return;
send(text);
healthHash = found;
}
function flush() {
timer = void 0;
const send = binding();
if (send === void 0) {
wake(WAIT_FOR_BINDING);
return;
}
const now = performance.now();
let next;
for (const slot of slots) {
if (!slot.dirty) continue;
const wait = slot.last + GAP[slot.kind] - now;
if (wait > 0) {
next = Math.min(next ?? wait, wait);
continue;
}
slot.dirty = false;
slot.last = now;
try {
push(slot, send);
} catch {
slot.hash = "";
}
}
try {
pushHealth(send);
} catch {
healthHash = "";
}
if (doubtSince !== void 0) next = Math.min(next ?? DOUBT, DOUBT / 5);
if (next !== void 0) wake(next);
}
function wake(ms) {
const at = performance.now() + ms;
if (timer !== void 0 && due <= at) return;
clearTimeout(timer);
due = at;
timer = setTimeout(flush, ms);
}
function mark(...kinds) {
for (const slot of slots) if (kinds.includes(slot.kind)) slot.dirty = true;
wake(SETTLE);
}
function markAll() {
mark("state", "list", "conversation");
}
function onMutations(records) {
if (records.length > 200) {
markAll();
return;
}
const kinds = new Set();
for (const { target } of records) {
const element = target instanceof Element ? target : target.parentElement;
if (element?.closest("#pane-side")) kinds.add("list");
else if (element?.closest("#main")) kinds.add("conversation");
else {
markAll();
return;
}
}
mark(...kinds);
}
function observe() {
new MutationObserver(onMutations).observe(document, {
subtree: true,
childList: true,
characterData: true,
attributes: true,
attributeFilter: [
"aria-label",
"aria-rowcount",
"aria-selected",
"class",
"data-icon",
"data-id",
"data-pre-plain-text",
"data-ref",
"data-testid",
"data-virtualized",
"lang",
"style",
"title",
"value"
]
});
document.addEventListener("scroll", () => mark("list", "conversation"), {
capture: true,
passive: true
});
document.addEventListener("input", () => mark("list", "conversation"), {
capture: true,
passive: true
});
document.addEventListener("visibilitychange", markAll);
document.addEventListener("readystatechange", markAll);
setInterval(markAll, SAFETY);
markAll();
}
var world = globalThis;
if (world.__qn === void 0 && globalThis.top === globalThis.self) {
world.__qn = safe();
observe();
}
})();
