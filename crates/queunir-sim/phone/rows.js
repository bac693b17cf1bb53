// The rows of a conversation. One that did not change stays the node it was; one that did keeps its focus and open menu.

import { bubble, element } from './bubble.js'

const dayName = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })

/** What a person calls a day. */
export function day(at) {
  const today = new Date().toDateString()
  const that = new Date(at)
  if (that.toDateString() === today) return 'Today'
  if (new Date(Date.now() - 86_400_000).toDateString() === that.toDateString()) return 'Yesterday'
  return dayName.format(that)
}

export class Conversation {
  constructor(list, act) {
    this.list = list
    this.act = act
    this.rows = new Map()
  }

  /** Another conversation comes: nothing of this one stays. */
  forget() {
    this.rows = new Map()
  }

  /** Makes the list show exactly these messages, and moves no row that is in its place. */
  show(messages) {
    const focused = [...this.rows].find(([, { node }]) => node.contains(document.activeElement))
    const nodes = this.nodes(messages)
    const wanted = new Set(nodes)
    for (const node of [...this.list.children]) if (!wanted.has(node)) node.remove()
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null)
    })
    const redrawn = focused && this.rows.get(focused[0])?.node
    if (redrawn && redrawn !== focused[1].node) redrawn.querySelector('summary')?.focus()
  }

  nodes(messages) {
    const kept = new Map()
    const keep = (id, drawn, draw) => {
      const known = this.rows.get(id)
      const node = known?.drawn === drawn ? known.node : draw()
      if (known?.node.querySelector('details[open]')) node.querySelector('details')?.setAttribute('open', '')
      kept.set(id, { drawn, node })
      return node
    }
    const nodes = []
    let last = ''
    for (const message of messages) {
      const today = day(message.at)
      if (today !== last) nodes.push(keep(`day ${today}`, today, () => element('li', { className: 'day', textContent: today })))
      last = today
      nodes.push(keep(message.key, JSON.stringify(message), () => bubble(message, this.act)))
    }
    this.rows = kept
    return nodes
  }
}
