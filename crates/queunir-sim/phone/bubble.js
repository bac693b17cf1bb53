// One message in the customer's hand: what it carries, what it answers, and what can be done with it.

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children.filter((child) => child !== null && child !== undefined))
  return made
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const TICKS = 'M1 6.500 3.800 9.300 9.500 2M6 8.200l1.100 1.100L12.800 2'
const OFFERED = ['👍', '❤️', '😂', '😮', '🙏']

/** Draws a message; `act` knows how to react, reply, edit, delete, vote. */
export function bubble(message, act) {
  const { row } = message
  const mine = message.mine
  const item = element('li', { className: `said${mine ? ' mine' : ''}${row.kind === 'sticker' ? ' bare' : ''}` })
  if (message.author) item.append(element('span', { className: 'author', textContent: message.author }))
  if (row.forwarded) item.append(element('span', { className: 'aside', textContent: row.forwarded >= 5 ? 'Forwarded many times' : 'Forwarded' }))
  if (row.quoted) item.append(quote(row.quoted))
  if (row.deleted) item.append(element('span', { className: 'words gone', textContent: 'This message was deleted' }))
  else item.append(...content(message, act))
  item.append(corner(message))
  if (row.reactions?.length) item.append(reactions(row.reactions))
  if (!row.deleted) item.append(menu(message, act))
  return item
}

function corner(message) {
  const meta = element('span', { className: 'meta' }, message.row.edited ? 'edited ' : '', clock.format(message.at))
  if (message.ticks) meta.append(ticks(message.ticks))
  return meta
}

function ticks(kind) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 14 11')
  svg.setAttribute('class', `ticks ${kind}`)
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', kind === 'read' ? 'Read by the shop' : 'Delivered to the shop')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  const look = { d: TICKS, fill: 'none', stroke: 'currentColor', 'stroke-width': '1.4', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }
  for (const [name, value] of Object.entries(look)) path.setAttribute(name, value)
  svg.append(path)
  return svg
}

function quote(quoted) {
  return element('blockquote', {},
    element('strong', { textContent: quoted.fromMe ? 'The shop' : quoted.author }),
    element('span', { textContent: quoted.text || quoted.kind.replace('_', ' ') }))
}

function reactions(list) {
  const total = list.reduce((sum, one) => sum + one.count, 0)
  const signs = list.map((one) => one.emoji).join('')
  return element('span', { className: 'reactions', textContent: total > 1 ? `${signs} ${total}` : signs, title: `${total} ${total === 1 ? 'reaction' : 'reactions'}` })
}

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
const size = (bytes) => (bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} kB`)

function content(message, act) {
  const { row } = message
  const [first] = row.media ?? []
  const words = message.text ? [element('span', { className: 'words', textContent: message.text })] : []
  switch (row.kind) {
    case 'image':
    case 'gif':
      return [picture(first), ...words]
    case 'video':
      return [element('span', { className: 'film' }, picture(first), element('span', { className: 'length', textContent: `▶ ${minutes(first.seconds ?? 0)}` })), ...words]
    case 'album':
      return [element('span', { className: 'album' }, ...row.media.map(picture)), ...words]
    case 'sticker':
      return [element('img', { className: 'sticker', src: first.url, alt: 'Sticker' })]
    case 'voice':
      return [element('span', { className: 'voice' }, '🎤', element('audio', { controls: true, src: first.url, preload: 'none', ariaLabel: 'Voice note' }), element('span', { textContent: minutes(first.seconds ?? 0) }))]
    case 'audio':
    case 'document':
      return [file(first), ...words]
    case 'location':
      return [element('span', { className: 'words', textContent: `📍 ${row.place.name ?? `${row.place.latitude}, ${row.place.longitude}`}` })]
    case 'contact':
      return row.cards.map((card) => element('span', { className: 'words', textContent: `👤 ${card.name} · ${card.phone}` }))
    case 'poll':
      return [element('span', { className: 'words', textContent: message.text }), poll(message, act)]
    case 'view_once':
      return [element('span', { className: 'words gone', textContent: row.video ? 'View-once video' : 'View-once photo' })]
    case 'undecrypted':
      return [element('span', { className: 'words gone', textContent: 'The shop’s computer cannot read this yet' })]
    default:
      return words
  }
}

function picture(media) {
  if (media.late) return element('span', { className: 'late', textContent: 'Still on its way' })
  const image = element('img', { className: 'picture', src: media.url, alt: 'Picture', loading: 'lazy' })
  if (media.width && media.height) image.style.aspectRatio = `${media.width} / ${media.height}`
  return image
}

function file(media) {
  const name = media.name ?? 'File'
  return element('a', { className: 'file', href: media.url, download: name },
    element('span', { textContent: '📄', ariaHidden: 'true' }), element('span', {}, element('strong', { textContent: name }), element('small', { textContent: size(media.bytes) })))
}

function poll(message, act) {
  return element('span', { className: 'poll' }, ...message.row.poll.options.map((option, index) =>
    element('button', { type: 'button', className: 'ghost', onclick: () => act.vote(message, index) }, option.text, element('span', { textContent: option.votes }))))
}

function menu(message, act) {
  const entry = (label, work) => element('button', { type: 'button', textContent: label, onclick: work })
  const entries = OFFERED.map((sign) => {
    const made = entry(sign, () => act.react(message, sign))
    made.setAttribute('aria-label', `React with ${sign}`)
    return made
  })
  entries.push(entry('Reply', () => act.reply(message)))
  if (message.mine) {
    if (['text', 'image', 'video', 'document'].includes(message.row.kind)) entries.push(entry('Edit', () => act.edit(message)))
    entries.push(entry('Delete', () => act.remove(message)))
  }
  const summary = element('summary', { title: 'React, reply, change' }, '⋯')
  const about = message.text || message.name
  summary.setAttribute('aria-label', `What to do with “${about.length > 60 ? `${about.slice(0, 60)}…` : about}”`)
  const holder = element('details', { className: 'do' }, summary, element('span', { className: 'choices' }, ...entries))
  holder.addEventListener('click', (event) => {
    if (event.target instanceof HTMLButtonElement) holder.open = false
  })
  holder.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !holder.open) return
    holder.open = false
    summary.focus()
  })
  holder.addEventListener('toggle', () => {
    if (!holder.open) return
    const leave = (event) => {
      if (event.target instanceof Node && holder.contains(event.target)) return
      holder.open = false
      document.removeEventListener('pointerdown', leave)
    }
    document.addEventListener('pointerdown', leave)
    holder.querySelector('.choices').scrollIntoView({ block: 'nearest' })
  })
  return holder
}
