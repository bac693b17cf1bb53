// What the customer sends besides words: pictures, documents, voice notes.

const THUMB = 40

/** The body of a message with this file, as the control API takes it. */
export async function bodyOf(file, text) {
  const data = await base64(file)
  const kind = file.type.startsWith('image/') ? 'image' : file.type.startsWith('video/') ? 'video' : file.type.startsWith('audio/') ? 'audio' : 'document'
  const look = kind === 'image' ? await measure(file) : {}
  const name = kind === 'document' || kind === 'audio' ? { name: file.name } : {}
  const caption = kind === 'audio' ? {} : { text }
  return { kind, ...caption, data, mime: file.type || 'application/octet-stream', ...name, ...look }
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(new Error('The file cannot be read'))
    reader.readAsDataURL(file)
  })
}

async function measure(file) {
  const picture = await createImageBitmap(file).catch(() => null)
  if (!picture) return {}
  const canvas = document.createElement('canvas')
  canvas.width = THUMB
  canvas.height = Math.max(1, Math.round((picture.height / picture.width) * THUMB))
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
  return { width: picture.width, height: picture.height, thumb: canvas.toDataURL('image/jpeg', 0.5) }
}

/** Counts the seconds between two presses of the button; there is no microphone, the note hums. */
export function recorder(button, send) {
  let began = 0
  let timer = 0
  const microphone = [...button.childNodes]
  const draw = () => {
    const seconds = Math.round((Date.now() - began) / 1000)
    button.replaceChildren(...(began ? [`■ 0:${String(seconds).padStart(2, '0')}`] : microphone))
    button.setAttribute('aria-label', began ? 'Send the voice note' : 'Record a voice note')
  }
  button.addEventListener('click', () => {
    if (!began) {
      began = Date.now()
      timer = setInterval(draw, 500)
    } else {
      clearInterval(timer)
      const seconds = Math.max(1, Math.round((Date.now() - began) / 1000))
      began = 0
      send({ kind: 'voice', seconds })
    }
    draw()
  })
  draw()
}
