// The live stream as the node sends it: text/event-stream over fetch, because EventSource can carry no token. It comes
// back by itself behind the last event it saw, so nothing is lost; every byte, heartbeats too, is a sign of life.
export interface LiveEvent {
  id: string
  kind: string
  data: { id?: string; subject?: string; root?: string; node?: string; kind?: string } & Record<string, unknown>
}
export type Told = { type: 'event'; event: LiveEvent } | { type: 'alive' } | { type: 'lost' }

const WAIT_MS = [500, 1000, 2000, 5000]

function parse(block: string): LiveEvent | null {
  const fields: Record<string, string> = {}
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trim()
  }
  return fields.data ? { id: fields.id ?? '', kind: fields.event ?? '', data: JSON.parse(fields.data) } : null
}

export function follow(token: string, tell: (told: Told) => void): () => void {
  const abort = new AbortController()
  let last = ''
  let failures = 0

  async function listen() {
    const headers: Record<string, string> = { Accept: 'text/event-stream' }
    if (token) headers.Authorization = `Bearer ${token}`
    if (last) headers['Last-Event-ID'] = last
    const response = await fetch('/api/v1/events', { headers, signal: abort.signal, cache: 'no-store' })
    if (response.status === 409) last = '' // too far behind: whoever listens reads everything again
    if (!response.ok || !response.body) throw new Error(String(response.status))
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    tell({ type: 'alive' })
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      failures = 0
      tell({ type: 'alive' })
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = parse(block)
        if (event) tell({ type: 'event', event })
        if (event?.id) last = event.id
      }
    }
  }

  async function keep() {
    while (!abort.signal.aborted) {
      await listen().catch(() => {})
      if (abort.signal.aborted) return
      tell({ type: 'lost' })
      await new Promise((done) => setTimeout(done, WAIT_MS[Math.min(failures++, WAIT_MS.length - 1)]))
    }
  }
  void keep()
  return () => abort.abort()
}
