// The demo phone: scans codes, logs devices out, and writes as a customer. Plain DOM, one page, no build.

import { element } from './bubble.js'
import { bodyOf, recorder } from './files.js'
import { Conversation, day } from './rows.js'

const $ = (id) => document.getElementById(id)
const state = { account: null, accounts: [], chats: [], chat: null, shown: '', told: '', filter: '', reply: null, edit: null }

async function api(path, body) {
  const response = await fetch(`/_sim/${path}`, body === undefined ? {} : {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  })
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}))
    throw new Error(problem.detail ?? `The simulator answered ${response.status}.`)
  }
  return response.status === 204 ? null : response.json()
}

function say(id, text, tone = '') {
  const line = $(id)
  line.textContent = text
  line.className = `status ${tone}`
}

const initials = (name) => {
  const words = name.replace(/[^\p{L}\p{N} ]/gu, '').trim().split(/\s+/)
  if (/^\d/.test(words[0] ?? '')) return '#'
  return words.slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase()
}

function avatar(node, name, colour) {
  node.textContent = initials(name)
  node.style.background = colour
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

const when = (at) => (new Date(at).toDateString() === new Date().toDateString() ? clock.format(at) : shortDay.format(at))

// Left: the shop's phone.

async function showDevices() {
  const [accounts, codes] = await Promise.all([api('accounts'), api('codes')])
  state.accounts = accounts
  state.account ??= accounts[0]?.id ?? null
  const account = accounts.find((one) => one.id === state.account) ?? accounts[0]
  if (!account) return
  const select = $('account')
  select.parentElement.hidden = accounts.length < 2
  if (select.options.length !== accounts.length) {
    select.replaceChildren(...accounts.map((one) => new Option(`${one.name} (${one.id})`, one.id, false, one.id === state.account)))
  }
  $('owner-name').textContent = account.name
  $('owner-phone').textContent = account.phone
  avatar($('owner-avatar'), account.name, '#8a5a2b')
  showCodes(codes)
  $('devices-empty').hidden = account.devices.length > 0
  $('devices').replaceChildren(...account.devices.map(deviceRow))
}

function showCodes(codes) {
  $('codes-empty').hidden = codes.length > 0
  const focused = document.activeElement?.dataset?.page
  $('codes').replaceChildren(...codes.map((code) => {
    const end = `${code.code.slice(2, 12)}…`
    const button = element('button', { type: 'button', onclick: () => scan({ code: code.code }) },
      `Scan code ${code.number} of ${code.of} `, element('small', { textContent: end }))
    button.setAttribute('aria-label', `Scan code ${code.number} of ${code.of}, ${end}`)
    button.dataset.page = code.page
    button.title = code.code
    return element('li', {}, button)
  }))
  if (focused) $('codes').querySelector(`[data-page="${focused}"]`)?.focus()
}

function deviceRow(device) {
  const dot = element('span', { className: device.connected ? 'dot on' : 'dot' })
  const text = element('div', {}, 'Queunir', element('p', {
    className: 'quiet',
    textContent: `${device.connected ? 'Connected' : 'Not connected'} · linked ${day(device.linked_at).toLowerCase()} ${clock.format(device.linked_at)}`,
  }))
  const out = element('button', {
    type: 'button', className: 'ghost', textContent: 'Log out',
    onclick: () => api('logout', { device: device.id }).catch((error) => say('link-status', error.message, 'bad')),
  })
  return element('li', {}, dot, text, out)
}

async function scan(request) {
  try {
    await api('scan', { ...request, account: state.account })
    say('link-status', 'Linked. The chats are on their way.', 'good')
    $('paste').value = ''
  } catch (error) {
    say('link-status', `Not linked: ${error.message}.`, 'bad')
  }
}

// Right: a customer's phone.

async function showChats() {
  if (!state.account) return
  state.chats = await api(`accounts/${state.account}/chats`)
  const wanted = state.filter.toLowerCase()
  const fits = (chat) => `${chat.title} ${chat.phone ?? ''}`.toLowerCase().includes(wanted)
  showReach(state.chats.find((one) => one.id === state.chat))
  const list = $('people')
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.chat : null
  list.replaceChildren(...state.chats.filter(fits).map(personRow))
  if (focused) list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus()
}

function personRow(chat) {
  const face = element('span', { className: 'avatar' })
  avatar(face, chat.title, chat.colour)
  face.setAttribute('aria-hidden', 'true')
  const unread = chat.unread > 0 && chat.id !== state.chat
  const side = element('span', { className: 'side' }, element('span', { textContent: when(chat.last_at) }))
  if (unread) side.append(element('span', { className: 'badge', textContent: chat.unread, title: 'New from the shop' }))
  const button = element('button', { type: 'button', onclick: () => pick(chat.id) }, face,
    element('span', {}, element('span', { className: 'name', textContent: chat.title }),
      element('span', { className: 'preview', textContent: chat.preview.replaceAll('\n', ' ') })), side)
  button.dataset.chat = chat.id
  button.setAttribute('aria-label', unread ? `${chat.title}, ${chat.unread} new` : chat.title)
  if (chat.id === state.chat) button.setAttribute('aria-current', 'true')
  return element('li', {}, button)
}

async function pick(id) {
  state.chat = id
  state.shown = ''
  conversation.forget()
  const chat = state.chats.find((one) => one.id === id)
  document.querySelector('.customer').classList.add('talking')
  $('blank').hidden = true
  $('open').hidden = false
  $('talk-title').textContent = chat.title
  $('talk-state').textContent = subtitle(chat)
  avatar($('talk-avatar'), chat.title, chat.colour)
  $('text').setAttribute('aria-label', `Message as ${chat.title}`)
  $('text').placeholder = chat.kind === 'group' ? `Write in ${chat.title}` : `Write as ${chat.title}`
  $('as-label').hidden = chat.kind !== 'group'
  $('as').replaceChildren(...chat.members.map((member) => new Option(member)))
  say('write-status', '')
  forgetIntent()
  showReach(chat)
  await showMessages()
  await showChats()
}

const subtitle = (chat) => (chat?.kind === 'group' ? chat.members.join(', ') : `${chat?.phone ?? ''} · what this customer sees`)

async function showMessages() {
  const id = state.chat
  if (!id) return
  const messages = await api(`accounts/${state.account}/chats/${id}/messages`)
  if (id !== state.chat) return
  const drawn = JSON.stringify(messages)
  if (drawn !== state.shown) {
    const list = $('messages')
    const first = state.shown === ''
    const atEnd = first || list.scrollHeight - list.scrollTop - list.clientHeight < 80
    state.shown = drawn
    conversation.show(messages)
    if (atEnd) list.scrollTop = list.scrollHeight
    if (!first) tell(messages.at(-1))
  }
  if (document.visibilityState === 'visible' && messages.some((message) => !message.mine)) {
    const chat = state.chats.find((one) => one.id === id)
    if (chat?.unread && chat.reach !== 'off') await api(`accounts/${state.account}/chats/${id}/read`, {})
  }
}

/** Says what the shop wrote to those who do not see it. */
function tell(message) {
  if (!message || message.mine || message.key === state.told) return
  state.told = message.key
  $('heard').textContent = `The shop: ${message.text || message.name}`
}

// What can be done with a message.

const happens = (message, what) =>
  api(`accounts/${state.account}/chats/${state.chat}/messages/${message.key}`, what).catch((error) => say('write-status', `Not done: ${error.message}.`, 'bad'))

const act = {
  react: (message, emoji) => happens(message, { do: 'react', emoji, who: speaker() }),
  remove: (message) => happens(message, { do: 'delete' }),
  vote: (message, option) => happens(message, { do: 'vote', option, who: speaker() }),
  reply(message) {
    state.reply = message
    state.edit = null
    showIntent()
  },
  edit(message) {
    state.edit = message
    state.reply = null
    $('text').value = message.text
    showIntent()
  },
}

const conversation = new Conversation($('messages'), act)

const isGroup = () => state.chats.find((one) => one.id === state.chat)?.kind === 'group'
const speaker = () => (isGroup() ? $('as').value : null)

function showIntent() {
  const about = state.edit ?? state.reply
  $('intent').hidden = !about
  $('intent-text').textContent = about ? `${state.edit ? 'Editing' : 'Answering'}: ${about.text || about.name}` : ''
  $('text').focus()
  grow()
}

function forgetIntent() {
  state.edit = null
  state.reply = null
  showIntent()
}

/** Sends words or a body, as soon as it is there, as the customer to the chat and about the message of this moment. */
async function writeAs(content) {
  const { account, chat, reply } = state
  const quotes = reply ? { quotes: reply.key } : {}
  const author = isGroup() ? { author: $('as').value } : {}
  await api(`accounts/${account}/incoming`, { chat, ...(await content), ...quotes, ...author })
}

/** Empties the form at once, so that the next message can be written while this one is on its way. */
async function hand(over, withText = true) {
  const { reply, edit } = state
  const text = $('text').value
  const going = over()
  if (withText) $('text').value = ''
  forgetIntent()
  try {
    await going
    say('write-status', '')
  } catch (error) {
    say('write-status', `Not sent: ${error.message}.`, 'bad')
    if ($('text').value !== '') return
    Object.assign(state, { reply, edit })
    $('text').value = text
    showIntent()
  }
}

function showReach(chat) {
  const off = chat?.reach === 'off'
  $('reach').hidden = !chat || chat.kind !== 'contact'
  $('reach').textContent = off ? 'Switch the phone on' : 'Switch the phone off'
  $('reach').setAttribute('aria-pressed', String(off))
}

async function toggleReach() {
  const chat = state.chats.find((one) => one.id === state.chat)
  if (!chat) return
  const reach = chat.reach === 'off' ? 'online' : 'off'
  await api(`accounts/${state.account}/chats/${chat.id}`, { do: 'reach', reach }).catch((error) => say('write-status', error.message, 'bad'))
}

async function send(event) {
  event.preventDefault()
  const text = $('text').value.trim()
  if (!text || !state.chat) return
  stopTyping()
  const { account, chat, edit } = state
  await hand(() => (edit ? api(`accounts/${account}/chats/${chat}/messages/${edit.key}`, { do: 'edit', text }) : writeAs({ text })))
}

let typing = null
function stopTyping() {
  if (!typing) return
  clearTimeout(typing.timer)
  api(`accounts/${state.account}/chats/${typing.chat}/typing`, { on: false }).catch(() => {})
  typing = null
}
function types() {
  grow()
  if (!state.chat) return
  if (typing) clearTimeout(typing.timer)
  else api(`accounts/${state.account}/chats/${state.chat}/typing`, { on: true }).catch(() => {})
  typing = { chat: state.chat, timer: setTimeout(stopTyping, 3000) }
}
function grow() {
  const box = $('text')
  box.style.height = 'auto'
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`
}

// Live: the simulator says what changed, the page looks again.

const waiting = new Map()
function soon(name, work) {
  if (waiting.has(name)) return
  waiting.set(name, setTimeout(() => {
    waiting.delete(name)
    work().catch(() => {})
  }, 60))
}

function refresh(event) {
  if (event.type === 'devices') soon('devices', showDevices)
  if (event.type === 'chat' && event.account === state.account) {
    soon('chats', async () => {
      await showChats()
      await showMessages()
    })
  }
  if (event.type === 'typing' && event.chat === state.chat) {
    $('talk-state').textContent = event.on ? 'The shop is typing…' : subtitle(state.chats.find((one) => one.id === state.chat))
  }
  if (event.type === 'everything') soon('everything', everything)
}

async function everything() {
  await showDevices()
  await showChats()
  await showMessages()
}

function listen() {
  const source = new EventSource('/_sim/events')
  source.onopen = () => {
    $('lost').hidden = true
    everything().catch(() => {})
  }
  source.onmessage = (message) => refresh(JSON.parse(message.data))
  source.onerror = () => {
    $('lost').hidden = false
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000)
  }
}

$('paste-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const code = $('paste').value.trim()
  if (code) scan({ code })
})
$('account').addEventListener('change', () => {
  state.account = $('account').value
  state.chat = null
  $('open').hidden = true
  $('blank').hidden = false
  document.querySelector('.customer').classList.remove('talking')
  everything().catch(() => {})
})
$('filter').addEventListener('input', () => {
  state.filter = $('filter').value
  soon('chats', showChats)
})
$('write').addEventListener('submit', send)
$('text').addEventListener('input', types)
$('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event)
})
$('file').addEventListener('change', () => {
  const [file] = $('file').files
  const text = $('text').value.trim()
  if (file && state.chat) hand(() => writeAs(bodyOf(file, text).then((body) => ({ body }))))
  $('file').value = ''
})
$('attach').addEventListener('click', () => $('file').click())
recorder($('voice'), (body) => hand(() => writeAs({ body }), false))
$('forget').addEventListener('click', () => {
  $('text').value = ''
  forgetIntent()
})
$('reach').addEventListener('click', toggleReach)
$('back').addEventListener('click', () => {
  document.querySelector('.customer').classList.remove('talking')
  state.chat = null
  showChats().catch(() => {})
})
document.addEventListener('visibilitychange', () => soon('chats', showMessages))

listen()
